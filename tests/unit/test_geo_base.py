"""The vector base: what is drawn, what is left out, and a file that gives the same back."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import shapely

from app.domain.faults import KnownFault
from app.geo.base import ROAD_LOCAL, ROAD_PATH, ROAD_TRUNK, BaseBuilder, BaseMap, classify


@pytest.mark.parametrize(
    ("tags", "layer"),
    [
        ({"highway": "motorway"}, ("roads", ROAD_TRUNK)),
        ({"highway": "residential"}, ("roads", ROAD_LOCAL)),
        ({"highway": "footway"}, ("roads", ROAD_PATH)),
        ({"highway": "street_lamp"}, None),
        ({"building": "yes", "name": "x"}, ("buildings", 0)),
        ({"building": "no"}, None),
        ({"waterway": "river"}, ("water", 0)),
        ({"natural": "water"}, ("water", 0)),
        ({"natural": "wood"}, ("greens", 0)),
        ({"leisure": "park"}, ("greens", 0)),
        ({"featurecla": "Lake Centerline"}, ("water", 0)),
        ({"class": "河流"}, ("water", 0)),
        ({"type": "主干道"}, ("roads", 1)),
        ({"amenity": "bench"}, None),
    ],
)
def test_properties_tell_the_layer(tags: dict[str, str], layer: tuple[str, int] | None) -> None:
    assert classify(tags) == layer


def build() -> BaseMap:
    builder = BaseBuilder("来源")
    hole = shapely.Polygon([(0, 0), (4, 0), (4, 4), (0, 4)], [[(1, 1), (2, 1), (2, 2)]])
    assert builder.add(
        shapely.MultiLineString([[(117, 30), (117.1, 30)], [(117, 31), (117.1, 31)]]), ("roads", 1), "长江路"
    )
    assert builder.add(hole, ("water", 0))
    assert builder.add(shapely.LineString([(0, 0), (1, 1)]), ("water", 0))
    assert builder.add(shapely.box(0, 0, 1, 1), ("roads", 5), "广场")
    assert not builder.add(shapely.Point(1, 1), ("buildings", 0))
    assert not builder.add(shapely.box(0, 0, 1, 1), None)
    assert builder.left_out == 2
    return builder.build()


def test_a_base_map_survives_its_file_to_the_centimetre(tmp_path: Path) -> None:
    base = build()
    base.save(tmp_path / "base.npz")
    back = BaseMap.load(tmp_path / "base.npz")
    assert (len(back.roads), len(back.water_lines), len(back.water), back.count) == (3, 1, 1, 5)
    assert list(back.road_names) == ["长江路", "长江路", "广场"]
    assert back.road_class.tolist() == [1, 1, 5]
    assert [len(ring) for ring in back.water[0]] == [5, 4]
    assert np.abs(back.roads[0] - base.roads[0]).max() < 1e-7
    assert back.attribution == "来源"


def test_an_empty_base_map_survives_too() -> None:
    assert BaseMap.from_bytes(BaseMap().to_bytes()).count == 0


def test_bases_of_several_files_are_one(tmp_path: Path) -> None:
    both = build().merged(build())
    assert both.count == 10
    assert both.attribution == "来源"
    assert len(both.road_names) == len(both.roads) == len(both.road_class)


def test_another_file_is_no_base_map(tmp_path: Path) -> None:
    path = tmp_path / "x.npz"
    path.write_bytes(b"PK\x03\x04 nothing")
    with pytest.raises(KnownFault, match="no base map"):
        BaseMap.load(path)
    with pytest.raises(KnownFault, match="cannot be read"):
        BaseMap.load(tmp_path / "none.npz")
