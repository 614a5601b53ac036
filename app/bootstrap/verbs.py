"""What a verb takes on the command line, and what its NAME=VALUE words mean."""

from __future__ import annotations

from collections.abc import Sequence

from app import text
from app.bootstrap.photos import photo_of
from app.bootstrap.seats import OpenSeat
from app.domain.faults import KnownFault, Message
from app.domain.process import Transition
from app.services.needs import NeedRefused, UnknownCode


def takes(row: Transition) -> str:
    """"service=110|119|120|122 [number=…] [note=…]": what may be left out stands in brackets; "" for nothing."""
    words = []
    for need in row.needs:
        kind, _, rest = need.type.partition(":")
        word = f"{need.name}={rest if kind == 'choice' else '…'}"
        words.append(word if need.required else f"[{word}]")
    return " ".join(words)


def read(words: Sequence[str]) -> dict[str, str]:
    """name → value. Raises `KnownFault` for a word of another form."""
    given: dict[str, str] = {}
    for word in words:
        name, sep, value = word.partition("=")
        if not sep:
            raise KnownFault(Message("{word}: expected NAME=VALUE", {"word": word[:60]}))
        given[name] = value
    return given


def told_where(wrong: UnknownCode) -> KnownFault:
    """The refusal of a code, and which command tells the codes that there are."""
    return KnownFault(Message("{wrong}. These are told by: main.py pack codes {list}", {
        "wrong": wrong.message, "list": wrong.list}))


def told_how(row: Transition, wrong: NeedRefused) -> KnownFault:
    """The refusal, and what the verb takes; of a code, which there are."""
    if isinstance(wrong, UnknownCode):
        return told_where(wrong)
    return KnownFault(Message("{wrong} ({verb} takes: {words})", {
        "wrong": wrong.message, "verb": row.verb, "words": takes(row) or Message("nothing")}))


def resolved(seat: OpenSeat, row: Transition, given: dict[str, str]) -> dict[str, object]:
    """The same with what people write made what the act asks for: a force by its name, an area by its code, a point,
    the files of photos. What nobody knows is left for the act to refuse."""
    types = {n.name: n.type for n in row.needs}
    return {name: _value(seat, types.get(name, ""), value) for name, value in given.items()}


def _value(seat: OpenSeat, kind: str, value: str) -> object:
    if kind == "point":
        lon, _, lat = value.partition(",")
        return lon, lat
    if kind == "blobs":
        return [photo_of(seat, word) for word in value.split(",")]
    if kind == "unit":
        return _unit(seat, value)
    if kind == "area":
        areas = seat.book.areas
        return value if value in areas else next((a.id for a in areas.values() if a.code and a.code == value), value)
    return value


def _unit(seat: OpenSeat, words: str) -> str:
    units = seat.units()
    if not words or any(u.id == words for u in units):
        return words
    named = [u.id for u in units if words in (u.name, u.call_sign)]
    if len(named) > 1:
        raise KnownFault(Message("{count} forces are called {name}: give the id. {ids}", {
            "count": len(named), "name": words[:60], "ids": ", ".join(named[:5])}))
    return named[0] if named else words


def line_of(verb: str, key: str, label: Message, row: Transition | None) -> str:
    """"[E] told: Tell 110/119/120   service=110|119|120|122 [number=…]"."""
    words = takes(row) if row is not None else ""
    return f"  [{key}] {verb}: {text.render(label)}" + (f"   {words}" if words else "")
