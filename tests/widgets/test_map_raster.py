"""Raster bases: local files at once, network ones beside the painting, coarser tiles where a source has none."""

from __future__ import annotations

import sqlite3
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QColor, QImage, QPainter

from app.domain.faults import Message
from tests.widgets.map_city import CITY, wait_until
from widgets.map import raster
from widgets.map.frame import Frame
from widgets.map.layers import RasterLayer
from widgets.map.mercator import to_world
from widgets.map.palette import Palette
from widgets.map.raster import RasterFeed
from widgets.map.scene import Scene
from widgets.map.staticpaint import paint_static
from widgets.map.view import MapView
from widgets.theme import language, tokens

LOOK = {"palette": Palette.from_tokens(tokens.DARK).as_dict(), "dpr": 1.0, "style": 1.0, "shown": {}}


def png(colour: str) -> bytes:
    image = QImage(256, 256, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]
    return bytes(buffer.data().data())


class Sparse:
    """One tile at zoom 4 (red) and its north-western child (blue); nothing else."""

    def __init__(self, x: int, y: int) -> None:
        self.tiles = {(4, x, y): png("#ff0000"), (5, 2 * x, 2 * y): png("#0000ff")}

    def tile(self, z: int, x: int, y: int) -> bytes | None:
        return self.tiles.get((z, x, y))


def picture(scene: Scene, zoom: float, x: float, y: float) -> QImage:
    size = 64
    ppu = 256 * 2**zoom
    image = QImage(size, size, QImage.Format.Format_RGB32)
    painter = QPainter(image)
    paint_static(scene, painter, Frame(zoom, 1.0, round(x * ppu) - size // 2, round(y * ppu) - size // 2, size, size))
    painter.end()
    return image


def test_a_coarser_tile_stands_in_where_the_source_has_none(qapp):
    scene = Scene()
    scene.apply("look", LOOK)
    scene.raster = RasterFeed(Sparse(13, 6), 4, 5, 1.0, remote=False)
    blue = picture(scene, 12.0, (13 + 0.25) / 16, (6 + 0.25) / 16).pixelColor(32, 32)
    red = picture(scene, 12.0, (13 + 0.75) / 16, (6 + 0.25) / 16).pixelColor(32, 32)
    none = picture(scene, 12.0, (12 + 0.25) / 16, (6 + 0.25) / 16).pixelColor(32, 32)
    assert blue.blue() > 80 > blue.red()
    assert red.red() > 80 > red.blue()
    assert none == QColor(tokens.DARK.map_ground)


def test_a_slow_source_does_not_hold_the_painting_up(qapp):
    go = threading.Event()

    class Slow:
        def tile(self, z: int, x: int, y: int) -> bytes | None:
            go.wait(10)
            return png("#00ff00")

    feed = RasterFeed(Slow(), 4, 4, 1.0, remote=True)
    came = threading.Event()
    feed.arrived = came.set
    assert feed.image((4, 1, 1)) is None
    assert feed.image((4, 1, 1)) is None
    go.set()
    assert came.wait(5)
    assert feed.image((4, 1, 1)) is not None
    assert feed.take_fresh() == [(4, 1, 1)]
    assert feed.take_fresh() == []
    feed.close()


def test_a_source_that_fails_gives_no_picture_and_no_fault(qapp):
    class Broken:
        def tile(self, z: int, x: int, y: int) -> bytes | None:
            raise OSError("gone")

    class Garbage:
        def tile(self, z: int, x: int, y: int) -> bytes | None:
            return b"no picture"

    assert RasterFeed(Broken(), 4, 4, 1.0, remote=False).image((4, 1, 1)) is None
    assert RasterFeed(Garbage(), 4, 4, 1.0, remote=False).image((4, 1, 1)) is None


def test_trouble_of_a_network_source_is_told_once_and_its_tiles_come_by_themselves_afterwards(qapp, monkeypatch):
    monkeypatch.setattr(raster, "RETRY_S", 0.05)

    class Flaky:
        problem: Message | None = None
        down = True

        def tile(self, z: int, x: int, y: int) -> bytes | None:
            self.problem = Message("The background map answers HTTP {status}", {"status": 503}) if self.down else None
            return None if self.down else png("#00ff00")

    source = Flaky()
    feed = RasterFeed(source, 4, 6, 1.0, remote=True)
    told: list[Message | None] = []
    feed.troubled = told.append
    wanted = [(4, x, 1) for x in range(5)]
    assert [feed.image(address) for address in wanted] == [None] * 5
    assert wait_until(lambda: len(told) == 1, 5)
    wait_until(lambda: False, 0.3)
    assert len(told) == 1
    source.down = False
    assert wait_until(lambda: all(feed.image(address) is not None for address in wanted), 5)
    assert [t is None for t in told] == [False, True]
    assert set(feed.take_fresh()) == set(wanted)
    feed.close()


class Refusing(BaseHTTPRequestHandler):
    """A tile server that takes no key."""

    def do_GET(self) -> None:
        self.send_response(403)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Quiet."""


@pytest.mark.parametrize("server", ["refuses the key", "is down"])
def test_a_tile_server_in_trouble_is_told_on_the_map_with_what_still_works(qapp, qtbot, server):
    language.use(qapp, "en")
    http = ThreadingHTTPServer(("127.0.0.1", 0), Refusing)
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    url = f"http://127.0.0.1:{http.server_address[1]}/{{z}}/{{x}}/{{y}}.png"
    if server == "is down":
        http.shutdown()
        http.server_close()
    view = MapView()
    qtbot.addWidget(view)
    try:
        view.resize(500, 400)
        view.set_areas(CITY.areas)
        view.set_raster(RasterLayer({"kind": "xyz", "url": url}, attribution="somebody"))
        view.show()
        assert wait_until(lambda: any("areas and marks still work" in n for n in view.notices()))
        (notice,) = view.notices()
        assert ("HTTP 403" if server == "refuses the key" else "ConnectionError") in notice
        assert wait_until(view.tiles.settled)
        view.set_layer_visible("raster", False)
        assert view.notices() == []
    finally:
        view.tiles.process.stop()
        http.shutdown()
        http.server_close()
        thread.join(5)


@pytest.fixture
def mbtiles(tmp_path: Path, qapp) -> Path:
    path = tmp_path / "base.mbtiles"
    database = sqlite3.connect(path)
    database.execute("CREATE TABLE metadata (name TEXT, value TEXT)")
    database.execute("CREATE TABLE tiles (zoom_level INT, tile_column INT, tile_row INT, tile_data BLOB)")
    database.executemany("INSERT INTO metadata VALUES (?, ?)", [("format", "png"), ("minzoom", "0"), ("maxzoom", "0")])
    database.execute("INSERT INTO tiles VALUES (0, 0, 0, ?)", (png("#ff00ff"),))
    database.commit()
    database.close()
    return path


def test_the_tile_process_opens_an_mbtiles_file_by_its_description(qtbot, mbtiles):
    view = MapView()
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.set_areas(CITY.areas)
    view.set_layer_visible("areas", False)
    view.set_raster(RasterLayer({"kind": "mbtiles", "path": str(mbtiles)}, attribution="somebody"))
    view.show()
    x, y = to_world(117.02, 30.52)
    assert wait_until(view.tiles.settled)
    image = view.grab().toImage()
    seen = image.pixelColor(250, 60)
    assert seen.red() > seen.green() + 60
    assert seen.blue() > seen.green() + 60
    assert "somebody" in view._footer_texts()
    assert (x, y) != (0.0, 0.0)
    view.tiles.process.stop()


def test_a_raster_that_cannot_be_opened_is_said_and_the_map_stays(qtbot, tmp_path):
    view = MapView()
    qtbot.addWidget(view)
    view.resize(500, 400)
    view.set_areas(CITY.areas)
    view.set_raster(RasterLayer({"kind": "mbtiles", "path": str(tmp_path / "missing.mbtiles")}))
    view.show()
    assert wait_until(lambda: view._raster_fault != "")
    assert wait_until(view.tiles.settled)
    assert any("missing.mbtiles" in text for text in view.notices())
    assert view.tiles.process.restarts == 0
    view.set_raster(None)
    assert view.notices() == []
    view.tiles.process.stop()
