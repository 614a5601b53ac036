"""What `main.py bench video` is run with: streams, the test server of the source tree, and the peers."""

from __future__ import annotations

import importlib
import importlib.util
import logging
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import AbstractContextManager
from pathlib import Path
from typing import IO, Any

import psutil

from app.bench import figures
from app.bench.figures import Figure
from app.domain.faults import KnownFault, Message
from app.services.streams import Streams

Took = tuple[float, float | None]
"""CPU-seconds a stream-second; painted frames/s, from what paints"""
log = logging.getLogger(__name__)
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
_PLAIN = """
import os, sys, threading, time, av
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from av.video.reformatter import Interpolation, VideoReformatter
from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
painted = 0
class Tile(QWidget):
    came = Signal(object)
    def __init__(self, parent):
        super().__init__(parent)
        self.picture = None
        self.came.connect(self.on_picture)
    def on_picture(self, picture):
        self.picture = picture
        self.update()
    def paintEvent(self, event):
        global painted
        if self.picture is not None:
            QPainter(self).drawImage(0, 0, self.picture[0])
            painted += 1
def run(url, tile):
    box = av.open(url, options={"rtsp_transport": "tcp", "analyzeduration": "0", "probesize": "32"}, timeout=(5, 5))
    stream = box.streams.video[0]
    stream.thread_type, stream.codec_context.thread_count = "NONE", 1
    scaler = VideoReformatter()
    for packet in box.demux(stream):
        for frame in packet.decode():
            made = scaler.reformat(frame, 480, 270, format="bgr0", interpolation=Interpolation.FAST_BILINEAR, threads=1)
            plane = made.planes[0]
            pixels = memoryview(plane)
            tile.came.emit((QImage(pixels, 480, 270, plane.line_size, QImage.Format.Format_RGB32), pixels, made))
window = QWidget()
across = max(1, round((len(sys.argv) - 1) ** 0.5))
window.resize(480 * across, 270 * across)
tiles = [Tile(window) for _ in sys.argv[1:]]
for i, tile in enumerate(tiles):
    tile.setGeometry(480 * (i % across), 270 * (i // across), 480, 270)
window.show()
for tile, url in zip(tiles, sys.argv[1:]):
    threading.Thread(target=run, args=(url, tile), daemon=True).start()
timer = QTimer()
timer.timeout.connect(lambda: print(painted, flush=True))
timer.start(250)
app.exec()
"""
"""the least that shows the same pictures: no state, no words, no budget, no watch on their age"""
_PLAYER = """
import os, sys, time
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
from PySide6.QtCore import QTimer, QUrl
from PySide6.QtGui import QPainter
from PySide6.QtMultimedia import QMediaPlayer, QVideoSink
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
painted = 0
class Tile(QWidget):
    def __init__(self, parent, url):
        super().__init__(parent)
        self.image = None
        self.sink, self.player = QVideoSink(self), QMediaPlayer(self)
        self.sink.videoFrameChanged.connect(self.on_frame)
        self.player.setVideoSink(self.sink)
        self.player.setSource(QUrl(url))
        self.player.play()
    def on_frame(self, frame):
        self.image = frame.toImage()
        self.update()
    def paintEvent(self, event):
        global painted
        if self.image is not None:
            QPainter(self).drawImage(self.rect(), self.image)
            painted += 1
window = QWidget()
across = max(1, round((len(sys.argv) - 1) ** 0.5))
window.resize(480 * across, 270 * across)
tiles = [Tile(window, url) for url in sys.argv[1:]]
for i, tile in enumerate(tiles):
    tile.setGeometry(480 * (i % across), 270 * (i // across), 480, 270)
window.show()
timer = QTimer()
timer.timeout.connect(lambda: print(painted, flush=True))
timer.start(250)
app.exec()
"""
_SETTLE_S = 6.5
"""ffmpeg looks at a stream for five seconds before it plays"""


def _fakes(name: str) -> Any:
    try:
        return importlib.import_module(f"tests.fakes.{name}")
    except ModuleNotFoundError:
        raise KnownFault(Message(
            "This benchmark needs the source tree: its test server lies in tests/fakes.")) from None


def _cost(children: list[subprocess.Popen[bytes]], seconds: float, streams: int, settle_s: float) -> float:
    """CPU-seconds a stream-second of running children, once they have settled."""
    known = [psutil.Process(child.pid) for child in children]

    def spent() -> float:
        return sum(sum(p.cpu_times()[:2]) for p in known if p.is_running())

    time.sleep(settle_s)
    before, began = spent(), time.perf_counter()
    time.sleep(seconds)
    return (spent() - before) / (time.perf_counter() - began) / streams


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        child.kill()
        child.wait()


def pyav(urls: list[str], seconds: float) -> Took:
    """PyAV that only decodes, one thread a stream in one process."""
    child = subprocess.Popen([sys.executable, "-c", _DECODE, str(seconds + 5), *urls])
    try:
        return _cost([child], seconds, len(urls), 3.0), None
    finally:
        _end([child])


def ffmpeg(urls: list[str], seconds: float) -> Took | None:
    """Bare ffmpeg, one process a stream; None where it is not installed."""
    return _ffmpeg(urls, seconds, [])


def ffmpeg_one_thread(urls: list[str], seconds: float) -> Took | None:
    """The same held to one decoding thread."""
    return _ffmpeg(urls, seconds, ["-threads", "1"])


def _ffmpeg(urls: list[str], seconds: float, options: list[str]) -> Took | None:
    found = shutil.which("ffmpeg")
    if found is None:
        return None
    words = [found, "-nostdin", "-v", "quiet", *options, "-rtsp_transport", "tcp", "-i"]
    children = [subprocess.Popen([*words, url, "-f", "null", "-"]) for url in urls]
    try:
        return _cost(children, seconds, len(urls), _SETTLE_S), None
    finally:
        _end(children)


def plain_tiles(urls: list[str], seconds: float) -> Took:
    """PyAV that decodes and scales, and widgets that paint the pictures and nothing else, in one process."""
    return _painted(_PLAIN, urls, seconds)


def qt_player(urls: list[str], seconds: float) -> Took | None:
    """QMediaPlayer, one a stream in one process, painted; None without QtMultimedia."""
    if importlib.util.find_spec("PySide6.QtMultimedia") is None:
        return None
    return _painted(_PLAYER, urls, seconds)


def _painted(program: str, urls: list[str], seconds: float) -> Took:
    """What a program costs that prints how many pictures it has painted, and how many it paints a second."""
    with tempfile.TemporaryFile("w+") as said:
        child = subprocess.Popen([sys.executable, "-c", program, *urls], stdout=said, stderr=subprocess.DEVNULL)
        try:
            known = psutil.Process(child.pid)
            time.sleep(_SETTLE_S)
            before, painted = sum(known.cpu_times()[:2]), _last(said)
            time.sleep(seconds)
            return ((sum(known.cpu_times()[:2]) - before) / seconds / len(urls),
                    (_last(said) - painted) / seconds / len(urls))
        finally:
            _end([child])


def _last(said: IO[str]) -> int:
    said.seek(0)
    lines = said.read().splitlines()
    return int(lines[-1]) if lines else 0


def run(quick: bool) -> dict[str, Figure]:
    """All figures of camera tiles."""
    from app.video.supervisor import Supervisor
    from widgets.bench import video as bench

    clips, server = _fakes("video_clips"), _fakes("rtsp_server")
    logging.getLogger("app.video").setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        def serve(stream: tuple[int, int, int], count: int, stagger_s: float) -> AbstractContextManager[bench.Served]:
            width, height, fps = stream
            seconds = 8.0 if width < 1000 else 4.0
            clip = clips.clip_file(Path(folder), "h264", width, height, fps, seconds, rich=True)
            running: AbstractContextManager[bench.Served] = server.RtspServer(clip, mounts=count, stagger_s=stagger_s)
            return running

        def make() -> Streams:
            return Supervisor()

        peers = {"ffmpeg": ffmpeg, "ffmpeg_one_thread": ffmpeg_one_thread, "pyav": pyav, "plain_tiles": plain_tiles,
                 "qtmultimedia": qt_player}
        found = bench.run(make, serve, clips.read, peers, quick=quick)
    for name in ("ffmpeg", "qtmultimedia"):
        if f"video.cpu_16_{name}" not in found:
            log.warning("%s is not installed: not measured", name)
    return {name: figures.at_most(m.value, m.unit, m.most) if m.most is not None
            else figures.at_least(m.value, m.unit, m.least) if m.least is not None
            else figures.told(m.value, m.unit) for name, m in found.items()}
