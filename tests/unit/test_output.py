"""What a command says on a terminal while it works, and after."""

from __future__ import annotations

import argparse
import errno
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.bootstrap import output
from app.domain.faults import KnownFault
from app.reports.files import whole


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


@pytest.mark.parametrize("name", ["t.csv", "t.xlsx"])
def test_a_table_that_cannot_be_written_leaves_the_one_before_as_it_is(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    output.write_table(iter([["a"], ["b"]]), file)
    before = file.read_bytes()

    def full() -> Iterator[list[str]]:
        yield ["c"]
        raise OSError(errno.ENOSPC, "full")

    with pytest.raises(KnownFault, match=f"{name} cannot be written: the disk is full"):
        output.write_table(full(), file)
    assert file.read_bytes() == before
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("name", ["", ".", "folder"])
def test_a_report_into_a_folder_is_refused_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
                                                             name: str) -> None:
    (tmp_path / "folder").mkdir()
    monkeypatch.chdir(tmp_path)
    with pytest.raises(KnownFault, match="cannot be written: it is a folder"), whole(Path(name)) as part:
        part.write_bytes(b"x")
    assert [p.name for p in tmp_path.iterdir()] == ["folder"]
