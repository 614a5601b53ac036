"""Choosing an incident or a whistle on the command line that is not there."""
from __future__ import annotations

from pathlib import Path

import pytest

from app.bootstrap import seats
from app.cli import main
from data.store.store import Founding


@pytest.mark.parametrize(("words", "said"), [
    (("shot", "wall", "--select", "1", "--out", "x.png"), "--select is for the desk"),
    (("shot", "faces", "--select", "1", "--out", "x.png"), "--select is for the desk"),
    (("shot", "desk", "--select", "99999", "--out", "x.png"), "There is no incident 99999"),
    (("shot", "desk", "--select", "", "--out", "x.png"), "There is no incident"),
    (("whistle", "report_in", "W999"), "There is no whistle whose number ends in W999."),
    (("whistle", "report_in"), "Name the whistle by its number"),
])
def test_what_is_not_there_to_be_chosen_is_said_in_one_sentence_and_nothing_is_painted(
        words: tuple[str, ...], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str],
        monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "seat"
    seats.found(folder, Founding("340803", "D", "c", "Centre", "drill"))
    monkeypatch.chdir(folder)
    assert main([*words, "--data", str(folder), "--lang", "en"]) == 1
    err = capsys.readouterr().err
    assert said in err
    assert not (folder / "x.png").exists()
