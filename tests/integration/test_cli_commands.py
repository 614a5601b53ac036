"""Every command as somebody types it: exit status, exactly one JSON object, words in both languages, refusals."""
from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app import cli
from app.bootstrap import seats
from app.cli import main
from app.domain.process import Role
from app.intake.records import UnitRecord
from app.intake.sink import PackCounts
from app.services.operator import Operator
from data.store import people
from data.store.store import STORE_FILE, Founding

ROOT = Path(__file__).resolve().parents[2]
HAN = re.compile(r"[\u3400-\u9fff]")
RAW_ID = re.compile(r"\b(?:phase|kind|level|channel|limit|service|satisfaction)\.[a-z0-9_:*]+")
COMPONENTS = ("id,kind,name,lon,lat\nc1,lamp,one,117.0,30.5\nc2,lamp,two,117.01,30.5\nc3,lamp,three,999,30.5\n"
              "c1,lamp,one,117.0,30.5\n")
RING = [[116.9, 30.4], [117.1, 30.4], [117.1, 30.6], [116.9, 30.6], [116.9, 30.4]]
AREAS = {"type": "FeatureCollection", "features": [
    {"type": "Feature", "properties": {"id": "d", "name": "D", "level": "0"},
     "geometry": {"type": "Polygon", "coordinates": [RING]}}]}


class Ran:
    """What a command printed."""

    def __init__(self, status: int, out: str, err: str) -> None:
        self.status, self.out, self.err = status, out, err

    @property
    def said(self) -> dict[str, Any]:
        lines = self.out.strip().splitlines()
        assert len(lines) == 1, self.out
        found = json.loads(lines[0])
        assert isinstance(found, dict)
        return found


Type = Callable[..., Ran]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A drill store with three forces, an operator per role and two incidents."""
    folder = tmp_path_factory.mktemp("cli") / "seat"
    seats.found(folder, Founding("340803", "D", "c", "Centre", "drill"))
    with seats.opened(folder) as store:
        sink = seats.pack_sink(store, actor="test")
        pack = sink.begin_pack("units", "t", "1", "")
        sink.write_rows(pack, [UnitRecord(f"t:u{i}", f"Patrol {i}", "patrol", digest="1") for i in (1, 2, 3)])
        sink.activate(pack, PackCounts(3, 3))
        for role in (Role.DISPATCHER, Role.SUPERVISOR, Role.WALL, Role.SECURITY_ADMIN, Role.AUDITOR):
            people.put_operator(store, Operator(role.value, role.value, frozenset({role}), None), "")
    return folder


@pytest.fixture
def folder(template: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(template, tmp_path / "seat"))


@pytest.fixture
def type_(folder: Path, capsys: pytest.CaptureFixture[str]) -> Type:
    """Type a command; --data, --as and --lang en are added where they were not given."""
    def run(*words: str, who: str | None = "dispatcher", data: Path | None = folder) -> Ran:
        line = [*words]
        if who == "dispatcher" and words[0] in ("import", "pack"):
            who = "supervisor"  # whose work lists are
        if data is not None and "--data" not in line:
            line += ["--data", str(data)]
        if who is not None and "--as" not in line:
            line += ["--as", who]
        if "--lang" not in line:
            line += ["--lang", "en"]
        capsys.readouterr()
        try:
            status = main(line)
        except SystemExit as end:
            status = end.code if isinstance(end.code, int) else 1
        said = capsys.readouterr()
        return Ran(status, said.out, said.err)
    return run


def take_in(type_: Type, *more: str) -> str:
    words = ("report-incident", "--kind", "0102", "--place", "Gate 2", "--at", "117.0,30.5", "--json", *more)
    return str(type_(*words).said["number"])


def commands() -> list[str]:
    parser = cli._parser()
    return sorted(next(a for a in parser._actions if a.dest == "command").choices)  # type: ignore[arg-type]


GOOD: dict[str, tuple[tuple[str, ...], set[str]]] = {
    "status": (("status",), {"by_phase", "open", "overdue", "on_time", "units", "sync", "components"}),
    "queue": (("queue", "--tab", "to_accept"), {"tab", "incidents"}),
    "show": (("show", "NUMBER"), {"id", "number", "phase", "timeline", "actions", "due_because"}),
    "report-incident": (("report-incident", "--kind", "0102", "--place", "Gate"), {"id", "number", "phase"}),
    "act": (("act", "NUMBER", "register"), {"id", "number", "phase"}),
    "operator": (("operator", "list"), {"operators"}),
    "pack": (("pack", "list"), {"packs"}),
    "codes": (("pack", "codes", "channel"), {"list", "codes"}),
    "profiles": (("profiles",), {"profiles"}),
    "audit": (("audit", "verify"), {"verified", "head", "ok", "faults", "remembered"}),
    "rebuild": (("rebuild",), {"events", "equal"}),
    "report": (("report", "map", "--out", "OUT.html"), {"out", "bytes"}),
    "bench": (("bench", "--list"), {"benches"}),
    "import": (("import", "components", "components.csv", "--crs", "wgs84"),
               {"kind", "read", "accepted", "updated", "rejected", "duplicates", "reasons", "pack"}),
}


@pytest.mark.parametrize("name", sorted(GOOD))
@pytest.mark.parametrize("lang", ["en", "zh_CN"])
def test_json_is_one_object_on_stdout_and_words_are_in_the_language_without_raw_ids(
        type_: Type, name: str, lang: str, tmp_path: Path) -> None:
    number = take_in(type_)
    (tmp_path / "components.csv").write_text(COMPONENTS)
    line, keys = GOOD[name]
    places = {"NUMBER": number} | {word: str(tmp_path / word) for word in ("OUT.html", "components.csv")}
    words = [places.get(w, w) for w in line]
    ran = type_(*words, "--json", "--lang", lang)
    assert ran.status == 0, ran.err
    assert keys <= set(ran.said), ran.said
    number = take_in(type_)
    plain = type_(*[number if w == places["NUMBER"] else w for w in words], "--lang", lang)
    assert plain.status == 0, plain.err
    assert plain.out.strip()
    assert not RAW_ID.search(plain.out), plain.out
    if name in ("status", "queue", "show", "audit", "rebuild", "report", "import", "act"):
        assert bool(HAN.search(plain.out)) is (lang == "zh_CN"), plain.out


@pytest.mark.parametrize("lang", ["en", "zh_CN"])
@pytest.mark.parametrize("name", ["", *commands()])
def test_help_is_there_for_every_command_in_both_languages(
        name: str, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main([*([name] if name else []), "--help", "--lang", lang])
    assert end.value.code == 0
    out = capsys.readouterr().out
    assert bool(HAN.search(out)) is (lang == "zh_CN"), out


@pytest.mark.parametrize("words", [
    ("fly",), ("status", "--colour"), ("act",), ("act", "1"), ("import", "cats", "x.csv"), ("shot", "desk"),
    ("report-incident", "--kind", "0102"), ("report-incident", "--kind", "0102", "--place", "x", "--level", "9"),
    ("report-incident", "--kind", "0102", "--place", "x", "--at", "here"), ("queue", "--limit", "many"),
    ("shot", "desk", "--out", "x.png", "--size", "big"), ("shot", "desk", "--out", "x.png", "--size", "1x1"),
    ("demo", "--speed", "90"), ("demo", "--speed", "fast"), ("audit",), ("audit", "burn"), ("status", "--lang", "tlh")])
def test_wrong_usage_is_status_2_and_says_how_it_is_used(type_: Type, words: tuple[str, ...]) -> None:
    ran = type_(*words)
    assert (ran.status, ran.out) == (2, "")
    ran = type_(*words, "--json")
    assert (ran.status, list(ran.said)) == (2, ["error"])
    assert "usage" in ran.err.lower() or "main.py" in ran.err


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("show", "9999"), "There is no incident 9999"), (("act", "9999", "register"), "There is no incident 9999"),
        (("act", "NUMBER", "fly"), "There is no act named fly"), (("act", "NUMBER", "close"), "Not possible"),
        (("act", "NUMBER", "void"), "Reason is missing"), (("act", "NUMBER", "note", "words"), "expected NAME=VALUE"),
        (("act", "NUMBER", "note", "note=x", "colour=red"), "does not take"),
        (("act", "NUMBER", "force_close", "basis=x"), "role"), (("queue", "--tab", "odd"), "There is no tab odd"),
        (("report-incident", "--kind", "nine", "--place", "x"), "Kind: got 'nine'"),
        (("report-incident", "--kind", "0102", "--place", "x", "--at", "nan,1"), "finite"),
        (("report-incident", "--kind", "0102", "--place", "x", "--at", "0,0"), "longitude"),
        (("import", "components", "absent.csv"), "There is no file absent.csv"),
        (("pack", "rollback"), "Name the pack"), (("pack", "rollback", "zz"), "no pack zz"),
        (("pack", "codes", "colour"), "There is no list colour. These are: calendar, camera_kind, channel, "),
        (("report-incident", "--kind", "nine", "--place", "x"), "These are told by: main.py pack codes kind"),
        (("report-incident", "--kind", "0102", "--place", "x", "--channel", "y"), "main.py pack codes channel"),
        (("act", "NUMBER", "correct", "kind=nine"), "main.py pack codes kind"),
        (("person", "erase", "x"), "Only a security administrator"),
        (("person", "erase", "x", "--as", "security_admin"), "no personal record x"),
        (("person", "erase-older", "9" * 20, "--as", "security_admin"), "number of days"),
        (("operator", "add"), "operator add NAME"),
        (("operator", "add", "x", "--role", "wall"), "Only a security administrator"),
        (("operator", "add", "x", "--role", "king", "--as", "security_admin"), "no role king"),
        (("operator", "add", "x", "--role", "wall", "--as", "security_admin"), "at least 8 characters"),
        (("bench", "nothing"), "no benchmark nothing"), (("status", "--as", "stranger"), "no operator stranger"),
        (("replay", "absent.csv"), "absent.csv"), (("demo",), "is no demo"),
        (("report-incident", "--kind", "0102", "--place", "x", "--as", "wall"), "role"),
    ],
)
def test_a_refusal_is_status_1_says_why_and_is_one_object(
        type_: Type, folder: Path, words: tuple[str, ...], why: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.chdir(tmp_path)
    number = take_in(type_)
    before = events(folder)
    ran = type_(*[number if w == "NUMBER" else w for w in words], "--json")
    assert ran.status == 1
    assert why in ran.said["error"]
    assert why in ran.err
    assert events(folder) == before, "a refusal changes nothing"
    assert type_(*[number if w == "NUMBER" else w for w in words]).out == ""


def events(folder: Path) -> int:
    with seats.opened(folder) as store:
        return int(store.read.exec_driver_sql("SELECT count(*) FROM event").scalar_one())


@pytest.mark.parametrize("words", [("status",), ("queue",), ("audit", "verify"), ("rebuild",), ("pack", "list"),
                                   ("operator", "list"), ("show", "1"), ("desk",), ("wall",), ("play",),
                                   ("shot", "desk", "--out", "x.png"), ("report", "map", "--out", "x.html")])
def test_without_a_store_it_is_told_how_to_make_one(type_: Type, tmp_path: Path, words: tuple[str, ...]) -> None:
    ran = type_(*words, "--json", data=tmp_path / "nowhere")
    assert ran.status == 1
    assert "main.py init, or main.py demo" in ran.said["error"]
    assert not (tmp_path / "nowhere").exists()


def test_a_store_is_founded_once_and_kept(type_: Type, tmp_path: Path) -> None:
    new = tmp_path / "new"
    assert type_("init", "--json", "--district", "340803", "--name", "D", data=new, who=None).said["data"] == str(new)
    assert type_("report-incident", "--kind", "0102", "--place", "x", data=new, who=None).status == 0
    type_("init", "--json", data=new, who=None)
    assert type_("status", "--json", data=new, who=None).said["open"] == 1
    assert (new / STORE_FILE).exists()
    bad = type_("init", "--json", "--timezone", "Mars/Olympus", data=tmp_path / "bad", who=None)
    assert (bad.status, "no time zone" in bad.said["error"]) == (1, True)


def test_import_counts_add_up_and_the_same_again_changes_nothing(type_: Type, tmp_path: Path) -> None:
    file = tmp_path / "lamps.csv"
    file.write_text(COMPONENTS)
    dry = type_("import", "components", str(file), "--crs", "wgs84", "--dry-run", "--json").said
    assert type_("status", "--json").said["components"] == 0
    first = type_("import", "components", str(file), "--crs", "wgs84", "--json").said
    assert (first["read"], first["accepted"], first["rejected"], first["duplicates"]) == (4, 2, 1, 1)
    assert {k: dry[k] for k in ("read", "accepted", "rejected", "duplicates")} == {
        k: first[k] for k in ("read", "accepted", "rejected", "duplicates")}
    assert sum(first["reasons"].values()) == 1
    again = type_("import", "components", str(file), "--crs", "wgs84", "--json").said
    assert [again[k] for k in ("read", "accepted", "updated", "rejected", "duplicates")] == [4, 0, 0, 1, 3]
    file.write_text(COMPONENTS.replace("two", "second"))
    changed = type_("import", "components", str(file), "--crs", "wgs84", "--json").said
    assert (changed["accepted"], changed["updated"]) == (1, 1)
    assert type_("status", "--json").said["components"] == 2
    rolled = type_("pack", "rollback", str(first["pack"]), "--json")
    assert rolled.status == 0
    assert type_("status", "--json").said["components"] == 1


@pytest.mark.parametrize("words", [("import", "components", "lamps.csv", "--crs", "wgs84"),
                                   ("pack", "rollback", "x"), ("basemap", "clear"),
                                   ("basemap", "set", "xyz", "http://127.0.0.1:9/{z}/{x}/{y}.png",
                                    "--attribution", "a")])
def test_lists_are_brought_in_and_taken_back_only_by_those_who_may(
        type_: Type, folder: Path, words: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "lamps.csv").write_text(COMPONENTS)
    before = events(folder)
    for who, why in (("wall", "may not bring lists in"), ("auditor", "may not bring lists in"),
                     ("stranger", "no operator stranger")):
        ran = type_(*words, "--json", "--as", who)
        assert (ran.status, why in ran.said["error"]) == (1, True), ran.err
    assert events(folder) == before
    said = type_(*words, "--json", "--as", "supervisor").said
    assert "may not" not in str(said)


def test_a_dry_run_without_a_store_says_how_to_found_one_and_makes_none(type_: Type, tmp_path: Path) -> None:
    (tmp_path / "lamps.csv").write_text(COMPONENTS)
    ran = type_("import", "components", str(tmp_path / "lamps.csv"), "--dry-run", "--json", data=tmp_path / "none",
                who=None)
    assert (ran.status, "main.py init" in ran.said["error"]) == (1, True)
    assert not (tmp_path / "none").exists()


def test_areas_place_what_is_reported(type_: Type, tmp_path: Path) -> None:
    file = tmp_path / "areas.geojson"
    file.write_text(json.dumps(AREAS))
    said = type_("import", "areas", str(file), "--crs", "wgs84", "--json").said
    assert said["accepted"] == 1, said
    take_in(type_)
    status = type_("status", "--json").said
    assert [(a["name"], a["open"]) for a in status["by_area"]] == [("D", 1)]


def test_an_incident_goes_through_and_every_number_agrees(type_: Type) -> None:
    number = take_in(type_, "--accept")
    assert type_("act", number, "assign", "unit=t:u1", "--json").said["phase"] == "assigned"
    assert type_("act", number, "told", "service=119", "number=77", "--json").status == 0
    assert "Told 119, their number 77" in type_("show", number).out
    assert type_("act", number, "feed_back", "result=done", "--json", "--as", "supervisor").said["phase"] == "fed_back"
    refused = type_("act", number, "verify", "--json", "--as", "supervisor")
    assert "may not verify" in refused.said["error"]
    assert type_("act", number, "verify", "--json").said["phase"] == "verified"
    assert type_("act", number, "close", "--json").said["phase"] == "closed"
    shown = type_("show", number, "--json").said
    assert [e["kind"] for e in shown["timeline"]][:2] == ["incident.reported", "incident.registered"]
    status = type_("status", "--json").said
    assert (status["open"], status["by_phase"]["closed"], status["tabs"]["all"]) == (0, 1, 0)
    assert type_("queue", "--json").said["incidents"] == []


PNG = bytes.fromhex("89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c6360606000"
                    "00000400012734270a0000000049454e44ae426082")


def test_what_a_grid_worker_fixed_on_the_spot_is_one_step_with_its_photo(
        type_: Type, folder: Path, tmp_path: Path) -> None:
    with seats.opened(folder) as store:
        people.put_operator(store, Operator("grid", "grid", frozenset({Role.GRID_WORKER}), None, "t:u1"), "")
    (tmp_path / "after.png").write_bytes(PNG)
    words = ("report-incident", "--kind", "0102", "--place", "Gate 2", "--self-handled", "swept", "--at", "117.0,30.5",
             "--photo", str(tmp_path / "after.png"), "--json")
    assert "role" in type_(*words, who="wall").said["error"]
    row = type_(*words, who="grid").said
    assert row["phase"] == "closed"
    shown = type_("show", row["number"], "--json").said
    assert [e["kind"] for e in shown["timeline"]] == ["incident.self_handled"]
    assert len(list((folder / "blobs").rglob("*"))) >= 1
    both = type_(*words, "--level", "2", who="grid")
    assert (both.status, "on the spot" in both.said["error"]) == (1, True)


def test_photos_of_an_act_are_files_and_what_is_no_picture_is_refused(type_: Type, tmp_path: Path) -> None:
    number = take_in(type_, "--accept")
    (tmp_path / "a.png").write_bytes(PNG)
    (tmp_path / "b.txt").write_text("x")
    assert type_("act", number, "note", "note=seen", f"photos={tmp_path / 'a.png'}", "--json").status == 0
    for file, why in (("b.txt", "is no picture"), ("c.png", "cannot be read")):
        refused = type_("act", number, "note", "note=seen", f"photos={tmp_path / file}", "--json")
        assert (refused.status, why in refused.said["error"]) == (1, True)


def test_audit_and_rebuild_are_status_1_when_something_is_wrong(type_: Type, folder: Path) -> None:
    take_in(type_)
    with seats.opened(folder) as store, store.transaction(screen="x", actor="x") as tx:
        tx.connection.exec_driver_sql("UPDATE incident SET place = 'forged'")
        tx.connection.exec_driver_sql("UPDATE event SET kind = 'incident.closed' WHERE seq = 3")
    rebuilt = type_("rebuild", "--json")
    assert (rebuilt.status, rebuilt.said["equal"]) == (1, False)
    assert type_("rebuild", "--json").said["equal"] is True
    audited = type_("audit", "verify", "--json")
    assert (audited.status, audited.said["ok"], len(audited.said["faults"])) == (1, False, 1)


def test_an_operator_with_a_password_is_added_and_asked_for_it(
        type_: Type, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "word").write_text("correct horse\n")
    words = ("operator", "add", "lin", "--role", "dispatcher", "--password-file", str(tmp_path / "word"), "--json")
    said = type_(*words, who="security_admin").said
    lin = {"id": "lin", "name": "lin", "roles": ["dispatcher"], "area": None, "unit": None, "password": True}
    assert lin in said["operators"]
    assert "missing or wrong" in type_("status", "--json", "--as", "lin").said["error"]
    monkeypatch.setenv("LIANDONG_PASSWORD", "correct horse")
    assert type_("status", "--json", "--as", "lin").status == 0


def test_an_operators_area_and_force_must_be_in_the_lists(type_: Type, tmp_path: Path) -> None:
    (tmp_path / "word").write_text("correct horse\n")
    words = ("operator", "add", "g1", "--role", "grid_worker", "--password-file", str(tmp_path / "word"), "--json")
    for more, why in ((("--area", "moon"), "no area moon"), (("--unit", "t:u99"), "no force t:u99")):
        refused = type_(*words, *more, who="security_admin")
        assert (refused.status, why in refused.said["error"]) == (1, True)
    found = type_(*words, "--unit", "t:u2", who="security_admin").said["operators"]
    assert [o["unit"] for o in found if o["id"] == "g1"] == ["t:u2"]


def test_people_are_erased_by_the_security_administrator_alone(type_: Type, folder: Path) -> None:
    with seats.opened(folder) as store, store.transaction(screen="x", actor="x") as tx:
        person = tx.put_person("reporter", {"phone": "13900000001"})
    assert type_("person", "erase", person, "--json", "--as", "supervisor").status == 1
    erased = type_("person", "erase", person, "--reason", "asked for", "--json", "--as", "security_admin")
    assert erased.said == {"erased": 1, "files_removed": 0}
    assert type_("audit", "verify", "--json").said["ok"] is True


def test_refused_rows_are_kept_without_what_is_personal_and_removed_with_the_rest(type_: Type, folder: Path,
                                                                                 tmp_path: Path) -> None:
    file = tmp_path / "cases.csv"
    file.write_text("案件编号,上报时间,反映人,联系电话,身份证号码,问题描述,类别\n"
                    "A1,not a time,某某某,13900001234,340803199001011234,请回电 13900005678 或 0556-5550001,0102\n")
    said = type_("import", "incidents", str(file), "--crs", "wgs84", "--json").said
    assert said["rejected"] == 1, said
    kept = Path(said["rejected_file"])
    assert kept.parent == folder / "rejected"
    text = kept.read_text("utf-8-sig")
    for secret in ("某某某", "13900001234", "340803199001011234", "13900005678", "5550001"):
        assert secret not in text, secret
    assert text.splitlines()[1].startswith("2,bad_date,"), text
    assert "not a time" in text
    assert "请回电" in text
    assert type_("person", "erase-older", "30", "--json", "--as", "security_admin").said["files_removed"] == 0
    os.utime(kept, (1e9, 1e9))
    assert type_("person", "erase-older", "30", "--json", "--as", "security_admin").said["files_removed"] == 1
    assert not kept.exists()


@pytest.mark.expects_log("a fault of this program")
def test_a_bug_of_ours_is_one_object_too_and_leaves_its_trace(type_: Type, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> None:
        raise ZeroDivisionError("planted")

    monkeypatch.setattr(seats, "open_seat", broken)
    ran = type_("status", "--json")
    assert ran.status == 1
    assert "ZeroDivisionError" in ran.said["error"]


def test_the_program_itself_prints_one_object_and_ends_with_its_status(folder: Path) -> None:
    for words, status in ((["status"], 0), (["show", "9"], 1), (["fly"], 2)):
        line = [sys.executable, "main.py", *words, "--data", str(folder), "--json", "--as", "dispatcher"]
        done = subprocess.run(line, cwd=ROOT, capture_output=True, text=True, check=False, encoding="utf-8")
        assert done.returncode == status
        assert len(done.stdout.splitlines()) == 1


@pytest.mark.parametrize("before", [("--lang", "en"), ("--lang=en",), ("--json", "--lang", "en")])
def test_options_of_every_command_stand_before_it_or_after_it(folder: Path, capsys: pytest.CaptureFixture[str],
                                                              before: tuple[str, ...]) -> None:
    told = []
    for words in ([*before, "--data", str(folder), "--as", "dispatcher", "queue", "--tab", "mine"],
                  ["queue", *before, "--tab", "mine", "--data", str(folder), "--as", "dispatcher"]):
        assert main(words) == 0
        told.append(capsys.readouterr().out)
    assert told[0] == told[1]
    assert ("Nothing here." in told[0]) is ("--json" not in before)


def test_what_is_said_after_the_command_outranks_what_stood_before(folder: Path,
                                                                   capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--as", "nobody", "--data", "/nowhere", "status", "--data", str(folder), "--as", "dispatcher",
                 "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["open"] == 0


def test_without_a_command_it_is_the_demo(capsys: pytest.CaptureFixture[str], folder: Path) -> None:
    assert main(["--lang", "en", "--data", str(folder)]) == 1
    assert "is no demo" in capsys.readouterr().err


@pytest.mark.parametrize("words", [
    ("fly",), ("status", "--colour"), ("act",), ("act", "1"), ("import", "cats", "x.csv"), ("shot", "desk"),
    ("report-incident", "--kind", "0102", "--place", "x", "--level", "9"), ("queue", "--limit", "many"),
    ("report-incident", "--kind", "0102", "--place", "x", "--level", "red"), ("status", "--lang"),
    ("report-incident", "--kind", "0102", "--place", "x", "--at", "here"), ("demo", "--speed", "fast"),
    ("shot", "desk", "--out", "x.png", "--size", "big"), ("video", "probe", "x", "--seconds", "soon"),
    ("audit", "burn"), ("status", "--json=1"), ("hub",), ("hub", "fly"), ("status", "--l", "en")])
def test_wrong_usage_is_said_in_the_readers_language(words: tuple[str, ...],
                                                     capsys: pytest.CaptureFixture[str]) -> None:
    english = re.compile(r"usage|expected|invalid|argument|required|unrecognized|choose|value|ambiguous")
    with pytest.raises(SystemExit) as end:
        main(["--lang", "zh_CN", *words])
    assert end.value.code == 2
    chinese = capsys.readouterr().err
    assert HAN.search(chinese)
    assert not english.search(chinese), chinese
    with pytest.raises(SystemExit):
        main(["--lang", "en", *words])
    said = capsys.readouterr().err
    assert said.startswith("usage: ")
    assert not HAN.search(said)


@pytest.mark.parametrize("words", [
    ("report-incident", "--kind", "nine", "--place", "x"), ("act", "NUMBER", "told", "service=999"),
    ("report-incident", "--kind", "0102", "--place", "x", "--channel", "moon"),
    ("report-incident", "--kind", "0102", "--place", "x" * 2_000),
    ("act", "NUMBER", "correct", "kind=nine"), ("act", "NUMBER", "correct", "point=x,y"),
    ("report-incident", "--kind", "0102", "--place", "x", "--at", "0,0")])
def test_refusals_are_said_in_the_readers_language_to_the_last_word(type_: Type, words: tuple[str, ...]) -> None:
    number = take_in(type_)
    ran = type_(*[number if w == "NUMBER" else w for w in words], "--lang", "zh_CN")
    assert ran.status == 1
    said = re.sub(r"\w+=", "", ran.err)  # names of what an act takes are typed, not read
    assert not re.search(r"\b(?:a|code|of|the|at|most|characters|expected|number|degrees)\b", said), said


def test_show_tells_when_each_thing_was_done(type_: Type) -> None:
    number = take_in(type_, "--accept")
    lines = [line for line in type_("show", number).out.splitlines() if "Reported" in line or "Accepted" in line]
    assert lines
    assert all(re.match(r"  \d\d-\d\d \d\d:\d\d  ", line) for line in lines)
