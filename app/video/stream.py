"""One address, one connection, one thread: connects, plays, notices silence, tries again; for all tiles that watch."""
from __future__ import annotations

import logging
import random
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from app.domain.faults import KnownFault
from app.domain.masks import Mask
from app.services import streams as st
from app.services.streams import KEYFRAME, LIVE, SNAPSHOT, Sink, StreamState, VideoFrame, Want
from app.video import backoff, faults
from app.video.address import Address
from app.video.faults import VideoFault
from app.video.ffmpeg import lower_priority
from app.video.pictures import Scaler
from app.video.source import FrameSource, Heard, OpenSource

log = logging.getLogger(__name__)
SNAPSHOT_EVERY_S: Final = 5.0
"""in SNAPSHOT mode a stream is opened for one key frame so often"""
NO_PICTURE_S: Final = 5.0
"""data that are no pictures, for so long: connect anew"""
FIRST_PICTURE_S: Final = 25.0
"""the longest wait for a key frame"""
BEHIND_S: Final = 1.5
"""a live picture further behind is caught up with by leaving out frames"""
BURST_S: Final = 0.25
"""key frames are waited for in such steps: what came meanwhile is read in one go, which costs half"""
CAUGHT_UP_S: Final = 0.003
"""who waited so long for a packet has read all that had come"""
TOO_LATE_S: Final = 5.0
"""a connection whose pictures stay so late is given up"""
DRIFT: Final = 2e-4
STUCK_S: Final = 15.0
"""a thread that heard and did nothing for so long is given up and replaced"""


class Stream:
    """The pictures of one address. All methods may be called from any thread."""

    def __init__(self, address: Address, open_source: OpenSource) -> None:
        self.address = address
        self._open_source = open_source
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._watchers: dict[int, tuple[Sink, Want]] = {}
        self._wanted = _Wanted.of(())
        self._sinks: tuple[Sink, ...] = ()
        self._next_key = 0
        self._state = StreamState(at=time.perf_counter())
        self._last: VideoFrame | None = None
        self._dice = random.Random()
        self._mode = LIVE
        self._generation = 0
        self._down_at: float | None = None
        self.closed = False
        self.heard_at: float | None = None
        self.alive_at = time.perf_counter()
        self.empty_since: float | None = None
        self.cpu_s = 0.0
        self.frames = 0
        self.thread: threading.Thread | None = None

    # ---- watchers --------------------------------------------------------------------------------------------------

    def add(self, sink: Sink, want: Want) -> int:
        """One more tile; it is told the state and shown the last picture at once."""
        with self._lock:
            key = self._next_key
            self._next_key += 1
            self._watchers[key] = (sink, want)
            self._sum_up()
            self.empty_since = None
            state, last = self._state, self._last
        sink.state(state)
        if last is not None and state.phase == st.PLAYING and not want.masks:
            sink.frame(last)
        if self.thread is None:
            self._start()
        self._wake.set()
        return key

    def change(self, key: int, want: Want) -> None:
        """The tile wants something else."""
        with self._lock:
            if key in self._watchers:
                self._watchers[key] = (self._watchers[key][0], want)
                self._sum_up()
                if want.masks:
                    self._last = None
        self._wake.set()

    def remove(self, key: int) -> None:
        """The tile watches no more."""
        with self._lock:
            self._watchers.pop(key, None)
            self._sum_up()
            if not self._watchers:
                self.empty_since = time.perf_counter()

    def _sum_up(self) -> None:
        self._wanted = _Wanted.of([want for _, want in self._watchers.values()])
        self._sinks = tuple(sink for sink, _ in self._watchers.values())

    @property
    def wants(self) -> list[Want]:
        """What is wanted now."""
        with self._lock:
            return [want for _, want in self._watchers.values()]

    @property
    def mode(self) -> str:
        """The mode it plays in."""
        return self._mode

    def set_mode(self, mode: str) -> None:
        """What the budget allows."""
        if mode != self._mode:
            self._mode = mode
            self._wake.set()

    @property
    def shown(self) -> bool:
        """Whether any tile on a screen watches."""
        return self._wanted.shown

    # ---- life ------------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        self.alive_at = time.perf_counter()
        self.thread = threading.Thread(target=self._run, args=(self._generation,), name="video", daemon=True)
        self.thread.start()

    def close(self) -> None:
        """End; the thread follows as soon as its last read returns."""
        self.closed = True
        with self._lock:
            self._watchers.clear()
            self._sum_up()
            self._generation += 1
        self._wake.set()

    def check(self, now: float) -> bool:
        """Watchdog: replace a thread that hangs where no time limit reaches. True when it did."""
        if self.closed or self.thread is None or now - self.alive_at <= STUCK_S:
            return False
        with self._lock:
            self._generation += 1
        self._fail(faults.timed_out())
        self._start()
        return True

    def _over(self, generation: int) -> bool:
        return self.closed or generation != self._generation

    def _run(self, generation: int) -> None:
        lower_priority()
        while not self._over(generation):
            self.alive_at = time.perf_counter()
            fault = self._try(generation)
            if fault is not None and not self._over(generation):
                self._fail(fault)
                self._rest(generation, fault)

    def _try(self, generation: int) -> VideoFault | None:
        """Play until it ends. The fault is a new one: that which was raised holds on to decoder and pictures."""
        try:
            self._connect_and_play(generation)
        except VideoFault as fault:
            return VideoFault(fault.phase, fault.message)
        except KnownFault as fault:
            return VideoFault(st.REFUSED, fault.message)
        except Exception:
            if not self._over(generation):
                log.exception("internal error in the pictures of %s", self.address.name)
            return faults.broken()
        return None

    def _rest(self, generation: int, fault: VideoFault) -> None:
        """Wait before the next attempt; a tile that comes on show shortens the wait."""
        began = time.perf_counter()
        lasting = faults.is_lasting(fault.phase)
        shown = self.shown
        pause = backoff.pause_s(self._state.tries, shown=shown, lasting=lasting, dice=self._dice)
        while not self._over(generation):
            left = began + pause - time.perf_counter()
            if left <= 0:
                return
            self.alive_at = time.perf_counter()
            if self._wake.wait(min(left, 1.0)):
                self._wake.clear()
                if self.shown and not shown and not lasting:
                    return

    def _sleep(self, seconds: float, generation: int, *, until_woken: bool = False) -> bool:
        """True when the stream is over."""
        end = time.perf_counter() + seconds
        while not self._over(generation):
            left = end - time.perf_counter()
            if left <= 0:
                return False
            self.alive_at = time.perf_counter()
            if self._wake.wait(min(left, 0.5)):
                self._wake.clear()
                if until_woken:
                    return False
        return True

    def _connect_and_play(self, generation: int) -> None:
        source = self._open_source(self.address, lambda seconds: self._sleep(seconds, generation))
        try:
            again = self._play(source, generation)
        finally:
            source.close()
        if again:
            self._sleep(SNAPSHOT_EVERY_S, generation)

    def _play(self, source: FrameSource, generation: int) -> bool:
        """Play until there is nobody left. True: it was one picture of SNAPSHOT mode."""
        scaler = Scaler()
        began = last_at = time.perf_counter()
        pace = _Pace()
        first = True
        busy = time.thread_time()
        while not self._over(generation):
            self.alive_at = time.perf_counter()
            mode = self._mode if self.shown else KEYFRAME
            live = mode == LIVE and not pace.behind
            asked_at = self.alive_at
            source.suit(self._wanted.size)
            heard = source.next(LIVE if mode == LIVE and live else KEYFRAME)
            if self._over(generation):
                return False
            self.heard_at = pace.heard(heard)
            if heard.frame is None:
                self._demand_pictures(source, last_at, heard.at, first, began)
                if mode != LIVE and not first and heard.at - asked_at > CAUGHT_UP_S:
                    self._sleep(BURST_S, generation, until_woken=True)
                continue
            last_at = heard.at
            shown_mode = source.mode or (mode if mode != SNAPSHOT else SNAPSHOT)
            wanted = self._wanted
            picture = self._scaled(scaler, heard, wanted, shown_mode, pace)
            if first:
                self._up()
                first = False
            if picture is not None:
                self._give(picture, wanted)
            now_busy = time.thread_time()
            self.cpu_s += now_busy - busy
            busy = now_busy
            if mode == SNAPSHOT and source.mode is None:
                return True
        return False

    @staticmethod
    def _demand_pictures(source: FrameSource, last_at: float, now: float, first: bool, began: float) -> None:
        if source.refuses and now - last_at > NO_PICTURE_S:
            raise faults.garbage()
        if first and now - began > FIRST_PICTURE_S:
            raise faults.garbage()

    @staticmethod
    def _scaled(scaler: Scaler, heard: Heard, wanted: _Wanted, mode: str, pace: _Pace) -> VideoFrame | None:
        if wanted.size is None or heard.frame is None:
            return None
        return scaler.picture(heard.frame, wanted.size, wanted.masks, mode=mode, heard_at=heard.at,
                              lag_s=pace.lag_s if pace.timed and mode != SNAPSHOT else None, eased=heard.eased)

    # ---- telling ---------------------------------------------------------------------------------------------------

    def _give(self, picture: VideoFrame, wanted: _Wanted) -> None:
        with self._lock:
            if not set(self._wanted.masks) <= set(wanted.masks):
                return  # a mask came while this one was being made
            self._last = picture
            sinks = self._sinks
        self.frames += 1
        for sink in sinks:
            sink.frame(picture)

    def _tell(self, state: StreamState) -> None:
        with self._lock:
            self._state = state
            sinks = self._sinks
        for sink in sinks:
            sink.state(state)

    def _up(self) -> None:
        if self._down_at is not None:
            log.info("picture of %s is back after %.1f s", self.address.url, time.perf_counter() - self._down_at)
            self._down_at = None
        if self._state.phase != st.PLAYING:
            self._tell(StreamState(st.PLAYING, at=time.perf_counter()))

    def _fail(self, fault: VideoFault) -> None:
        if self._down_at is None:
            self._down_at = time.perf_counter()
            log.warning("no picture of %s: %s", self.address.url, fault)
        phase = fault.phase if faults.is_lasting(fault.phase) else st.RECONNECTING
        self._tell(StreamState(phase, fault.message, self._state.tries + 1, time.perf_counter(), fault.phase))


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What all tiles of a stream want together: the size of the largest (None: there is none), every mask."""

    size: tuple[int, int] | None
    masks: tuple[Mask, ...]
    shown: bool

    @classmethod
    def of(cls, wants: Sequence[Want]) -> _Wanted:
        """The sum of these."""
        return cls((max(w.width for w in wants), max(w.height for w in wants)) if wants else None,
                   tuple(dict.fromkeys(m for w in wants for m in w.masks)), any(w.shown for w in wants))


class _Pace:
    """How far a connection lags: the time its packets carry against the time at which they arrive.

    The quickest packet is the measure; it may slip by 200 ppm, for no two clocks run alike.
    """

    def __init__(self) -> None:
        self._base: float | None = None
        self._based_at = 0.0
        self._last_pts: float | None = None
        self._late_since: float | None = None
        self.lag_s = 0.0
        self.behind = self.timed = False

    def heard(self, heard: Heard) -> float:
        """Take note of a packet; returns when it would have come without lag. Raises `VideoFault` when all that comes
        has been late for long."""
        self.timed = heard.pts_s is not None
        if heard.pts_s is None:
            self.lag_s = 0.0
            return heard.at
        offset = heard.at - heard.pts_s
        backwards = self._last_pts is not None and heard.pts_s < self._last_pts - 1.0
        self._last_pts = heard.pts_s
        if self._base is not None:
            self._base += (heard.at - self._based_at) * DRIFT
        self._based_at = heard.at
        if self._base is None or offset < self._base or backwards:
            self._base = offset
        self.lag_s = offset - self._base
        self.behind = self.lag_s > BEHIND_S
        if self.lag_s < TOO_LATE_S:
            self._late_since = None
        elif self._late_since is None:
            self._late_since = heard.at
        elif heard.at - self._late_since > NO_PICTURE_S:
            raise faults.too_late()
        return heard.at - self.lag_s
