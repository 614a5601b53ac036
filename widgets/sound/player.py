"""Plays a sound file and returns when it is over: by miniaudio, else by a program of the system.

miniaudio has wheels for Linux x86-64, Windows and macOS; where it is absent (Linux on aarch64 without a compiler) the
players that come with PipeWire, PulseAudio or ALSA serve.
"""
from __future__ import annotations

import shutil
import subprocess
import sys
import time
from array import array
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

from app.domain.faults import KnownFault, Message

FOLDER = Path(__file__).resolve().parents[2] / "resources" / "sounds"
LONGEST_S = 10.0
_PROGRAMS = (("pw-play",), ("paplay",), ("aplay", "-q"), ("afplay",))


def sound_file(level: int) -> Path:
    """The file of a level 1..4, or of a ringing call (0)."""
    return FOLDER / ("call.wav" if level == 0 else f"level{min(4, max(1, level))}.wav")


def play(path: Path, cancelled: Callable[[], bool]) -> None:
    """Play a file to its end or until `cancelled`. KnownFault: nothing on this computer can play it.

    Blocks: for a background task.
    """
    problems = []
    for way in (_by_miniaudio, _by_winsound, _by_program):
        problem = way(path, cancelled)
        if not problem:
            return
        problems.append(problem)
    raise KnownFault(Message("No sound device: {reason}", {"reason": "; ".join(problems)}))


def _by_miniaudio(path: Path, cancelled: Callable[[], bool]) -> str:
    try:
        import miniaudio
    except ImportError:
        return "miniaudio is not installed"
    try:
        sound = miniaudio.decode_file(str(path))
        over: list[bool] = []
        stream = _pcm(sound.samples, sound.nchannels, over)
        next(stream)
        backends = _backends(miniaudio)
        with miniaudio.PlaybackDevice(miniaudio.SampleFormat.SIGNED16, sound.nchannels, sound.sample_rate,
                                      buffersize_msec=100, backends=backends, app_name="Liandong") as device:
            device.start(stream)
            until = time.perf_counter() + min(LONGEST_S, sound.duration + 0.3)
            while time.perf_counter() < until and not cancelled():
                time.sleep(0.02)
    except miniaudio.MiniaudioError as error:
        return f"miniaudio: {error}"
    return ""


def _backends(miniaudio: Any) -> list[Any]:
    """The real ones: the library's own list ends in one that plays to nowhere."""
    kinds = miniaudio.Backend
    if sys.platform == "win32":
        return [kinds.WASAPI, kinds.DSOUND, kinds.WINMM]
    if sys.platform == "darwin":
        return [kinds.COREAUDIO]
    # Without a card ALSA's library fills stderr with complaints.
    cards = [kinds.ALSA] if any(Path("/dev/snd").glob("pcm*p")) else []
    # So does JACK's without its server.
    jack = [kinds.JACK] if any(Path("/dev/shm").glob("jack*")) else []
    return [kinds.PULSEAUDIO, *cards, *jack]


def _pcm(samples: array[int], channels: int, over: list[bool]) -> Generator[array[int], int, None]:
    """Frames as the device asks for them, then silence."""
    wanted = yield array("h")
    at = 0
    while True:
        part = samples[at:at + wanted * channels]
        at += len(part)
        if len(part) < wanted * channels:
            over.append(True)
            part = part + array("h", bytes(2 * (wanted * channels - len(part))))
        wanted = yield part


def _by_winsound(path: Path, cancelled: Callable[[], bool]) -> str:
    if sys.platform != "win32":
        return "not Windows"
    import winsound
    try:
        winsound.PlaySound(str(path), winsound.SND_FILENAME | winsound.SND_NODEFAULT)
    except RuntimeError as error:
        return str(error)
    return ""


def _by_program(path: Path, cancelled: Callable[[], bool]) -> str:
    for program in _PROGRAMS:
        found = shutil.which(program[0])
        if not found:
            continue
        with subprocess.Popen([found, *program[1:], str(path)], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL) as process:
            until = time.perf_counter() + LONGEST_S
            while process.poll() is None and time.perf_counter() < until and not cancelled():
                time.sleep(0.02)
            if process.poll() is None:
                process.kill()
                return ""
        if process.returncode == 0:
            return ""
    return "no player among " + ", ".join(program[0] for program in _PROGRAMS)
