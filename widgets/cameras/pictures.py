"""Pictures from files: a still, a folder of numbered stills, an animated file. Read scaled, off the GUI thread."""
from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QImage, QImageReader, QPainter, QPolygonF

from app.domain.faults import KnownFault, Message
from app.domain.masks import Mask
from widgets.cameras.state import FILE, STILL_MODE

STILL_SUFFIXES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".webp", ".ppm"})
MOVING_SUFFIXES = frozenset({".gif", ".apng"})
LATER = frozenset({"rtsp", "rtsps", "rtmp", "http", "https", "hls", "srt", "udp"})
"""addresses of streams: known as such, not played by this source"""
FOLDER_INTERVAL_S = 1.0
LARGEST_PX = 8192 * 8192


@dataclass(frozen=True, slots=True)
class Picture:
    """One frame, already scaled for its tile. `taken_at`: when it was taken (epoch s), None when the source does not
    say."""

    image: QImage
    mode: str
    taken_at: float | None = None
    masks: tuple[Mask, ...] = ()
    """what is painted over it"""


class FrameSource(Protocol):
    """Pictures of one address. `next` runs on a worker thread, one call at a time, and may take its time.

    `interval_s`: seconds until the next one is due; None: there is only one. Raises `KnownFault` when there is none.
    """

    mode: str

    @property
    def interval_s(self) -> float | None: ...
    def next(self, width: int, height: int) -> Picture: ...
    def close(self) -> None: ...


class Unsupported(KnownFault):
    """The address names a kind of picture that this program cannot show yet."""


class NotConnected(KnownFault):
    """There is no address."""


def open_source(address: str) -> FrameSource:
    """The source of an address (a path). Raises `NotConnected` without one, `Unsupported` for what is no picture file.

    Touches the disk: call it on a worker thread.
    """
    if not address.strip():
        raise NotConnected(Message("not connected"))
    scheme = address.split("://", 1)[0].lower() if "://" in address else ""
    if scheme in LATER:
        raise Unsupported(Message("{kind} streams are not connected", {"kind": scheme.upper()}))
    path = Path(address.removeprefix("file://"))
    if path.is_dir():
        return FolderSource(path)
    if not path.is_file():
        raise KnownFault(Message("the file {name} is missing", {"name": path.name}))
    if path.suffix.lower() in MOVING_SUFFIXES:
        return AnimationSource(path)
    if path.suffix.lower() in STILL_SUFFIXES:
        return StillSource(path)
    raise Unsupported(Message("{kind} files are not shown", {"kind": path.suffix.lstrip(".").upper() or path.name}))


def scaled_size(size: QSize, width: int, height: int) -> QSize:
    """The size that fills width x height, proportions kept; never larger than the picture itself, never empty."""
    if size.isEmpty():
        return QSize(max(1, width), max(1, height))
    if size.width() <= width or size.height() <= height:
        return size
    return size.scaled(max(1, width), max(1, height), Qt.AspectRatioMode.KeepAspectRatioByExpanding)


def read_picture(reader: QImageReader, width: int, height: int, name: str) -> QImage:
    """The reader's next picture, scaled while it is read. Raises `KnownFault` when it cannot be read."""
    reader.setAutoTransform(True)
    size = reader.size()
    if size.isValid() and size.width() * size.height() > LARGEST_PX:
        raise KnownFault(Message("the picture {name} is too large", {"name": name}))
    if size.isValid():
        reader.setScaledSize(scaled_size(size, width, height))
    image = reader.read()
    if image.isNull():
        raise KnownFault(Message("the picture {name} cannot be read", {"name": name}))
    return image.convertToFormat(QImage.Format.Format_RGB32)


def paint_masks(image: QImage, masks: Sequence[Mask]) -> None:
    """Paint privacy masks over a picture. Any thread."""
    if not masks:
        return
    painter = QPainter(image)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(Qt.GlobalColor.darkGray)
    for mask in masks:
        painter.drawPolygon(QPolygonF([QPointF(x * image.width(), y * image.height()) for x, y in mask]))
    painter.end()


def covered(image: QImage, painted: Sequence[Mask], wanted: Sequence[Mask]) -> QImage:
    """The picture with all masks that are wanted: itself where they are painted already, else a copy."""
    lacking = [m for m in wanted if m not in painted]
    if lacking:
        image = image.copy()
        paint_masks(image, lacking)
    return image


class StillSource:
    """One picture file."""

    mode = STILL_MODE
    interval_s: float | None = None

    def __init__(self, path: Path) -> None:
        self._path = path

    def next(self, width: int, height: int) -> Picture:
        """The picture; `taken_at` is the file's time."""
        image = read_picture(QImageReader(str(self._path)), width, height, self._path.name)
        return Picture(image, self.mode, self._path.stat().st_mtime)

    def close(self) -> None:
        """Nothing is held open."""


class FolderSource:
    """A folder of numbered stills, played in the order of their numbers, round and round."""

    mode = FILE
    interval_s: float | None = FOLDER_INTERVAL_S

    def __init__(self, path: Path) -> None:
        self._files = sorted((p for p in path.iterdir() if p.suffix.lower() in STILL_SUFFIXES), key=_by_number)
        self._next = 0
        if not self._files:
            raise KnownFault(Message("the folder {name} holds no pictures", {"name": path.name}))

    def next(self, width: int, height: int) -> Picture:
        """The next picture; a broken one is passed over unless all are."""
        for _ in self._files:
            path = self._files[self._next % len(self._files)]
            self._next += 1
            try:
                return Picture(read_picture(QImageReader(str(path)), width, height, path.name), self.mode)
            except KnownFault:
                continue
        raise KnownFault(Message("none of the pictures can be read"))

    def close(self) -> None:
        """Nothing is held open."""


class AnimationSource:
    """An animated file (GIF): its frames in turn at their own pace, at most 15 a second."""

    mode = FILE

    def __init__(self, path: Path) -> None:
        self._path = path
        self._reader: QImageReader | None = None
        self._delay_s = 0.1

    @property
    def interval_s(self) -> float | None:
        """Seconds until the next frame."""
        return self._delay_s

    def next(self, width: int, height: int) -> Picture:
        """The next frame; starts over at the end."""
        if self._reader is None or not self._reader.canRead():
            self._reader = QImageReader(str(self._path))
        image = read_picture(self._reader, width, height, self._path.name)
        delay = self._reader.nextImageDelay()
        self._delay_s = max(1 / 15, delay / 1000) if delay > 0 else 0.1
        return Picture(image, self.mode)

    def close(self) -> None:
        """Let go of the file."""
        self._reader = None


def _by_number(path: Path) -> tuple[int, str]:
    numbers = re.findall(r"\d+", path.stem)
    return (int(numbers[-1]) if numbers else 0, path.name)
