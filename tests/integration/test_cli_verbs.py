"""Acts typed on the command line: what they take is told, numbers and names are taken as people write them."""
from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.bootstrap import seats, work
from app.cli import main
from app.intake.records import UnitRecord
from app.intake.sink import PackCounts
from data.store.store import Founding

Say = Callable[..., tuple[int, str]]


@pytest.fixture
def say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Say:
    """Type a command on a store with three forces, two of one name: (status, what it printed)."""
    folder = tmp_path / "seat"
    seats.found(folder, Founding("340803", "D", "c", "Centre", "drill"))
    with seats.opened(folder) as store:
        sink = seats.pack_sink(store, actor="test")
        pack = sink.begin_pack("units", "t", "1", "")
        sink.write_rows(pack, [UnitRecord(f"t:u{i}", name, "patrol", digest="1")
                               for i, name in enumerate(("Patrol North", "Patrol", "Patrol"))])
        sink.activate(pack, PackCounts(3, 3))

    def run(*words: str) -> tuple[int, str]:
        capsys.readouterr()
        status = main([*words, "--data", str(folder), "--lang", "en"])
        said = capsys.readouterr()
        return status, (said.out or said.err).strip()
    return run


def taken_in(say: Say) -> str:
    words = ("report-incident", "--kind", "0102", "--place", "Gate 2", "--at", "117.0,30.5", "--accept", "--json")
    row: dict[str, Any] = json.loads(say(*words)[1])
    return str(row["number"])


def test_an_act_that_lacks_something_says_what_it_takes(say: Say) -> None:
    number = taken_in(say)
    takes = "(told takes: service=110|119|120|122 [number=…] [note=…])"
    assert say("act", number, "told") == (1, f"Service is missing. {takes}")
    assert say("act", number, "told", "who=119") == (1, f"This act does not take: who {takes}")
    assert say("act", number, "told", "service=911")[1].endswith(takes)
    assert say("act", number, "depart") == (1, "Not possible in the phase To assign.")
    assert "[E] told: Tell 110/119/120   service=110|119|120|122 [number=…] [note=…]" in say("show", number)[1]


def test_an_act_takes_numbers_and_names_as_people_write_them(say: Say) -> None:
    number, again = taken_in(say), taken_in(say)
    short = f"{number[4:8]}-{number.rsplit('-', 1)[1]}"
    assert say("act", again, "merge", f"into={short}")[0] == 0
    assert "merged" in say("show", again, "--json")[1]
    assert say("act", number, "merge", "into=9999") == (1, "There is no incident 9999 on this seat.")
    assert say("act", number, "assign", "unit=Patrol") == (1, "2 forces are called Patrol: give the id. t:u1, t:u2")
    assert say("act", short, "assign", "unit=Patrol North")[0] == 0
    assert "Assigned to Patrol North" in say("show", number)[1]


def test_a_number_that_several_bear_is_told_with_how_many_and_some_of_them(
    say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = [taken_in(say) for _ in range(8)]
    newest = ", ".join(f"{n} (Gate 2)" for n in reversed(numbers[3:]))
    status, told = say("show", "Gate")
    assert (status, told) == (1, f"8 incidents match Gate: give the whole number. {newest} …")
    monkeypatch.setattr(work, "COUNTED_HITS", 7)
    assert say("show", "Gate")[1].startswith("More than 7 incidents match Gate: give the whole number. ")
    # the number itself is meant, however many places bear it
    for _ in range(7):
        words = ("report-incident", "--kind", "0102", "--place", f"see {numbers[0]}", "--at", "117.0,30.5", "--accept")
        assert say(*words)[0] == 0
    assert say("show", numbers[0])[1].startswith(numbers[0])


def test_nothing_is_told_to_be_missing_that_may_be_left_out(say: Say, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        say("act", "1")
    assert capsys.readouterr().err.strip().endswith("still missing: VERB")


def test_what_lies_in_no_grid_is_shown_as_such(say: Say) -> None:
    number = taken_in(say)
    assert "  in no grid" in say("queue")[1]
    assert "  in no grid" in say("show", number)[1].splitlines()[0]
