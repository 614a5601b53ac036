"""The raster background of a seat: from the command line into the map."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from app.cli import main
from widgets.screens.map_feed import raster_layer

SHARED = Path(os.environ.get("LIANDONG_SHARED") or Path(__file__).resolve().parents[2] / "../shared/data")
BASEMAPS = SHARED / "basemap"
XYZ = "http://127.0.0.1:9/{z}/{x}/{y}.png"


@pytest.fixture
def folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    assert main(["init", "--data", str(tmp_path), "--name", "测试区"]) == 0
    capsys.readouterr()
    return tmp_path


def shown(folder: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    capsys.readouterr()
    main(["basemap", "show", "--json", "--data", str(folder)])
    told: dict[str, object] = json.loads(capsys.readouterr().out)
    return told


def test_a_network_source_is_set_shown_and_cleared(folder, capsys):
    assert shown(folder, capsys)["basemap"] is None
    assert main(["basemap", "set", "xyz", XYZ, "--attribution", "图源", "--data", str(folder)]) == 0
    kept = shown(folder, capsys)["basemap"]
    assert isinstance(kept, dict)
    layer = raster_layer(kept)
    assert layer is not None
    assert (layer.source["url"], layer.attribution, layer.max_zoom) == (XYZ, "图源", 18)
    assert main(["basemap", "clear", "--data", str(folder)]) == 0
    assert shown(folder, capsys)["basemap"] is None
    assert raster_layer(None) is None


def test_tianditu_keeps_the_name_of_its_key_and_shows_its_approval_number(folder, capsys, monkeypatch):
    words = ["basemap", "set", "tianditu", "--layer", "img", "--key-env", "MAP_KEY", "--approval", "GS(2024)0650号"]
    monkeypatch.delenv("MAP_KEY", raising=False)
    assert main([*words, "--data", str(folder)]) == 1
    assert "MAP_KEY" in capsys.readouterr().err
    assert shown(folder, capsys)["basemap"] is None, "what is refused changes nothing"
    monkeypatch.setenv("MAP_KEY", "topsecret")
    assert main([*words, "--data", str(folder)]) == 0
    assert "topsecret" not in capsys.readouterr().out
    kept = shown(folder, capsys)["basemap"]
    assert isinstance(kept, dict)
    assert "topsecret" not in json.dumps(kept)
    layer = raster_layer(kept)
    assert layer is not None
    assert layer.attribution == "天地图 GS(2024)0650号"


@pytest.mark.parametrize(
    ("words", "part"),
    [
        (("xyz", XYZ), "--attribution"),
        (("xyz", "http://me:pw@host/{z}/{x}/{y}.png", "--attribution", "T"), "key_env"),
        (("xyz", "http://host/{z}.png", "--attribution", "T"), "{x}"),
        (("wmts", "http://host/wmts", "--attribution", "T"), "--layer"),
        (("tianditu", "--key-env", "K"), "--approval"),
        (("mbtiles",), "mbtiles"),
        (("mbtiles", "/nowhere/base.mbtiles"), "base.mbtiles"),
        ((), "mbtiles"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_reason(folder, capsys, words, part):
    assert main(["basemap", "set", *words, "--data", str(folder)]) == 1
    assert part in capsys.readouterr().err


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("mbtileserver_world_cities.mbtiles", "矢量"),
        ("mbtileserver_invalid.mbtiles", "MBTiles"),
        ("mbtileserver_invalid-tile-format.mbtiles", "png"),
    ],
)
def test_files_that_hold_no_pictures_are_refused(folder, capsys, name, part):
    if not (BASEMAPS / name).exists():
        pytest.skip("the shared data folder is absent")
    assert main(["basemap", "set", "mbtiles", str(BASEMAPS / name), "--data", str(folder)]) == 1
    assert part in capsys.readouterr().err


def test_a_raster_file_is_taken_with_its_own_zooms(folder, capsys):
    file = BASEMAPS / "mbtileserver_geography-class-png.mbtiles"
    if not file.exists():
        pytest.skip("the shared data folder is absent")
    assert main(["basemap", "set", "mbtiles", str(file), "--approval", "GS(1)2号", "--data", str(folder)]) == 0
    layer = raster_layer(shown(folder, capsys)["basemap"])
    assert layer is not None
    assert layer.attribution.endswith("GS(1)2号")


def test_a_store_that_is_not_there_is_told(tmp_path, capsys):
    words = ["basemap", "set", "xyz", XYZ, "--attribution", "T", "--data", str(tmp_path / "none")]
    assert main(words) == 1
    assert "init" in capsys.readouterr().err
