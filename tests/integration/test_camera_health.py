"""The sweep over the cameras: real sockets, a real store; few rows, one alarm for an outage, within its budget."""
from __future__ import annotations

import asyncio
import contextlib
import csv
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from openpyxl import load_workbook

from app import text
from app.bootstrap import health, seats
from app.intake.records import AreaRecord, CameraRecord
from app.intake.sink import PackCounts
from app.services import camera_health, outages
from app.services.commands import CameraPictures, CameraStates
from app.services.outages import outage_id
from app.video.address import parse_address
from app.video.sweep import OFFLINE, ONLINE, Budget, ask, sweep
from data.store.store import Founding
from tests.fakes.fake_seat import FakeSeat

AREAS = [AreaRecord("t:d", "1", "D", 0, "district", digest="1"),
         AreaRecord("t:s1", "2", "S", 1, "street", "t:d", digest="1")]
QUICK = Budget(per_s=2_000.0, cpu_share=1.0)


class Town:
    """A server that answers as RTSP and HTTP cameras do, on one port; `silent` answers nothing, `status` what it says.
    """

    def __init__(self) -> None:
        self.status, self.silent, self.asked = "200 OK", False, 0
        self._loop = asyncio.new_event_loop()
        self._ready = threading.Event()
        self._thread = threading.Thread(target=self._run, name="camera-town", daemon=True)
        self._thread.start()
        self._ready.wait(5)

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._server = self._loop.run_until_complete(asyncio.start_server(self._client, "127.0.0.1", 0))
        self.port = self._server.sockets[0].getsockname()[1]
        self._ready.set()
        self._loop.run_forever()
        self._server.close()
        self._loop.run_until_complete(self._server.wait_closed())
        self._loop.close()

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            line = await reader.readline()
            self.asked += 1
            if not self.silent:
                writer.write(line.split()[2] + f" {self.status}\r\n\r\n".encode())
                await writer.drain()
        writer.close()

    def close(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(5)


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    yield made
    made.close()


def closed_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def said(address: str, limit_s: float = 2.0) -> str:
    return asyncio.run(ask(parse_address(address), limit_s))


@pytest.fixture
def store_seat(tmp_path: Path) -> Iterator[tuple[seats.OpenSeat, list[str]]]:
    """A seat of devices on a live store, and the ids of twelve cameras of one street."""
    folder = tmp_path / "seat"
    seats.found(folder, Founding("340803", "D", "c", "Centre", "live"))
    ids = [f"t:c{i}" for i in range(12)]
    with seats.opened(folder) as store:
        sink = seats.pack_sink(store, actor="test")
        for kind, rows in (("areas", AREAS), ("cameras", [
                CameraRecord(i, "", f"Camera {i}", 117.0, 30.5, url=f"rtsp://127.0.0.1:1/{i}", area_key="t:s1",
                             digest="1")
                for i in ids])):
            pack = sink.begin_pack(kind, "t", "1", "")
            sink.write_rows(pack, rows)
            sink.activate(pack, PackCounts(len(rows), len(rows)))
    seat = seats.open_device_seat(folder, "sweep")
    yield seat, ids
    seat.close()


def test_each_way_to_be_absent_has_its_word(town: Town, tmp_path: Path):
    rtsp, http = f"rtsp://127.0.0.1:{town.port}/1", f"http://127.0.0.1:{town.port}/snap.jpg"
    assert said(rtsp) == said(http) == ""
    town.status = "401 Unauthorized"
    assert said(rtsp) == "", "who asks for a log-in is there"
    town.status = "404 Not Found"
    assert said(rtsp) == said(http) == "refused"
    town.silent = True
    assert said(rtsp, 0.3) in ("timed_out", "ended")
    assert said(f"rtsp://127.0.0.1:{closed_port()}/1") == "refused"
    assert said("rtsp://no-such-host.invalid/1") == "no_host"
    film = tmp_path / "film.mp4"
    assert said(str(film)) == "refused"
    film.write_bytes(b"x")
    assert said(str(film)) == ""


def test_a_sweep_keeps_to_its_budget_and_asks_those_that_failed_twice(town: Town):
    cameras = {f"c{i}": f"rtsp://127.0.0.1:{town.port}/{i}" for i in range(60)}
    cameras["dead"] = f"rtsp://127.0.0.1:{closed_port()}/1"
    cameras["none"] = ""
    began = time.perf_counter()
    report = asyncio.run(sweep(cameras, Budget(per_s=100.0, cpu_share=1.0), again_s=0.1))
    assert time.perf_counter() - began >= 0.6, "61 questions at 100 a second"
    assert (report.asked, report.online, report.offline, report.left_out) == (61, 60, 1, 1)
    assert report.questions == 62
    assert (report.answers["dead"].state, report.answers["dead"].why) == (OFFLINE, "refused")


def test_a_platform_is_asked_once_for_all_its_channels():
    asked: list[int] = []

    def platform(addresses):
        asked.append(len(addresses))
        return {a: a.endswith("1") for a in addresses}

    cameras = {f"c{i}": f"wvp://127.0.0.1:18080/34020000001320000001/3402000000131000000{i}" for i in range(3)}
    report = asyncio.run(sweep(cameras, QUICK, platform=platform))
    assert asked == [3]
    assert {k: a.state for k, a in report.answers.items()} == {"c0": OFFLINE, "c1": ONLINE, "c2": OFFLINE}


def test_only_what_changed_is_written(town: Town):
    seat = FakeSeat(cameras=40)
    for key, row in seat.camera_rows.items():
        seat.camera_rows[key] = replace(row, source=f"rtsp://127.0.0.1:{town.port}/{key}", state="unknown", why="")
    health.sweep_once(seat, QUICK)  # type: ignore[arg-type]
    told = [c for c in seat.done if isinstance(c, CameraStates)]
    assert sum(len(c.states) for c in told) == 40
    health.sweep_once(seat, QUICK)  # type: ignore[arg-type]
    assert [c for c in seat.done if isinstance(c, CameraStates)] == told, "a quiet sweep writes no state"
    assert seat.setting(camera_health.SWEPT)["online"] == 40


def test_since_and_last_picture_are_kept_by_the_store(store_seat):
    seat, ids = store_seat
    seat.do(CameraStates(((ids[0], "offline", 1_000.0),), {ids[0]: "refused"}))
    seat.do(CameraStates(((ids[0], "offline", 2_000.0),), {ids[0]: "timed_out"}))
    row = seat.cameras([ids[0]])[0]
    assert (row.state, row.since, row.state_at, row.why, row.picture_at) == ("offline", 1_000.0, 2_000.0, "timed_out",
                                                                            None)
    seat.do(CameraPictures(((ids[0], 3_000.0), ("no such camera", 3_000.0))))
    row = seat.cameras([ids[0]])[0]
    assert (row.state, row.since, row.picture_at, row.why) == ("online", 3_000.0, 3_000.0, "")
    seat.do(CameraStates(((ids[0], "online", 4_000.0),)))
    row = seat.cameras([ids[0]])[0]
    assert (row.since, row.picture_at) == (3_000.0, 3_000.0)


def test_each_of_however_many_cameras_that_changed_at_once_is_read(store_seat):
    seat, ids = store_seat
    assert {c.id for c in seat.cameras([*(f"gone {i}" for i in range(2_000)), *ids])} == set(ids)


def test_an_outage_of_an_area_is_one_incident_and_is_over_when_they_are_back(store_seat):
    seat, ids = store_seat
    now = seat.clock.now().timestamp()
    seat.do(CameraStates(tuple((i, "online", now - 5_000) for i in ids)))
    assert camera_health.watch_outages(seat) == ([], [])
    down = ids[:8]
    seat.do(CameraStates(tuple((i, "offline", now - n) for n, i in enumerate(down)), dict.fromkeys(down, "timed_out")))
    begun, over = camera_health.watch_outages(seat)
    assert (len(begun), over) == (1, [])
    rows = [r for r in seat.queue() if r.channel == "sensor"]
    assert [r.id for r in rows] == [begun[0].incident_id] == [outage_id(begun[0].area_id, begun[0].since)]
    assert camera_health.watch_outages(seat) == ([], []), "one alarm, however often it is looked"
    assert camera_health.read_health(seat).outages == 1
    seat.do(CameraStates(tuple((i, "online", now + 60) for i in down)))
    assert camera_health.watch_outages(seat) == ([], [begun[0].area_id])
    kinds = [e.kind for e in seat.incident(rows[0].id).timeline]
    assert kinds.count("incident.reported") == 1
    assert "incident.noted" in kinds
    assert camera_health.read_health(seat).outages == 0


def test_chronic_faults_and_single_ones_are_no_outage():
    seat = FakeSeat(cameras=60)
    areas = seat.book.areas
    grid = next(a for a in areas.values() if a.level == 3)
    rows = [replace(c, area_id=grid.id, source="rtsp://x/1", state="offline", since=i * 10_000.0)
            for i, c in enumerate(list(seat.camera_rows.values())[:12])]
    assert outages.find(rows, areas) == [], "they failed on different days"
    together = [replace(c, since=100.0 + i) for i, c in enumerate(rows)]
    found = outages.find(together, areas)
    assert [(o.offline, o.total, areas[o.area_id].level) for o in found] == [(12, 12, 0)], "the coarsest area alone"
    assert outages.find(together[:4], areas) == []


def test_the_list_is_exported_through_the_escaping_door(tmp_path: Path):
    seat = FakeSeat(cameras=3)
    rows = [replace(c, name="=HYPERLINK(\"x\")" if i == 0 else c.name) for i, c in
            enumerate(seat.camera_rows.values())]
    for name in ("list.csv", "list.xlsx"):
        health.export(rows, seat.book.areas, tmp_path / name, "Asia/Shanghai")
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    sheet = load_workbook(tmp_path / "list.xlsx").active
    assert lines[1][1].startswith("'=")
    assert str(sheet.cell(2, 2).value).startswith("'=")
    assert len(lines) == sheet.max_row == 4


def test_the_export_speaks_the_readers_language(tmp_path: Path):
    rows = [replace(c, state=state, why=why) for c, state, why in zip(
        FakeSeat(cameras=3).camera_rows.values(), ("offline", "online", "unknown"), ("timed_out", "", ""),
        strict=True)]
    before = text.language().lang
    text.set_language("zh_CN")
    health.export(rows, {}, tmp_path / "list.csv", "Asia/Shanghai")
    text.set_language(before)
    with (tmp_path / "list.csv").open(encoding="utf-8-sig", newline="") as file:
        lines = [[line[i] for i in (4, 6)] for line in csv.reader(file)][1:]
    assert lines == [["离线", "连接超时"], ["在线", ""], ["未知", ""]]
