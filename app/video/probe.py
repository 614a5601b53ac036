"""What an address gives: codec, size, frame rate, delay; or why it gives nothing."""
from __future__ import annotations

import itertools
import threading
import time
from dataclasses import dataclass
from statistics import median

from app import text
from app.domain.faults import KnownFault, Message
from app.services.streams import LIVE
from app.video import faults
from app.video.address import parse_address
from app.video.logins import FindLogin, nobody
from app.video.opening import Opener


@dataclass(frozen=True, slots=True)
class Probe:
    """The findings. `why`: there is no picture, and this is the reason; the other fields are then empty."""

    address: str
    kind: str = ""
    codec: str = ""
    width: int = 0
    height: int = 0
    fps: float = 0.0
    delay_s: float | None = None
    """median lag of a picture behind the quickest one, decoding included; None where the stream has no clock"""
    connected_s: float = 0.0
    first_picture_s: float = 0.0
    key_every_s: float | None = None
    why: Message | None = None

    @property
    def told(self) -> Message:
        """One line for people."""
        delay = "–" if self.delay_s is None else f"{self.delay_s:.3f}"
        return Message("{codec} {width}×{height}, {fps} pictures a second, delay {delay} s, first picture after "
                       "{first} s", {"codec": self.codec, "width": self.width, "height": self.height,
                                     "fps": f"{self.fps:.1f}", "delay": delay, "first": f"{self.first_picture_s:.2f}"})

    def as_json(self) -> dict[str, object]:
        """The findings for programs."""
        if self.why is not None:
            return {"address": self.address, "kind": self.kind, "picture": False, "why": text.render(self.why)}
        return {"address": self.address, "kind": self.kind, "picture": True, "codec": self.codec, "width": self.width,
                "height": self.height, "fps": round(self.fps, 2),
                "delay_s": None if self.delay_s is None else round(self.delay_s, 4),
                "connected_s": round(self.connected_s, 3), "first_picture_s": round(self.first_picture_s, 3),
                "key_every_s": None if self.key_every_s is None else round(self.key_every_s, 3)}


def probe(address: str, login: FindLogin = nobody, *, seconds: float = 3.0) -> Probe:
    """Connect, watch for `seconds` after the first picture, tell. Never raises for what the world does."""
    try:
        parsed = parse_address(address)
    except KnownFault as fault:
        return Probe("", why=fault.message)
    wait = threading.Event()
    opener = Opener(login)
    began = time.perf_counter()
    try:
        source = opener(parsed, wait.wait)
        connected_s = time.perf_counter() - began
        try:
            at: list[float] = []
            offsets: list[float] = []
            keys: list[float] = []
            size = (0, 0)
            end = began + 15.0
            while time.perf_counter() < end:
                heard = source.next(LIVE)
                if heard.frame is None:
                    continue
                if not at:
                    end = time.perf_counter() + seconds
                    size = heard.frame.width, heard.frame.height
                at.append(time.perf_counter())
                if heard.frame.key_frame:
                    keys.append(heard.at)
                if heard.pts_s is not None:
                    offsets.append(at[-1] - heard.pts_s)
            if not at:
                raise faults.garbage()
        finally:
            source.close()
    except KnownFault as fault:
        return Probe(parsed.url, parsed.kind, why=fault.message)
    finally:
        opener.close()
    span = at[-1] - at[0]
    best = min(offsets, default=0.0)
    gaps = [b - a for a, b in itertools.pairwise(keys)]
    return Probe(parsed.url, parsed.kind, source.codec, *size, (len(at) - 1) / span if span > 0 else 0.0,
                 median(o - best for o in offsets) if offsets else None, connected_s, at[0] - began,
                 median(gaps) if gaps else None)
