"""Frames between the map and its tile process: JSON with numpy arrays beside it. Nothing in a frame can run.

Frame = u32 length of all that follows, u32 length of the JSON, JSON, padding to 8, raw arrays. Little-endian.
"""

from __future__ import annotations

import json
import struct
from typing import Any

import numpy as np

_HEAD = struct.Struct("<II")
MAX_FRAME = 1 << 30


class BadFrame(Exception):
    """The stream carries something that is no frame; it cannot be resynchronised."""


def pack(kind: str, body: dict[str, Any]) -> bytes:
    """``body`` may hold JSON values and numpy arrays at its top level."""
    plain: dict[str, Any] = {}
    arrays: list[tuple[str, str, tuple[int, ...], int]] = []
    blobs: list[bytes] = []
    for name, value in body.items():
        if isinstance(value, np.ndarray):
            raw = np.ascontiguousarray(value).tobytes()
            arrays.append((name, value.dtype.str, value.shape, len(raw)))
            blobs.append(raw + bytes(-len(raw) % 8))
        else:
            plain[name] = value
    text = json.dumps({"k": kind, "p": plain, "a": arrays}, ensure_ascii=False, separators=(",", ":")).encode()
    text += b" " * (-(len(text) + _HEAD.size) % 8)
    total = 4 + len(text) + sum(map(len, blobs))
    return b"".join((_HEAD.pack(total, len(text)), text, *blobs))


class Unpacker:
    """Feed it bytes as they come; it gives whole frames."""

    def __init__(self) -> None:
        self._buffer = bytearray()

    def feed(self, data: bytes) -> list[tuple[str, dict[str, Any]]]:
        self._buffer += data
        frames = []
        while len(self._buffer) >= _HEAD.size:
            total, text_length = _HEAD.unpack_from(self._buffer)
            if total > MAX_FRAME or text_length + 4 > total:
                raise BadFrame(f"frame of {total} bytes with {text_length} bytes of text")
            if len(self._buffer) < total + 4:
                break
            frame = bytes(self._buffer[_HEAD.size : total + 4])
            del self._buffer[: total + 4]
            frames.append(_unpack(frame, text_length))
        return frames


def _unpack(frame: bytes, text_length: int) -> tuple[str, dict[str, Any]]:
    try:
        head = json.loads(frame[:text_length])
        body: dict[str, Any] = head["p"]
        offset = text_length
        for name, dtype, shape, length in head["a"]:
            kind = np.dtype(dtype)
            if kind.hasobject:
                raise BadFrame("an array of objects")
            body[name] = np.frombuffer(frame, kind, length // kind.itemsize, offset).reshape(shape)
            offset += length + (-length % 8)
        return str(head["k"]), body
    except (ValueError, KeyError, TypeError) as error:
        raise BadFrame(str(error)) from error
