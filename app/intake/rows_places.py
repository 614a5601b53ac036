"""Rows of components, cameras and units → records."""

from __future__ import annotations

import re
from typing import Final

import numpy as np
from numpy.typing import NDArray

from app.domain.faults import Rejected
from app.geo.codes import parse_gb_device, wrong_in_gb_camera
from app.intake.batch import Batch, digest_of
from app.intake.records import CameraRecord, ComponentRecord, UnitRecord, full_key

_COMPASS: Final = {
    word: degrees
    for degrees, words in {
        0.0: "n north northbound nb 北 向北 朝北",
        45.0: "ne northeast northeastbound 东北",
        90.0: "e east eastbound eb 东 向东 朝东",
        135.0: "se southeast southeastbound 东南",
        180.0: "s south southbound sb 南 向南 朝南",
        225.0: "sw southwest southwestbound 西南",
        270.0: "w west westbound wb 西 向西 朝西",
        315.0: "nw northwest northwestbound 西北",
    }.items()
    for word in words.split()
}
_PASSWORD: Final = re.compile(r"(?<=://)[^/@\s]+@")


def without_password(url: str) -> str:
    """Return an address without user and password: secrets come from the key ring, never from a list."""
    return _PASSWORD.sub("", url)


def codes(batch: Batch) -> tuple[list[str], list[str]]:
    """Return (class codes, kinds in the source's own words); a kind that no table knows has the code ""."""
    words = batch.texts("kind") if batch.has("kind") else batch.texts("class_code")
    if batch.has("class_code"):
        found = batch.coded("class_code")
        return found, words
    values = batch.context.fields.values("class_code")
    found = [values.code(word) or "" for word in words]
    for i, (code, word) in enumerate(zip(found, words, strict=True)):
        if word and not code:
            batch.warn(i, "kind_without_code")
    return found, words


def _optional(values: NDArray[np.float64]) -> list[float | None]:
    return [None if value != value else value for value in values.tolist()]


def components(batch: Batch) -> list[ComponentRecord | None]:
    """Return one record per row, None for refused rows."""
    keys = batch.full_keys()
    class_codes, kinds = codes(batch)
    names = batch.texts("name")
    states, depts = batch.coded("state"), batch.texts("dept")
    lon, lat = batch.positions(required=True)
    areas = batch.area_keys(lon, lat)
    extras = batch.extras()
    out: list[ComponentRecord | None] = []
    for i, (x, y) in enumerate(zip(lon.tolist(), lat.tolist(), strict=True)):
        if i in batch.faults:
            out.append(None)
            continue
        name = names[i] or kinds[i]
        values = (keys[i], class_codes[i], kinds[i], name, x, y, areas[i], states[i], depts[i], extras[i])
        out.append(ComponentRecord(*values, digest=digest_of(values)))
    return out


def _heading(batch: Batch, name: str) -> list[float | None]:
    out: list[float | None] = []
    for i, text in enumerate(batch.texts(name)):
        word = text.lower()
        if not word:
            out.append(None)
            continue
        if word in _COMPASS:
            out.append(_COMPASS[word])
            continue
        try:
            degrees = float(text)
        except ValueError:
            out.append(None)  # "both directions", "median": a word that names no one direction
            continue
        if not 0.0 <= degrees <= 360.0:
            batch.reject(i, "bad_number", name, text, "degrees from 0 to 360, or a compass word")
            out.append(None)
        else:
            out.append(degrees % 360.0)
    return out


def _checked(batch: Batch, name: str, low: float, high: float, expected: str) -> list[float | None]:
    values = batch.numbers(name)
    texts = batch.texts(name)
    for i in np.flatnonzero((values < low) | (values > high)).tolist():
        batch.reject(i, "bad_number", name, texts[i], expected)
    return _optional(values)


def _gb_codes(batch: Batch) -> list[str]:
    """The device codes. One that is not well formed is a warning; where the profile requires the code it must be a
    camera's, and the row is refused with the part that is wrong."""
    texts = batch.texts("gb_code")
    required = "gb_code" in batch.context.profile.required
    for i, text in enumerate(texts):
        if required:
            wrong = wrong_in_gb_camera(text)
            if wrong is not None:
                batch.reject(i, "bad_gb_code", "gb_code", text, wrong.id, **wrong.params)
        elif text:
            try:
                parse_gb_device(text)
            except Rejected:
                batch.warn(i, "bad_gb_code")
    return texts


def _needs_place(batch: Batch) -> bool:
    """A camera needs a position, unless its profile knows it by its GB code (a platform's catalogue)."""
    return "gb_code" not in batch.context.profile.required or batch.position_required()


_STREAMS: Final = (
    ("wvp://", "wvp"), ("wvps://", "wvp"), ("onvif://", "onvif"), ("onvifs://", "onvif"),
    ("rtsp://", "rtsp"), ("rtsps://", "rtsp"),
    ("rtmp://", "rtmp"), (".m3u8", "hls"), (".flv", "flv"), (".mp4", "file"),
    (".jpg", "snapshot"), (".jpeg", "snapshot"), (".png", "snapshot"),
)  # fmt: skip


def _stream_kind(told: str, url: str) -> str:
    if told:
        return told.lower()
    lower = url.lower()
    return next((kind for mark, kind in _STREAMS if mark in lower), "")


def cameras(batch: Batch) -> list[CameraRecord | None]:
    """Return one record per row, None for refused rows."""
    keys = batch.full_keys("gb_code")
    gb_codes = _gb_codes(batch)
    names = batch.texts("name")
    headings = _heading(batch, "heading")
    fovs = _checked(batch, "fov", 0.0, 360.0, "degrees from 0 to 360")
    ranges = _checked(batch, "range_m", 0.0, 50_000.0, "metres from 0 to 50000")
    kinds, urls = batch.coded("kind"), batch.texts("url")
    subs, carriers = batch.texts("sub_url"), batch.texts("unit")
    streams, tags, wall = batch.coded("stream_kind"), batch.words("tags"), batch.flags("on_wall")
    lon, lat = batch.positions(required=_needs_place(batch))
    areas = batch.area_keys(lon, lat)
    extras = batch.extras()
    out: list[CameraRecord | None] = []
    for i, (x, y) in enumerate(zip(_optional(lon), _optional(lat), strict=True)):
        if i in batch.faults:
            out.append(None)
            continue
        url = without_password(urls[i])
        name = names[i] or gb_codes[i] or keys[i].partition(":")[2]
        values = (
            keys[i], gb_codes[i], name, x, y, headings[i], fovs[i], ranges[i], kinds[i] or "fixed", url,
            _stream_kind(streams[i], url), tags[i], areas[i], wall[i], extras[i],
        )  # fmt: skip
        sub_url = without_password(subs[i])
        unit = carriers[i] if ":" in carriers[i] or not carriers[i] else full_key(batch.context.source, carriers[i])
        more = tuple(v for v in (sub_url, unit) if v)
        digest = digest_of((*values, *more))  # lists without these keep the digests they had
        out.append(CameraRecord(*values, digest=digest, sub_url=sub_url, unit_key=unit))
    return out


def _unit_kinds(batch: Batch) -> list[str]:
    """The forces' kinds; a word that no table knows stays as it is and is warned of."""
    known = batch.context.fields.values("kind")
    for i, word in enumerate(batch.texts("kind")):
        if word and known.code(word) is None:
            batch.warn(i, "kind_without_code")
    return batch.coded("kind")


def units(batch: Batch) -> list[UnitRecord | None]:
    """Return one record per row, None for refused rows."""
    batch.require("name")
    keys = batch.full_keys("call_sign")
    names, kinds, teams = batch.texts("name"), _unit_kinds(batch), batch.texts("team")
    skills, phones, signs = batch.words("skills"), batch.texts("phone"), batch.texts("call_sign")
    skill_codes = batch.context.fields.values("skills")
    lon, lat = batch.positions(required=batch.position_required())
    areas = _areas_of(batch, lon, lat)
    x, y = _optional(lon), _optional(lat)
    extras = batch.extras()
    out: list[UnitRecord | None] = []
    for i in range(batch.count):
        if i in batch.faults:
            out.append(None)
            continue
        coded = tuple(skill_codes.code(word) or word for word in skills[i])
        kind = kinds[i] or "other"
        values = (keys[i], names[i], kind, teams[i], coded, phones[i], areas[i], x[i], y[i], signs[i], extras[i])
        out.append(UnitRecord(*values, digest=digest_of(values)))
    return out


def _areas_of(batch: Batch, lon: NDArray[np.float64], lat: NDArray[np.float64]) -> list[str | None]:
    """Return the area that the row names, else the one that the position lies in."""
    placed = batch.area_keys(lon, lat)
    known = batch.context.areas_by_word
    out: list[str | None] = []
    for i, word in enumerate(batch.texts("area")):
        named = known.get(word) if word else None
        if word and named is None:
            batch.warn(i, "unknown_area")
        out.append(named or placed[i])
    return out
