"""The head of the wall: the centre's name, mode, who is on duty, date and clock; and the banner of a warning in
force."""
from __future__ import annotations

from PySide6.QtCore import QRectF

from app.services.duty_views import DutyView
from app.services.views import Warning_
from widgets.theme.shapes import NUMERALS
from widgets.wall.ink import CENTRE, LEFT, RIGHT, Ink
from widgets.wall.layout import WAR
from widgets.wall.phrases import age_text, clock_text, date_text, minute_text, say, weekday_text
from widgets.wall.privacy import public_text
from widgets.wall.slate import Slate


class TitleBar(Slate):
    """Name in the middle, duty on the left, clock on the right; two rows on a narrow wall."""

    NAME = "title"
    FRAMED = False
    DIMS = False

    def draw(self, ink: Ink) -> None:
        """One row, or two when the width asks for it."""
        area = QRectF(self.rect())
        name = self.scene.snapshot.centre_name if self.scene.snapshot else ""
        tall = area.height() > self.line() * 2.6
        top = QRectF(area.left(), area.top(), area.width(), self.line() * 1.6 if tall else area.height())
        size = "giant" if ink.width(name, "giant", True) < area.width() * 0.34 else "huge"
        ink.text(top, name, size, bold=True, align=CENTRE)
        sides = QRectF(area.left(), top.bottom(), area.width(), area.bottom() - top.bottom()) if tall else area
        half = area.width() / 2 - (0 if tall else ink.width(name, size, True) / 2 + ink.em())
        self._left(ink, QRectF(sides.left(), sides.top(), half, sides.height()))
        self._right(ink, QRectF(sides.right() - half, sides.top(), half, sides.height()))

    def _left(self, ink: Ink, area: QRectF) -> None:
        snapshot = self.scene.snapshot
        war = snapshot is not None and snapshot.mode == WAR
        x = area.left()
        x += ink.tag(x, area.center().y(), say("Wartime") if war else say("Peacetime"), size="large" if war else "body",
                     colour="good", filled="danger" if war else None) + ink.em() * 0.7
        if snapshot is not None and snapshot.nature != "live":
            x += self._nature(ink, x, area, snapshot.nature) + ink.em() * 0.7
        if snapshot is None:
            return
        if snapshot.duty is None:
            ink.text(QRectF(x, area.top(), area.right() - x, area.height()), say("duty roster not connected"), "small",
                     colour="faint")
            return
        self._duty(ink, QRectF(x, area.top(), area.right() - x, area.height()), snapshot.duty)

    def _nature(self, ink: Ink, x: float, area: QRectF, nature: str) -> float:
        word = say("DEMO") if nature == "demo" else say("DRILL")
        return ink.tag(x, area.center().y(), word, colour="notice", filled="notice")

    def _duty(self, ink: Ink, area: QRectF, duty: DutyView) -> None:
        """Leader, supervisor and how many are on post: in one row, in two, below each other, then in fewer words; on
        a wall too narrow for that without the number, at last the leader alone and cut."""
        words = [[(say("Duty leader"), _named(duty.leader, duty.leader_in, duty.leader_waits, short=short)),
                  (say("Supervisor"), _named(duty.supervisor, duty.supervisor_in, duty.supervisor_waits, short=short))]
                 for short in (False, True)]
        post = (say("On post"), duty.post)
        for pairs in words:
            for put in (self._one_row, self._two_rows, self._lines):
                if put(ink, area, [*pairs, post]):
                    return
        for put, shown in ((self._lines, 2), (self._two_rows, 1)):
            for pairs in words:
                if put(ink, area, pairs[:shown]):
                    return
        self._two_rows(ink, area, words[1][:1], cut=True)

    def _one_row(self, ink: Ink, area: QRectF, pairs: list[tuple[str, str]]) -> bool:
        gap, step = ink.em() * 0.35, ink.em() * 1.0
        need = sum(ink.width(a) + gap + ink.width(b, "body", True) + step for a, b in pairs) - step
        if need > area.width():
            return False
        x = area.left()
        for label, value in pairs:
            x += ink.text(QRectF(x, area.top(), area.right() - x, area.height()), label, colour="muted") + gap
            x += ink.text(QRectF(x, area.top(), area.right() - x + 2, area.height()), value, bold=True) + step
        return True

    def _two_rows(self, ink: Ink, area: QRectF, pairs: list[tuple[str, str]], *, cut: bool = False) -> bool:
        step = ink.em() * 0.9
        widths = [max(ink.width(a, "small"), ink.width(b, "body", True)) for a, b in pairs]
        if cut:
            widths = [min(wide, area.width()) for wide in widths]
        elif sum(widths) + step * (len(pairs) - 1) > area.width():
            return False
        upper, lower = ink.height("small") * 0.95, ink.height("body")
        y = area.top() + (area.height() - upper - lower) / 2
        x = area.left()
        for (label, value), wide in zip(pairs, widths, strict=True):
            ink.text(QRectF(x, y, wide + 2, upper), label, "small", colour="muted", may_cut=cut)
            ink.text(QRectF(x, y + upper, wide + 2, lower), value, bold=True, may_cut=cut)
            x += wide + step
        return True

    def _lines(self, ink: Ink, area: QRectF, pairs: list[tuple[str, str]]) -> bool:
        """The people below each other, what else is said beside them."""
        people, rest = pairs[:2], pairs[2:]
        gap, step, high = ink.em("small") * 0.4, ink.em() * 0.9, ink.height("small")
        label = max(ink.width(a, "small") for a, _ in people) + gap
        wide = label + max(ink.width(b, "small", True) for _, b in people)
        used = sum(step + max(ink.width(a, "small"), ink.width(b, "small", True)) for a, b in rest)
        if wide + used > area.width() or high * len(people) > area.height():
            return False
        y = area.top() + (area.height() - high * len(people)) / 2
        for row, (name, value) in enumerate(people):
            ink.text(QRectF(area.left(), y + row * high, label, high), name, "small", colour="muted")
            ink.text(QRectF(area.left() + label, y + row * high, wide - label + 2, high), value, "small", bold=True)
        x = area.left() + wide + step
        for name, value in rest:
            one = max(ink.width(name, "small"), ink.width(value, "small", True))
            ink.text(QRectF(x, y, one + 2, high), name, "small", colour="muted")
            ink.text(QRectF(x, y + high, one + 2, high), value, "small", bold=True)
            x += one + step
        return True

    def _right(self, ink: Ink, area: QRectF) -> None:
        clock = clock_text(self.scene.now, self.scene.zone)
        size = "giant" if ink.width("00:00:00", "giant", True) < area.width() * 0.45 else "huge"
        wide = ink.width("00:00:00", size, True)
        ink.text(QRectF(area.right() - wide, area.top(), wide + 2, area.height()), clock, size, bold=True, align=LEFT)
        right = area.right() - wide - ink.em() * 0.8
        day = f"{date_text(self.scene.now, self.scene.zone)} {weekday_text(self.scene.now, self.scene.zone)}"
        rest = QRectF(area.left(), area.top(), right - area.left(), area.height())
        if self.scene.lost_since is not None:
            since = minute_text(self.scene.lost_since, self.scene.zone)
            used = ink.text(rest, ink.first_fit([day, weekday_text(self.scene.now, self.scene.zone)],
                                                rest.width() * 0.5),
                            colour="muted", align=RIGHT)
            word = ink.first_fit([say("NO CONNECTION since {time}", time=since), say("NO CONNECTION")],
                                 rest.width() - used - ink.em() * 2)
            ink.tag(rest.right() - used - ink.em() * 0.8, rest.center().y(), word, filled="danger", align=RIGHT)
            return
        if ink.width(day) <= rest.width():
            ink.text(rest, day, colour="muted", align=RIGHT)
            return
        upper = QRectF(rest.left(), rest.center().y() - ink.height("small"), rest.width(), ink.height("small"))
        ink.text(upper, date_text(self.scene.now, self.scene.zone), "small", colour="muted", align=RIGHT, may_cut=True)
        ink.text(upper.translated(0, ink.height("small")), weekday_text(self.scene.now, self.scene.zone), "small",
                 colour="muted", align=RIGHT)


class WarningBanner(Slate):
    """The gravest warning in force: level in mark and word, what, where, until when, whose, received when."""

    NAME = "warning"
    FRAMED = False

    def draw(self, ink: Ink) -> None:
        """One line; its free text gives way first, never what it is and where."""
        snapshot = self.scene.snapshot
        if snapshot is None or not snapshot.warnings:
            return
        warnings = sorted(snapshot.warnings, key=lambda w: (w.level, -w.issued_at))
        first = warnings[0]
        level = min(max(first.level, 1), 4)
        ink.box(QRectF(self.rect()), f"warning_fill{level}", f"warning_line{level}", width=1.6)
        pad = self.pad()
        area = QRectF(self.rect()).adjusted(pad, 0, -pad, 0)
        if area.height() > self.line() * 2.1:
            upper = QRectF(area.left(), area.top(), area.width(), area.height() / 2)
            self._right(ink, upper.translated(0, area.height() / 2), first, len(warnings) - 1, level, area.width())
            self._left(ink, upper, first, level)
        else:
            used = self._right(ink, area, first, len(warnings) - 1, level, area.width() * 0.45)
            self._left(ink, QRectF(area.left(), area.top(), area.width() - used - ink.em(), area.height()), first,
                       level)

    def _left(self, ink: Ink, area: QRectF, warning: Warning_, level: int) -> None:
        mark = min(area.height() * 0.7, ink.em() * 1.4)
        ink.level_mark(QRectF(area.left(), area.top(), mark, area.height()), level)
        x = area.left() + mark + ink.em() * 0.6
        colour = (say("Red"), say("Orange"), say("Yellow"), say("Blue"))[level - 1]
        title = public_text(warning.title) or say("{colour} warning {roman}", colour=colour, roman=NUMERALS[level - 1])
        x += ink.text(QRectF(x, area.top(), area.right() - x, area.height()), title, bold=True,
                      colour=f"level_text{level}", may_cut=True) + ink.em() * 0.8
        until = say("until {time}", time=minute_text(warning.until, self.scene.zone)) if warning.until else ""
        where = say("for {areas}", areas=public_text(warning.areas)) if warning.areas else ""
        text = public_text(warning.text)
        room = area.right() - x
        variants = [" · ".join(p for p in parts if p) for parts in ((text, where, until), (where, until), (until,))]
        ink.text(QRectF(x, area.top(), max(room, 1), area.height()), ink.first_fit([*variants, ""], room),
                 colour="warning_text", may_cut=True)

    def _right(self, ink: Ink, area: QRectF, warning: Warning_, more: int, level: int, room: float) -> float:
        received = say("received {age}", age=age_text(self.scene.now - warning.received_at))
        issued = say("{source}, issued {time}", source=public_text(warning.source),
                     time=minute_text(warning.issued_at, self.scene.zone))
        extra = say("+{n} more in force", n=more) if more else ""
        variants = [" · ".join(p for p in parts if p) for parts in ((issued, received, extra), (received, extra),
                                                                    (extra,))]
        return ink.text(area, ink.first_fit(variants, room, "small"), "small", colour="warning_text", align=RIGHT,
                        may_cut=True)


def _named(name: str, present: bool, waits: bool, *, short: bool) -> str:
    """Who has a part in the shift, and when they have not signed in, or wait until the next shift signs."""
    shown = public_text(name)
    if not shown:
        return say("nobody signed in")
    if waits:
        return say("{name} (to be relieved)" if short else "{name} (waits to be relieved)", name=shown)
    if present:
        return shown
    return say("{name} (not in)" if short else "{name} (not signed in)", name=shown)
