"""Alarm sounds: repeated until acknowledged, visible mute that ends by itself, no sound device, floods."""
from __future__ import annotations

import threading
import wave
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.faults import KnownFault, Message
from widgets.sound import Alarm, SoundBoard, SoundButton, SoundProfile, player
from widgets.sound.alarm import RING


def played(alarm: Alarm, seconds: float, since: float = 0.0) -> list[tuple[float, int]]:
    """What sounds while the time goes on in steps of 0.5 s."""
    heard = []
    for n in range(int(seconds * 2)):
        level = alarm.tick(since + n / 2)
        if level is not None:
            heard.append((since + n / 2, level))
    return heard


def test_level_i_sounds_at_once_and_every_five_seconds_until_acknowledged() -> None:
    alarm = Alarm()
    alarm.raise_alarm("a", 1, 0)
    assert played(alarm, 16) == [(0, 1), (5, 1), (10, 1), (15, 1)]
    alarm.acknowledge("a")
    assert played(alarm, 60, 16) == []
    assert alarm.next_s(80) is None


def test_the_most_urgent_sounds_and_two_sounds_never_overlap() -> None:
    alarm = Alarm()
    for n, level in enumerate((4, 3, 2, 1)):
        alarm.raise_alarm(str(n), level, 0)
    heard = played(alarm, 12)
    assert heard[0] == (0, 1)
    assert all(later - sooner >= alarm.profile.gap_s for (sooner, _), (later, _) in pairwise(heard))
    assert {level for _, level in heard} == {1, 2, 3, 4}


def test_acknowledging_one_of_two_keeps_the_other_sounding() -> None:
    alarm = Alarm()
    alarm.raise_alarm("a", 2, 0)
    alarm.raise_alarm("b", 2, 0)
    alarm.acknowledge("a")
    assert played(alarm, 20) == [(0, 2), (15, 2)]


def test_a_mute_ends_by_itself_and_sooner_while_level_i_waits() -> None:
    alarm = Alarm()
    alarm.raise_alarm("a", 3, 0)
    alarm.mute(0)
    assert alarm.state(1).muted
    assert played(alarm, 700)[0] == (600, 3)
    urgent = Alarm()
    urgent.raise_alarm("a", 1, 0)
    urgent.mute(0)
    assert played(urgent, 70)[0] == (60, 1)


def test_a_new_level_i_breaks_the_mute_and_others_do_not() -> None:
    alarm = Alarm()
    alarm.mute(0)
    alarm.raise_alarm("b", 2, 10)
    assert alarm.tick(11) is None
    alarm.raise_alarm("a", 1, 12)
    assert not alarm.state(12).muted
    assert alarm.tick(12) == 1


def test_a_raised_level_sounds_anew_as_its_new_level() -> None:
    alarm = Alarm()
    alarm.raise_alarm("a", 4, 0)
    assert alarm.tick(0) == 4
    alarm.raise_alarm("a", 1, 10)
    assert alarm.tick(10) == 1
    assert alarm.state(10).waiting == (1, 0, 0, 0)


def test_keep_makes_what_is_missing_silent_and_does_not_restart_what_is_known() -> None:
    alarm = Alarm()
    alarm.keep({"a": 2, "b": 3}, 0)
    assert alarm.tick(0) == 2
    alarm.keep({"a": 2}, 3)
    assert alarm.tick(4) is None
    assert alarm.state(4).waiting == (0, 1, 0, 0)


def test_a_ringing_call_rings_until_it_is_answered() -> None:
    alarm = Alarm()
    alarm.ring(True, 0)
    assert played(alarm, 9) == [(0, RING), (4, RING), (8, RING)]
    alarm.ring(False, 9)
    assert played(alarm, 9, 9) == []


def test_a_flood_of_a_thousand_alarms_sounds_no_more_often_than_one() -> None:
    alarm = Alarm()
    heard = 0
    for n in range(1000):
        alarm.raise_alarm(str(n), 1 + n % 4, n / 100)
        heard += alarm.tick(n / 100) is not None
    assert heard <= 10 / alarm.profile.gap_s + 1


@given(st.lists(st.tuples(st.sampled_from(["raise", "ack", "mute", "unmute", "ring", "hush"]),
                          st.sampled_from("abcdef"), st.integers(1, 4), st.floats(0, 30)), max_size=60))
def test_whatever_happens_a_waiting_level_i_sounds_within_its_longest_silence(steps: list[Any]) -> None:
    alarm, now = Alarm(), 0.0
    for what, name, level, seconds in steps:
        if what == "raise":
            alarm.raise_alarm(name, level, now)
        elif what == "ack":
            alarm.acknowledge(name)
        elif what in ("mute", "unmute"):
            (alarm.mute if what == "mute" else alarm.unmute)(now)
        else:
            alarm.ring(what == "ring", now)
        alarm.tick(now)
        now += seconds
    alarm.raise_alarm("last", 1, now)
    profile = alarm.profile
    longest = profile.mute_s + profile.gap_s + profile.repeat_s[0]
    assert any(level == 1 for _, level in played(alarm, longest + 1, now))
    for name in (*"abcdef", "last"):
        alarm.acknowledge(name)
    alarm.ring(False, now + longest)
    assert alarm.next_s(now + longest) is None
    assert sum(alarm.state(now).waiting) == 0


def test_a_profile_with_an_unknown_key_or_a_silent_level_i_is_refused() -> None:
    assert SoundProfile.from_mapping({"repeat_s": [3, 10, 30, 0], "mute_s": 300}).repeat_s == (3, 10, 30, 0)
    for wrong in ({"volume": 3}, {"repeat_s": [0, 1, 1, 1]}, {"repeat_s": [1, 2]}, {"mute_s": "long"},
                  {"mute_urgent_s": 700}):
        with pytest.raises(ValueError, match="sound"):
            SoundProfile.from_mapping(wrong)


def test_every_level_has_a_short_sound_of_its_own() -> None:
    contents = set()
    for level in range(5):
        with wave.open(str(player.sound_file(level))) as file:
            assert file.getnframes() / file.getframerate() < 2.0
            contents.add(file.readframes(file.getnframes()))
    assert len(contents) == 5


class HandClock:
    """A monotonic clock that is set by hand."""

    def __init__(self) -> None:
        self.at = 1000.0

    def monotonic(self) -> float:
        return self.at

    def now(self) -> Any:
        raise AssertionError("sounds need no time of day")


class FakePlayer:
    """Notes what it is asked to play; may have no device."""

    def __init__(self) -> None:
        self.heard: list[str] = []
        self.threads: set[int] = set()
        self.device = True

    def __call__(self, path: Path, cancelled: Callable[[], bool]) -> None:
        self.threads.add(threading.get_ident())
        if not self.device:
            raise KnownFault(Message("No sound device: {reason}", {"reason": "none"}))
        self.heard.append(path.stem)


@pytest.fixture
def board(qtbot: Any) -> Iterator[tuple[SoundBoard, FakePlayer, HandClock]]:
    fake, clock = FakePlayer(), HandClock()
    made = SoundBoard(play=fake, clock=clock)
    yield made, fake, clock
    made.close()


def test_the_board_plays_on_a_thread_of_its_own_and_goes_on_by_itself(qtbot: Any, board: Any) -> None:
    made, fake, clock = board
    made.keep({"a": 1})
    qtbot.waitUntil(lambda: fake.heard == ["level1"], timeout=3000)
    clock.at += 5
    made.keep({"a": 1, "b": 4})
    qtbot.waitUntil(lambda: len(fake.heard) == 2, timeout=3000)
    assert threading.get_ident() not in fake.threads
    made.keep({})
    assert made.state().waiting == (0, 0, 0, 0)


def test_without_a_sound_device_it_beeps_and_finds_a_device_that_comes_later(
        qtbot: Any, board: Any, caplog: pytest.LogCaptureFixture) -> None:
    made, fake, clock = board
    fake.device = False
    with caplog.at_level("INFO"):
        made.raise_alarm("a", 1)
        qtbot.waitUntil(lambda: made.deaf, timeout=3000)
        clock.at += 5
        made.raise_alarm("b", 1)
        qtbot.wait(20)
    assert sum("beep" in record.message for record in caplog.records) == 1
    fake.device = True
    clock.at += 61
    made.raise_alarm("c", 1)
    qtbot.waitUntil(lambda: fake.heard == ["level1"] and not made.deaf, timeout=3000)


def test_the_button_shows_the_mute_and_how_long_it_lasts(qtbot: Any, board: Any) -> None:
    made, fake, clock = board
    button = SoundButton(made)
    qtbot.addWidget(button)
    on = button.text()
    button.click()
    assert made.state().muted
    assert "10:00" in button.text()
    clock.at += 61
    made.acknowledge("nothing")
    assert "08:59" in button.text()
    made.raise_alarm("a", 1)
    assert button.text() == on
    qtbot.waitUntil(lambda: fake.heard == ["level1"], timeout=3000)
