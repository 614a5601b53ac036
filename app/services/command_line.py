"""Reading of the desk's command line: verb, object, and what Enter would do. Pure: no Qt, no database.

`read("派 0309 抢险队1", scene)` tells which incident is meant, what is missing and why it would be refused. An incident
is named by the end of its number or is the selected one; a line that could mean two is refused, never guessed.
"""
from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Protocol

from app.domain.faults import Message
from app.domain.incident_process import INCIDENT
from app.domain.process import Need, Role, Transition
from app.services.book import Book
from app.services.command_words import GLOBAL, LEADERS, best_word, choice_of, initials, is_han, vocabulary
from app.services.views import Flag, QueueRow

_NUMBER = re.compile(r"#?\d[\d\-]*$")
_POINT = re.compile(r"(-?\d+(?:\.\d+)?)[,，\s]+(-?\d+(?:\.\d+)?)$")
_LEAST_SUFFIX = 3
_WOULD = {
    "go": "Enter: show {text} on the map", "find": "Enter: look for {text}",
    "filter": "Enter: filter the queue by {text}",
    "call": "Enter: take a call", "whistle": "Enter: blow the whistle for the selected incident",
    "duty": "Enter: show who is on duty", "handover": "Enter: hand the shift over",
    "relieve": "Enter: take the shift over",
    "map": "Enter: write the situation map to a file", "theme": "Enter: theme {text}",
    "lang": "Enter: language {text}", "mute": "Enter: mute or unmute the sounds",
    "video": "Enter: video board {text}", "patrol": "Enter: patrol {text}", "layout": "Enter: layout {text}",
    "wall": "Enter: put on the big wall: {text}", "snapshot": "Enter: snapshot of the camera into the incident",
    "visitors": "Enter: visitors' mode on or off",
    "help": "Enter: show all commands and keys",
}
_NAMED = ("video", "patrol", "wall")
"""orders about named video walls and patrols"""
_GLOBAL_CHOICES = {"theme": ("dark", "light"), "lang": ("zh_CN", "en")}


Near = Mapping[str, tuple[float | None, float | None]]


class NamedUnit(Protocol):
    """What of a unit the command line needs; `UnitRow` has it."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def call_sign(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Scene:
    """What the line can be about. `near`: unit id → (metres, seconds) from the target, where known; `near_of` gives it
    for the incident that the line turns out to mean. `ending`: rows whose number ends in digits, where an index knows
    them; without it every row is looked at."""

    rows: Mapping[str, QueueRow]
    units: Sequence[NamedUnit]
    book: Book
    roles: frozenset[Role]
    lang: str
    selected: str | None = None
    near: Near = field(default_factory=dict)
    near_of: Callable[[str], Near] | None = None
    ending: Callable[[str], Iterable[QueueRow]] | None = None
    video_names: tuple[str, ...] = ()
    """named video walls and patrols"""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a line means. `refusal` set: Enter does nothing but show it."""

    command: str = ""
    """an incident's verb, or go, find, filter, call, map, theme, lang, mute, help; "" for an empty line"""
    incident_id: str | None = None
    params: Mapping[str, object] = field(default_factory=dict)
    refusal: Message | None = None
    preview: tuple[Message, ...] = ()
    irreversible: bool = False

    @property
    def is_act(self) -> bool:
        """Whether it is a verb upon an incident."""
        return bool(self.command) and self.command not in GLOBAL


def read(text: str, scene: Scene) -> Reading:
    """What Enter would do now."""
    text = text.strip()
    if text[:1] in tuple(LEADERS):
        text = text[1:].strip()
    if not text:
        return Reading()
    verb, rest = split_verb(text)
    if verb is None:
        if _NUMBER.fullmatch(text):
            return _go(text, scene)
        return Reading(refusal=Message("\"{word}\" is no verb; Tab shows what there is", {"word": text.split()[0]}))
    if verb in GLOBAL:
        return _global(verb, rest, scene)
    transition = INCIDENT.get(_by_state(verb, rest, scene))
    if transition is None:
        return Reading(refusal=Message("\"{word}\" is no verb; Tab shows what there is", {"word": verb}))
    return _act(transition, rest, scene)


def split_verb(text: str) -> tuple[str | None, str]:
    """The verb a line begins with and the rest. Chinese words need no blank behind them, others do (or a digit)."""
    words = vocabulary()
    first = text.split(maxsplit=1)[0]
    rest = text[len(first):].strip()
    entry = words.get(first.lower())
    if entry is not None:
        return entry.verb, rest
    if is_han(text) or text[0] in "?？":
        for length in range(min(6, len(first)), 0, -1):
            entry = words.get(first[:length])
            if entry is not None:
                return entry.verb, (first[length:] + " " + rest).strip()
    glued = re.match(r"([A-Za-z]+)(#?\d.*)$", first)
    entry = words.get(glued.group(1).lower()) if glued else None
    if glued and entry is not None:
        return entry.verb, (glued.group(2) + " " + rest).strip()
    return None, text


def _by_state(verb: str, rest: str, scene: Scene) -> str:
    """Hold and resume share a letter, signing a pass and escalating it too: the incident's state tells which it is."""
    if verb == "hold":
        target, _, _ = _target(rest.split(), scene, INCIDENT.get(verb))
        if target is not None and target.flags & Flag.HELD:
            return "resume"
    if verb == "sign_pass":
        target, _, _ = _target(rest.split(), scene, INCIDENT.get(verb))
        if target is not None and target.passed_to not in ("", scene.book.centres.own):
            return "escalate_pass"
    return verb


def _target(tokens: list[str], scene: Scene, transition: Transition | None
            ) -> tuple[QueueRow | None, list[str], Message | None]:
    """The incident meant, the tokens left, or why it is not clear."""
    needs = transition.needs if transition else ()
    for at, token in enumerate(tokens[:2]):
        if not _NUMBER.fullmatch(token) or _is_datum(token, needs):
            continue
        rows = matching(token, scene)
        rest = tokens[:at] + tokens[at + 1:]
        if len(rows) == 1:
            return rows[0], rest, None
        if not rows:
            return None, rest, Message("no open incident ends in {number}", {"number": token.lstrip("#")})
        return None, rest, Message("{count} incidents end in {number}: type more digits",
                                   {"count": len(rows), "number": token.lstrip("#")})
    if scene.selected is not None and scene.selected in scene.rows:
        return scene.rows[scene.selected], tokens, None
    return None, tokens, Message("which incident? Select one or type the end of its number")


def _is_datum(token: str, needs: Sequence[Need]) -> bool:
    """Whether digits are a choice (119) or minutes rather than a number's end; "#" always makes it a number."""
    if token.startswith("#"):
        return False
    if any(n.type.startswith("choice:") and token in n.type[7:].split("|") for n in needs):
        return True
    return len(token) < _LEAST_SUFFIX or (len(token) == _LEAST_SUFFIX and any(n.type == "minutes" for n in needs))


def matching(token: str, scene: Scene) -> list[QueueRow]:
    """Incidents whose number ends in the digits; one whose whole number it is stands alone."""
    digits = token.lstrip("#")
    found = [r for r in (scene.ending(digits) if scene.ending is not None else scene.rows.values())
             if r.number.endswith(digits)]
    return [r for r in found if r.number == digits] or found


def _act(transition: Transition, rest: str, scene: Scene) -> Reading:
    row, tokens, unclear = _target(rest.split(), scene, transition)
    if row is None:
        return Reading(transition.verb, refusal=unclear)
    into = None
    if transition.verb == "merge":
        row, into, tokens, unclear = _merge(rest.split(), row, scene)
        if unclear is not None:
            return Reading("merge", row.id, refusal=unclear)
    params, missing, problem = _params(transition, tokens, scene)
    if into is not None:
        params["into"] = into.id
        missing = [n for n in missing if n.name != "into"]
    refusal = _why_not(transition, row, scene) or problem
    if refusal is None and missing:
        refusal = Message("{verb} needs: {what}",
                          {"verb": Message(transition.label), "what": Message(missing[0].label)})
    return Reading(transition.verb, row.id, params, refusal, _preview(transition, row, params, scene, into),
                   transition.irreversible)


def _merge(tokens: list[str], row: QueueRow, scene: Scene
           ) -> tuple[QueueRow, QueueRow | None, list[str], Message | None]:
    """"merge 0310 0312": the first into the second; "merge 0312": the selected one into it."""
    numbers = [t for t in tokens[:2] if _NUMBER.fullmatch(t)]
    found = []
    for token in numbers:
        rows = matching(token, scene)
        if len(rows) != 1:
            return row, None, tokens, Message("no single open incident ends in {number}", {"number": token.lstrip("#")})
        found.append(rows[0])
    rest = tokens[len(numbers):]
    if len(found) == 2:
        return found[0], found[1], rest, None
    if len(found) == 1 and scene.selected in scene.rows and found[0].id != scene.selected:
        return scene.rows[str(scene.selected)], found[0], rest, None
    return row, None, rest, Message("into which incident? Type the end of its number")


def _why_not(transition: Transition, row: QueueRow, scene: Scene) -> Message | None:
    if row.phase not in transition.sources:
        phase = scene.book.phase_label(row.phase, row.kind, scene.lang)
        return Message("{verb} is not possible: {number} is in phase {phase}",
                       {"verb": Message(transition.label), "number": row.number, "phase": phase})
    if not transition.roles & scene.roles:
        return Message("your role may not: {verb}", {"verb": Message(transition.label)})
    return None


def _params(transition: Transition, tokens: list[str], scene: Scene
            ) -> tuple[dict[str, object], list[Need], Message | None]:
    """Data of the verb from the tokens: units and choices by name, all that is left is the first text it takes."""
    params: dict[str, object] = {}
    problem: Message | None = None
    left = list(tokens)
    for need in transition.needs:
        if need.type == "unit":
            unit, left, problem = _unit(left, scene, need)
            if unit is not None:
                params[need.name] = unit.id
        elif need.type == "centre":
            _take(params, need, left, lambda t, v=transition.verb: _centre(t, v, scene))
        elif need.type.startswith("choice:"):
            _take(params, need, left, lambda t, n=need: choice_of(t, n.type[7:].split("|")))
        elif need.type == "minutes":
            _take(params, need, left, lambda t: int(t) if t.isdecimal() else None)
        elif need.type.startswith("code:"):
            _take(params, need, left, lambda t, n=need: _code(t, n.type[5:], scene))
    texts = [n for n in transition.needs if n.type in ("lines", "text")]
    if left and texts and problem is None:
        plain = next((n for n in texts if n.type == "text"), texts[-1])
        params[next((n for n in texts if n.required), plain).name] = " ".join(left)
        left = []
    if left and problem is None:
        problem = Message("what is \"{words}\"?", {"words": " ".join(left)})
    missing = [n for n in transition.needs if n.required and n.name not in params]
    return params, missing, problem


def _take(params: dict[str, object], need: Need, left: list[str], reads: object) -> None:
    for at, token in enumerate(left):
        value = reads(token)  # type: ignore[operator]
        if value is not None:
            params[need.name] = value
            del left[at]
            return


def _code(token: str, list_: str, scene: Scene) -> str | None:
    low = token.lower()
    for code in scene.book.codes(list_):
        if low in (code.code.lower(), code.label_zh.lower(), code.label_en.lower()) or initials(code.label_zh) == low:
            return code.code
    return None


def _centre(token: str, verb: str, scene: Scene) -> str | None:
    """The one centre in the verb's direction that a code, a name, its beginning or its initials mean."""
    low = token.lower()
    every = scene.book.centres.of_way(verb.removeprefix("pass_"))
    exact = [c.code for c in every if low in (c.code.lower(), c.name.lower())]
    begins = [c.code for c in every if c.name.lower().startswith(low) or initials(c.name).startswith(low)]
    found = exact or begins
    return found[0] if len(found) == 1 else None


def _unit(tokens: list[str], scene: Scene, need: Need) -> tuple[NamedUnit | None, list[str], Message | None]:
    """The longest run of first tokens that names one unit; several names that fit are refused with their count."""
    if not tokens:
        return None, tokens, None
    for length in range(min(3, len(tokens)), 0, -1):
        found = units_named(" ".join(tokens[:length]), scene)
        if len(found) == 1:
            return found[0], tokens[length:], None
        if len(found) > 1 and length == 1:
            names = ", ".join(u.name for u in found[:3])
            return None, tokens, Message("{count} forces fit \"{word}\": {names}",
                                         {"count": len(found), "word": tokens[0], "names": names})
    if need.required:
        return None, tokens, Message("no force is called \"{word}\"", {"word": tokens[0]})
    return None, tokens, None


def units_named(text: str, scene: Scene) -> list[NamedUnit]:
    """Units by call sign, name or pinyin initials: an exact one alone, else all that begin so."""
    plain = text.replace(" ", "").lower()
    exact, begins = [], []
    for unit in scene.units:
        name = unit.name.replace(" ", "").lower()
        if plain in (unit.call_sign.lower(), name):
            return [unit]
        short = initials(unit.name)
        if plain == short:
            exact.append(unit)
        elif name.startswith(plain) or short.startswith(plain):
            begins.append(unit)
    return exact or begins


def _preview(transition: Transition, row: QueueRow, params: Mapping[str, object], scene: Scene,
             into: QueueRow | None) -> tuple[Message, ...]:
    unit_id = params.get("unit")
    name = next((u.name for u in scene.units if u.id == unit_id), "")
    what = {"verb": Message(transition.label), "number": short(row.number), "unit": name,
            "kind": scene.book.label("kind", row.kind, scene.lang)}
    if into is not None:
        out = [Message("Enter: {verb} {number} {kind} into {into}", {**what, "into": short(into.number)})]
    elif name:
        out = [Message("Enter: {verb} {unit} → {number} {kind}", what)]
    else:
        out = [Message("Enter: {verb} → {number} {kind}", what)]
    near = scene.near or (scene.near_of(row.id) if scene.near_of is not None else {})
    metres, seconds = near.get(str(unit_id), (None, None))
    if metres is not None:
        out.append(Message("{metres} m away", {"metres": f"{metres:,.0f}"}) if seconds is None else
                   Message("{metres} m away, about {minutes} min",
                           {"metres": f"{metres:,.0f}", "minutes": max(1, round(seconds / 60))}))
    if scene.selected is not None and scene.selected != row.id and scene.selected in scene.rows:
        out.append(Message("selected is {number}", {"number": short(scene.rows[scene.selected].number)}))
    return tuple(out)


def short(number: str) -> str:
    """The counter of a number, its last group."""
    return number.rsplit("-", 1)[-1]


def _go(text: str, scene: Scene) -> Reading:
    rows = matching(text, scene)
    if len(rows) == 1:
        kind = scene.book.label("kind", rows[0].kind, scene.lang)
        preview = Message("Enter: select {number} {kind}", {"number": short(rows[0].number), "kind": kind})
        return Reading("go", rows[0].id, {"text": text}, preview=(preview,))
    if len(rows) > 1:
        return Reading("go", refusal=Message("{count} incidents end in {number}: type more digits",
                                             {"count": len(rows), "number": text.lstrip("#")}))
    return Reading("go", refusal=Message("no open incident ends in {number}", {"number": text.lstrip("#")}))


def _global(verb: str, rest: str, scene: Scene) -> Reading:
    params: dict[str, object] = {"text": rest}
    if verb == "go":
        point = _POINT.fullmatch(rest)
        if point:
            lon, lat = float(point.group(1)), float(point.group(2))
            if not (-180 <= lon <= 180 and -90 <= lat <= 90):
                return Reading(verb, refusal=Message("no place on earth: longitude first, then latitude"))
            params["point"] = (lon, lat)
        elif _NUMBER.fullmatch(rest):
            return _go(rest, scene)
    if verb in ("go", "find") and not rest:
        return Reading(verb, refusal=Message(
            "what are you looking for? A number, a grid, a force, a camera, a place"))
    if verb in _GLOBAL_CHOICES:
        choice = choice_of(rest, _GLOBAL_CHOICES[verb])
        if choice is None:
            return Reading(verb, refusal=Message("one of: {choices}", {"choices": ", ".join(_GLOBAL_CHOICES[verb])}))
        params["choice"] = choice
    return Reading(verb, None, params, preview=(Message(_WOULD[verb], {"text": rest}),))


def complete(text: str, scene: Scene, limit: int = 12) -> tuple[str, ...]:
    """Whole lines that Tab walks through: verbs first, those upon an incident before all others, then objects of the
    verb, nearest force first."""
    lead = text[:1] if text[:1] in tuple(LEADERS) else ""
    body = text[len(lead):].lstrip()
    verb, rest = split_verb(body) if body else (None, "")
    if verb is None or (not body.endswith(" ") and not rest and not is_han(body)):
        low = body.lower()
        verbs: dict[str, str] = {}
        for word in vocabulary().values():
            if word.text.startswith(low) and word.kind != "letter":
                said_so = low and word.kind == ("han" if scene.lang.startswith("zh") else "word")
                verbs.setdefault(word.verb, word.text if said_so else best_word(word.verb, scene.lang))
        acts_first = sorted(verbs, key=lambda v: INCIDENT.get(v) is None)
        return tuple(f"{lead}{verbs[v]} " for v in acts_first[:limit])
    said = body[:len(body) - len(rest)].rstrip()
    tokens = rest.split()
    if verb in _GLOBAL_CHOICES:
        return tuple(f"{lead}{said} {c}" for c in _GLOBAL_CHOICES[verb])
    if verb in _NAMED:
        return tuple(f"{lead}{said} {n}" for n in scene.video_names if n.lower().startswith(rest.lower())
                     or initials(n).startswith(rest.lower()))[:limit]
    transition = INCIDENT.get(verb)
    if transition is None:
        return ()
    open_ = "" if rest.endswith(" ") or body.endswith(" ") or not tokens else tokens[-1]
    kept = " ".join(tokens[:-1] if open_ else tokens)
    found = islice(_objects(transition, open_, scene), limit)
    return tuple(f"{lead}{' '.join(p for p in (said, kept, c) if p)} " for c in found)


def _objects(transition: Transition, begun: str, scene: Scene) -> Iterator[str]:
    low = begun.replace(" ", "").lower()
    for need in transition.needs:
        if need.type == "unit":
            units = sorted(scene.units, key=lambda u: (scene.near.get(u.id, (None,))[0] is None,
                                                       scene.near.get(u.id, (None,))[0] or 0.0))
            yield from (u.name for u in units if not low or low in u.name.replace(" ", "").lower()
                    or initials(u.name).startswith(low) or u.call_sign.lower().startswith(low))
        elif need.type == "centre":
            yield from (c.name for c in scene.book.centres.of_way(transition.verb.removeprefix("pass_"))
                    if c.name.lower().startswith(low) or initials(c.name).startswith(low))
        elif need.type.startswith("choice:"):
            yield from (c for c in need.type[7:].split("|") if c.startswith(low))
    if begun and begun.isdecimal():
        yield from (short(r.number) for r in scene.rows.values() if short(r.number).startswith(begun))
