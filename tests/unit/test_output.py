"""What a command says on a terminal while it works, and after."""

from __future__ import annotations

import argparse
import io

import pytest

from app.bootstrap import output


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True

    def lines(self) -> list[str]:
        """What a reader sees: what follows a carriage return overwrites what stood there."""
        shown = []
        for line in self.getvalue().split("\n"):
            cells = ""
            for part in line.split("\r"):
                cells = part + cells[len(part):]
            shown.append(cells.rstrip())
        return shown


@pytest.mark.parametrize("last", ["note", "emit"])
def test_a_passing_line_leaves_no_trace_in_what_is_said_next(monkeypatch: pytest.MonkeyPatch, last: str) -> None:
    terminal = Terminal()  # set here: pytest puts its own streams back between a fixture and its test
    monkeypatch.setattr("sys.stderr", terminal)
    monkeypatch.setattr("sys.stdout", terminal)
    output.transient(" 33% 5,000 and some more words")
    output.transient("100% 16,201")
    assert terminal.lines() == ["100% 16,201"]
    if last == "note":
        output.note("stopped")
    else:
        output.emit(argparse.Namespace(json=False), None, "stopped")
    assert terminal.lines() == ["stopped", ""]


def test_no_passing_line_where_there_is_no_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    output.transient("100% 16,201")
    output.note("done")
    assert capsys.readouterr().err == "done\n"
