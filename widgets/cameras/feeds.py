"""One feed per address, however many tiles show it: opened and read on worker threads, dropped when nobody looks.

    hub = FeedHub(runner, parent, streams=streams)
    hub.attach(tile, camera, masks)     # the tile gets frames and states until
    hub.detach(tile)

Stills are read here; moving pictures come from `streams` (app.services.streams), where there are any.
"""
from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QImage

from app.domain.masks import Mask
from app.services.ptz import Ptz
from app.services.streams import Streams
from app.services.views import CameraRow
from widgets.bridge.faults import Fault
from widgets.bridge.frames import FrameLane
from widgets.bridge.runner import Runner, Task
from widgets.cameras import state as st
from widgets.cameras.pictures import FrameSource, NotConnected, Picture, Unsupported, covered, open_source, paint_masks
from widgets.cameras.state import TileState
from widgets.cameras.streamfeed import StreamFeed
from widgets.cameras.tile import Tile

TICK_MS = 200
BACKOFF_S = (1.0, 2.0, 4.0)
"""pauses before the attempts to read a shown source again; the last one repeats (PROMISES 15: capped at 4 s)"""

Opener = Callable[[str], FrameSource]
MAIN_FROM_PX, SUB_BELOW_PX = 800, 720
"""a tile so wide shows the main stream, a narrower one the sub-stream; between the two it keeps what it has"""


def address_for(camera: CameraRow, wide_px: float, now: str = "") -> str:
    """Which of a camera's streams a tile of so many pixels shows; `now`: the one that it shows."""
    if not camera.sub_source:
        return camera.source
    if now in (camera.source, camera.sub_source) and SUB_BELOW_PX <= wide_px < MAIN_FROM_PX:
        return now
    return camera.source if wide_px >= MAIN_FROM_PX else camera.sub_source


class Feed(QObject):
    """Pictures of one address for all tiles that show it. Reads one picture at a time, never two at once."""

    def __init__(self, address: str, runner: Runner, lane: FrameLane, opener: Opener, parent: QObject) -> None:
        super().__init__(parent)
        self.address = address
        self.tiles: list[Tile] = []
        self.coming: list[Tile] = []
        """tiles that take over from another feed with the first picture"""
        self.masks: dict[str, tuple[Mask, ...]] = {}
        self._read_with: tuple[Mask, ...] = ()
        self.state = TileState(st.CONNECTING, since=time.perf_counter())
        self._runner, self._lane, self._opener = runner, lane, opener
        self._source: FrameSource | None = None
        self._task: Task | None = None
        self.closed = False
        self._next = QTimer(self)
        self._next.setSingleShot(True)
        self._next.timeout.connect(self.read)
        lane.watch(address)

    def add(self, tile: Tile) -> None:
        """One more tile; it gets the last picture at once."""
        self.tiles.append(tile)
        if (image := self._image()) is not None:
            tile.set_frame(image, self.state)
        else:
            tile.set_state(self.state)
        if self._task is None and not self._next.isActive():
            self.read()

    def expect(self, tile: Tile) -> None:
        """Have a picture ready for a tile that still shows another feed."""
        self.coming.append(tile)
        if self._task is None and not self._next.isActive():
            self.read()

    def set_masks(self, camera_id: str, masks: tuple[Mask, ...]) -> None:
        """Privacy masks of a camera on this address: over all that its tiles show, the present picture too."""
        before, self.masks[camera_id] = self._all_masks(), masks
        if self._all_masks() == before:
            return
        image = self._image()
        for tile in self.tiles:
            if image is not None and tile.has_picture:
                tile.set_frame(image, self.state)
        if not self._next.isActive():
            self.read()

    def _all_masks(self) -> tuple[Mask, ...]:
        return tuple(dict.fromkeys(m for one in self.masks.values() for m in one))

    def _image(self) -> QImage | None:
        """The last picture, with all that covers it now."""
        frame = self._lane.take(self.address)
        if frame is None or not isinstance(frame.meta, Picture):
            return None
        return covered(frame.image, frame.meta.masks, self._all_masks())

    def tick(self) -> None:
        """Nothing is due between two pictures."""

    def close(self) -> None:
        """Nobody looks any more."""
        self.closed = True
        self._next.stop()
        self._lane.watch(self.address, False)
        if self._task is None:
            self._drop_source()
        self.deleteLater()

    @Slot()
    def read(self) -> None:
        """Have the next picture read, at the size of the largest tile."""
        if self._task is not None or self.closed:
            return
        tiles = self.tiles + self.coming
        ratio = max((t.devicePixelRatioF() for t in tiles), default=1.0)
        wide = max((t.wanted_width for t in tiles), default=1)
        high = max((t.wanted_height for t in tiles), default=1)
        masks = self._read_with = self._all_masks()
        self._task = self._runner.run(lambda task: self._read(round(wide * ratio), round(high * ratio), masks),
                                      self._on_read, self._on_fault, owner=self)

    def _read(self, width: int, height: int, masks: tuple[Mask, ...]) -> float | None:
        """On a worker thread. Returns the pause until the next picture (s), None after a still."""
        if self._source is None:
            self._source = self._opener(self.address)
        picture = replace(self._source.next(width, height), masks=masks)
        paint_masks(picture.image, masks)
        self._lane.put(self.address, picture.image, picture)
        return self._source.interval_s

    def _on_read(self, pause_s: float | None) -> None:
        self._task = None
        if self.closed:
            self._drop_source()
        elif pause_s is not None:
            self._next.start(max(1, round(pause_s * 1000)))
        elif self._read_with != self._all_masks():
            self.read()

    def _on_fault(self, fault: Fault) -> None:
        self._task = None
        self._drop_source()
        if self.closed:
            return
        if isinstance(fault.error, NotConnected):
            self._tell(replace(self.state, state=st.NOT_CONNECTED, why=None))
            return
        if isinstance(fault.error, Unsupported):
            self._tell(replace(self.state, state=st.UNSUPPORTED, why=fault.message))
            return
        tries = self.state.tries + 1
        self._tell(replace(self.state, state=st.RECONNECTING, tries=tries, why=fault.message))
        self._next.start(round(BACKOFF_S[min(tries, len(BACKOFF_S)) - 1] * 1000))

    def _drop_source(self) -> None:
        source, self._source = self._source, None
        if source is not None:
            source.close()

    def show_frame(self) -> None:
        """The lane has a new frame: give it to the tiles."""
        frame = self._lane.take(self.address)
        image = self._image()
        if frame is None or image is None or not isinstance(frame.meta, Picture):
            return
        self.state = self.state.with_frame(frame.put_at, frame.meta.mode, frame.meta.taken_at)
        for tile in self.tiles:
            tile.set_frame(image, self.state)

    def _tell(self, state: TileState) -> None:
        self.state = state
        for tile in self.tiles:
            tile.set_state(state)


class FeedHub(QObject):
    """The feeds that are on show. `opener` is replaceable: live streams bring their own sources."""

    def __init__(self, runner: Runner, parent: QObject | None = None, *, lane: FrameLane | None = None,
                 opener: Opener = open_source, streams: Streams | None = None) -> None:
        super().__init__(parent)
        self._runner, self._opener, self._streams = runner, opener, streams
        self._own_lane = lane is None
        self._lane = lane or FrameLane(self)
        self._lane.arrived.connect(self._on_frames)
        self._feeds: dict[str, Feed | StreamFeed] = {}
        self._shown: dict[Tile, tuple[CameraRow, tuple[Mask, ...]]] = {}
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._on_tick)

    @property
    def runner(self) -> Runner:
        """Worker threads for what blocks."""
        return self._runner

    @property
    def ptz(self) -> Ptz | None:
        """The way to the drives of cameras; None where no streams are."""
        return self._streams.ptz if self._streams is not None else None

    @property
    def open_addresses(self) -> frozenset[str]:
        """Addresses that are read now."""
        return frozenset(self._feeds)

    def attach(self, tile: Tile, camera: CameraRow, masks: tuple[Mask, ...] = ()) -> None:
        """Show a camera's pictures in a tile, instead of what it showed. `masks` are painted over each picture."""
        now = self._of(tile)
        same = now is not None and now.address in (camera.source, camera.sub_source) \
            and tile.camera is not None and tile.camera.id == camera.id
        if not same:
            self.detach(tile)
        tile.set_camera(camera)
        if not camera.source:
            tile.set_state(TileState(st.NOT_CONNECTED))
            return
        self._shown[tile] = (camera, masks)
        if same:
            for feed in self._feeds.values():
                if tile in feed.tiles or tile in feed.coming:
                    feed.set_masks(camera.id, masks)
            return
        feed = self._open(address_for(camera, _wide(tile)), camera, masks)
        feed.add(tile)
        if not self._tick.isActive():
            self._tick.start()

    def _of(self, tile: Tile) -> Feed | StreamFeed | None:
        return next((feed for feed in self._feeds.values() if tile in feed.tiles), None)

    def _open(self, address: str, camera: CameraRow, masks: tuple[Mask, ...]) -> Feed | StreamFeed:
        feed = self._feeds.get(address)
        if feed is None or feed.closed:
            feed = self._feeds[address] = self._make(address)
        feed.set_masks(camera.id, masks)
        return feed

    def _suit(self, tile: Tile) -> None:
        """Main stream for a large tile, sub-stream for a small one: the old picture stays till the new one comes."""
        camera, masks = self._shown[tile]
        now = self._of(tile) if camera.sub_source else None
        if now is None:
            return
        wanted = address_for(camera, _wide(tile), now.address)
        for feed in list(self._feeds.values()):
            if tile in feed.coming and feed.address != wanted:
                feed.coming.remove(tile)
                self._drop_unused(feed)
        if wanted == now.address:
            return
        feed = self._open(wanted, camera, masks)
        if tile not in feed.coming:
            feed.expect(tile)
        if st.good(feed.state.at(time.perf_counter())):
            feed.coming.remove(tile)
            feed.add(tile)
            now.tiles.remove(tile)
            self._drop_unused(now)

    def _drop_unused(self, feed: Feed | StreamFeed) -> None:
        if not feed.tiles and not feed.coming and self._feeds.get(feed.address) is feed:
            del self._feeds[feed.address]
            feed.close()

    def _make(self, address: str) -> Feed | StreamFeed:
        if self._streams is not None and self._streams.plays(address):
            return StreamFeed(address, self._streams, self._lane, self)
        return Feed(address, self._runner, self._lane, self._opener, self)

    def shows(self, tile: Tile) -> bool:
        """Whether a feed gives this tile its pictures."""
        return any(tile in feed.tiles for feed in self._feeds.values())

    def detach(self, tile: Tile) -> None:
        """The tile shows its camera no more; the last tile of a feed closes it."""
        self._shown.pop(tile, None)
        for feed in list(self._feeds.values()):
            for tiles in (feed.tiles, feed.coming):
                if tile in tiles:
                    tiles.remove(tile)
            self._drop_unused(feed)
        if not self._feeds:
            self._tick.stop()

    def close(self) -> None:
        """Close all feeds."""
        self._tick.stop()
        for feed in self._feeds.values():
            feed.tiles.clear()
            feed.coming.clear()
            feed.close()
        self._feeds.clear()
        self._shown.clear()
        if self._own_lane:
            self._lane.close()

    @Slot(object)
    def _on_frames(self, slots: frozenset[str | tuple[str, str]]) -> None:
        for address in {slot if isinstance(slot, str) else slot[1] for slot in slots}:
            feed = self._feeds.get(address)
            if feed is not None:
                feed.show_frame()
                for tile in list(feed.coming):
                    self._suit(tile)

    @Slot()
    def _on_tick(self) -> None:
        now = time.perf_counter()
        for tile in list(self._shown):
            self._suit(tile)
        for feed in self._feeds.values():
            feed.tick()
            for tile in feed.tiles:
                tile.tick(now)


def _wide(tile: Tile) -> float:
    return tile.wanted_width * tile.devicePixelRatioF()
