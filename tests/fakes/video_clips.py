"""Pre-encoded clips whose frames carry their number as a bar code, and the reader of that bar code.

A clip is a list of access units (Annex B for H.264 and H.265, whole files for JPEG), kept in one file so that several
servers need not encode it again.
"""
from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import av
import numpy as np

CELLS = 20
LEFT, RIGHT, TOP, BOTTOM = 0.1, 0.9, 0.36, 0.50
"""where the bar code lies in the picture, as shares of its width and height"""
NUMBERS = 1 << 14
START = b"\x00\x00\x00\x01"


@dataclass(frozen=True, slots=True)
class Unit:
    """One frame as it is sent: NAL units without start codes (JPEG: one whole file)."""

    nals: tuple[bytes, ...]
    key: bool


@dataclass(frozen=True, slots=True)
class Clip:
    """Frames 0..n-1, meant to be played round and round; `n` is the bar code's cycle."""

    codec: str
    width: int
    height: int
    fps: int
    units: tuple[Unit, ...]
    sets: tuple[bytes, ...] = field(default=())
    """parameter sets (VPS, SPS, PPS)"""


def bits(number: int) -> list[int]:
    """The cells of a number: white, black, 14 bits, 4 bits of check."""
    value = [number >> i & 1 for i in range(13, -1, -1)]
    check = (number * 7 + 5) % 16
    return [1, 0, *value, *(check >> i & 1 for i in range(3, -1, -1))]


def burn(grey: np.ndarray, number: int) -> None:
    """Draw a number's bar code into a grey picture."""
    high, wide = grey.shape
    top, bottom = round(high * TOP), round(high * BOTTOM)
    for i, bit in enumerate(bits(number)):
        left = round(wide * (LEFT + (RIGHT - LEFT) * i / CELLS))
        right = round(wide * (LEFT + (RIGHT - LEFT) * (i + 1) / CELLS))
        grey[top:bottom, left:right] = 235 if bit else 16


@lru_cache(maxsize=64)
def _places(high: int, wide: int) -> tuple[int, np.ndarray]:
    """The row of the bar code, and three columns of each of its cells."""
    xs = [round(wide * (LEFT + (RIGHT - LEFT) * (i + 0.5) / CELLS)) for i in range(CELLS)]
    return max(1, round(high * (TOP + BOTTOM) / 2)), np.clip([x + d for x in xs for d in (-1, 0, 1)], 0, wide - 1)


def read(grey: np.ndarray) -> int | None:
    """The number in a picture of any size that shows the whole frame; None where none can be read for sure."""
    row, columns = _places(*grey.shape)
    cells = grey[row - 1:row + 2, columns].mean(axis=0).reshape(CELLS, 3).mean(axis=1)
    if cells[0] - cells[1] < 30:
        return None
    middle, doubt = (cells[0] + cells[1]) / 2, (cells[0] - cells[1]) / 6
    if np.abs(cells - middle).min() < doubt:
        return None
    found = (cells > middle).astype(int).tolist()
    number = 0
    for bit in found[2:16]:
        number = number << 1 | bit
    return number if bits(number) == found else None


def pictures(width: int, height: int, count: int) -> Iterator[np.ndarray]:
    """Grey pictures with moving content and their number."""
    y, x = np.mgrid[0:height, 0:width]
    ground = (90 + 50 * np.sin(x / 37.0) * np.cos(y / 23.0)).astype(np.uint8)
    texture = np.random.default_rng(7).integers(0, 60, (height, width), dtype=np.uint8)
    for number in range(count):
        grey = ground + np.roll(texture, number * 3, axis=1) // 2
        side = height // 5
        left = (number * 6) % max(1, width - side)
        grey[height * 6 // 10:height * 6 // 10 + side, left:left + side] = 200
        burn(grey, number)
        yield grey


def _natural(height: int, width: int, dice: np.random.Generator) -> np.ndarray:
    """A texture with the spectrum of outdoor pictures, mean 0, deviation 1."""
    spectrum = np.fft.rfft2(dice.standard_normal((height, width)))
    radius = np.hypot(np.fft.rfftfreq(width)[None, :], np.fft.fftfreq(height)[:, None])
    radius[0, 0] = 1.0
    made: np.ndarray = np.fft.irfft2(spectrum / radius ** 1.4, (height, width))
    return (made - made.mean()) / made.std()


def scenes(width: int, height: int, count: int) -> Iterator[np.ndarray]:
    """Grey pictures as a street camera's: a still ground, three things that move, noise of the sensor, their number."""
    dice = np.random.default_rng(7)
    ground = 118 + 36 * _natural(height, width, dice)
    thing = 118 + 50 * _natural(height // 4, width // 4, dice)
    noises = [np.round(dice.normal(0, 2, (height, width))) for _ in range(8)]
    for number in range(count):
        picture = ground.copy()
        for i, top in enumerate((0.04, 0.55, 0.72)):
            left = (number * (5 + 3 * i) + i * 150) % (width - width // 4)
            picture[int(height * top):int(height * top) + height // 4, left:left + width // 4] = thing
        grey = np.clip(picture + noises[number * 5 % 8], 16, 235).astype(np.uint8)
        burn(grey, number)
        yield grey


def _nals(data: bytes) -> tuple[bytes, ...]:
    found, at = [], 0
    marks = []
    while (at := data.find(b"\x00\x00\x01", at)) >= 0:
        marks.append(at + 3)
        at += 3
    for i, mark in enumerate(marks):
        end = marks[i + 1] - 3 if i + 1 < len(marks) else len(data)
        found.append(data[mark:end].rstrip(b"\x00") if i + 1 < len(marks) else data[mark:end])
    return tuple(found)


def _is_set(codec: str, nal: bytes) -> bool:
    return nal[0] & 0x1F in (7, 8) if codec == "h264" else nal[0] >> 1 & 0x3F in (32, 33, 34)


def encode(codec: str = "h264", width: int = 640, height: int = 360, fps: int = 15, seconds: float = 10.0,
           key_every: int | None = None, *, rich: bool = False) -> Clip:
    """Encode a clip: "h264", "hevc" or "mjpeg". A key frame comes each second unless told otherwise.

    `rich`: as cameras encode (CABAC, deblocking, 1 Mbit/s at 640x360, key frames of four times the others' bytes), and
    as costly to decode; slower to make.
    """
    if codec == "mjpeg":
        return Clip(codec, width, height, fps, tuple(
            Unit((jpeg(grey),), True) for grey in pictures(width, height, round(fps * seconds))))
    encoder: av.VideoCodecContext = av.codec.CodecContext.create(codec, "w")  # type: ignore[assignment]
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuv420p"
    encoder.time_base, encoder.framerate = Fraction(1, fps), Fraction(fps)
    encoder.gop_size = key_every or fps
    pixels = width * height * fps
    encoder.bit_rate = int(1e6 * (pixels / (640 * 360 * 15)) ** 0.6 if rich else pixels * 0.12)
    key = str(key_every or fps)
    even = f":vbv-maxrate={encoder.bit_rate // 1000}:vbv-bufsize={encoder.bit_rate // 2000}" if rich else ""
    encoder.options = ({"preset": "veryfast" if rich else "ultrafast", "tune": "zerolatency", "forced-idr": "1",
                        "threads": "1",
                        "x264-params": f"keyint={key}:min-keyint={key}:scenecut=0:repeat-headers=1{even}"}
                       if codec == "h264" else
                       {"preset": "ultrafast", "tune": "zerolatency",
                        "x265-params": f"keyint={key}:min-keyint={key}:scenecut=0:repeat-headers=1:log-level=none:"
                                       "pools=none:frame-threads=1"})
    made = []
    for number, grey in enumerate((scenes if rich else pictures)(width, height, round(fps * seconds))):
        frame = av.VideoFrame.from_ndarray(grey, format="gray").reformat(format="yuv420p")
        frame.pts = number
        made += [(bytes(p), p.is_keyframe) for p in encoder.encode(frame)]
    made += [(bytes(p), p.is_keyframe) for p in encoder.encode(None)]
    units = tuple(Unit(_nals(data), key) for data, key in made)
    sets = tuple(n for n in units[0].nals if _is_set(codec, n))
    return Clip(codec, width, height, fps, units, sets)


def jpeg(grey: np.ndarray) -> bytes:
    """A grey picture as a JPEG file."""
    import io

    from PIL import Image

    out = io.BytesIO()
    Image.fromarray(grey).convert("RGB").save(out, "JPEG", quality=80)
    return out.getvalue()


def save(clip: Clip, path: Path) -> None:
    """Keep a clip in a file."""
    head = json.dumps({"codec": clip.codec, "width": clip.width, "height": clip.height, "fps": clip.fps,
                       "sets": [len(s) for s in clip.sets],
                       "units": [[int(u.key), [len(n) for n in u.nals]] for u in clip.units]}).encode()
    part = path.with_suffix(".part")
    part.write_bytes(struct.pack(">I", len(head)) + head + b"".join(clip.sets)
                     + b"".join(n for u in clip.units for n in u.nals))
    part.replace(path)


def load(path: Path) -> Clip:
    """A clip from its file."""
    data = path.read_bytes()
    size = struct.unpack_from(">I", data)[0]
    head = json.loads(data[4:4 + size])
    at = 4 + size

    def take(length: int) -> bytes:
        nonlocal at
        at += length
        return data[at - length:at]

    sets = tuple(take(n) for n in head["sets"])
    units = tuple(Unit(tuple(take(n) for n in nals), bool(key)) for key, nals in head["units"])
    return Clip(head["codec"], head["width"], head["height"], head["fps"], units, sets)


def clip_file(folder: Path, codec: str = "h264", width: int = 640, height: int = 360, fps: int = 15,
              seconds: float = 10.0, key_every: int | None = None, *, rich: bool = False) -> Path:
    """The file of a clip, encoded when it is not there yet."""
    path = folder / f"{codec}-{width}x{height}-{fps}-{round(seconds)}-{key_every or fps}-{int(rich)}.clip"
    if not path.exists():
        save(encode(codec, width, height, fps, seconds, key_every, rich=rich), path)
    return path


def write_mp4(clip: Clip, path: Path) -> None:
    """The clip as a playable file, its packets as they are (H.264 and H.265)."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream(clip.codec, rate=clip.fps)
        stream.width, stream.height, stream.pix_fmt = clip.width, clip.height, "yuv420p"  # type: ignore[union-attr]
        for grey in pictures(clip.width, clip.height, len(clip.units)):
            frame = av.VideoFrame.from_ndarray(grey, format="gray").reformat(format="yuv420p")
            out.mux(stream.encode(frame))  # type: ignore[union-attr]
        out.mux(stream.encode(None))  # type: ignore[union-attr]
