"""Do the cameras answer? A cheap question to each within a set budget: no stream is opened, nothing is decoded.

RTSP: connect and OPTIONS; HTTP: connect and HEAD; files: whether they are there; a platform: its catalogue, once for
all its channels. Whoever answers at all, be it "log in first", is on line; who fails twice is off line.
"""
from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from app.domain.faults import KnownFault
from app.services import streams as st
from app.video.address import FILM, HLS, HTTP, RTSP, Address, parse_address

ONLINE, OFFLINE = "online", "offline"
ANSWER_S: Final = 4.0
AGAIN_S: Final = 5.0
"""who did not answer is asked once more after so long"""
MOST_LINE: Final = 4096
_STILLS: Final = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".webp", ".ppm", ".gif", ".apng"})
AskPlatform = Callable[[Sequence[str]], Mapping[str, bool | None]]
"""addresses of channels → whether the platform calls them on line; None: it does not know. Raises `KnownFault`."""


@dataclass(frozen=True, slots=True)
class Budget:
    """What a sweep may use: questions begun a second, how many at once (and at one host), share of one core."""

    per_s: float = 25.0
    at_once: int = 32
    at_host: int = 4
    cpu_share: float = 0.10


@dataclass(frozen=True, slots=True)
class Answer:
    """What a camera said. `why` of one that is off line: a phase of app.services.streams."""

    camera_id: str
    state: str
    why: str = ""


@dataclass(slots=True)
class Report:
    """One sweep: what was found, and what it took."""

    asked: int = 0
    questions: int = 0
    online: int = 0
    offline: int = 0
    left_out: int = 0
    seconds: float = 0.0
    cpu_s: float = 0.0
    answers: dict[str, Answer] = field(default_factory=dict)


@dataclass(slots=True)
class _Pace:
    """Keeps to the budget: waits before each question."""

    budget: Budget
    began: float = field(default_factory=time.perf_counter)
    cpu_began: float = field(default_factory=time.thread_time)
    begun: int = 0

    async def turn(self) -> None:
        self.begun += 1
        due = self.began + self.begun / self.budget.per_s
        cpu_due = self.began + (time.thread_time() - self.cpu_began) / self.budget.cpu_share
        wait = max(due, cpu_due) - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)


async def sweep(cameras: Mapping[str, str], budget: Budget = Budget(), *, platform: AskPlatform | None = None,
                tell: Callable[[Sequence[Answer]], None] = lambda _answers: None,
                again_s: float = AGAIN_S) -> Report:
    """Ask each camera (id → address). `tell` gets answers as they are certain, in batches."""
    report, pace = Report(), _Pace(budget)
    at_once = asyncio.Semaphore(budget.at_once)
    hosts: dict[str, asyncio.Semaphore] = {}
    single, channels = _sorted(cameras, report)

    async def one(camera_id: str, address: Address) -> Answer:
        host = hosts.setdefault(f"{address.host}:{address.port}", asyncio.Semaphore(budget.at_host))
        async with host, at_once:
            await pace.turn()
            report.questions += 1
            why = await ask(address)
        return Answer(camera_id, OFFLINE if why else ONLINE, why)

    if channels and platform is not None:
        found = await asyncio.to_thread(_ask_platform, platform, channels)
        _take(report, found, tell)
    elif channels:
        report.left_out += len(channels)
    failed: list[tuple[str, Address]] = []
    for batch in _batches(single, max(1, budget.at_once * 4)):
        answers = await asyncio.gather(*(one(camera, address) for camera, address in batch))
        _take(report, [a for a in answers if a.state == ONLINE], tell)
        failed += [(camera, address) for (camera, address), a in zip(batch, answers, strict=True)
                   if a.state == OFFLINE]
    if failed:
        await asyncio.sleep(again_s)
        for batch in _batches(failed, max(1, budget.at_once * 4)):
            _take(report, await asyncio.gather(*(one(camera, address) for camera, address in batch)), tell)
    report.seconds, report.cpu_s = time.perf_counter() - pace.began, time.thread_time() - pace.cpu_began
    return report


def _sorted(cameras: Mapping[str, str], report: Report) -> tuple[list[tuple[str, Address]], dict[str, str]]:
    """Those to be asked themselves, and those that a platform is asked about (address → camera)."""
    single: list[tuple[str, Address]] = []
    channels: dict[str, str] = {}
    for camera, source in cameras.items():
        scheme = source.partition("://")[0].lower() if "://" in source else ""
        try:
            if not source:
                report.left_out += 1
            elif scheme in ("wvp", "wvps"):
                channels[source] = camera
            elif scheme in ("onvif", "onvifs"):
                parts = urlsplit(source)
                port = parts.port or (443 if scheme == "onvifs" else 80)
                single.append((camera, Address("tcp", source, parts.hostname or "", port)))
            else:
                single.append((camera, parse_address(source)))
        except (KnownFault, ValueError):
            report.left_out += 1
    return single, channels


def _batches(things: Sequence[tuple[str, Address]], size: int) -> Iterable[Sequence[tuple[str, Address]]]:
    return (things[i:i + size] for i in range(0, len(things), size))


def _take(report: Report, answers: Sequence[Answer], tell: Callable[[Sequence[Answer]], None]) -> None:
    for answer in answers:
        report.answers[answer.camera_id] = answer
        report.asked += 1
        report.online += answer.state == ONLINE
        report.offline += answer.state == OFFLINE
    if answers:
        tell(answers)


def _ask_platform(platform: AskPlatform, channels: Mapping[str, str]) -> list[Answer]:
    """What the platform says; where it does not answer, nothing is known of its channels."""
    try:
        states = platform(list(channels))
    except KnownFault:
        return []
    return [Answer(channels[address], ONLINE if on else OFFLINE, "" if on else st.ENDED)
            for address, on in states.items() if on is not None and address in channels]


async def ask(address: Address, limit_s: float = ANSWER_S) -> str:
    """"" when the camera answers, else why not (a phase of app.services.streams)."""
    if address.kind == FILM:
        there = await asyncio.to_thread(Path(address.url.removeprefix("file://")).exists)
        return "" if there else st.REFUSED
    try:
        async with asyncio.timeout(limit_s):
            return await _ask(address)
    except TimeoutError:
        return st.TIMED_OUT
    except socket.gaierror:
        return st.NO_HOST
    except ConnectionRefusedError:
        return st.REFUSED
    except (OSError, EOFError, ValueError, UnicodeError):
        return st.ENDED


async def _ask(address: Address) -> str:
    reader, writer = await asyncio.open_connection(address.host, address.port, limit=MOST_LINE)
    try:
        question = _question(address)
        if not question:
            return ""
        writer.write(question)
        await writer.drain()
        line = await reader.readline()
        return _judged(line)
    finally:
        writer.close()


def _question(address: Address) -> bytes:
    """What is asked; nothing where a connection alone must do (encrypted, or a device that speaks first)."""
    scheme, _, rest = address.url.partition("://")
    if address.kind == RTSP and scheme == "rtsp":
        return f"OPTIONS {address.url} RTSP/1.0\r\nCSeq: 1\r\nUser-Agent: liandong\r\n\r\n".encode()
    if address.kind in (HTTP, HLS) and scheme == "http":
        path = "/" + rest.partition("/")[2]
        host = address.host if address.port == 80 else f"{address.host}:{address.port}"
        return f"HEAD {path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: liandong\r\nConnection: close\r\n\r\n".encode()
    return b""


def _judged(line: bytes) -> str:
    """The first line of an answer: "RTSP/1.0 200 OK"."""
    words = line.split()
    if len(words) < 2 or not words[0].startswith((b"RTSP/", b"HTTP/")) or not words[1].isdigit():
        return st.ENDED
    status = int(words[1])
    return st.REFUSED if status in (404, 410, 454) or (status >= 500 and status not in (501, 551)) else ""
