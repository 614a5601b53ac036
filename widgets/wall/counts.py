"""Panels that count: today by channel, the phases, the rates, the streets, the forces."""
from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF, QRectF

from app.services.views import AreaCount, ChannelCount, Ratio, Status
from widgets.wall.ink import CENTRE, LEFT, RIGHT, Ink
from widgets.wall.phrases import STREET, age_text, date_text, name_variants, percent_text, ranked_level, say
from widgets.wall.slate import HEADER_LINES, Slate, rows_that_fit

SOURCE_LIMIT_S = 12 * 3600.0
"""a source that brought nothing for so long is greyed (a channel's `stale_s` in its code list says otherwise)"""
LEAST_ROW = 1.24
"""a row is at least so many text heights high"""
MOST_IN_A_COLUMN = 8
GUTTER, NAME_GAP, RATE_GAP = 1.2, 0.7, 0.5
"""ems between two columns of the ranking, between name and figures, and at least between two rates"""
LEAST_LINE = 0.8
"""a line of a list is at least so many of its text's heights (ascent and descent) high"""


class Today(Slate):
    """Today's intake by channel, with the age of each source. A source that never brought anything is not connected."""

    NAME = "today"

    def draw(self, ink: Ink) -> None:
        """Header and one row a channel, the busiest first."""
        title = say("Taken in today")
        if self.waiting(ink, title) or self.scene.snapshot is None:
            return
        status = self.scene.snapshot.status
        total = f"{status.today:,}"
        before = say("{n} by this time yesterday", n=f"{status.yesterday_same_time:,}")
        area = self.header(ink, title, f"{total} · {before}", total)
        channels = self._channels(status)
        if not channels:
            self.say_empty(ink, area, say("not connected"))
            return
        shown, more = rows_that_fit(area.height(), ink.em() * LEAST_ROW, len(channels))
        slots = max(1, shown + bool(more))
        pitch = min(area.height() / slots, self.line() * 1.6)
        columns = self._columns(ink, area, channels)
        for i, channel in enumerate(channels[:shown]):
            self._row(ink, QRectF(area.left(), area.top() + i * pitch, area.width(), pitch), channel, columns,
                      max(c.count for c in channels))
        if more:
            rest = QRectF(area.left(), area.top() + shown * pitch, area.width(), pitch)
            ink.text(rest, say("+{n} more", n=more), "small", colour="muted")

    def _channels(self, status: Status) -> list[ChannelCount]:
        return sorted(status.channels, key=lambda c: (c.last_at is None, -c.count))

    def _name(self, channel: ChannelCount) -> str:
        assert self.scene.snapshot is not None
        return self.scene.snapshot.book.label("channel", channel.channel, self.scene.lang)

    def _age(self, channel: ChannelCount) -> str:
        return say("not connected") if channel.last_at is None else age_text(self.scene.now - channel.last_at)

    def _columns(self, ink: Ink, area: QRectF, channels: list[ChannelCount]) -> tuple[float, float, float, float]:
        """x of bar start, bar end, count's right edge, age's left edge."""
        gap = ink.em() * 0.6
        name = max(ink.width(self._name(c)) for c in channels)
        count = max(ink.width(f"{c.count:,}", bold=True) for c in channels)
        age = max(ink.width(self._age(c), "small") for c in channels)
        bar_start = area.left() + name + gap
        age_start = area.right() - age
        return bar_start, age_start - gap - count - gap, age_start - gap, age_start

    def _row(self, ink: Ink, row: QRectF, channel: ChannelCount, columns: tuple[float, float, float, float],
             most: int) -> None:
        bar_start, bar_end, count_end, age_start = columns
        silent = channel.last_at is None
        old = silent or self.scene.now - float(channel.last_at or 0) > self._limit(channel)
        if bar_end - bar_start < ink.em() * 1.5:
            bar_end = bar_start
        name_end = bar_start - ink.em() * 0.5 if bar_end > bar_start else count_end - ink.em() * 2.5
        ink.text(QRectF(row.left(), row.top(), max(1.0, name_end - row.left()), row.height()), self._name(channel),
                 colour="faint" if old else "text")
        if not silent:
            if bar_end > bar_start:
                high = max(3.0, ink.em() * 0.36)
                ink.bar(QRectF(bar_start, row.center().y() - high / 2, bar_end - bar_start, high),
                        channel.count / most if most else 0.0, "bar" if old else "bar_now")
            ink.text(QRectF(bar_end, row.top(), count_end - bar_end, row.height()), f"{channel.count:,}", bold=True,
                     colour="faint" if old else "text", align=RIGHT)
        ink.text(QRectF(age_start, row.top(), row.right() - age_start, row.height()), self._age(channel), "small",
                 colour="faint" if old else "muted", align=RIGHT)

    def _limit(self, channel: ChannelCount) -> float:
        assert self.scene.snapshot is not None
        code = self.scene.snapshot.book.code("channel", channel.channel)
        value = code.extra.get("stale_s") if code else None
        return float(value) if isinstance(value, int | float) else SOURCE_LIMIT_S


class Phases(Slate):
    """How many incidents stand in each step of the loop; the figures add up to those in hand."""

    NAME = "phases"
    TABS = ("to_accept", "to_assign", "to_sign", "in_hand", "returned", "to_verify")

    def _label(self, tab: str) -> str:
        return {"to_accept": say("Accept"), "to_assign": say("Assign"), "to_sign": say("Sign"),
                "in_hand": say("In hand"), "returned": say("Back"), "to_verify": say("Verify")}[tab]

    def draw(self, ink: Ink) -> None:
        """Six figures in one row, in two where they do not fit."""
        title = say("Open by phase")
        if self.waiting(ink, title) or self.scene.snapshot is None:
            return
        tabs = self.scene.snapshot.status.tabs
        opened, calls = say("{n} open", n=f"{tabs.get('all', 0):,}"), self.scene.snapshot.status.whistles
        whole = say("{open} · whistles {n}, {late} late", open=opened, n=calls.open, late=calls.late) \
            if calls.open else opened
        area = self.header(ink, title, whole, opened)
        cells = [(self._label(t), tabs.get(t, 0)) for t in self.TABS]
        size = self._figure(ink, area, [f"{value:,}" for _, value in cells])
        widths = [max(ink.width(label, "small"), ink.width(f"{value:,}", size, True)) for label, value in cells]
        gap = (area.width() - sum(widths)) / len(cells)
        x = area.left() + gap / 2
        for (label, value), wide in zip(cells, widths, strict=True):
            self._cell(ink, QRectF(x - gap * 0.45, area.top(), wide + gap * 0.9, area.height()), label, value, size)
            x += wide + gap

    def _figure(self, ink: Ink, area: QRectF, figures: list[str]) -> str:
        """The largest size in which all figures stand side by side."""
        for size in ("giant", "huge", "large"):
            if area.height() >= ink.em(size) * 1.05 + ink.height("small") \
                    and sum(ink.width(f, size, True) + ink.em(size) * 0.5 for f in figures) <= area.width():
                return size
        return "body"

    def _cell(self, ink: Ink, cell: QRectF, label: str, value: int, figure: str) -> None:
        text = f"{value:,}"
        size = figure
        upper = ink.em(size) * 1.05
        block = upper + ink.height("small") * 0.95
        top = cell.top() + max(0.0, (cell.height() - block) / 2)
        ink.text(QRectF(cell.left(), top, cell.width(), upper), text, size, bold=True,
                 colour="text" if value else "faint", align=CENTRE)
        ink.text(QRectF(cell.left(), top + upper, cell.width(), block - upper), label, "small", colour="muted",
                 align=CENTRE)


class Rates(Slate):
    """On-time handling, closing and satisfaction, each with its own numerator, denominator and the period."""

    NAME = "rates"

    def _rates(self, status: Status) -> list[tuple[str, Ratio]]:
        return [(say("On time"), status.handled_on_time), (say("Closed"), status.closing),
                (say("Satisfied"), status.satisfied), (say("Closed on time"), status.closed_on_time)]

    def draw(self, ink: Ink) -> None:
        """Four rates side by side, each as wide as its words, else below each other; three where neither has room."""
        title = say("Rates")
        if self.waiting(ink, title) or self.scene.snapshot is None:
            return
        status = self.scene.snapshot.status
        since = date_text(status.period_start, self.scene.zone)
        period = say("this month") if status.period == "month" else status.period
        area = self.header(ink, title, say("{period}, since {day}", period=period, day=since), period)
        rates = self._rates(status)
        gap = ink.em() * RATE_GAP
        if sum(self._widths(ink, rates, "large")) + gap * (len(rates) - 1) > area.width():
            if self._rows(ink, area, rates):
                return
            rates = rates[:3]
        figure = next((f for f in ("giant", "huge") if area.height() >= ink.em(f) * 1.1 + ink.height("small") * 1.9
                       and sum(self._widths(ink, rates, f)) + gap * (len(rates) - 1) <= area.width()), "large")
        widths = self._widths(ink, rates, figure)
        gap = (area.width() - sum(widths)) / len(rates)
        x = area.left()
        for (name, ratio), wide in zip(rates, widths, strict=True):
            self._cell(ink, QRectF(x, area.top(), wide + gap, area.height()), name, ratio, figure)
            x += wide + gap

    def _rows(self, ink: Ink, area: QRectF, rates: list[tuple[str, Ratio]]) -> bool:
        """A line for each; whether there was room."""
        high = area.height() / len(rates)
        widths = [max(ink.width(text, "small", bold) for text in texts) for bold, texts in (
            (False, [n for n, _ in rates]), (True, [percent_text(r) for _, r in rates]),
            (False, [self._parts(r) for _, r in rates]))]
        gap = (area.width() - sum(widths)) / 2
        if high < ink.height("small") * LEAST_LINE or gap < ink.em() * RATE_GAP:
            return False
        for row, (name, ratio) in enumerate(rates):
            line = QRectF(area.left(), area.top() + row * high, area.width(), high)
            ink.text(line, name, "small", colour="muted")
            ink.text(line.adjusted(0, 0, -widths[2] - gap, 0), percent_text(ratio), "small", bold=True, align=RIGHT)
            ink.text(line, self._parts(ratio), "small", colour="faint", align=RIGHT)
        return True

    def _widths(self, ink: Ink, rates: list[tuple[str, Ratio]], figure: str) -> list[float]:
        return [max(ink.width(name, "small"), ink.width(percent_text(r), figure, True),
                    ink.width(self._parts(r), "small")) for name, r in rates]

    def _parts(self, ratio: Ratio) -> str:
        return say("none yet") if not ratio.denominator else f"{ratio.numerator:,} / {ratio.denominator:,}"

    def _cell(self, ink: Ink, cell: QRectF, name: str, ratio: Ratio, figure: str) -> None:
        small, upper = ink.height("small") * 0.95, ink.em(figure) * 1.1
        top = cell.top() + max(0.0, (cell.height() - upper - 2 * small) / 2)
        ink.text(QRectF(cell.left(), top, cell.width(), small), name, "small", colour="muted")
        ink.text(QRectF(cell.left(), top + small, cell.width(), upper), percent_text(ratio), figure, bold=True)
        ink.text(QRectF(cell.left(), top + small + upper, cell.width(), small), self._parts(ratio), "small",
                 colour="faint")


class Areas(Slate):
    """All streets and townships ranked by what is open there, in two columns where one is too short; those that do
    not fit are counted, not dropped silently. A district without streets ranks its coarsest areas."""

    NAME = "areas"

    def draw(self, ink: Ink) -> None:
        """Name, bar, open, overdue, on-time share; the share and the bar only where they have room."""
        if self.waiting(ink, say("Streets and townships")) or self.scene.snapshot is None:
            return
        streets = self.streets()
        across, size = self._arrangement(ink, self._space().height(), len(streets))
        wide = (self.inner().width() - GUTTER * ink.em() * (across - 1)) / across
        rated = across == 1 or self._need(ink, streets, size, rated=True) <= wide
        short = say("open · overdue")
        words = (say("open · overdue · on time"), say("open · late · on time"), short) if rated else (short,)
        title = say("Streets and townships") if ranked_level(self.scene.snapshot.book) in (None, STREET) \
            else say("Areas")
        area = self.header(ink, title, *words)
        if not streets:
            self.say_empty(ink, area, say("no areas are imported yet"))
            return
        self._rows(ink, area, streets, _Form(across, size, wide, rated))

    def streets(self) -> list[AreaCount]:
        """Counts of the areas of the ranked level, busiest first."""
        assert self.scene.snapshot is not None
        book = self.scene.snapshot.book
        level = ranked_level(book)
        rows = [a for a in self.scene.snapshot.status.areas
                if a.area_id in book.areas and book.areas[a.area_id].level == level]
        return sorted(rows, key=lambda a: (-a.open, -a.overdue, a.area_id))

    def _space(self) -> QRectF:
        return self.inner().adjusted(0, round(self.line() * HEADER_LINES), 0, 0)

    def _arrangement(self, ink: Ink, height: float, count: int) -> tuple[int, str]:
        """Columns and type size: one column as long as all fit, at the smaller size too; from nine on two."""
        if count <= int(height // (ink.em() * LEAST_ROW)):
            return 1, "body"
        if count <= int(height // (ink.em("small") * LEAST_ROW)):
            return 1, "small"
        return (2, "small") if count > MOST_IN_A_COLUMN else (1, "small")

    def _rows(self, ink: Ink, area: QRectF, streets: list[AreaCount], form: _Form) -> None:
        room = int(area.height() // (ink.em(form.size) * LEAST_ROW))
        tail = len(streets) > room * form.across
        deep = min(max(1, room - tail), -(-len(streets) // form.across))
        shown, rest = streets[:deep * form.across], streets[deep * form.across:]
        pitch = min(area.height() / (deep + tail), self.line() * 1.6)
        most = max(s.open for s in streets)
        names = self._names(ink, shown, form)
        for i, street in enumerate(shown):
            column, row = divmod(i, deep)
            cell = QRectF(area.left() + column * (form.wide + GUTTER * ink.em()), area.top() + row * pitch, form.wide,
                          pitch)
            self._row(ink, cell, street, names[i], self._columns(ink, cell, shown, names, form), most, form)
        if rest:
            ink.text(QRectF(area.left(), area.top() + deep * pitch, area.width(), pitch),
                     say("+{n} more, {open} open there", n=len(rest), open=sum(s.open for s in rest)), "small",
                     colour="muted")

    def _figures(self, ink: Ink, streets: list[AreaCount], size: str) -> tuple[float, float, float]:
        """Widths of open, overdue and the share."""
        return (max((ink.width(f"{s.open:,}", size, True) for s in streets), default=0.0),
                max((ink.width(f"{s.overdue:,}", size, True) for s in streets), default=0.0),
                max((ink.width(percent_text(s.on_time), "small") for s in streets), default=0.0))

    def _need(self, ink: Ink, streets: list[AreaCount], size: str, *, rated: bool) -> float:
        """Width of a row with the shortest wording of its name."""
        assert self.scene.snapshot is not None
        book = self.scene.snapshot.book
        name = max((ink.width(_shortest(book.area_label(s.area_id)), size) for s in streets), default=0.0)
        open_, overdue, rate = self._figures(ink, streets, size)
        gap = ink.em() * NAME_GAP
        return name + open_ + overdue + 2 * gap + (rate + gap if rated else 0.0)

    def _names(self, ink: Ink, streets: list[AreaCount], form: _Form) -> list[str]:
        """All in full, or all without what stands in brackets."""
        assert self.scene.snapshot is not None
        book = self.scene.snapshot.book
        full = [book.area_label(s.area_id) for s in streets]
        if form.across == 1:
            return full
        open_, overdue, rate = self._figures(ink, streets, form.size)
        room = form.wide - open_ - overdue - ink.em() * NAME_GAP * (2 + form.rated) - (rate if form.rated else 0.0)
        return full if all(ink.width(n, form.size) <= room for n in full) else [_shortest(n) for n in full]

    def _columns(self, ink: Ink, cell: QRectF, streets: list[AreaCount], names: list[str],
                 form: _Form) -> tuple[float, float, float, float]:
        """Bar start, bar end, right edges of open and overdue; the share ends at the cell's right edge."""
        gap = ink.em() * NAME_GAP
        open_, overdue, rate = self._figures(ink, streets, form.size)
        name = max(ink.width(n, form.size) for n in names)
        overdue_end = cell.right() - rate - gap if form.rated else cell.right()
        open_end = overdue_end - overdue - gap
        bar_end = open_end - open_ - gap
        return min(cell.left() + name + gap, bar_end), bar_end, open_end, overdue_end

    def _row(self, ink: Ink, row: QRectF, street: AreaCount, name: str, columns: tuple[float, float, float, float],
             most: int, form: _Form) -> None:
        bar_start, bar_end, open_end, overdue_end = columns
        ink.text(QRectF(row.left(), row.top(), bar_start - row.left(), row.height()), name, form.size, may_cut=True)
        if bar_end - bar_start >= ink.em() * 1.2:
            high = max(3.0, ink.em() * 0.3)
            ink.bar(QRectF(bar_start, row.center().y() - high / 2, bar_end - bar_start, high),
                    street.open / most if most else 0.0, "bar")
        ink.text(QRectF(bar_end, row.top(), open_end - bar_end, row.height()), f"{street.open:,}", form.size, bold=True,
                 align=RIGHT, colour="text" if street.open else "faint")
        ink.text(QRectF(open_end, row.top(), overdue_end - open_end, row.height()), f"{street.overdue:,}", form.size,
                 bold=True, align=RIGHT, colour="danger" if street.overdue else "faint")
        if form.rated:
            ink.text(QRectF(overdue_end, row.top(), row.right() - overdue_end, row.height()),
                     percent_text(street.on_time), "small", align=RIGHT, colour="muted")


@dataclass(frozen=True, slots=True)
class _Form:
    """How the ranking is set: columns, type size, width of a column, whether the on-time share stands in it."""

    across: int
    size: str
    wide: float
    rated: bool


def _shortest(name: str) -> str:
    """A name without what stands in brackets."""
    return name_variants(name)[:2][-1] if name else ""


class Forces(Slate):
    """The forces by status, in shape and figure (wartime)."""

    NAME = "forces"
    STATUSES = ("free", "going", "on_scene", "off", "unknown")

    def _label(self, status: str) -> str:
        return {"free": say("Free"), "going": say("En route"), "on_scene": say("On scene"), "off": say("Off"),
                "unknown": say("Lost")}[status]

    def draw(self, ink: Ink) -> None:
        """One cell a status."""
        title = say("Forces")
        if self.waiting(ink, title) or self.scene.snapshot is None:
            return
        units = self.scene.snapshot.status.units
        total = sum(units.get(s, 0) for s in self.STATUSES)
        area = self.header(ink, title, say("{n} known", n=f"{total:,}"))
        if not total:
            self.say_empty(ink, area, say("not connected"))
            return
        cells = [(s, f"{units.get(s, 0):,}") for s in self.STATUSES if units.get(s) or s != "unknown"]
        side = ink.em() * 0.8
        size = next((z for z in ("huge", "large") if area.height() >= ink.em(z) * 1.15 + ink.height("small")
                     and sum(ink.width(t, z, True) + side * 2.2 for _, t in cells) <= area.width()), "body")
        widths = [max(ink.width(self._label(s), "small"), ink.width(t, size, True) + side * 1.5) for s, t in cells]
        gap = max(0.0, (area.width() - sum(widths)) / len(cells))
        x = area.left()
        for (status, text), wide in zip(cells, widths, strict=True):
            self._cell(ink, QRectF(x, area.top(), wide + gap * 0.9, area.height()), status, text, size)
            x += wide + gap

    def _cell(self, ink: Ink, cell: QRectF, status: str, text: str, size: str) -> None:
        side = ink.em() * 0.8
        upper, small = ink.em(size) * 1.15, ink.height("small")
        top = cell.top() + max(0.0, (cell.height() - upper - small) / 2)
        ink.unit_mark(QPointF(cell.left() + side * 0.55, top + upper / 2), status, side)
        ink.text(QRectF(cell.left() + side * 1.5, top, cell.width() - side * 1.5, upper), text, size, bold=True,
                 align=LEFT)
        ink.text(QRectF(cell.left(), top + upper, cell.width(), small), self._label(status), "small", colour="muted")
