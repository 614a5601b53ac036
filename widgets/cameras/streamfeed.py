"""The feed of a moving picture: frames and states of a stream come by the frame lane, the GUI thread shows them."""
from __future__ import annotations

import time
from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from app.domain.masks import Mask
from app.services import streams as sv
from app.services.streams import Streams, StreamState, VideoFrame, Want
from widgets.bridge.frames import FrameLane
from widgets.cameras import state as st
from widgets.cameras.pictures import covered
from widgets.cameras.state import TileState
from widgets.cameras.tile import Tile

_PHASES = {sv.CONNECTING: st.CONNECTING, sv.RECONNECTING: st.RECONNECTING, sv.UNSUPPORTED: st.UNSUPPORTED,
           sv.NO_RIGHT: st.REFUSED, sv.REFUSED: st.REFUSED}


class _LaneSink:
    """Puts what a stream gives into the lane, on the stream's thread. Knows no widget."""

    def __init__(self, lane: FrameLane, address: str) -> None:
        self._lane, self._frames, self._states = lane, address, state_key(address)

    def frame(self, frame: VideoFrame) -> None:
        """A picture: its pixels stay where the decoder put them."""
        pixels = memoryview(frame.data)  # type: ignore[arg-type]
        image = QImage(pixels, frame.width, frame.height, frame.stride, QImage.Format.Format_RGB32)
        self._lane.put(self._frames, image, frame, pixels)

    def state(self, state: StreamState) -> None:
        """A state takes the same way."""
        self._lane.put(self._states, QImage(), state)


def state_key(address: str) -> tuple[str, str]:
    """The lane's slot for the states of an address."""
    return ("state", address)


class StreamFeed(QObject):
    """Pictures of one address for all tiles that show it; the stream itself runs elsewhere."""

    def __init__(self, address: str, streams: Streams, lane: FrameLane, parent: QObject) -> None:
        super().__init__(parent)
        self.address = address
        self.tiles: list[Tile] = []
        self.coming: list[Tile] = []
        """tiles that take over from another feed with the first picture"""
        self.masks: dict[str, tuple[Mask, ...]] = {}
        self.state = TileState(st.CONNECTING, since=time.perf_counter())
        self.closed = False
        self._lane = lane
        self._frame_seen = self._state_seen = 0.0
        lane.watch(address)
        lane.watch(state_key(address))
        self._want: Want | None = None
        self._asked: tuple[object, object] | None = None
        self._streams = streams
        self._watch: sv.Watch | None = None

    def add(self, tile: Tile) -> None:
        """One more tile; it gets the last picture at once."""
        self.tiles.append(tile)
        if (image := self._image()) is not None:
            tile.set_frame(image, self.state)
        else:
            tile.set_state(self.state)
        self.refresh()

    def expect(self, tile: Tile) -> None:
        """Have a picture ready for a tile that still shows another feed."""
        self.coming.append(tile)
        self.refresh()

    def set_masks(self, camera_id: str, masks: tuple[Mask, ...]) -> None:
        """Privacy masks of a camera on this address: over all that its tiles show, the present picture too."""
        before, self.masks[camera_id] = self._all_masks(), masks
        if self._all_masks() == before:
            return
        image = self._image()
        for tile in self.tiles:
            if image is not None and tile.has_picture:
                tile.set_frame(image, self.state)
        if self._watch is not None:
            self.refresh()

    def _all_masks(self) -> tuple[Mask, ...]:
        return tuple(dict.fromkeys(m for one in self.masks.values() for m in one))

    def _image(self) -> QImage | None:
        """The last picture, with all that covers it now."""
        frame = self._lane.take(self.address)
        if frame is None or not isinstance(frame.meta, VideoFrame):
            return None
        return covered(frame.image, frame.meta.masks, self._all_masks())

    def refresh(self) -> None:
        """Ask for what the tiles need now: the size of the largest, whether any is on show."""
        tiles = self.tiles + self.coming
        asked = [(t.wanted_width, t.wanted_height, t.devicePixelRatioF(), t.isVisible(), t.pinned) for t in tiles]
        if (asked, self.masks) == self._asked:
            return
        self._asked = asked, dict(self.masks)
        ratio = max((t.devicePixelRatioF() for t in tiles), default=1.0)
        want = Want(max((round(t.wanted_width * ratio) for t in tiles), default=1),
                    max((round(t.wanted_height * ratio) for t in tiles), default=1),
                    shown=any(t.isVisible() for t in tiles),
                    mode=next((t.pinned for t in tiles if t.pinned), None),
                    masks=self._all_masks())
        if want == self._want:
            return
        self._want = want
        if self._watch is None:
            self._watch = self._streams.watch(self.address, want, _LaneSink(self._lane, self.address))
        else:
            self._watch.change(want)

    def close(self) -> None:
        """Nobody looks any more."""
        self.closed = True
        if self._watch is not None:
            self._watch.close()
        self._lane.watch(self.address, False)
        self._lane.watch(state_key(self.address), False)
        self.deleteLater()

    def show_frame(self) -> None:
        """The lane has something new: take states and frames in the order in which they came."""
        told, frame = self._lane.take(state_key(self.address)), self._lane.take(self.address)
        fresh_state = told is not None and told.put_at > self._state_seen
        fresh_frame = frame is not None and frame.put_at > self._frame_seen
        state_last = fresh_state and fresh_frame and told is not None and frame is not None \
            and told.put_at > frame.put_at
        if fresh_state and told is not None and not state_last:
            self._take_state(told.meta, told.put_at)
        if fresh_frame and frame is not None:
            self._take_frame(frame.image, frame.meta, frame.put_at)
        if state_last and told is not None:
            self._take_state(told.meta, told.put_at)

    def _take_state(self, meta: object, at: float) -> None:
        self._state_seen = at
        if not isinstance(meta, StreamState) or meta.phase == sv.PLAYING:
            return  # a picture says that it plays
        self.state = replace(self.state, state=_PHASES.get(meta.phase, st.RECONNECTING), tries=meta.tries, why=meta.why,
                             cause=meta.cause)
        for tile in self.tiles:
            tile.set_state(self.state)

    def _take_frame(self, image: QImage, meta: object, at: float) -> None:
        self._frame_seen = at
        if not isinstance(meta, VideoFrame):
            return
        # its age counts from when it was due: one that the way held back is old when it comes
        live = meta.mode != sv.FILE
        self.state = self.state.with_frame(at - meta.delay_s if live else at, meta.mode, None,
                                           meta.delay_s if live and meta.timed else None, meta.eased)
        image = covered(image, meta.masks, self._all_masks())
        for tile in self.tiles:
            tile.set_frame(image, self.state)

    def tick(self) -> None:
        """Five times a second: what was heard, and whether the tiles have changed their size."""
        heard = self._watch.heard_at() if self._watch is not None else None
        if heard is not None and heard != self.state.heard_at and not (
                self.state.state == st.PLAYING and self.state.mode in (st.LIVE, st.FILE)):  # there a picture is needed
            self.state = replace(self.state, heard_at=heard)
            for tile in self.tiles:
                tile.set_heard(heard)
        self.refresh()
