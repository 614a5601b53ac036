"""The tile process: reads changes and wishes from stdin, paints tiles into shared memory, answers on stdout.

From the map: scene bodies (areas, steps, base, ...), ``wish`` (generation, keys in order, replaces the last one),
``lend`` (slots it may paint into). To the map: ``ready``, ``tile`` (key, generation, slot), ``failed`` (key), ``stale``
(raster tiles that arrived since). Ends when stdin ends, so that it never outlives the map.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import queue
import sys
import threading
from collections import deque
from typing import Any

from PySide6.QtGui import QGuiApplication

from app.domain.faults import KnownFault, Message
from widgets.map.scene import Scene
from widgets.map.slots import SharedBlock
from widgets.map.staticpaint import TileKey, paint_tile
from widgets.map.wire import Unpacker, pack

NICE = 5
READ_BYTES = 1 << 20
Inbox = queue.SimpleQueue[tuple[str, dict[str, Any]]]


def fault_body(error: Exception) -> dict[str, Any]:
    """A known fault as its message, to be told in the reader's language; anything else by its name."""
    if isinstance(error, KnownFault):
        return {"id": error.message.id, "params": {name: str(value) for name, value in error.message.params.items()}}
    return {"id": "{error}", "params": {"error": f"{type(error).__name__}: {error}"}}


class TilePainter:
    """The loop. Between two tiles it looks at its inbox, so that a new wish list replaces the old one at once."""

    def __init__(self, block: SharedBlock, inbox: Inbox, out_fd: int) -> None:
        self._block = block
        self._inbox = inbox
        self._out = out_fd
        self._scene = Scene()
        self._wishes: deque[TileKey] = deque()
        self._slots: deque[int] = deque()
        self._generation = 0

    def run(self) -> None:
        self._send("ready", {"pid": os.getpid()})
        while True:
            idle = not (self._wishes and self._slots and self._scene.palette)
            while idle or not self._inbox.empty():
                kind, body = self._inbox.get()
                if kind == "end":
                    return
                self._take(kind, body)
                idle = not (self._wishes and self._slots and self._scene.palette)
            self._paint_one()

    def _take(self, kind: str, body: dict[str, Any]) -> None:
        if kind == "wish":
            self._wishes = deque((int(a), int(b), int(c)) for a, b, c in body["keys"])
        elif kind == "lend":
            self._slots.extend(int(slot) for slot in body["slots"])
        elif kind == "raster_arrived":
            self._raster_arrived()
        elif kind == "raster_trouble":
            self._send("trouble", {"what": "raster", **body})
        else:
            try:
                self._scene.apply(kind, body)
            except Exception as error:  # noqa: BLE001 - a source that cannot be opened must not take the map with it
                self._send("fault", {"what": kind, **fault_body(error)})
            self._generation = int(body["generation"])
            if kind == "raster" and self._scene.raster is not None:
                self._scene.raster.arrived = lambda: self._inbox.put(("raster_arrived", {}))
                self._scene.raster.troubled = self._raster_troubled

    def _raster_arrived(self) -> None:
        feed = self._scene.raster
        fresh = feed.take_fresh() if feed is not None else []
        if fresh:
            self._send("stale", {"addresses": [list(address) for address in fresh]})

    def _raster_troubled(self, why: Message | None) -> None:
        self._inbox.put(("raster_trouble", {"id": ""} if why is None else fault_body(KnownFault(why))))

    def _paint_one(self) -> None:
        key = self._wishes.popleft()
        slot = self._slots.popleft()
        try:
            paint_tile(self._scene, key, self._block.image(slot))
        except Exception as error:  # noqa: BLE001 - one bad tile harms only itself; it is told to the map
            self._slots.append(slot)
            self._send(
                "failed", {"key": key, "generation": self._generation, "why": f"{type(error).__name__}: {error}"}
            )
        else:
            self._send("tile", {"key": key, "generation": self._generation, "slot": slot})

    def _send(self, kind: str, body: dict[str, Any]) -> None:
        data = memoryview(pack(kind, body))
        while data:
            data = data[os.write(self._out, data) :]


def _read(inbox: Inbox) -> None:
    unpacker = Unpacker()
    fd = sys.stdin.fileno()
    while True:
        data = os.read(fd, READ_BYTES)
        if not data:
            inbox.put(("end", {}))
            return
        for frame in unpacker.feed(data):
            inbox.put(frame)


def main() -> int:
    parser = argparse.ArgumentParser(prog="widgets.map.worker")
    parser.add_argument("--block", required=True)
    parser.add_argument("--slots", type=int, required=True)
    arguments = parser.parse_args()
    out_fd = os.dup(1)
    os.dup2(2, 1)
    with contextlib.suppress(AttributeError, OSError):
        os.nice(NICE)
    application = QGuiApplication(["map-tiles", "-platform", "offscreen"])
    inbox: Inbox = queue.SimpleQueue()
    threading.Thread(target=_read, args=(inbox,), daemon=True, name="map-inbox").start()
    with contextlib.suppress(BrokenPipeError):  # the map is gone
        TilePainter(SharedBlock(arguments.block, arguments.slots), inbox, out_fd).run()
    del application
    return 0


if __name__ == "__main__":
    code = main()
    sys.stderr.flush()
    os._exit(code)
