"""Checking what a command brings against what the transition needs. Parsed once here; inside only typed values."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping

from app.domain.events import Json, check_json
from app.domain.faults import Message, Refused
from app.domain.process import Need
from app.services.book import Book

MAX_TEXT = 500
MAX_LINES = 20_000
MAX_MINUTES = 366 * 1440


class NeedRefused(Refused):
    """What the command brings is not what the act takes."""


class UnknownCode(NeedRefused):
    """A code that the list `list` does not have."""

    def __init__(self, what: str, got: object, list_: str) -> None:
        super().__init__(
            Message(
                "{what}: got {got}, expected {expected}",
                {"what": Message(what), "got": repr(got)[:80],
                 "expected": Message("a code of the list {list}", {"list": list_})},
            )
        )
        self.list = list_


def read_needs(needs: tuple[Need, ...], params: Mapping[str, object], book: Book) -> dict[str, Json]:
    """The checked values by name; a point becomes `lon` and `lat`. Raises `Refused` naming what is missing or wrong."""
    known = {n.name for n in needs}
    unknown = sorted(set(params) - known)
    if unknown:
        raise NeedRefused(Message("This act does not take: {names}", {"names": ", ".join(unknown)}))
    out: dict[str, Json] = {}
    for need in needs:
        value = params.get(need.name)
        if value is None or (isinstance(value, str) and not value.strip()):
            if need.required:
                raise NeedRefused(Message("{what} is missing.", {"what": Message(need.label)}))
            continue
        out.update(_value(need, value, book))
    check_json(out)
    return out


def check_texts(command: object, path: str = "") -> None:
    """Refuse a command with a text or a number that the log cannot carry, before anything is made of it.

    Raises `Rejected` naming the field: NUL, a lone surrogate, NaN, an infinity, a number beyond 64 bits.
    """
    for one in dataclasses.fields(command):  # type: ignore[arg-type]
        value = getattr(command, one.name)
        if dataclasses.is_dataclass(value):
            check_texts(value, f"{path}{one.name}.")
        elif value is not None and not isinstance(value, bool):
            check_json(value, path + one.name)


def _wrong(need: Need, got: object, expected: Message | str) -> NeedRefused:
    return NeedRefused(
        Message(
            "{what}: got {got}, expected {expected}",
            {"what": Message(need.label), "got": got if isinstance(got, Message) else repr(got)[:80],
             "expected": expected},
        )
    )


def _value(need: Need, value: object, book: Book) -> dict[str, Json]:
    kind, _, rest = need.type.partition(":")
    if kind == "point":
        return dict(zip(("lon", "lat"), read_point(value, need), strict=True))
    if kind in ("text", "lines", "unit", "incident", "area", "centre"):
        return {need.name: _text(need, value, MAX_LINES if kind == "lines" else MAX_TEXT)}
    if kind == "choice":
        return {need.name: _choice(need, value, rest.split("|"))}
    if kind == "code":
        text = str(value)
        if book.codes(rest) and book.code(rest, text) is None:
            raise UnknownCode(need.label, value, rest)
        return {need.name: text}
    if kind in ("minutes", "score"):
        return {need.name: _number(need, value, MAX_MINUTES if kind == "minutes" else 100.0)}
    if kind == "units":
        if not isinstance(value, list | tuple) or not value or not all(isinstance(v, str) and v for v in value):
            raise _wrong(need, value, "a list of forces")
        return {need.name: [_text(need, v, MAX_TEXT) for v in value]}
    if kind == "flag":
        return {need.name: bool(value)}
    if kind == "blobs":
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            raise _wrong(need, value, Message("a list of file digests"))
        return {need.name: [str(v) for v in value]}
    raise _wrong(need, value, need.type)


def _text(need: Need, value: object, limit: int) -> str:
    if not isinstance(value, str):
        raise _wrong(need, value, Message("a text"))
    if len(value) > limit:
        raise _wrong(need, Message("{n} characters", {"n": len(value)}),
                     Message("at most {limit} characters", {"limit": limit}))
    return value.strip()


def _choice(need: Need, value: object, choices: list[str]) -> Json:
    text = str(value)
    if text not in choices:
        raise _wrong(need, value, ", ".join(choices))
    return int(text) if need.name == "level" else text


def _number(need: Need, value: object, limit: float) -> float:
    try:
        number = float(str(value))
    except ValueError:
        raise _wrong(need, value, Message("a number")) from None
    if not math.isfinite(number) or not 0 < number <= limit:
        raise _wrong(need, value, Message("a number above 0, at most {limit}", {"limit": f"{limit:g}"}))
    return number


def read_point(value: object, need: Need | None = None) -> tuple[float, float]:
    """(lon, lat) in WGS-84 degrees. Raises `Refused` for anything else, (0, 0) included: no device stands there."""
    need = need or Need("point", "point", "Point")
    if isinstance(value, list | tuple) and len(value) == 2:
        try:
            lon, lat = float(value[0]), float(value[1])
        except (TypeError, ValueError):
            raise _wrong(need, value, Message("longitude and latitude in degrees")) from None
        if math.isfinite(lon) and math.isfinite(lat) and -180 <= lon <= 180 and -90 <= lat <= 90 and (lon or lat):
            return lon, lat
    raise _wrong(need, value, Message("longitude and latitude in degrees"))
