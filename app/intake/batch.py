"""A chunk of rows, column by column: texts, numbers, times, positions, each with the rows that fail."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from app.domain.faults import KnownFault, Message
from app.geo.datum import is_projected, to_wgs84
from app.geo.index import AreaIndex
from app.intake.fields import POSITION_FIELDS
from app.intake.limits import MAX_KEY_CHARS
from app.intake.mapping import FieldMap
from app.intake.places import numbers, point_of, share_in_china
from app.intake.profile import Profile
from app.intake.reasons import RowFault, row_fault
from app.intake.records import Kind, full_key
from app.intake.table import RawRow, as_text
from app.intake.times import TimeReader, detect_formats

_SWAP_MARGIN_DEG: Final = 0.2
_CHINA_SHARE: Final = 0.5
_TRUE: Final = frozenset({"1", "true", "yes", "y", "t", "是", "有", "on", "√", "专属"})
_FALSE: Final = frozenset({"", "0", "false", "no", "n", "f", "否", "无", "off", "×", "普通"})


@dataclass(slots=True)
class Context:
    """What is the same for all chunks of one import."""

    profile: Profile
    fields: FieldMap
    source: str
    file: str
    zone: ZoneInfo
    crs: str | None  # None: nobody said; taken as WGS-84 unless the points lie in China
    now: datetime
    crs_hint: Message | None = None
    index: AreaIndex | None = None
    bounds: tuple[float, float, float, float] | None = None  # of the areas in force: against swapped lon and lat
    areas_by_word: Mapping[str, str] = field(default_factory=dict)  # code or name → area key
    size_limits: tuple[int | None, int | None] = (None, None)  # households, merchants of a grid, as a rule
    readers: dict[str, TimeReader] = field(default_factory=dict)

    def check_datum(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> None:
        """Raise KnownFault if nobody said the coordinate system and it cannot be guessed without harm."""
        if self.crs is not None:
            return
        good = np.isfinite(lon) & np.isfinite(lat) & ~((lon == 0.0) & (lat == 0.0))
        if good.any() and float(np.mean(np.maximum(np.abs(lon[good]), np.abs(lat[good])) > 360.0)) > _CHINA_SHARE:
            raise KnownFault(
                Message(
                    "{file}, read with the profile {profile}: the coordinates (such as {x}, {y}) are no degrees but"
                    " metres of a projected system. Say which: add --crs epsg:NNNN (for example --crs epsg:4548 for"
                    " CGCS2000 3-degree zone 117E)",
                    {**self._read(), "x": float(lon[good][0]), "y": float(lat[good][0])},
                )
            )
        if share_in_china(lon, lat) > _CHINA_SHARE:
            raise KnownFault(
                Message(
                    "{file}, read with the profile {profile}: the places lie in China and the file does not say its"
                    " datum; a wrong one puts everything half a kilometre off. {hint}Add one of: --crs wgs84 (GPS,"
                    " surveys, CGCS2000), --crs gcj02 (AMap, Tencent, DataV), --crs bd09 (Baidu)",
                    {**self._read(), "hint": self.crs_hint or ""},
                )
            )

    def _read(self) -> dict[str, object]:
        return {"file": self.file, "profile": self.profile.name}


def digest_of(values: Sequence[object]) -> str:
    """Return the digest of a record's content; equal content has equal digests on every machine."""
    return hashlib.blake2b(repr(values).encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


class Batch:
    """One chunk. A row that fails is in ``faults`` with its first fault; the others become records. ``warnings`` holds
    what a person ought to know of a row, if it is taken."""

    def __init__(self, context: Context, rows: Sequence[RawRow]) -> None:
        self.context = context
        self.rows = rows
        self.count = len(rows)
        self.faults: dict[int, RowFault] = {}
        self.warnings: dict[int, list[str]] = {}
        empty: list[tuple[object, ...]] = [()] * len(context.fields.columns)
        self._columns = list(zip(*(row.values for row in rows), strict=True)) if rows else empty
        self._texts: dict[str, list[str]] = {}

    def reject(self, i: int, reason: str, name: str, got: object, expected: str, /, **params: object) -> None:
        """Refuse row ``i`` unless it is refused already; ``expected`` is a source text that ``params`` fill."""
        if i not in self.faults:
            column = self.context.fields.columns_of.get(name, name)
            where = name if column in (name, "") else f"{name} ({column})"
            self.faults[i] = row_fault(reason, where, got, expected, **params)

    def warn(self, i: int, warning: str) -> None:
        """Note a warning of row ``i``; it counts when the row is taken."""
        self.warnings.setdefault(i, []).append(warning)

    def raw(self, name: str) -> Sequence[object] | None:
        """Return a field's values as read, None where the profile has no source for it."""
        source = self.context.fields.sources.get(name)
        return None if source is None else source(self._columns, self.count)

    def has(self, name: str) -> bool:
        """Tell whether the profile has a source for a field."""
        return name in self.context.fields

    def texts(self, name: str) -> list[str]:
        """Return a field as texts, stripped; "" where it is blank, null or has no source."""
        if name in self._texts:
            return self._texts[name]
        raw = self.raw(name)
        if raw is None:
            texts = [""] * self.count
        else:
            texts = [value.strip() if type(value) is str else as_text(value) for value in raw]
            nulls = self.context.fields.nulls(name)
            if nulls:
                texts = ["" if text in nulls else text for text in texts]
        self._texts[name] = texts
        return texts

    def blank(self, name: str, rows: Sequence[bool]) -> None:
        """Blank a field in the marked rows: their words have been understood already."""
        self._texts[name] = ["" if gone else text for text, gone in zip(self.texts(name), rows, strict=True)]

    def require(self, name: str) -> None:
        """Refuse the rows in which a field is blank."""
        for i, text in enumerate(self.texts(name)):
            if not text:
                self.reject(i, "missing_required", name, "", "a value")

    def require_all(self) -> None:
        """Refuse the rows in which a field of the profile's ``required`` is blank; places are ``positions``' matter."""
        for name in self.context.profile.required:
            if name in POSITION_FIELDS and not (name == "geometry" and self.context.profile.kind is Kind.AREAS):
                continue
            if name == "geometry":
                self._require_geometry()
            else:
                self.require(name)

    def _require_geometry(self) -> None:
        raw = self.raw("geometry")
        for i in range(self.count):
            value = None if raw is None else raw[i]
            if value is None or (isinstance(value, str) and not value.strip()):
                self.reject(i, "missing_required", "geometry", "", "a value")

    def position_required(self) -> bool:
        """Whether the profile refuses rows without a place."""
        return not POSITION_FIELDS.isdisjoint(self.context.profile.required)

    def coded(self, name: str, source: str = "") -> list[str]:
        """Return a field's words translated to codes; a word that nobody knows stays itself, or is refused by the
        vocabulary."""
        values = self.context.fields.values(name)
        out: list[str] = []
        for i, word in enumerate(self.texts(source or name)):
            code = values.code(word)
            if code is None:
                code = word
                if values.vocabulary is not None and word:
                    known = ", ".join(v for v in values.vocabulary if v)
                    expected = "one of {known}, or a line in [values.{field}]"
                    self.reject(i, "unknown_value", source or name, word, expected, known=known, field=name)
            out.append(code)
        return out

    def numbers(self, name: str) -> NDArray[np.float64]:
        """Return a field as numbers, NaN where blank; rows with something else are refused."""
        texts = self.texts(name)
        values, bad = numbers(texts, self.context.profile.decimal_comma)
        for i in bad:
            self.reject(i, "bad_number", name, texts[i], "a number")
        return values

    def whole_numbers(self, name: str) -> list[int | None]:
        """Return a field as whole numbers that are not negative, None where blank."""
        values = self.numbers(name)
        texts = self.texts(name)
        out: list[int | None] = []
        for i, value in enumerate(values.tolist()):
            if value == value and (value < 0 or value != int(value) or value > 1e12):
                self.reject(i, "bad_number", name, texts[i], "a whole number, not negative")
                out.append(None)
            else:
                out.append(int(value) if value == value else None)
        return out

    def flags(self, name: str) -> list[bool]:
        """Return a field as yes or no; rows with another word are refused."""
        out = []
        for i, text in enumerate(self.coded(name)):
            word = text.lower()
            if word not in _TRUE and word not in _FALSE:
                self.reject(i, "unknown_value", name, text, "yes or no (1/0, true/false, 是/否)")
            out.append(word in _TRUE)
        return out

    def words(self, name: str) -> list[tuple[str, ...]]:
        """Return a field that holds several words, split at the profile's separators."""
        separators = self.context.profile.split
        table = str.maketrans(dict.fromkeys(separators, "\n"))
        return [
            tuple(word for part in text.translate(table).split("\n") if (word := part.strip())) if text else ()
            for text in self.texts(name)
        ]

    def reader(self, name: str) -> TimeReader:
        """Return the reader of a time field: the profile's formats, else found from this chunk and kept for the
        others."""
        context = self.context
        reader = context.readers.get(name)
        if reader is None:
            formats = context.profile.date_formats
            if not formats:
                samples = self.texts(name)
                column = context.fields.columns_of.get(name, name)
                formats = detect_formats(samples, column, context.profile.day_first)
                if not any(samples):
                    return TimeReader(formats, context.zone)  # nothing seen yet: the next chunk decides
            reader = context.readers[name] = TimeReader(formats, context.zone)
        return reader

    def times(self, name: str) -> list[datetime | None]:
        """Return a field as UTC times, None where blank; rows with something else are refused."""
        if not self.has(name):
            return [None] * self.count
        reader = self.reader(name)
        out: list[datetime | None] = []
        for i, text in enumerate(self.texts(name)):
            value = reader.parse(text) if text else None
            if text and value is None:
                self.reject(i, "bad_date", name, text, "a time of the form {form}", form=" / ".join(reader.formats[:3]))
            out.append(value)
        return out

    def keys(self, *instead: str) -> list[str]:
        """Return the ids of the rows in their source: the key field, else the fields ``instead``, else the row's
        digest."""
        texts = list(self.texts("key"))
        for name in instead:
            if "" not in texts:
                break
            other = self.texts(name)
            texts = [text or other[i] for i, text in enumerate(texts)]
        by_content = self.context.profile.key_fallback == "row" or not self.has("key")
        for i, text in enumerate(texts):
            if not text:
                if by_content:
                    texts[i] = "row-" + digest_of([as_text(value) for value in self.rows[i].values])
                    self.warn(i, "row_key")
                else:
                    self.reject(i, "missing_required", "key", "", "an id")
            elif len(text) > MAX_KEY_CHARS:
                self.reject(i, "too_long", "key", len(text), "at most {limit} characters", limit=MAX_KEY_CHARS)
        return texts

    def full_keys(self, *instead: str) -> list[str]:
        """Return the district-wide keys of the rows."""
        source = self.context.source
        return [full_key(source, key) for key in self.keys(*instead)]

    def extras(self) -> list[dict[str, object]]:
        """Return the columns that the profile keeps (``keep``), as they are, blank ones left out."""
        keep = self.context.profile.keep
        if not keep:
            return [{}] * self.count
        columns = [self.context.fields.kept(name) for name in keep]
        out: list[dict[str, object]] = []
        for i in range(self.count):
            values = ((name, self._columns[c][i]) for name, c in zip(keep, columns, strict=True) if c is not None)
            out.append({n: v if isinstance(v, int | float | bool) else as_text(v) for n, v in values if as_text(v)})
        return out

    def positions(self, required: bool) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return lon, lat in WGS-84; NaN for rows without a place, which are refused when ``required``.

        Refused: what is no number, lies outside the world, seems swapped; 0,0 when required, else it counts as no
        place.
        """
        x, y = self._coordinates()
        context = self.context
        blank = np.isnan(x) | np.isnan(y)
        zero = (x == 0.0) & (y == 0.0)
        for i in np.flatnonzero(zero).tolist():
            if required:
                self.reject(i, "zero_position", "lon, lat", "0, 0", "a real position")
            else:
                self.warn(i, "zero_position")
        x[zero] = y[zero] = np.nan
        if required:
            for i in np.flatnonzero(blank).tolist():
                self.reject(i, "missing_required", "lon, lat", "", "a position")
        context.check_datum(x, y)
        lon, lat = to_wgs84(x, y, context.crs or "wgs84")
        self._check_world(x, y, lon, lat)
        if not required:
            for i in np.flatnonzero(blank & ~zero).tolist():
                self.warn(i, "unplaced")
        return lon, lat

    def _coordinates(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        if self.has("lon") and self.has("lat"):
            x, y = self.numbers("lon"), self.numbers("lat")
        else:
            x, y = np.full(self.count, np.nan), np.full(self.count, np.nan)
        for name in ("point", "geometry"):
            raw = self.raw(name)
            if raw is None:
                continue
            for i in np.flatnonzero(np.isnan(x) | np.isnan(y)).tolist():
                value: Any = raw[i]
                if value is None or (isinstance(value, str) and not value.strip()) or i in self.faults:
                    continue
                try:
                    x[i], y[i] = point_of(value, self.context.profile.point_order)
                except (ValueError, OverflowError, RecursionError):
                    self.reject(i, "bad_geometry", name, as_text(value)[:80], "a point")
        return x, y

    def _check_world(
        self, x: NDArray[np.float64], y: NDArray[np.float64], lon: NDArray[np.float64], lat: NDArray[np.float64]
    ) -> None:
        given = ~np.isnan(x) & ~np.isnan(y)
        outside = given & ~((np.abs(lon) <= 180.0) & (np.abs(lat) <= 90.0))
        crs = self.context.crs or "wgs84"
        for i in np.flatnonzero(outside).tolist():
            got = f"{x[i]:.10g}, {y[i]:.10g}"
            if not is_projected(crs) and abs(x[i]) <= 90.0 and abs(y[i]) <= 180.0:
                self.reject(i, "swapped_lonlat", "lon, lat", got, "lon ±180 and lat ±90: exchange the columns")
            else:
                self.reject(i, "out_of_world", "lon, lat", got, "a position in {crs}", crs=crs)
        bounds = self.context.bounds
        if bounds is None:
            return
        west, south, east, north = bounds
        m = _SWAP_MARGIN_DEG
        inside = (lon >= west - m) & (lon <= east + m) & (lat >= south - m) & (lat <= north + m)
        swapped = (lat >= west - m) & (lat <= east + m) & (lon >= south - m) & (lon <= north + m)
        for i in np.flatnonzero(given & ~outside & swapped & ~inside).tolist():
            got = f"{x[i]:.10g}, {y[i]:.10g}"
            self.reject(i, "swapped_lonlat", "lon, lat", got, "a point near the district: exchange the columns")

    def area_keys(self, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[str | None]:
        """Return the key of the finest area that each point lies in; None in no area or without a position."""
        index = self.context.index
        if index is None or not len(index):
            return [None] * self.count
        found = index.locate(lon, lat)
        placed = np.isfinite(lon) & np.isfinite(lat)
        for i in np.flatnonzero((found < 0) & placed).tolist():
            self.warn(i, "no_area")
        keys = index.keys
        return [keys[i] if i >= 0 else None for i in found.tolist()]
