"""Events: what people or devices did, appended and never changed. Identity, canonical text, hashes."""

from __future__ import annotations

import hashlib
import json
import os
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from app.domain.faults import Rejected

Json: TypeAlias = "None | bool | int | float | str | list[Json] | dict[str, Json]"

SCHEMA_VERSION = 1
NATURES = ("live", "demo", "drill")
GENESIS = "0" * 64
"""prev_seat_hash of a seat's first event"""
_NAMESPACE = uuid.UUID("6f1d5b2e-6c1f-5a57-9d0e-3408031be111")


def uuid7(at_ms: int) -> str:
    """A UUID version 7 (RFC 9562 5.7) for a time in ms since 1970: sorts by time, unique by 74 random bits."""
    rand = int.from_bytes(os.urandom(10), "big")
    value = (at_ms & 0xFFFFFFFFFFFF) << 80 | 0x7 << 76 | (rand >> 68 & 0xFFF) << 64 | 0x2 << 62 | rand & (1 << 62) - 1
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def machine_event_id(stream: str, condition: str, due_ms: int) -> str:
    """The id of an event that a machine would make on many seats: the same everywhere, so that it exists once."""
    return str(uuid.uuid5(_NAMESPACE, f"{stream}|{condition}|{due_ms}"))


@dataclass(frozen=True, slots=True)
class Event:
    """One fact. `occurred_at` in ms since 1970 UTC. `seen`: last event id the maker knew of each stream it touches."""

    id: str
    stream: str
    kind: str
    district: str
    centre: str
    seat: str
    seat_no: int
    prev_seat_hash: str
    screen: str
    actor: str
    occurred_at: int
    nature: str
    body: Mapping[str, Json]
    on_behalf_of: str = ""
    clock_offset_ms: int = 0
    seen: tuple[str, ...] = ()
    schema_version: int = SCHEMA_VERSION


@dataclass(frozen=True, slots=True)
class NewEvent:
    """An event before the seat gives it its place in the chain.

    `id` is given only where many seats would make the same event (`machine_event_id`): an id that the seat gives holds
    the time of the commit, which the audit compares.
    """

    stream: str
    kind: str
    body: Mapping[str, Json]
    occurred_at: int
    actor: str = ""
    on_behalf_of: str = ""
    id: str = ""
    seen: tuple[str, ...] = field(default=())
    schema_version: int = SCHEMA_VERSION


def _check_text(text: str, path: str) -> None:
    if "\x00" in text:
        raise Rejected(path, text, "text without NUL")
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        raise Rejected(path, ascii(text), "text without lone surrogates") from None


def check_json(value: object, path: str = "body", depth: int = 0) -> None:
    """Refuse what a body cannot carry: NUL, lone surrogates, NaN, infinities, numbers beyond 64 bits, keys that are no
    text, deep nesting."""
    if depth > 32:
        raise Rejected(path, "...", "nesting of at most 32 levels")
    if isinstance(value, str):
        _check_text(value, path)
    elif isinstance(value, Mapping):
        for key, item in value.items():
            if not isinstance(key, str):
                raise Rejected(path, key, "a text as key")
            _check_text(key, path)
            check_json(item, f"{path}.{key}", depth + 1)
    elif isinstance(value, list | tuple):
        for i, item in enumerate(value):
            check_json(item, f"{path}[{i}]", depth + 1)
    elif isinstance(value, float):
        if value != value or value in (float("inf"), float("-inf")):
            raise Rejected(path, value, "a finite number")
    elif isinstance(value, int):
        if not -(2**63) <= value < 2**63:
            raise Rejected(path, "...", "a whole number of 64 bits")
    elif value is not None:
        raise Rejected(path, value, "a JSON value")


_encode = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


def canonical(event: Event) -> str:
    """The event as canonical JSON text (keys sorted, no spaces, UTF-8). This text is what is kept and hashed.

    Raises `Rejected` for what JSON text cannot carry.
    """
    content = {
        "actor": event.actor,
        "body": event.body,
        "centre": event.centre,
        "clock_offset_ms": event.clock_offset_ms,
        "district": event.district,
        "id": event.id,
        "kind": event.kind,
        "nature": event.nature,
        "occurred_at": event.occurred_at,
        "on_behalf_of": event.on_behalf_of,
        "prev_seat_hash": event.prev_seat_hash,
        "schema_version": event.schema_version,
        "screen": event.screen,
        "seat": event.seat,
        "seat_no": event.seat_no,
        "seen": list(event.seen),
        "stream": event.stream,
    }
    try:
        text = _encode(content)
    except ValueError:
        check_json(event.body)
        raise
    if "\\u0000" in text:
        check_json(content, "event")
    return text


def content_hash(text: str) -> str:
    """sha256 of canonical text, hex. Raises `Rejected` for lone surrogates."""
    try:
        return hashlib.sha256(text.encode("utf-8")).hexdigest()
    except UnicodeEncodeError:
        raise Rejected("event", ascii(text[:60]), "text without lone surrogates") from None


def parse(text: str) -> Event:
    """Canonical text back to the event. Raises `Rejected` when it is not one."""
    try:
        raw = json.loads(text)
        return Event(
            id=raw["id"],
            stream=raw["stream"],
            kind=raw["kind"],
            district=raw["district"],
            centre=raw["centre"],
            seat=raw["seat"],
            seat_no=raw["seat_no"],
            prev_seat_hash=raw["prev_seat_hash"],
            screen=raw["screen"],
            actor=raw["actor"],
            occurred_at=raw["occurred_at"],
            nature=raw["nature"],
            body=raw["body"],
            on_behalf_of=raw["on_behalf_of"],
            clock_offset_ms=raw["clock_offset_ms"],
            seen=tuple(raw["seen"]),
            schema_version=raw["schema_version"],
        )
    except (ValueError, KeyError, TypeError, RecursionError) as fault:
        raise Rejected("event", text[:60], "canonical JSON of an event") from fault
