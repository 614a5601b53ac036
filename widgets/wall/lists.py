"""Panels that list: urgent and overdue, supervised, the centres, the plan's checklist, the ticker."""
from __future__ import annotations

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QPointF, QRectF

from app.services.lamp import lamp
from app.services.views import CentreLink, QueueRow, Status
from widgets.wall.ink import LEFT, RIGHT, Ink
from widgets.wall.layout import WAR
from widgets.wall.phrases import (
    area_text,
    grid_text,
    is_hidden,
    kind_text,
    left_text,
    name_variants,
    phase_text,
    place_text,
    say,
    short_age_text,
)
from widgets.wall.slate import Slate, rows_that_fit


class Urgent(Slate):
    """Urgent by level, or overdue: lamp and time left, in the order of the desk's queue."""

    NAME = "urgent"

    def draw(self, ink: Ink) -> None:
        """Two lines a row: what and its lamp, where and how far."""
        snapshot = self.scene.snapshot
        title = say("Urgent and overdue")
        if self.waiting(ink, title) or snapshot is None:
            return
        tabs = snapshot.status.tabs
        if snapshot.mode == WAR:
            title = say("Urgent I-III and overdue")
        overdue = say("{n} overdue", n=f"{tabs.get('overdue', 0):,}")
        waiting = say("{n} not taken", n=f"{snapshot.status.unacknowledged:,}")
        area = self.header(ink, title, f"{overdue} · {waiting}", overdue)
        if not snapshot.urgent:
            self.say_empty(ink, area, say("Nothing urgent, nothing overdue"))
            return
        least = ink.height("body") * 0.98 + ink.height("small") * 0.98
        shown, more = rows_that_fit(area.height(), least, snapshot.urgent_total)
        shown = min(shown, len(snapshot.urgent))
        more = snapshot.urgent_total - shown
        tail = ink.height("small") * 1.1 if more else 0.0
        pitch = min((area.height() - tail) / max(1, shown), least * 1.45)
        for i, row in enumerate(snapshot.urgent[:shown]):
            y = area.top() + i * pitch
            if i:
                ink.rule(area.left(), y, area.right())
            self._row(ink, QRectF(area.left(), y, area.width(), pitch), row)
        if more:
            ink.text(QRectF(area.left(), area.top() + shown * pitch, area.width(), tail),
                     say("+{n} more", n=f"{more:,}"), "small", colour="muted")

    def _row(self, ink: Ink, cell: QRectF, row: QueueRow) -> None:
        snapshot = self.scene.snapshot
        assert snapshot is not None
        book, lang = snapshot.book, self.scene.lang
        upper, lower = ink.height("body") * 0.98, ink.height("small") * 0.98
        top = cell.top() + max(0.0, (cell.height() - upper - lower) / 2)
        mark = ink.em() * 1.7
        ink.level_mark(QRectF(cell.left(), top, mark, upper + lower), row.level)
        x = cell.left() + mark + ink.em() * 0.6
        first = QRectF(x, top, cell.right() - x, upper)
        second = QRectF(x, top + upper, cell.right() - x, lower)
        kind, left = kind_text(row, book, lang), left_text(row, self.scene.now)
        beside = ink.width(kind, bold=True) + ink.width(left, bold=True) + ink.em() * 1.9 <= first.width()
        if beside:
            ink.lamp(first, lamp(row, self.scene.now), left)
            used = ink.text(second, phase_text(row, book, lang), "small", colour="muted", align=RIGHT)
        else:  # a long kind has the first line to itself, its lamp takes the phase's place
            used = ink.lamp(second, lamp(row, self.scene.now), left, size="small")
        ink.text(first, kind, bold=True, may_cut=True)
        room = second.width() - used - ink.em() * 0.6
        ink.text(QRectF(x, second.top(), room, lower), self._where(ink, row, room), "small", colour="muted",
                 may_cut=True)

    def _where(self, ink: Ink, row: QueueRow, room: float) -> str:
        snapshot = self.scene.snapshot
        assert snapshot is not None
        place, street, grid = place_text(row, snapshot.book), area_text(row, snapshot.book), grid_text(row,
                                                                                                       snapshot.book)
        if is_hidden(row, snapshot.book) or not place:
            return ink.first_fit([street or grid, grid], room, "small")
        return ink.first_fit([f"{place} · {street}" if street else place, f"{place} · {grid}", place], room, "small")


class Supervised(Slate):
    """Incidents under supervision (督办), in the queue's order."""

    NAME = "supervised"

    def draw(self, ink: Ink) -> None:
        """One line a row."""
        snapshot = self.scene.snapshot
        title = say("Supervised")
        if self.waiting(ink, title) or snapshot is None:
            return
        area = self.header(ink, title, f"{snapshot.supervised_total:,}")
        if not snapshot.supervised:
            self.say_empty(ink, area, say("Nothing is under supervision"))
            return
        least = ink.height("small") * 1.28
        shown, _ = rows_that_fit(area.height(), least, snapshot.supervised_total)
        shown = min(shown, len(snapshot.supervised))
        more = snapshot.supervised_total - shown
        pitch = min(area.height() / max(1, shown + bool(more)), least * 1.5)
        for i, row in enumerate(snapshot.supervised[:shown]):
            self._row(ink, QRectF(area.left(), area.top() + i * pitch, area.width(), pitch), row)
        if more:
            ink.text(QRectF(area.left(), area.top() + shown * pitch, area.width(), pitch),
                     say("+{n} more", n=f"{more:,}"), "small", colour="muted")

    def _row(self, ink: Ink, cell: QRectF, row: QueueRow) -> None:
        snapshot = self.scene.snapshot
        assert snapshot is not None
        mark = ink.em() * 1.1
        ink.level_mark(QRectF(cell.left(), cell.top(), mark, cell.height()), row.level)
        used = ink.lamp(cell, lamp(row, self.scene.now), left_text(row, self.scene.now), size="small")
        x = cell.left() + mark + ink.em() * 0.6
        room = cell.right() - used - ink.em() * 0.6 - x
        kind, grid = kind_text(row, snapshot.book, self.scene.lang), grid_text(row, snapshot.book)
        ink.text(QRectF(x, cell.top(), room, cell.height()), ink.first_fit([f"{kind} · {grid}", kind], room),
                 may_cut=True)


class Centres(Slate):
    """The linkage centres 1+9+40 and the state of their links. Nothing heard of any: not connected."""

    NAME = "centres"

    def draw(self, ink: Ink) -> None:
        """The street centres by name, the community centres by count."""
        snapshot = self.scene.snapshot
        title = say("Three levels linked 1+9+40")
        if self.waiting(ink, title) or snapshot is None:
            return
        links = snapshot.status.centres
        if not links:
            area = self.header(ink, title, say("not connected"))
            self.say_empty(ink, area, self._alone(snapshot.status))
            return
        up = sum(c.state == "up" for c in links)
        area = self.header(ink, title, say("{up} of {n} on line", up=up, n=len(links)), f"{up} / {len(links)}")
        streets = _by_trouble(c for c in links if c.level <= 1)
        below = _by_trouble(c for c in links if c.level > 1)
        if not streets or not below:
            self._grid(ink, area, streets or below)
            return
        line = ink.height("small") * 1.15
        marks = self._mark_lines(ink, area.width(), len(below))
        roomy = area.height() - line * (1 + marks) >= line * 3
        tail = line * (1 + marks if roomy else 1)
        self._grid(ink, QRectF(area.left(), area.top(), area.width(), area.height() - tail), streets)
        self._counts(ink, QRectF(area.left(), area.bottom() - tail, area.width(), line), below)
        if roomy:
            low = QRectF(area.left(), area.bottom() - line * marks, area.width(), line * marks)
            self._marks(ink, low, below, marks)

    def _mark_lines(self, ink: Ink, width: float, count: int) -> int:
        """Lines that one mark for each community needs."""
        return -(-count // max(1, int(width // (ink.em() * 0.95))))

    def _marks(self, ink: Ink, area: QRectF, links: Sequence[CentreLink], lines: int) -> None:
        """One mark for each, in trouble first; names and ages of so many would be read by nobody from afar."""
        across = -(-len(links) // lines)
        wide, high = area.width() / max(across, 1), area.height() / lines
        for i, link in enumerate(links):
            at = QPointF(area.left() + (i % across + 0.5) * wide, area.top() + (i // across + 0.5) * high)
            ink.link_mark(at, "unknown" if self.scene.stale else link.state, ink.em() * 0.62)

    def _alone(self, status: Status) -> str:
        return say("No hub is set up: this centre works alone") if status.sync.mode == "alone" \
            else say("No centre has reported yet")

    def _age(self, link: CentreLink) -> str:
        if link.state == "unknown" or link.seen_at is None:
            return "?"
        return short_age_text(self.scene.now - link.seen_at)

    def _grid(self, ink: Ink, area: QRectF, links: Sequence[CentreLink]) -> None:
        mark = ink.em() * 0.62
        ages = max(ink.width(self._age(link), "small") for link in links)
        need = max(ink.width(name_variants(c.name)[-1], "small") + ink.width(self._age(c), "small") for c in links) \
            + mark * 1.4 + ink.em() * 0.75
        across = max(1, min(3, int(area.width() // need), len(links)))
        least = ink.height("small") * 1.12
        places = max(1, int(area.height() // least)) * across
        shown = links if len(links) <= places else links[:max(0, places - 1)]
        rows = -(-(len(shown) + (len(shown) < len(links))) // across)
        pitch = min(area.height() / max(1, rows), ink.height("small") * 1.7)
        wide = area.width() / across
        room = wide - ink.em() * 0.75 - ages - mark * 1.4
        variant = next((v for v in range(3) if all(ink.width(_variant(c, v), "small") <= room for c in shown)), 2)
        for i, link in enumerate(shown):
            cell = QRectF(area.left() + (i % across) * wide, area.top() + (i // across) * pitch, wide - ink.em() * 0.6,
                          pitch)
            self._cell(ink, cell, link, mark, variant)
        if len(shown) < len(links):
            i = len(shown)
            ink.text(QRectF(area.left() + (i % across) * wide, area.top() + (i // across) * pitch, wide, pitch),
                     say("+{n} more", n=len(links) - len(shown)), "small", colour="muted")

    def _cell(self, ink: Ink, cell: QRectF, link: CentreLink, mark: float, variant: int) -> None:
        age = self._age(link)
        colour = {"up": "good", "stale": "notice", "down": "danger"}.get(link.state, "faint")
        colour = "faint" if self.scene.stale else colour
        used = ink.text(cell, age, "small", colour=colour, align=RIGHT)
        ink.link_mark(QPointF(cell.right() - used - mark * 0.75, cell.center().y()), link.state, mark)
        room = cell.width() - used - mark * 1.4
        ink.text(QRectF(cell.left(), cell.top(), room, cell.height()), _variant(link, variant), "small", may_cut=True)

    def _counts(self, ink: Ink, area: QRectF, links: Sequence[CentreLink]) -> None:
        up = sum(c.state == "up" for c in links)
        unknown = sum(c.state == "unknown" for c in links)
        silent = sum(c.state in ("down", "stale") for c in links)
        whole = say("Communities: {up} of {n} on line, {silent} silent, {unknown} never heard", up=up, n=len(links),
                    silent=silent, unknown=unknown)
        long = say("Communities: {up} of {n} on line, {unknown} unknown", up=up, n=len(links), unknown=unknown)
        short = say("Communities: {up} of {n} on line", up=up, n=len(links))
        ink.text(area, ink.first_fit([whole, long, short], area.width(), "small"), "small", colour="muted")


_TROUBLE = {"down": 0, "stale": 1, "up": 2, "unknown": 3}


def _by_trouble(links: Iterable[CentreLink]) -> list[CentreLink]:
    """Those that fell silent first, then as they are listed: what is cut off at the end is never the trouble."""
    return sorted(links, key=lambda c: (_TROUBLE.get(c.state, 3), c.level, c.centre))


def _variant(link: CentreLink, number: int) -> str:
    """All cells take the same wording of their names."""
    names = name_variants(link.name)
    return names[min(number, len(names) - 1)]


class Checklist(Slate):
    """The steps of the plan in force; without one it says so."""

    NAME = "checklist"

    def draw(self, ink: Ink) -> None:
        """Title of the plan, then its steps: done ones ticked."""
        snapshot = self.scene.snapshot
        title = say("Plan")
        if self.waiting(ink, title) or snapshot is None:
            return
        if snapshot.plan is None:
            area = self.header(ink, title)
            self.say_empty(ink, area, say("No plan is in force"),
                           say("Departments work by the wartime duty list until one is started at the desk."))
            return
        plan = snapshot.plan
        done = sum(item.done for item in plan.items)
        area = self.header(ink, plan.title, f"{done} / {len(plan.items)}")
        order = sorted(plan.items, key=lambda i: i.done)
        least = ink.height("body") * 1.1
        shown, more = rows_that_fit(area.height(), least, len(order))
        pitch = min(area.height() / max(1, shown + bool(more)), least * 1.3)
        for i, item in enumerate(order[:shown]):
            cell = QRectF(area.left(), area.top() + i * pitch, area.width(), pitch)
            side = ink.em() * 0.8
            ink.box(QRectF(cell.left(), cell.center().y() - side / 2, side, side), "good" if item.done else None,
                    None if item.done else "muted", radius=side * 0.2)
            x = cell.left() + side * 1.7
            ink.text(QRectF(x, cell.top(), cell.right() - x, pitch), item.text, colour="muted" if item.done else "text",
                     may_cut=True)
        if more:
            ink.text(QRectF(area.left(), area.top() + shown * pitch, area.width(), pitch), say("+{n} more", n=more),
                     "small", colour="muted", align=LEFT)
