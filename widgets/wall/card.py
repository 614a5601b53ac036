"""The most urgent incident as one large card: what, where, who is on it, on the scene or not, who was told, what is
missing."""
from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from app.services.lamp import lamp
from app.services.views import AssignmentView
from widgets.wall.ink import LEFT, Ink
from widgets.wall.layout import CARD_SPLIT_EM
from widgets.wall.phrases import (
    area_text,
    clock_text,
    is_hidden,
    kind_text,
    left_text,
    message_text,
    place_text,
    say,
    short_age_text,
)
from widgets.wall.privacy import public_text
from widgets.wall.slate import Slate
from widgets.wall.snapshot import Focus, WallSnapshot

SERVICES = ("110", "119", "120")
_ON_SCENE = ("on_scene", "fed_back")
_COMING = ("en_route",)
_GONE = ("returned", "recalled")


@dataclass(frozen=True, slots=True)
class Part:
    """A fact of the card: a label and what is true of it, with its colour."""

    label: str
    values: tuple[str, ...]
    """from the fullest wording to the shortest"""
    colour: str = "text"


class Card(Slate):
    """The large card. Sensitive matters: class, grid, lamp; nothing more."""

    NAME = "card"

    def draw(self, ink: Ink) -> None:
        """Left: mark, what, where, lamp. Right (or below): the facts."""
        snapshot = self.scene.snapshot
        if snapshot is None or snapshot.focus is None:
            return
        focus = snapshot.focus
        ink.box(QRectF(self.rect()), "raised", f"level{min(max(focus.row.level, 1), 4)}", width=2.2)
        area = self.inner()
        parts = self.parts(snapshot, focus)
        wide = self.width() >= ink.em() * CARD_SPLIT_EM
        if not parts:
            self._head(ink, area, snapshot, focus)
        elif wide:
            left = QRectF(area.left(), area.top(), area.width() * 0.47, area.height())
            right = QRectF(area.left() + area.width() * 0.5, area.top(), area.width() * 0.5, area.height())
            self._head(ink, left, snapshot, focus)
            self._facts(ink, right, parts)
        else:
            facts = ink.height("body") * 1.02 * len(parts)
            high = area.height() - facts - ink.em() * 0.5
            self._head(ink, QRectF(area.left(), area.top(), area.width(), high), snapshot, focus)
            self._facts(ink, QRectF(area.left(), area.bottom() - facts, area.width(), facts), parts)

    def parts(self, snapshot: WallSnapshot, focus: Focus) -> list[Part]:
        """What is told beside kind and place; nothing of a sensitive matter."""
        if is_hidden(focus.row, snapshot.book):
            return []
        return [self._who(focus), self._scene(focus), self._told(focus), self._missing(focus)]

    def _who(self, focus: Focus) -> Part:
        at_work = [a for a in focus.assignments if a.state not in _GONE]
        if not at_work:
            return Part(say("With"), (say("nobody yet"),), "danger")
        names = [public_text(a.unit_name) for a in sorted(at_work, key=lambda a: not a.lead)]
        fulls = [say(", ").join(names[:n]) + (say(" and {n} more", n=len(names) - n) if n < len(names) else "")
                 for n in range(len(names), 0, -1)]
        return Part(say("With"), (*fulls, say("{n} units", n=len(names))))

    def _scene(self, focus: Focus) -> Part:
        there = [a for a in focus.assignments if a.state in _ON_SCENE]
        coming = [a for a in focus.assignments if a.state in _COMING]
        if there:
            since = min((a.arrived_at for a in there if a.arrived_at is not None), default=None)
            at = say(" since {time}", time=clock_text(since, self.scene.zone)) if since else ""
            here = say("{n} there", n=len(there))
            more = say(", {n} on the way", n=len(coming)) if coming else ""
            return Part(say("On scene"), (here + at + more, here + more), "good")
        if coming:
            nearest = min((a.distance_m for a in coming if a.distance_m is not None), default=None)
            text = say("not yet, {n} on the way", n=len(coming))
            far = say(", {d} m to go", d=f"{round(nearest, -1):,.0f}") if nearest is not None else ""
            return Part(say("On scene"), (text + far, text), "notice")
        return Part(say("On scene"), (self._idle(focus.assignments),), "danger")

    def _idle(self, assignments: tuple[AssignmentView, ...]) -> str:
        unsigned = sum(a.state == "assigned" for a in assignments)
        return say("nobody; {n} not signed for", n=unsigned) if unsigned else say("nobody")

    def _told(self, focus: Focus) -> Part:
        told = {t.service: t for t in focus.told}
        done = [say("{service} at {time}", service=s, time=clock_text(t.at, self.scene.zone)) for s, t in told.items()]
        waiting = [s for s in SERVICES if s not in told]
        if not done:
            return Part(say("Told"), (say("neither 110, 119 nor 120"), say("none told")),
                        "notice" if focus.row.level <= 2 else "muted")
        rest = say("; not {services}", services=say(", ").join(waiting)) if waiting else ""
        return Part(say("Told"), (say(", ").join(done) + rest, say(", ").join(done), say(", ").join(told)))

    def _missing(self, focus: Focus) -> Part:
        if not focus.missing:
            return Part(say("Missing"), (say("nothing"),), "good")
        words = [message_text(m) for m in focus.missing]
        cuts = [say(", ").join(words[:n]) + (say(" and {n} more", n=len(words) - n) if n < len(words) else "")
                for n in range(len(words), 0, -1)]
        return Part(say("Missing"), (*cuts, say("{n} things", n=len(words))), "danger")

    def _head(self, ink: Ink, area: QRectF, snapshot: WallSnapshot, focus: Focus) -> None:
        row, lang = focus.row, self.scene.lang
        kind = kind_text(row, snapshot.book, lang)
        mark = ink.em("huge") * 1.35
        x = area.left() + mark + ink.em() * 0.7
        room = area.right() - x
        size = ink.first_size(kind, room, ("huge", "large"), bold=True)
        first = max(mark, ink.height(size))
        left = left_text(row, self.scene.now)
        foot = say("reported {time}, {age}", time=clock_text(row.reported_at, self.scene.zone),
                   age=say("{age} running", age=short_age_text(self.scene.now - row.reported_at)))
        lines = [place_text(row, snapshot.book), area_text(row, snapshot.book) or say("outside every grid")]
        lines = [line for line in lines if line]
        body, lamp_high = ink.height("body") * 1.02, ink.height("large") * 1.2
        if first + len(lines) * body + lamp_high > area.height() + 1 and len(lines) > 1:
            lines = [ink.first_fit([" · ".join(lines), lines[0]], area.width())]
        free = area.height() - first - len(lines) * body - lamp_high
        gap = max(0.0, min(ink.em() * 0.5, free / 3))
        y = area.top() + max(0.0, (free - 2 * gap) / 2)
        ink.level_mark(QRectF(area.left(), y, mark, first), row.level)
        ink.text(QRectF(x, y, room, first), kind, size, bold=True, may_cut=True)
        y += first + gap
        for line in lines:
            ink.text(QRectF(area.left(), y, area.width(), body), line, may_cut=True,
                     colour="text" if line == lines[0] else "muted")
            y += body
        y += gap
        foot_row = QRectF(area.left(), y, area.width(), lamp_high)
        used = ink.lamp(foot_row, lamp(row, self.scene.now), left, LEFT, "large")
        rest = QRectF(area.left() + used + ink.em() * 0.7, y, area.width() - used - ink.em() * 0.7, lamp_high)
        short = say("reported {time}", time=clock_text(row.reported_at, self.scene.zone))
        ink.text(rest, ink.first_fit([foot, short, ""], rest.width(), "small"), "small", colour="muted")

    def _facts(self, ink: Ink, area: QRectF, parts: list[Part]) -> None:
        label = max(ink.width(p.label) for p in parts) + ink.em() * 0.7
        pitch = min(area.height() / len(parts), ink.height("body") * 1.5)
        top = area.top() + (area.height() - pitch * len(parts)) / 2
        for i, part in enumerate(parts):
            y = top + i * pitch
            ink.text(QRectF(area.left(), y, label, pitch), part.label, colour="muted")
            room = area.width() - label
            if part.colour in ("danger", "good", "notice"):
                self._sign(ink, QPointF(area.left() + label + ink.em() * 0.35, y + pitch / 2), part.colour)
                room -= ink.em() * 0.95
            text = ink.first_fit(part.values, room, bold=True)
            size = ink.first_size(text, room, ("body", "small"), bold=True)
            ink.text(QRectF(area.right() - room, y, room, pitch), text, size, bold=True, colour=part.colour)

    def _sign(self, ink: Ink, centre: QPointF, colour: str) -> None:
        """State in shape as well as colour: a tick's disc, a waiting triangle, a cross."""
        ink.link_mark(centre, {"good": "up", "notice": "stale"}.get(colour, "down"), ink.em() * 0.62)
