"""What `main.py bench video` is run with: streams, the test server of the source tree, and the peers."""

from __future__ import annotations

import importlib
import logging
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import psutil

from app.bench import figures
from app.bench.figures import Figure
from app.domain.faults import KnownFault, Message
from app.services.streams import Streams

_DECODE = """
import sys, threading, time, av
end = time.monotonic() + float(sys.argv[1])
def run(url):
    box = av.open(url, options={"rtsp_transport": "tcp", "analyzeduration": "0", "probesize": "32"}, timeout=(5, 5))
    stream = box.streams.video[0]
    stream.thread_type, stream.codec_context.thread_count = "NONE", 1
    for packet in box.demux(stream):
        packet.decode()
        if time.monotonic() > end:
            break
    box.close()
threads = [threading.Thread(target=run, args=(url,)) for url in sys.argv[2:]]
for t in threads:
    t.start()
for t in threads:
    t.join()
"""
_SETTLE_S = 2.0


def _fakes(name: str) -> Any:
    try:
        return importlib.import_module(f"tests.fakes.{name}")
    except ModuleNotFoundError:
        raise KnownFault(Message(
            "This benchmark needs the source tree: its test server lies in tests/fakes.")) from None


def _cost(children: list[subprocess.Popen[bytes]], seconds: float, streams: int) -> float:
    """CPU-seconds a stream-second of running children, once they have settled."""
    known = [psutil.Process(child.pid) for child in children]

    def spent() -> float:
        return sum(sum(p.cpu_times()[:2]) for p in known if p.is_running())

    time.sleep(_SETTLE_S)
    before, began = spent(), time.perf_counter()
    time.sleep(seconds)
    return (spent() - before) / (time.perf_counter() - began) / streams


def pyav(urls: list[str], seconds: float) -> float | None:
    """PyAV that only decodes, one thread a stream in one process."""
    child = subprocess.Popen([sys.executable, "-c", _DECODE, str(seconds + _SETTLE_S + 1), *urls])
    try:
        return _cost([child], seconds, len(urls))
    finally:
        child.kill()
        child.wait()


def ffmpeg(urls: list[str], seconds: float) -> float | None:
    """Bare ffmpeg, one process a stream; None where it is not installed."""
    found = shutil.which("ffmpeg")
    if found is None:
        return None
    words = [found, "-nostdin", "-v", "quiet", "-threads", "1", "-rtsp_transport", "tcp", "-i"]
    children = [subprocess.Popen([*words, url, "-f", "null", "-"]) for url in urls]
    try:
        return _cost(children, seconds, len(urls))
    finally:
        for child in children:
            child.kill()
            child.wait()


def run(quick: bool) -> dict[str, Figure]:
    """All figures of camera tiles."""
    from app.video.supervisor import Supervisor
    from widgets.bench import video as bench

    clips, server = _fakes("video_clips"), _fakes("rtsp_server")
    logging.getLogger("app.video").setLevel(logging.ERROR)
    if shutil.which("ffmpeg") is None:
        logging.getLogger(__name__).info("ffmpeg is not installed: no ratio to it")
    with tempfile.TemporaryDirectory() as folder:
        def serve(stream: tuple[int, int, int], count: int, stagger_s: float) -> AbstractContextManager[bench.Served]:
            width, height, fps = stream
            clip = clips.clip_file(Path(folder), "h264", width, height, fps, 8.0, rich=True)
            running: AbstractContextManager[bench.Served] = server.RtspServer(clip, mounts=count, stagger_s=stagger_s)
            return running

        def make() -> Streams:
            return Supervisor()

        found = bench.run(make, serve, clips.read, {"ffmpeg": ffmpeg, "pyav": pyav}, quick=quick)
    return {name: figures.at_most(m.value, m.unit, m.most) if m.most is not None
            else figures.at_least(m.value, m.unit, m.least) if m.least is not None
            else figures.told(m.value, m.unit) for name, m in found.items()}
