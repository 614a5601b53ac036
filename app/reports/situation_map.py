"""The situation map that leaves the building: one HTML file that asks no network for anything and names no person.

folium makes the page, Leaflet is written into it, the base is our own vector base. A content security policy forbids
every request. Open incidents stand by level with number, kind, phase and grid; of sensitive kinds (DISTRICT.md) only
class and grid are told, at the grid's middle. Callers, descriptions and places in callers' words stay inside.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import folium
import numpy as np
import shapely
from branca.element import Element, Figure
from shapely.geometry.base import BaseGeometry

from app import text
from app.domain.faults import KnownFault, Message
from app.geo.base import BaseMap
from app.reports.files import whole
from app.reports.situation import Situation, read_situation
from app.services.book import Book
from app.services.lamp import lamp, time_left_text
from app.services.queue_order import sort_rows
from app.services.seat import Seat
from app.services.views import AreaRow, Flag, QueueRow
from app.text import escape_html, mark

LEAFLET = Path(__file__).resolve().parents[2] / "resources" / "leaflet"
MAX_BYTES = 5_000_000
SIMPLIFY_DEG = 0.00004
"""about 4 m: below what the page shows at its deepest zoom"""
MAX_INCIDENTS = 3_000
"""so many are marked, the most urgent first; counts and grids tell of all"""
_CSP = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
    "form-action 'none'"
)
_LEVEL = ("#C92A2A", "#E8590C", "#B08900", "#1C7ED6")
_NUMERAL = ("I", "II", "III", "IV")
_ROAD_WIDTH = (3.0, 2.4, 1.8, 1.2, 0.8, 0.5)
_STEPS = ((0, "#EEF3F9"), (1, "#C6DBEF"), (3, "#7FB2DA"), (6, "#2F79B5"))
"""open incidents of a grid from … on, colour: one hue from light to dark, safe for colour-blind readers"""


def say(source: str, **params: object) -> str:
    """A text in the language in use, escaped for HTML."""
    return escape_html(text.render(Message(source, params)))


def write_situation_map(seat: Seat, path: Path) -> int:
    """Write the map of the seat's area as it is now; returns the file's size in bytes.

    Raises `KnownFault` when nothing can be drawn (no areas, no incidents), or the file cannot be written.
    """
    return draw_situation(read_situation(seat), path)


def draw_situation(situation: Situation, path: Path) -> int:
    """As `write_situation_map`, of what was read before: asks no seat, so that it may take its time."""
    rows = list(sort_rows(situation.rows))
    areas, book = situation.areas, situation.book
    if not areas and not any(r.lon is not None for r in rows):
        raise KnownFault(Message("There is nothing to draw yet: bring areas in, or take an incident in."))
    base = BaseMap.load(situation.base) if situation.base is not None else None

    def page(drawn: BaseMap | None) -> bytes:
        return render(rows, areas, book, drawn, now=situation.now, centre=situation.centre, nature=situation.nature,
                      zone=situation.zone).encode("utf-8")

    data = page(base)
    if len(data) > MAX_BYTES and base is not None:
        data = page(_roads_only(base))
    with whole(path) as part:
        part.write_bytes(data)
    return len(data)


def _roads_only(base: BaseMap) -> BaseMap:
    """What of a base fits into a file that is mailed: main roads and water."""
    keep = [i for i, c in enumerate(base.road_class) if c <= 2]
    return BaseMap(
        [base.roads[i] for i in keep],
        np.asarray([base.road_class[i] for i in keep], np.int8),
        [base.road_names[i] for i in keep] if base.road_names else (),
        base.water_lines,
        base.water,
        (),
        (),
        base.attribution,
        base.generated,
    )


def render(
    rows: Sequence[QueueRow],
    areas: Sequence[AreaRow],
    book: Book,
    base: BaseMap | None,
    *,
    now: datetime,
    centre: str,
    nature: str,
    zone: str = "Asia/Shanghai",
) -> str:
    """The page as HTML text."""
    page = _page()
    if base is not None:
        _add_base(page, base)
    middles = _add_areas(page, areas, rows, book)
    marked = _add_incidents(page, rows, book, middles, now.timestamp())
    folium.LayerControl(collapsed=True).add_to(page)
    bounds = _work_bounds(rows) or _bounds(areas)
    if bounds is not None:
        page.fit_bounds(bounds)
    _frame(page, rows, marked, base, areas, now.astimezone(ZoneInfo(zone)), centre, nature)
    html: str = page.get_root().render()
    return html


class _Map(folium.Map):
    """A map whose scripts and styles are written into the page."""

    default_js: list[tuple[str, str]] = []  # noqa: RUF012 - folium's own attribute
    default_css: list[tuple[str, str]] = []  # noqa: RUF012


def _figure(page: folium.Map) -> Figure:
    root = page.get_root()
    assert isinstance(root, Figure)
    return root


def _page() -> folium.Map:
    page = _Map(tiles=None, prefer_canvas=True, zoom_control=True, min_zoom=8, max_zoom=19, attr="", zoom_snap=0.5)
    figure = _figure(page)
    figure.title = text.render(Message("Situation map"))
    head = figure.header
    head.add_child(Element(f'<meta http-equiv="Content-Security-Policy" content="{_CSP}">'), index=0, name="csp")
    style, script = ((LEAFLET / f"leaflet.{kind}").read_text(encoding="utf-8") for kind in ("css", "js"))
    head.add_child(Element(f"<style>{style}</style>"), name="leaflet_css")
    head.add_child(Element(f"<script>{script}</script>"), name="leaflet_js")
    head.add_child(Element(_NODES), name="nodes")
    head.add_child(Element(_STYLE), name="own_css")
    return page


_NODES = (
    "<script>window.$=function(h){var t=document.createElement('template');t.innerHTML=h.trim();"
    "return [t.content.firstElementChild]}</script>"
)
"""folium makes popups through jQuery's node making; that one use needs no library"""

_STYLE = """<style>
.leaflet-container,.frame{font:14px/1.5 "Noto Sans CJK SC","Noto Sans SC","Microsoft YaHei","PingFang SC",sans-serif}
.leaflet-container{background:#F7F9FC}.leaflet-control-attribution{display:none}
.frame{position:fixed;z-index:900;background:#FFFFFFF2;border:1px solid #C9D5E5;border-radius:6px;padding:8px 12px;
color:#17253B}
.frame.top{top:10px;left:60px;right:60px;display:flex;gap:16px;align-items:baseline;flex-wrap:wrap}
.frame.top b{font-size:20px}.frame.legend{bottom:28px;right:10px;max-width:46vw}
.demo{background:#C92A2A;color:#fff;border-radius:4px;padding:0 8px}
.mark{display:flex;align-items:center;justify-content:center;color:#fff;font-weight:700;font-size:12px;box-sizing:border-box;
border:1px solid #fff;box-shadow:0 0 2px #0008;width:20px;height:20px}
.m1{transform:rotate(45deg);background:#C92A2A}.m1 span{transform:rotate(-45deg)}
.m2{background:#E8590C;clip-path:polygon(50% 0,100% 100%,0 100%);padding-top:7px;font-size:10px}.m3{background:#B08900}
.m4{background:#1C7ED6;border-radius:50%}.sw{display:inline-block;width:14px;height:14px;border:1px solid #8FA3BF;
vertical-align:-2px;margin:0 4px 0 10px}
</style>"""


def _lines(rings: Iterable[Any]) -> list[list[list[float]]]:
    shapes = shapely.simplify(
        np.array([shapely.LineString(r) for r in rings if len(r) > 1], dtype=object), SIMPLIFY_DEG
    )
    return [np.round(shapely.get_coordinates(s), 5).tolist() for s in shapes if not s.is_empty]


def _feature(kind: str, coordinates: object, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "geometry": {"type": kind, "coordinates": coordinates}, "properties": properties}


def _collection(features: list[dict[str, Any]]) -> dict[str, Any]:
    return {"type": "FeatureCollection", "features": features}


def _polygons(polygons: Iterable[Any]) -> list[Any]:
    out = []
    for rings in polygons:
        shape = shapely.simplify(shapely.Polygon(rings[0], [h for h in rings[1:] if len(h) > 3]), SIMPLIFY_DEG)
        if not shape.is_empty and shape.geom_type == "Polygon":
            out.append([np.round(shapely.get_coordinates(r), 5).tolist() for r in [shape.exterior, *shape.interiors]])
    return out


def _add_base(page: folium.Map, base: BaseMap) -> None:
    water = folium.FeatureGroup(name=say(mark("Water")), control=False)
    polygons = _polygons(base.water)
    if polygons:
        folium.GeoJson(
            _collection([_feature("MultiPolygon", polygons)]),
            interactive=False,
            style_function=lambda _f: {"color": "#A9C8E6", "weight": 1, "fillColor": "#CFE3F5", "fillOpacity": 1},
        ).add_to(water)
    if base.water_lines:
        folium.GeoJson(
            _collection([_feature("MultiLineString", _lines(base.water_lines))]),
            interactive=False,
            style_function=lambda _f: {"color": "#A9C8E6", "weight": 2},
        ).add_to(water)
    water.add_to(page)
    roads = folium.FeatureGroup(name=say(mark("Roads")))
    for rank, width in enumerate(_ROAD_WIDTH):
        lines = _lines([r for r, c in zip(base.roads, base.road_class, strict=True) if c == rank])
        if lines:
            folium.GeoJson(
                _collection([_feature("MultiLineString", lines)]),
                interactive=False,
                style_function=_road_style(width),
            ).add_to(roads)
    roads.add_to(page)


def _road_style(width: float) -> Any:
    return lambda _f: {"color": "#B9C4D4", "weight": width}


def _add_areas(
    page: folium.Map, areas: Sequence[AreaRow], rows: Sequence[QueueRow], book: Book
) -> dict[str, tuple[float, float]]:
    """Grids coloured by open incidents; returns the middle of each area for what is told only by its grid."""
    counts: dict[str, int] = {}
    for row in rows:
        if row.area_id:
            counts[row.area_id] = counts.get(row.area_id, 0) + 1
    middles: dict[str, tuple[float, float]] = {}
    deepest = max((a.level for a in areas), default=0)
    grids, lines = [], []
    for area in areas:
        shape = _shape(area.wkb)
        point = shape.representative_point()
        middles[area.id] = (point.x, point.y)
        simple = shapely.simplify(shape, SIMPLIFY_DEG)
        if area.level == deepest:
            grids.append(
                _feature(
                    simple.geom_type,
                    _coordinates(simple),
                    n=counts.get(area.id, 0),
                    name=escape_html(book.area_label(area.id, 2)),
                    told=say(mark("{count} open"), count=counts.get(area.id, 0)),
                )
            )
        elif area.level <= 1:
            lines.append(_feature(simple.geom_type, _coordinates(simple), level=area.level))
    layer = folium.FeatureGroup(name=say(mark("Grids by open incidents")))
    if grids:
        folium.GeoJson(
            _collection(grids),
            style_function=_grid_style,
            tooltip=folium.GeoJsonTooltip(["name", "told"], labels=False),
        ).add_to(layer)
    layer.add_to(page)
    if lines:
        outline = folium.FeatureGroup(name=say(mark("Boundaries")))
        folium.GeoJson(
            _collection(lines),
            interactive=False,
            style_function=lambda f: {
                "color": "#45597A",
                "weight": 2.5 if f["properties"]["level"] == 0 else 1.2,
                "fill": False,
            },
        ).add_to(outline)
        outline.add_to(page)
    return middles


def _shape(wkb: bytes | None) -> BaseGeometry:
    shape = shapely.from_wkb(wkb)
    assert shape is not None
    return shape


def _coordinates(shape: Any) -> Any:
    polygons = list(shape.geoms) if shape.geom_type == "MultiPolygon" else [shape]
    out = [
        [np.round(shapely.get_coordinates(r), 5).tolist() for r in [p.exterior, *p.interiors]]
        for p in polygons
        if p.geom_type == "Polygon"
    ]
    return out if shape.geom_type == "MultiPolygon" else out[0]


def _grid_style(feature: dict[str, Any]) -> dict[str, Any]:
    count = feature["properties"]["n"]
    colour = next(c for least, c in reversed(_STEPS) if count >= least)
    return {"color": "#9FB3CC", "weight": 0.6, "fillColor": colour, "fillOpacity": 0.55}


def _add_incidents(
    page: folium.Map, rows: Sequence[QueueRow], book: Book, middles: dict[str, tuple[float, float]], now: float
) -> int:
    """Marks of the most urgent `MAX_INCIDENTS` that have a place; returns how many those are."""
    lang, marked = text.language().lang, 0
    for level in (4, 3, 2, 1):
        here = [r for r in rows[:MAX_INCIDENTS] if r.level == level]
        count = sum(1 for r in rows if r.level == level)
        group = folium.FeatureGroup(name=f"{_NUMERAL[level - 1]} · {count}")
        for row in here:
            sensitive = bool(row.flags & Flag.SENSITIVE) or book.is_sensitive(row.kind)
            point = middles.get(row.area_id or "") if sensitive else (row.lon, row.lat)
            if point is None or point[0] is None or point[1] is None:
                continue
            marked += 1
            popup = folium.Popup(_words(row, book, lang, now, sensitive), max_width=320)
            where = (round(point[1], 6), round(point[0], 6))
            if level == 4:
                folium.CircleMarker(
                    where,
                    radius=6,
                    color="#FFFFFF",
                    weight=1.5,
                    fill=True,
                    fill_color=_LEVEL[3],
                    fill_opacity=0.95,
                    popup=popup,
                ).add_to(group)
            else:
                folium.Marker(where, icon=_icon(level), popup=popup, z_index_offset=1000 * (4 - level)).add_to(group)
        group.add_to(page)
    return marked


def _icon(level: int) -> folium.DivIcon:
    return folium.DivIcon(
        html=f'<div class="mark m{level}"><span>{_NUMERAL[level - 1]}</span></div>',
        icon_size=(22, 22),
        icon_anchor=(11, 11),
        class_name="",
    )


def _words(row: QueueRow, book: Book, lang: str, now: float, sensitive: bool) -> str:
    kind = row.kind
    if sensitive:
        entry = book.code("kind", kind)
        label = (
            book.label("kind_class", entry.parent, lang) if entry and entry.parent else say(mark("sensitive matter"))
        )
        return f"<b>{escape_html(label)}</b><br>{escape_html(book.area_label(row.area_id, 2))}"
    left = escape_html(text.render(time_left_text(row, now)))
    state = {"red": "#C92A2A", "yellow": "#B08900", "green": "#2B8A3E"}.get(lamp(row, now), "#5B6B82")
    return (
        f"<b>{escape_html(book.label('kind', kind, lang))}</b> {escape_html(row.number)}<br>"
        f"{escape_html(book.phase_label(row.phase, kind, lang))} · "
        f'<span style="color:{state}">{left}</span><br>{escape_html(book.area_label(row.area_id, 2))}'
    )


def _work_bounds(rows: Sequence[QueueRow]) -> list[list[float]] | None:
    """Where the work is: every incident of level I–III and the middle nine tenths of all; None below four incidents."""
    points = np.array([(r.lon, r.lat) for r in rows if r.lon is not None and r.lat is not None], dtype=np.float64)
    if len(points) < 4:
        return None
    low, high = np.quantile(points, 0.05, axis=0), np.quantile(points, 0.95, axis=0)
    pad = np.maximum((high - low) * 0.08, 0.002)
    (west, south), (east, north) = low - pad, high + pad
    return [[round(float(south), 6), round(float(west), 6)], [round(float(north), 6), round(float(east), 6)]]


def _bounds(areas: Sequence[AreaRow]) -> list[list[float]] | None:
    if not areas:
        return None
    top = min(a.level for a in areas)
    shapes = np.array([shapely.from_wkb(a.wkb) for a in areas if a.level == top], dtype=object)
    west, south, east, north = shapely.total_bounds(shapes)
    return [[round(float(south), 6), round(float(west), 6)], [round(float(north), 6), round(float(east), 6)]]


def _frame(
    page: folium.Map,
    rows: Sequence[QueueRow],
    marked: int,
    base: BaseMap | None,
    areas: Sequence[AreaRow],
    at: datetime,
    centre: str,
    nature: str,
) -> None:
    notes = ["Leaflet"]
    if base is not None and base.attribution:
        notes.append(escape_html(base.attribution))
    if any(a.generated for a in areas) or (base is not None and base.generated):
        notes.append(say(mark("boundaries and base map are generated")))
    demo = f'<span class="demo">{say(mark("DEMO"))}</span>' if nature != "live" else ""
    levels = " ".join(f"{_NUMERAL[i]} {sum(1 for r in rows if r.level == i + 1)}" for i in range(4))
    shown = say(mark("{marked} of them are marked here"), marked=marked)
    less = f"<span>{shown}</span>" if marked < len(rows) else ""
    swatches = "".join(
        f'<span class="sw" style="background:{c}"></span>{_step(i)}' for i, (_, c) in enumerate(_STEPS)
    )
    body = _figure(page).html
    body.add_child(
        Element(
            f'<div class="frame top"><b>{escape_html(centre)}</b>{demo}<span>{at:%Y-%m-%d %H:%M}</span>'
            f"<span>{say(mark('{count} open'), count=len(rows))} · {levels}</span>{less}</div>"
            f'<div class="frame legend">{say(mark("open incidents of a grid"))}{swatches}<br>{" · ".join(notes)}</div>'
        )
    )


def _step(i: int) -> str:
    least = _STEPS[i][0]
    if i == len(_STEPS) - 1:
        return f"{least}+"
    last = _STEPS[i + 1][0] - 1
    return str(least) if last == least else f"{least}–{last}"
