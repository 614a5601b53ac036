"""A drone on real sockets into a real store: position, state, lost link, the command line."""
from __future__ import annotations

import json
import socket
import threading
import time
from pathlib import Path

import pytest

from app import text
from app.bootstrap import drones, seats
from app.bootstrap.city import import_list
from app.cli import main
from app.domain.process import Role
from app.intake.drone_link import DroneLink
from app.intake.mavlink_source import open_source
from app.services.drone_watch import is_low, limits_of
from data.store.store import Founding
from tests.unit.test_mavlink import LOG, Talker


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "seat"
    seats.found(made, Founding("340803", "D", "c", "Centre", "live"))
    file = tmp_path / "units.csv"
    file.write_text("编号,名称,类型\nuav1,无人机一号,drone\np1,巡逻一队,patrol\n", encoding="utf-8")
    import_list(made, "units", file, None, crs="wgs84", dry_run=False)
    return made


def free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def test_a_drone_by_udp_is_written_and_its_silence_is_shown(folder: Path, monkeypatch):
    monkeypatch.setattr("app.intake.drone_link.LOST_S", 0.8)
    seat = seats.open_seat(folder, None, screen="desk", role=Role.DISPATCHER)
    unit = drones.unit_named(seat, "uav1")
    port = free_port()
    source = open_source(f"udp:{port}")

    def talk() -> None:
        talker = Talker()
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            for i in range(15):
                for data in (talker.heartbeat(), b"\x00broken\xfe\xfd", talker.position(117.0 + i / 1000, 30.5),
                             talker.battery(60 - i * 3)):
                    out.sendto(data, ("127.0.0.1", port))
                time.sleep(0.1)

    told: list[str] = []
    counts = dict.fromkeys(drones.COUNTS, 0)
    thread = threading.Thread(target=talk)
    thread.start()
    drones.run(seat, source, DroneLink(unit.id), counts, told.append, seconds=3.2)
    thread.join()
    source.close()
    assert counts["heartbeats"] == counts["positions"] == 15
    assert counts["bad"] >= 15, "and the broken datagrams between cost no other"
    assert counts["lost"] == 1
    assert 1 <= counts["written"] <= 3, "a position a second"
    row = next(u for u in seat.units() if u.id == unit.id)
    assert row.drone is not None
    assert row.drone.lost
    assert is_low(row.drone, limits_of(seat.book))
    assert row.drone.altitude_m == 80.0
    assert row.lon is not None
    assert 117.0 <= row.lon < 117.02
    assert row.heading == 90.0
    assert len(told) == 3, told
    seat.close()


def test_a_drone_by_tcp_is_heard_again_after_the_connection_broke(folder: Path, monkeypatch):
    monkeypatch.setattr("app.intake.mavlink_source.RETRY_S", 0.1)
    seat = seats.open_seat(folder, None, screen="desk", role=Role.DISPATCHER)
    listening = socket.create_server(("127.0.0.1", 0))
    source = open_source(f"tcp:127.0.0.1:{listening.getsockname()[1]}")

    def serve() -> None:
        talker = Talker()
        for _ in range(2):
            connection, _ = listening.accept()
            connection.sendall(talker.heartbeat() + talker.position(117.0, 30.5))
            time.sleep(0.1)
            connection.close()

    thread = threading.Thread(target=serve)
    thread.start()
    counts = dict.fromkeys(drones.COUNTS, 0)
    drones.run(seat, source, DroneLink(drones.unit_named(seat, "无人机一号").id), counts, lambda _: None, seconds=1.5)
    source.close()
    thread.join()
    listening.close()
    seat.close()
    assert counts["heartbeats"] == 2


def test_a_line_that_cannot_be_had_says_why_once_and_when_it_is_there(folder: Path, monkeypatch):
    monkeypatch.setattr("app.intake.mavlink_source.RETRY_S", 0.05)
    seat = seats.open_seat(folder, None, screen="desk", role=Role.DISPATCHER)
    port, told, listening = free_port(), list[str](), list[socket.socket]()
    source = open_source(f"tcp:127.0.0.1:{port}")

    def tell(words: str) -> None:
        told.append(words)
        if len(told) == 1:
            listening.append(socket.create_server(("127.0.0.1", port)))

    text.set_language("en")
    drones.run(seat, source, DroneLink("units:uav1"), dict.fromkeys(drones.COUNTS, 0), tell, seconds=1.5)
    assert told == [f"tcp:127.0.0.1:{port} cannot be reached: connection refused", "reached again"]
    source.close()
    listening[0].close()
    seat.close()


@pytest.mark.skipif(not LOG.is_file(), reason=f"{LOG.name} is not there")
def test_a_log_by_the_command_line(folder: Path, capsys):
    status = main(["drone", "run", f"file:{LOG}", "--unit", "uav1", "--speed", "0", "--data", str(folder), "--json"])
    told = json.loads(capsys.readouterr().out)
    assert status == 0
    assert (told["messages"], told["positions"], told["bad"]) == (23_894, 807, 0)
    assert main(["drone", "run", f"file:{LOG}", "--unit", "p1", "--data", str(folder)]) == 1
    assert "uav1" in capsys.readouterr().err, "those there are, are named"
