"""MAVLink: what a drone says is read, what is broken is counted, a silent one is lost after five heartbeats."""
from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from pymavlink.dialects.v20 import ardupilotmega as dialect

from app.domain.faults import KnownFault
from app.intake.drone_link import LOST_S, DroneLink
from app.intake.mavlink import Battery, Fix, Heartbeat, MavlinkReader, log_packets
from app.intake.mavlink_source import open_source

COUNT = 100_000 if os.environ.get("LIANDONG_PROVE") == "1" else 2_000
SHARED = Path(os.environ.get("LIANDONG_SHARED", Path(__file__).parents[3] / "shared" / "data"))
LOG = SHARED / "uav" / "ardupilot_sitl_vtol.tlog"


class Talker:
    """A drone's side of the link: packets with running numbers."""

    def __init__(self, system: int = 7) -> None:
        self.mav = dialect.MAVLink(None, srcSystem=system, srcComponent=1)

    def pack(self, message: object) -> bytes:
        data: bytes = message.pack(self.mav)  # type: ignore[attr-defined]
        self.mav.seq = (self.mav.seq + 1) % 256
        return data

    def heartbeat(self, armed: bool = True) -> bytes:
        return self.pack(self.mav.heartbeat_encode(2, 3, 128 if armed else 0, 4, 4))

    def position(self, lon: float, lat: float, height_m: float = 80.0, heading: float = 90.0) -> bytes:
        return self.pack(self.mav.global_position_int_encode(
            1000, round(lat * 1e7), round(lon * 1e7), 0, round(height_m * 1000), 300, 400, 0, round(heading * 100)))

    def battery(self, percent: int) -> bytes:
        return self.pack(self.mav.sys_status_encode(0, 0, 0, 0, 11000, 100, percent, 0, 0, 0, 0, 0, 0))


def test_heartbeat_position_height_heading_and_battery_are_read():
    talker, reader = Talker(), MavlinkReader()
    found = reader.feed(talker.heartbeat() + talker.position(117.02, 30.52) + talker.battery(61))
    assert found[0] == Heartbeat(7, True)
    assert found[1] == Fix(7, 117.02, 30.52, 80.0, 90.0, 5.0)
    assert found[2] == Battery(7, 61)
    assert (reader.messages, reader.bad) == (3, 0)


def test_what_is_unknown_is_not_made_up():
    talker, reader = Talker(), MavlinkReader()
    found = reader.feed(talker.position(0.0, 0.0) + talker.battery(-1) + talker.position(117.0, 30.0, heading=655.35))
    assert found == [Fix(7, 117.0, 30.0, 80.0, None, 5.0)]


def test_broken_bytes_between_messages_are_counted_and_lose_nothing_else():
    talker, reader = Talker(), MavlinkReader()
    broken = bytearray(talker.heartbeat())
    broken[12] ^= 0xFF
    found = reader.feed(b"noise" + talker.heartbeat() + bytes(broken) + talker.position(117.0, 30.0))
    assert [type(r) for r in found] == [Heartbeat, Fix]
    assert reader.bad >= 2


def test_no_bytes_break_the_reader():
    talker = Talker()
    good = b"".join(talker.heartbeat() + talker.position(117.0 + i / 1e4, 30.0) + talker.battery(90 - i)
                    for i in range(6))
    reader, readings = MavlinkReader(), 0
    for number in range(COUNT):
        dice = random.Random(number)
        data = bytearray(good)
        for _ in range(dice.randint(1, 6)):
            at = dice.randrange(len(data))
            way = dice.randrange(4)
            if way == 0:
                data[at] = dice.randrange(256)
            elif way == 1:
                del data[at:at + dice.randint(1, 40)]
            elif way == 2:
                data[at:at] = dice.randbytes(dice.randint(1, 60))
            else:
                data[at:at] = bytes([dice.choice((0xFE, 0xFD)), dice.randrange(256)])
        for reading in reader.feed(bytes(data)):
            readings += 1
            if isinstance(reading, Fix):
                assert abs(reading.lon) <= 180
                assert abs(reading.lat) <= 90
            elif isinstance(reading, Battery):
                assert 0 <= reading.percent <= 100
    after = reader.feed(b"\0" * 600 + good)
    assert sum(isinstance(r, Heartbeat) for r in after) >= 5, "it reads on after all that"
    assert reader.bad > COUNT / 2
    assert readings > COUNT


@pytest.mark.skipif(not LOG.is_file(), reason=f"{LOG.name} is not there")
def test_a_real_log_gives_every_message_and_position():
    reader, readings = MavlinkReader(), []
    times = []
    for at, packet in log_packets(LOG.read_bytes()):
        times.append(at)
        readings += reader.feed(packet)
    assert (reader.messages, reader.bad) == (23_894, 0)
    assert sum(isinstance(r, Fix) for r in readings) == 807
    assert times[-1] - times[0] == pytest.approx(207.6, abs=0.1)


@pytest.mark.skipif(not LOG.is_file(), reason=f"{LOG.name} is not there")
def test_a_log_with_a_hole_goes_on_behind_it():
    data = LOG.read_bytes()
    cut = data[:100_000] + random.Random(1).randbytes(5_000) + data[101_000:]
    reader = MavlinkReader()
    for _, packet in log_packets(cut):
        reader.feed(packet)

    assert 23_000 < reader.messages < 23_894
    assert reader.bad > 0


def test_a_link_is_lost_after_five_missed_heartbeats_and_comes_back():
    link = DroneLink("u")
    link.hear(Heartbeat(7, True), 100.0, 1e9)
    link.hear(Fix(7, 117.0, 30.0, 80.0, 90.0, 5.0), 100.0, 1e9)
    first = link.state(100.0)
    assert first is not None
    assert (first.link, first.altitude_m, first.heard_at) == ("ok", 80.0, 1e9)
    assert link.position(100.0, 1e9) is not None
    assert link.state(101.0) is None, "nothing new, not due"
    link.tick(100.0 + LOST_S)
    assert link.link == "ok"
    link.tick(100.0 + LOST_S + 0.1)
    lost = link.state(100.0 + LOST_S + 0.1)
    assert lost is not None
    assert lost.lost
    assert lost.heard_at == 1e9, "its age counts from the last heartbeat"
    link.hear(Fix(7, 117.1, 30.0, 80.0, 90.0, 5.0), 106.0, 1e9 + 6)
    assert link.position(106.0, 1e9 + 6) is None, "a position without a heartbeat is not shown as fresh"
    link.hear(Heartbeat(7, True), 107.0, 1e9 + 7)
    again = link.state(107.0)
    assert again is not None
    assert not again.lost


def test_another_vehicle_on_the_same_port_is_not_taken_for_this_one():
    link = DroneLink("u")
    link.hear(Heartbeat(7, True), 1.0, 1e9)
    link.hear(Fix(9, 118.0, 31.0, 80.0, 90.0, 5.0), 1.1, 1e9)
    assert link.position(1.2, 1e9) is None
    assert link.others == 1


def test_low_battery_is_told_at_once():
    link = DroneLink("u")
    link.hear(Heartbeat(7, True), 1.0, 1e9)
    link.hear(Battery(7, 60), 1.0, 1e9)
    assert link.state(1.0) is not None
    link.hear(Battery(7, 25), 1.5, 1e9)
    told = link.state(1.5)
    assert told is not None
    assert told.battery == 25


@pytest.mark.parametrize("text", ["", "udp:", "udp:x", "udp:0", "udp:70000", "tcp:5760", "serial:/dev/ttyS0",
                                  "file:/none"])
def test_a_wrong_link_is_a_known_fault(text: str):
    with pytest.raises(KnownFault):
        open_source(text).close()
