"""RTSP, HLS and film files by PyAV: TCP first, both time limits, no decoder threads, as little buffering as can be."""
from __future__ import annotations

import contextlib
import os
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from typing import Any, Final

import av
import av.error
from av.container import InputContainer
from av.video.codeccontext import VideoCodecContext
from av.video.stream import VideoStream

from app.services.streams import FILE, KEYFRAME
from app.video import easing, faults
from app.video.address import FILM, FLV, HLS, RTSP, Address
from app.video.logins import FindLogin, nobody
from app.video.source import Heard, Sleep

OPEN_S: Final = 4.0
READ_S: Final = 2.0
"""FFmpeg notices after twice as long"""
_PROTOCOLS: Final = {RTSP: "rtsp,rtsps,rtp,tcp,tls,udp", HLS: "http,https,tcp,tls,crypto", FLV: "http,https,tcp,tls",
                    FILM: "file"}
_LATE_S: Final = 1.0
MOST_PIXELS: Final = str(8192 * 8192)


def options(address: Address) -> dict[str, str]:
    """FFmpeg's options. What a stream says can open nothing but the protocols of its own kind: no file is read because
    a playlist names it."""
    opts = {"protocol_whitelist": _PROTOCOLS[address.kind]}
    if address.kind == RTSP:
        opts |= {"rtsp_transport": "udp" if address.udp else "tcp", "fflags": "nobuffer", "flags": "low_delay",
                 "analyzeduration": "0", "probesize": "32"}
    elif address.kind == FLV:
        opts |= {"fflags": "nobuffer", "flags": "low_delay", "probesize": "4096"}
    elif address.kind == HLS:
        opts |= {"live_start_index": "-2"}
    return opts


class AvSource:
    """A stream or film through FFmpeg. A film is played at its own pace, round and round."""

    mode: str | None
    refuses = 0

    def __init__(self, address: Address, sleep: Sleep, *, login: FindLogin = nobody,
                 gate: AbstractContextManager[Any] | None = None) -> None:
        self._address, self._sleep = address, sleep
        self._gate = gate or contextlib.nullcontext()
        self.mode = FILE if address.kind == FILM else None
        began = time.perf_counter()
        try:
            box = av.open(address.with_login(login(address)), options=options(address), timeout=(OPEN_S, READ_S))
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise faults.of(error, address, time.perf_counter() - began, OPEN_S) from None
        assert isinstance(box, InputContainer)
        self._box = box
        self._stream = self._pick()
        self.codec = self._stream.codec_context.name
        self._context = self._stream.codec_context
        self._tick_s = float(self._stream.time_base or 0)
        self._context.thread_type = "NONE"
        self._context.thread_count = 1
        with contextlib.suppress(AttributeError, ValueError):
            self._context.options = {"max_pixels": MOST_PIXELS}
        self._easing = easing.Easing(self.codec if address.kind != FILM else "")
        self._eased = False
        self._packets = self._demux()
        self._wait_for_key = False
        self._zero: float | None = None
        self._turned_at = 0.0

    def _pick(self) -> VideoStream:
        for stream in self._box.streams.video:
            if stream.codec_context is not None:
                return stream
        fault = faults.unknown_codec() if self._box.streams.video else faults.no_video()
        self._box.close()
        raise fault

    def _demux(self) -> Iterator[av.Packet[VideoStream]]:
        return iter(self._box.demux(self._stream))

    def suit(self, size: tuple[int, int] | None) -> None:
        """The pixels that the largest tile has."""
        self._easing.size = size

    def next(self, mode: str) -> Heard:
        """The next packet, decoded where `mode` wants it."""
        began = time.perf_counter()
        try:
            packet = next(self._packets)
        except StopIteration:
            raise faults.ended() from None
        except (av.error.FFmpegError, OSError) as error:
            raise faults.of(error, self._address, time.perf_counter() - began, READ_S) from None
        heard_at = time.perf_counter()
        if packet.size == 0:  # the end, or a pause in the demuxer
            return self._at_end(heard_at)
        if mode == KEYFRAME and not packet.is_keyframe:
            self._wait_for_key = True
            return self._heard(packet, heard_at)
        if self._wait_for_key and not packet.is_keyframe:
            return self._heard(packet, heard_at)
        self._wait_for_key = False
        return self._decoded(packet, heard_at)

    def _decoded(self, packet: av.Packet[VideoStream], heard_at: float) -> Heard:
        try:
            with self._gate:
                if packet.is_keyframe:
                    self._ease(packet)
                frames = self._context.decode(packet)
        except av.error.FFmpegError:
            return self._refuse(heard_at)
        if not frames:
            return self._heard(packet, heard_at)
        frame = frames[-1]
        if frame.is_corrupt or (len(frames) > 1 and any(f.is_corrupt for f in frames)):
            return self._refuse(heard_at)  # what the decoder made up is no picture of the place
        self.refuses = 0
        pts = frame.pts
        pts_s = pts * self._tick_s if pts is not None and self._tick_s else None
        if self._address.kind in (HLS, FILM) and pts_s is not None:
            self._pace(pts_s)
            heard_at = time.perf_counter()
            pts_s = None  # what is paced here has no delay of its own
        return Heard(heard_at, frame, pts_s, self._eased)

    def _ease(self, key: av.Packet[VideoStream]) -> None:
        """At a key frame: go on with a decoder that does what the tiles need now."""
        pts_s = key.pts * self._tick_s if key.pts is not None and self._tick_s else None
        now = self._context
        eased = self._easing.at_key(pts_s, now.width, now.height)
        if eased != self._eased:
            fresh = av.CodecContext.create(now.name, "r")
            assert isinstance(fresh, VideoCodecContext)
            fresh.extradata = now.extradata
            fresh.thread_type, fresh.thread_count = "NONE", 1
            fresh.options = {"max_pixels": MOST_PIXELS, **(easing.OPTIONS if eased else {})}
            self._context, self._eased = fresh, eased

    def _heard(self, packet: av.Packet[VideoStream], heard_at: float) -> Heard:
        if self._address.kind in (HLS, FILM) or packet.pts is None or not self._tick_s:
            return Heard(heard_at)
        return Heard(heard_at, None, packet.pts * self._tick_s)

    def _refuse(self, heard_at: float) -> Heard:
        self.refuses += 1
        self._wait_for_key = True
        return Heard(heard_at)

    def _pace(self, pts_s: float) -> None:
        """Wait until a picture is due."""
        now = time.perf_counter()
        if self._zero is None or now - (self._zero + pts_s) > _LATE_S or self._zero + pts_s - now > 30.0:
            self._zero = now - pts_s
        wait_s = self._zero + pts_s - now
        if wait_s > 0 and self._sleep(wait_s):
            raise faults.ended()

    def _at_end(self, heard_at: float) -> Heard:
        if self._address.kind != FILM:
            raise faults.ended()
        if time.perf_counter() - self._turned_at < 0.2 and self._sleep(0.2):  # a film of no length must not spin
            raise faults.ended()
        self._turned_at = time.perf_counter()
        try:
            self._box.seek(0)
        except (av.error.FFmpegError, OSError):
            raise faults.ended() from None
        self._context.flush_buffers()
        self._packets = self._demux()
        self._zero = None
        return Heard(heard_at)

    def close(self) -> None:
        """Let go of the connection."""
        with contextlib.suppress(av.error.FFmpegError, OSError):
            self._box.close()


def lower_priority() -> None:
    """Let this thread stand back behind the screen's, where the system has priorities of threads."""
    if hasattr(os, "setpriority") and threading.current_thread() is not threading.main_thread():
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 5)
