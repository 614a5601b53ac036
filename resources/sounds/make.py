"""Make the alarm sounds: `python resources/sounds/make.py`. Needs numpy. 16-bit mono at 22,050 Hz, beside this file.

Each begins softly (25 ms), so that nobody starts; level I stands out by pace, pitch and length, IV is one soft note.
"""
from __future__ import annotations

import wave
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 22_050
# name: (loudness, notes); a note is (Hz, seconds, pause after it in seconds)
SOUNDS: dict[str, tuple[float, list[tuple[float, float, float]]]] = {
    "level1": (0.85, [(988, 0.13, 0.02), (1319, 0.13, 0.02)] * 3 + [(988, 0.13, 0.02), (1568, 0.32, 0.0)]),
    "level2": (0.7, [(784, 0.16, 0.03), (1047, 0.22, 0.14)] * 2),
    "level3": (0.55, [(659, 0.18, 0.03), (880, 0.34, 0.0)]),
    "level4": (0.4, [(587, 0.4, 0.0)]),
    "call": (0.6, [(1109, 0.06, 0.02), (1397, 0.06, 0.02)] * 5),
}


def note(pitch: float, seconds: float) -> NDArray[np.float64]:
    """A bell-like note: three partials, soft attack, falling to silence."""
    t = np.arange(int(RATE * seconds)) / RATE
    tone = np.sin(2 * np.pi * pitch * t) + 0.35 * np.sin(4 * np.pi * pitch * t) + 0.12 * np.sin(6 * np.pi * pitch * t)
    attack = np.minimum(1.0, t / 0.025)
    release = np.minimum(1.0, (seconds - t) / 0.04)
    return tone / 1.47 * attack * release * np.exp(-1.6 * t / seconds)


def sound(loudness: float, notes: list[tuple[float, float, float]]) -> bytes:
    """All notes one after the other, as PCM."""
    parts = [part for pitch, seconds, pause in notes for part in (note(pitch, seconds), np.zeros(int(RATE * pause)))]
    return (np.concatenate([*parts, np.zeros(int(RATE * 0.03))]) * loudness * 32_000).astype("<i2").tobytes()


def main() -> None:
    for name, (loudness, notes) in SOUNDS.items():
        with wave.open(str(Path(__file__).with_name(f"{name}.wav")), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(sound(loudness, notes))


if __name__ == "__main__":
    main()
