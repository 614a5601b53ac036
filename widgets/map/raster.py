"""The raster base inside the tile process: local files are read at once, network sources beside the painting."""

from __future__ import annotations

import queue
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage

from app.domain.faults import Message

Address = tuple[int, int, int]
IMAGES_KEPT = 96
FETCHERS = 3
RETRY_S = 10.0
"""After trouble with a network source: how often one missed tile is tried, until the source answers again."""
MISSED_KEPT = 256
REMOTE_UP = 2
"""How many coarser levels of a network source may stand in while a tile is on its way."""


class TileSource(Protocol):
    """A raster source: encoded tile bytes by XYZ address, or None where it has none. May raise ``OSError``."""

    def tile(self, z: int, x: int, y: int) -> bytes | None: ...


def open_source(description: Mapping[str, Any]) -> TileSource:
    """Open a source from its description by ``app.geo.tiles`` (imported late: most districts have no raster base)."""
    from app.geo import tiles

    source: TileSource = tiles.open_source(dict(description))
    return source


class RasterFeed:
    """Images of a raster source. ``image`` never waits for a network: what is not there yet is fetched and
    announced."""

    def __init__(self, source: TileSource, min_zoom: int, max_zoom: int, opacity: float, remote: bool) -> None:
        self.min_zoom, self.max_zoom, self.opacity = min_zoom, max_zoom, opacity
        self.arrived: Callable[[], None] | None = None
        self.troubled: Callable[[Message | None], None] | None = None
        """told once when the source gets into trouble (why) and once when it is out of it (None); from any thread"""
        self._trouble: Message | None = None
        self._missed: OrderedDict[Address, None] = OrderedDict()
        self._source = source
        self._remote = remote
        self._images: OrderedDict[Address, QImage | None] = OrderedDict()
        self._lock = threading.Lock()
        self._asked: set[Address] = set()
        self._orders: queue.LifoQueue[Address | None] = queue.LifoQueue()
        self._threads: list[threading.Thread] = []
        self.fresh: list[Address] = []

    @classmethod
    def from_body(cls, body: Mapping[str, Any]) -> RasterFeed:
        """From a ``raster`` body. The zooms the source itself knows limit the ones asked for."""
        description = dict(body["source"])
        source = open_source(description)
        return cls(
            source,
            max(int(body["min_zoom"]), int(getattr(source, "min_zoom", 0))),
            min(int(body["max_zoom"]), int(getattr(source, "max_zoom", 30))),
            float(body["opacity"]),
            remote=description.get("kind") != "mbtiles",
        )

    def image(self, address: Address) -> QImage | None:
        with self._lock:
            if address in self._images:
                self._images.move_to_end(address)
                return self._images[address]
        if not self._remote:
            return self._keep(address, self._load(address))
        self._order(address)
        return None

    def best(self, address: Address) -> tuple[QImage | None, QRectF]:
        """The image of an address and the part of it to show: where a local source has none, a coarser one stands
        in."""
        z, x, y = address
        for up in range(z - self.min_zoom + 1):
            image = self.image((z - up, x >> up, y >> up))
            if image is not None:
                share = 1.0 / 2**up
                width, height = image.width() * share, image.height() * share
                mask = (1 << up) - 1
                return image, QRectF((x & mask) * width, (y & mask) * height, width, height)
            if self._remote and up >= REMOTE_UP:
                break
        return None, QRectF()

    def take_fresh(self) -> list[Address]:
        """Addresses that arrived since the last call."""
        with self._lock:
            fresh, self.fresh = self.fresh, []
        return fresh

    def close(self) -> None:
        """Let the fetchers end; a source that can be closed is closed."""
        close = getattr(self._source, "close", None)
        if close is not None:
            close()
        for _ in self._threads:
            self._orders.put(None)
        self._threads = []

    def _keep(self, address: Address, image: QImage | None) -> QImage | None:
        with self._lock:
            self._images[address] = image
            while len(self._images) > IMAGES_KEPT:
                self._images.popitem(last=False)
        return image

    def _load(self, address: Address) -> QImage | None:
        try:
            data = self._source.tile(*address)
        except Exception:  # noqa: BLE001 - a broken source costs its own tiles, never the map
            return None
        if not data:
            return None
        image = QImage.fromData(data)
        return None if image.isNull() else image.convertToFormat(QImage.Format.Format_RGB32)

    def _order(self, address: Address) -> None:
        with self._lock:
            if address in self._asked or address in self._missed:
                return
            self._asked.add(address)
        while len(self._threads) < FETCHERS:
            thread = threading.Thread(target=self._fetch, daemon=True, name=f"raster-{len(self._threads)}")
            self._threads.append(thread)
            thread.start()
        self._orders.put(address)

    def _fetch(self) -> None:
        while True:
            try:
                address = self._orders.get(timeout=RETRY_S)
            except queue.Empty:
                address = self._one_missed()
                if address is None:
                    continue
            if address is None:
                return
            image = self._load(address)
            problem = getattr(self._source, "problem", None)
            failed = image is None and problem is not None
            if not failed:
                self._keep(address, image)
            with self._lock:
                self._asked.discard(address)
                if failed:
                    self._missed[address] = None
                    while len(self._missed) > MISSED_KEPT:
                        self._missed.popitem(last=False)
                elif image is not None:
                    self.fresh.append(address)
            if image is not None and self.arrived is not None:
                self.arrived()
            self._tell(problem)

    def _one_missed(self) -> Address | None:
        with self._lock:
            return self._missed.popitem()[0] if self._missed else None

    def _tell(self, problem: Message | None) -> None:
        with self._lock:
            if problem == self._trouble:
                return
            began, self._trouble = self._trouble is None, problem
            again = [] if problem is not None else list(self._missed)
            if problem is None:
                self._missed.clear()
        if self.troubled is not None and (began or problem is None):
            self.troubled(problem)
        for address in again:
            self._order(address)
