"""A platform's channels as cameras and its alarms as incidents, by the command line's own functions on a real store."""
from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from app.bootstrap import seats
from app.cli import main
from app.domain.faults import KnownFault, Message, Rejected
from app.domain.process import Role
from app.intake.platform_alarms import QUIET_S, AlarmRun, parse_alarm
from app.services.changes import Changes
from app.services.commands import Command
from app.services.local_seat import LocalSeat
from app.services.operator import Operator
from data.store import people
from data.store.store import Founding
from tests.fakes.wvp_server import WvpServer

NVR, GATE = "34080300001180000001", "34080300001320000001"
ZONE = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def wvp() -> Iterator[WvpServer]:
    with WvpServer() as platform:
        platform.add(NVR, GATE, "北门\x00\u202e<b>球机</b>", stream="rtsp://127.0.0.1:9/x")
        platform.add(NVR, "34080300001320000002", "南门", ptzType=3, longitude=0.0, latitude=0.0, status="OFF")
        platform.add(NVR, "34080300001320000002", "南门", ptzType=3, longitude=0.0, latitude=0.0, status="OFF")
        platform.add(NVR, "34080300001340000003", "按钮")
        platform.add(NVR, "9908030000132000000", "短号")
        platform.devices[NVR].append("no channel at all")
        yield platform


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "seat"
    seats.found(made, Founding("340803", "D", "c", "Centre", "live"))
    logins = made / "camera-logins"
    logins.write_text("127.0.0.1 admin word\n", encoding="utf-8")
    logins.chmod(0o600)
    return made


def run(capsys, *words: str) -> tuple[int, dict[str, Any]]:
    status = main([*words, "--json", "--lang", "en"])
    return status, json.loads(capsys.readouterr().out.strip().splitlines()[-1])


def test_a_catalogue_comes_in_with_every_channel_counted_and_every_wrong_id_explained(
        capsys, wvp: WvpServer, folder: Path):
    status, told = run(capsys, "video", "wvp", "sync", wvp.base, "--data", str(folder))
    assert status == 0
    assert (told["read"], told["accepted"], told["rejected"], told["duplicates"]) == (6, 2, 3, 1)
    rejected = Path(told["rejected_file"]).read_text(encoding="utf-8-sig")
    assert "digits 11 to 13" in rejected
    assert "these are 19" in rejected
    seat = seats.open_seat(folder, None, screen="desk", role=Role.DISPATCHER)
    gate, south = sorted(seat.cameras(), key=lambda c: c.id)
    assert gate.source == wvp.url(NVR, GATE)
    assert (gate.kind, gate.state, gate.heading) == ("ptz", "online", 180.0)
    assert (south.kind, south.state, south.lon) == ("fixed", "offline", None)
    assert "\x00" not in gate.name
    assert "\u202e" not in gate.name
    seat.close()

    status, again = run(capsys, "import", "cameras", wvp.base, "--data", str(folder))
    assert status == 0
    assert (again["accepted"], again["duplicates"], again["rejected"]) == (0, 3, 3)


@pytest.mark.parametrize(("trouble", "words"), [("password", "refuses the log-in"), ("empty", "no channel"),
                                                ("garbage", "cannot be read")])
def test_a_catalogue_that_cannot_be_had_says_why_and_changes_nothing(
        capsys, wvp: WvpServer, folder: Path, trouble: str, words: str):
    if trouble == "password":
        wvp.login = ("admin", "other")
    elif trouble == "empty":
        wvp.devices.clear()
    wvp.garbage = trouble == "garbage"
    status, told = run(capsys, "video", "wvp", "sync", wvp.base, "--data", str(folder))
    assert status == 1
    assert words in told["error"]


def alarm(at: datetime, **more: Any) -> dict[str, Any]:
    return {"id": 1, "deviceId": NVR, "channelId": GATE, "alarmPriority": "2", "alarmMethod": "5", "alarmType": "6",
            "alarmTime": at.astimezone(ZONE).strftime("%Y-%m-%d %H:%M:%S"), "alarmDescription": "入侵<script>",
            "longitude": 0.0, "latitude": 0.0, **more}


def test_alarms_become_reported_incidents_once(capsys, wvp: WvpServer, folder: Path):
    run(capsys, "video", "wvp", "sync", wvp.base, "--data", str(folder))
    seat = seats.open_seat(folder, None, screen="desk", role=Role.DISPATCHER)
    now = seat.clock.now()
    wvp.alarms = [alarm(now - timedelta(minutes=m)) for m in (30, 29, 28, 21)]  # one that goes on
    wvp.alarms.append(alarm(now - timedelta(minutes=5), alarmType="8"))
    wvp.alarms.append(alarm(now - timedelta(minutes=4), alarmMethod="6", alarmType="1"))
    wvp.alarms.append(alarm(now - timedelta(minutes=3), alarmPriority="nine"))
    status, told = run(capsys, "video", "wvp", "alarms", wvp.base, "--data", str(folder))
    assert status == 0
    assert told == {"read": 7, "incidents": 2, "known": 0, "repeats": 3, "faults": 1, "rejected": 1, "again": 0}
    rows = sorted(seat.queue(), key=lambda r: r.kind + str(r.reported_at))
    assert [r.channel for r in rows] == ["sensor", "sensor"]
    assert {r.phase for r in rows} == {"reported"}, "taken in, not yet accepted: a person decides"
    assert [r.level for r in rows] == [2, 2]
    assert all("北门" in r.place and r.lon is not None for r in rows), "where its camera stands"
    first = {r.id for r in rows}

    wvp.alarms.append(alarm(now - timedelta(seconds=20)))  # quiet for twenty minutes: it is a new one
    status, told = run(capsys, "video", "wvp", "alarms", wvp.base, "--data", str(folder))
    assert (told["incidents"], told["repeats"]) == (1, 0)
    status, told = run(capsys, "video", "wvp", "alarms", wvp.base, "--data", str(folder))
    assert told["incidents"] == 0
    assert told["read"] == told["known"] + told["faults"] + told["rejected"]

    seat.set_setting("platform.alarms", {})  # a seat that has forgotten: the ids say that they are there
    status, told = run(capsys, "video", "wvp", "alarms", wvp.base, "--data", str(folder))
    assert (told["incidents"], told["known"]) == (0, 3)
    assert first < {r.id for r in seat.queue()}
    seat.close()


def test_an_alarm_that_met_a_locked_store_is_offered_again(
        capsys, wvp: WvpServer, folder: Path, monkeypatch: pytest.MonkeyPatch):
    now = datetime.now(ZONE)
    wvp.alarms = [alarm(now - timedelta(minutes=m)) for m in (50, 30, 29)]  # of one camera: two, and a repeat
    wvp.alarms.append(alarm(now - timedelta(minutes=20), alarmType="8"))
    real, calls = LocalSeat.do, []

    def locked_at_the_second(self: LocalSeat, command: Command) -> Changes:
        calls.append(command)
        if len(calls) == 2:
            raise KnownFault(Message("The store is locked by another program for too long. Nothing was changed; "
                                     "try again.", {}))
        return real(self, command)

    with monkeypatch.context() as patch:
        patch.setattr(LocalSeat, "do", locked_at_the_second)
        _, told = run(capsys, "video", "wvp", "alarms", wvp.base, "--data", str(folder))
    assert told == {"read": 4, "incidents": 1, "known": 0, "repeats": 1, "faults": 0, "rejected": 0, "again": 2}
    _, told = run(capsys, "video", "wvp", "alarms", wvp.base, "--data", str(folder))
    assert told == {"read": 4, "incidents": 2, "known": 1, "repeats": 1, "faults": 0, "rejected": 0, "again": 0}
    _, told = run(capsys, "video", "wvp", "alarms", wvp.base, "--data", str(folder))
    assert (told["incidents"], told["again"]) == (0, 0)


def test_no_alarm_breaks_the_intake_2000_mutations():
    seed = [alarm(datetime(2026, 5, 1, 12, i, tzinfo=ZONE)) for i in range(3)]
    values: tuple[object, ...] = (None, "", "x" * 5000, -1, 1e999, float("nan"),
                                  [], {}, [[[]]], True, "\x00", "9" * 40,
                                  "2026-13-01 00:00:00", "0001-01-01 00:00:00", "9999-12-31 23:59:59",
                                  "٣", "\u202e", 10**40)
    taken = refused = 0
    for number in range(2000):
        dice = random.Random(number)
        rows: list[object] = [dict(row) for row in seed]
        for _ in range(dice.randint(1, 4)):
            at = dice.randrange(len(rows))
            row = rows[at]
            if isinstance(row, dict) and row and dice.random() < 0.9:
                row[dice.choice(list(row))] = dice.choice(values)
            else:
                rows[at] = dice.choice(values)
        run_ = AlarmRun("wvp-h-1")
        new = run_.reports(rows, ZONE)
        assert run_.read == len(new) + run_.known + run_.repeats + run_.own_faults + len(run_.rejected) == 3
        taken += len(new)
        refused += len(run_.rejected)
    assert taken > 500
    assert refused > 500


def test_a_wrong_alarm_is_refused_with_its_place():
    with pytest.raises(Rejected, match="alarmMethod"):
        parse_alarm({"deviceId": NVR, "alarmMethod": "8", "alarmTime": "2026-01-01 00:00:00"}, ZONE)
    with pytest.raises(Rejected, match="alarmTime"):
        parse_alarm({"deviceId": NVR, "alarmMethod": "5", "alarmTime": "yesterday"}, ZONE)


def test_what_goes_on_is_one_incident_and_what_comes_late_too():
    run_ = AlarmRun("s")
    start = datetime(2026, 5, 1, 12, tzinfo=ZONE)
    long = [alarm(start + timedelta(seconds=s)) for s in range(0, 3600, 60)]
    assert len(run_.reports(long, ZONE)) == 1
    assert len(run_.reports(long[-5:], ZONE)) == 0
    assert run_.known == 5
    assert len(run_.reports([alarm(start + timedelta(seconds=3600 + QUIET_S))], ZONE)) == 1


@pytest.mark.parametrize("words", [("video", "wvp", "sync"), ("import", "cameras")])
def test_a_platforms_catalogue_comes_in_only_by_somebody_who_may_bring_lists_in(
        capsys, wvp: WvpServer, folder: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]):
    with seats.opened(folder) as store:
        for name, role in (("keeper", Role.SUPERVISOR), ("worker", Role.GRID_WORKER)):
            one = Operator(name, name, frozenset({role}), None)
            people.put_operator(store, one, seats.hash_password("long enough"))
    for who, secret, told in (((), "", "Say who you are"), (("--as", "keeper"), "wrong", "missing or wrong"),
                              (("--as", "worker"), "long enough", "may not bring lists in")):
        monkeypatch.setenv("LIANDONG_PASSWORD", secret)
        status, answer = run(capsys, *words, wvp.base, "--data", str(folder), *who)
        assert status == 1
        assert told in answer["error"]
    with seats.opened(folder) as store:
        assert store.read.exec_driver_sql("SELECT count(*) FROM camera").scalar_one() == 0
    status, answer = run(capsys, *words, wvp.base, "--data", str(folder), "--as", "keeper")
    assert (status, answer["accepted"]) == (0, 2)
    with seats.opened(folder) as store:
        packs = store.read.exec_driver_sql("SELECT content FROM event WHERE kind LIKE 'pack.%' ORDER BY seq").all()
        assert json.loads(packs[-1][0])["actor"] == "keeper"
