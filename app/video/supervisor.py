"""All streams of a program: shared by address, watched over by one thread, kept within the machine's budget."""
from __future__ import annotations

import os
import threading
import time
from typing import Final

from app.domain.faults import KnownFault
from app.services import streams as st
from app.services.ptz import Ptz
from app.services.streams import KEYFRAME, SNAPSHOT, Sink, StreamState, Want, Watch
from app.video import arenas, budget
from app.video.address import FILM, is_film, parse_address
from app.video.gate import Gate
from app.video.logins import FindLogin, nobody
from app.video.opening import Opener
from app.video.stream import Stream

TICK_S: Final = 0.25
LINGER_S: Final = 1.0
"""a stream that nobody watches stays open so long: a tile that moves does not connect again"""
BUDGET_EVERY_S: Final = 2.0
END_S: Final = 2.0


class _Watch:
    """One tile's interest."""

    def __init__(self, stream: Stream, key: int) -> None:
        self._stream, self._key = stream, key

    def change(self, want: Want) -> None:
        """Want something else."""
        self._stream.change(self._key, want)

    def heard_at(self) -> float | None:
        """When the last packet came."""
        return self._stream.heard_at

    def close(self) -> None:
        """Watch no more."""
        self._stream.remove(self._key)


class _Refused:
    """The watch of an address that cannot be played."""

    def change(self, want: Want) -> None:
        """Nothing changes."""

    def heard_at(self) -> float | None:
        """Never."""
        return None

    def close(self) -> None:
        """Nothing is open."""


class Supervisor:
    """The `Streams` of app.services.streams. `close` ends all threads that can be ended."""

    def __init__(self, login: FindLogin = nobody, *, cores: int | None = None) -> None:
        arenas.keep_few()
        self._cores = cores or os.cpu_count() or 1
        self._gate = Gate(self._cores)
        self._open = Opener(login, self._gate)
        self._lock = threading.Lock()
        self._streams: dict[tuple[str, str, bool], Stream] = {}
        self._ending: list[Stream] = []
        self._thread: threading.Thread | None = None
        self._stop = threading.Event()
        self._measured: dict[Stream, tuple[float, float]] = {}
        self._costs: dict[Stream, float] = {}

    def plays(self, address: str) -> bool:
        """Whether this is an address of moving pictures."""
        return is_film(address)

    def watch(self, address: str, want: Want, sink: Sink) -> Watch:
        """Watch an address. What cannot be played is told through `sink.state`, not raised."""
        try:
            parsed = parse_address(address)
        except KnownFault as fault:
            sink.state(StreamState(st.UNSUPPORTED, fault.message, at=time.perf_counter()))
            return _Refused()
        with self._lock:
            if self._stop.is_set():
                return _Refused()
            key = (parsed.url, parsed.user, parsed.udp)
            stream = self._streams.get(key)
            if stream is None:
                stream = self._streams[key] = Stream(parsed, self._open)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="video-watchdog", daemon=True)
                self._thread.start()
            return _Watch(stream, stream.add(sink, want))

    @property
    def ptz(self) -> Ptz:
        """The way to the drives of cameras."""
        return self._open.ptz

    @property
    def open_streams(self) -> list[Stream]:
        """The streams that are open now."""
        with self._lock:
            return list(self._streams.values())

    def close(self) -> None:
        """End all. A thread that hangs in a dead connection ends with its time limit; nothing waits for it longer."""
        self._stop.set()
        with self._lock:
            streams = [*self._streams.values(), *self._ending]
            self._streams.clear()
            self._ending.clear()
        for stream in streams:
            stream.close()
        end = time.perf_counter() + END_S
        for thread in (self._thread, *(s.thread for s in streams)):
            if thread is not None:
                thread.join(max(0.0, end - time.perf_counter()))
        self._open.close()

    # ---- watchdog --------------------------------------------------------------------------------------------------

    def _run(self) -> None:
        budget_at = 0.0
        while not self._stop.wait(TICK_S):
            now = time.perf_counter()
            self._drop_unwatched(now)
            streams = self.open_streams
            for stream in streams:
                stream.check(now)
            if now >= budget_at:
                budget_at = now + BUDGET_EVERY_S
                self._share_out(streams, now)

    def _drop_unwatched(self, now: float) -> None:
        with self._lock:
            old = [(key, s) for key, s in self._streams.items()
                   if s.empty_since is not None and now - s.empty_since > LINGER_S]
            for key, stream in old:
                del self._streams[key]
                self._ending.append(stream)
            self._ending = [s for s in self._ending if s.thread is not None and s.thread.is_alive()]
        for _, stream in old:
            stream.close()

    def _share_out(self, streams: list[Stream], now: float) -> None:
        """Measure what each costs, and give out the modes."""
        loads, used = [], 0.0
        for i, stream in enumerate(streams):
            cpu, at = self._measured.get(stream, (stream.cpu_s, now))
            fresh = (stream.cpu_s - cpu) / (now - at) if now > at else 0.0
            used += fresh
            if stream.mode != SNAPSHOT and now > at and stream.shown and stream.frames:
                fresh /= budget.KEYFRAME_COSTS if stream.mode == KEYFRAME else 1.0
                self._costs[stream] = (self._costs.get(stream, fresh) + fresh) / 2
            self._measured[stream] = (stream.cpu_s, now)
            wants = stream.wants
            loads.append(budget.Load(
                i, max((w.width * w.height for w in wants), default=0), max((w.priority for w in wants), default=0),
                stream.mode, self._costs.get(stream), next((w.mode for w in wants if w.mode), None), stream.shown))
        for i, mode in budget.choose(loads, self._cores).items():
            if streams[i].address.kind != FILM:
                streams[i].set_mode(mode)
        self._gate.places = budget.places(used, self._cores, self._gate.places)
        for known in (self._measured, self._costs):
            for gone in set(known) - set(streams):
                del known[gone]


def _is_streams(supervisor: Supervisor) -> st.Streams:
    """The type checker's proof that this is the port."""
    return supervisor
