"""Tile sources: local files, and remote ones that go on from their cache when the network is gone."""

from __future__ import annotations

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from app.domain.faults import KnownFault
from app.geo.tiles import open_source, tianditu
from app.geo.tiles.cache import TileCache

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
SHARED = Path(os.environ.get("LIANDONG_SHARED") or Path(__file__).resolve().parents[2] / "../shared")


def mbtiles(path: Path, form: str, data: bytes) -> Path:
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE metadata (name text, value text)")
        database.execute(
            "CREATE TABLE tiles (zoom_level integer, tile_column integer, tile_row integer, tile_data blob)"
        )
        database.executemany("INSERT INTO metadata VALUES (?, ?)", [("format", form), ("attribution", "来源")])
        database.execute("INSERT INTO tiles VALUES (1, 0, 1, ?)", (data,))
        database.commit()
    return path


def test_raster_mbtiles_answer_by_xyz_addresses(tmp_path: Path) -> None:
    source = open_source(
        {"kind": "mbtiles", "path": str(mbtiles(tmp_path / "a.mbtiles", "png", PNG)), "approval": "GS 1"}
    )
    assert source.tile(1, 0, 0) == PNG
    assert source.tile(1, 0, 1) is None
    assert (source.min_zoom, source.max_zoom, source.attribution) == (1, 1, "来源 GS 1")
    source.close()


@pytest.mark.parametrize(
    ("form", "data", "words"),
    [
        ("pbf", b"\x1f\x8b123", "vector tiles.*import base"),
        ("png", b"\x1f\x8b123", "vector tiles"),
        ("xyz", PNG, "format xyz"),
        ("", b"?", "no picture"),
    ],
)
def test_mbtiles_that_are_no_raster_are_refused_in_words(tmp_path: Path, form: str, data: bytes, words: str) -> None:
    path = mbtiles(tmp_path / "a.mbtiles", form, data)
    with pytest.raises(KnownFault, match=words):
        open_source({"kind": "mbtiles", "path": str(path)})


def test_what_is_no_database_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "a.mbtiles"
    path.write_bytes(b"nothing of the kind" * 100)
    with pytest.raises(KnownFault, match="no MBTiles file"):
        open_source({"kind": "mbtiles", "path": str(path)})
    with pytest.raises(KnownFault, match="There is no file"):
        open_source({"kind": "mbtiles", "path": str(tmp_path / "none")})


@pytest.mark.skipif(not (SHARED / "data/basemap").is_dir(), reason="the folder of shared data is not here")
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("mbtileserver_geography-class-png.mbtiles", ""),
        ("mbtileserver_world_cities.mbtiles", "vector tiles"),
        ("mbtileserver_invalid-tile-format.mbtiles", "no picture"),
        ("mbtileserver_invalid.mbtiles", "no MBTiles file"),
    ],
)
def test_real_mbtiles_are_opened_or_refused(name: str, words: str) -> None:
    description = {"kind": "mbtiles", "path": str(SHARED / "data/basemap" / name)}
    if words:
        with pytest.raises(KnownFault, match=words):
            open_source(description)
        return
    source = open_source(description)
    assert all(source.tile(1, x, y) for x in (0, 1) for y in (0, 1))
    source.close()


class _Server(ThreadingHTTPServer):
    status = 200
    body = PNG
    asked: list[str]


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(self.server.status)
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        self.wfile.write(self.server.body)

    def log_message(self, *args: object) -> None:
        return


@pytest.fixture
def server() -> Iterator[_Server]:
    server = _Server(("127.0.0.1", 0), _Handler)
    server.asked = []
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def xyz(server: _Server, cache: Path | None = None, **more: object) -> dict[str, object]:
    url = f"http://127.0.0.1:{server.server_address[1]}/{{z}}/{{x}}/{{y}}.png?k={{key}}"
    return {
        "kind": "xyz",
        "url": url,
        "key": "secret",
        "timeout_s": 2,
        **({"cache": str(cache)} if cache else {}),
        **more,
    }


def test_a_tile_is_fetched_once_and_then_comes_from_the_cache(server: _Server, tmp_path: Path) -> None:
    source = open_source(xyz(server, tmp_path))
    assert [source.tile(3, 5, 2) for _ in range(3)] == [PNG] * 3
    assert server.asked == ["/3/5/2.png?k=secret"]
    assert not [path for path in tmp_path.rglob("*") if "secret" in str(path)]
    source.close()


def test_without_a_network_old_tiles_stay_and_nothing_waits(server: _Server, tmp_path: Path) -> None:
    source = open_source(xyz(server, tmp_path, max_age_days=0))
    assert source.tile(3, 5, 2) == PNG
    source.close()
    away = open_source({**xyz(server, tmp_path, max_age_days=0), "offline": True})
    assert away.tile(3, 5, 2) == PNG
    assert away.tile(3, 5, 3) is None
    assert len(server.asked) == 1


def test_errors_of_the_service_are_a_problem_in_words_not_an_exception(server: _Server) -> None:
    source = open_source(xyz(server))
    server.status = 403
    assert source.tile(3, 5, 2) is None
    assert "refuses the key" in str(source.problem)
    assert source.tile(3, 5, 2) is None
    assert len(server.asked) == 1, "after a failure the network rests for a while"
    source.close()


def test_what_is_no_picture_and_what_is_not_there_give_no_tile(server: _Server, tmp_path: Path) -> None:
    server.body = b"<html>log in</html>"
    source = open_source(xyz(server))
    assert source.tile(1, 0, 0) is None
    assert "no picture" in str(source.problem)
    source.close()
    server.status = 404
    other = open_source(xyz(server, tmp_path))
    assert other.tile(1, 0, 0) is None
    assert other.tile(1, 0, 0) is None
    assert len(server.asked) == 2, "that there is no such tile is kept, too"
    other.close()


def test_addresses_outside_the_zooms_and_the_world_are_not_asked_for(server: _Server) -> None:
    source = open_source(xyz(server, min_zoom=2, max_zoom=4))
    assert [source.tile(*a) for a in ((1, 0, 0), (5, 0, 0), (2, 4, 0), (2, 0, -1))] == [None] * 4
    assert server.asked == []


def test_tianditu_is_asked_as_it_wants_and_shows_its_approval_number(tmp_path: Path) -> None:
    source = open_source(tianditu("vec", "KEY", str(tmp_path), "GS(2024)0650号"))
    url = source.url_of(10, 844, 420)
    assert url.startswith("https://t0.tianditu.gov.cn/vec_w/wmts?SERVICE=WMTS&REQUEST=GetTile")
    assert url.endswith("&TILEMATRIX=10&TILEROW=420&TILECOL=844&tk=KEY")
    assert source.attribution == "天地图 GS(2024)0650号"


@pytest.mark.parametrize(
    "description",
    [
        {"kind": "wms"}, {"kind": "xyz", "url": "ftp://x/{z}/{x}/{y}"}, {"kind": "xyz", "url": "http://x/"},
        {"kind": "xyz", "url": "http://u:p@x/{z}/{x}/{y}"}, {"kind": "xyz", "url": "http://x/{z}/{x}/{y}", "colour": 1},
        {"kind": "wmts", "url": "http://x/"}, {"kind": "xyz", "url": "http://x/{z}/{x}/{y}", "max_zoom": "high"},
        {"kind": "xyz", "url": "http://x/{z}/{x}/{y}", "key_env": "NO_SUCH_VARIABLE_HERE"},
    ],
)  # fmt: skip
def test_a_wrong_description_is_refused(description: dict[str, object]) -> None:
    with pytest.raises(KnownFault):
        open_source(description)


def test_the_cache_is_bounded_and_the_oldest_go_first(tmp_path: Path) -> None:
    cache = TileCache(tmp_path, limit_mb=0.01)
    for i in range(30):
        cache.put(5, i, 0, bytes(1000), now_s=1000.0 + i)
    cache.prune()
    assert cache.get(5, 0, 0, 2000.0) is None
    assert cache.get(5, 29, 0, 2000.0) is not None
