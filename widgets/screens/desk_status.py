"""The bottom line of the desk: ages of the sources, video and forces on-line, what is not yet sent."""
from __future__ import annotations

from collections.abc import Callable
from time import perf_counter

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from app.services.book import Book
from app.services.views import Status
from widgets.screens.desk_facts import STALE_AFTER_S
from widgets.screens.desk_topbar import why_words
from widgets.screens.desk_words import age_text, short_age_text, tr
from widgets.theme.labels import FittingLabel, Label, safe_tooltip, set_role
from widgets.theme.tokens import px


class StatusStrip(QFrame):
    """Technical facts belong here, not on the wall."""

    def __init__(self, book: Book, lang: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._book, self._lang = book, lang
        self._status: Status | None = None
        self._came_s = 0.0
        """when the numbers came, in seconds of the machine: a demo's own time may run a thousand times as fast"""
        self._trouble = ""
        self.sources = FittingLabel(self, role="muted")
        self.video, self.forces = Label("", "muted", self), Label("", "muted", self)
        self.unsent, self.fresh = Label("", "muted", self), Label("", "muted", self)
        self.data = Label("", "notice", self)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), 0, px(12), px(4))
        row.setSpacing(px(24))
        row.addWidget(self.sources, 1)
        for part in (self.video, self.forces, self.fresh, self.unsent, self.data):
            row.addWidget(part)

    def set_book(self, book: Book, lang: str) -> None:
        """Another language or version of the code lists."""
        self._book, self._lang = book, lang

    def show_status(self, status: Status, now: float) -> None:
        """New numbers."""
        self._status, self._came_s, self._trouble = status, perf_counter(), ""
        self.tick(now)

    def show_trouble(self, text: str) -> None:
        """The numbers could not be read anew; the old ones stay with their age."""
        self._trouble = text

    def tick(self, now: float) -> None:
        """Ages go on."""
        status = self._status
        if status is None:
            return
        off = why_words(status.sync)
        self.sources.set_wordings(*((tr("Hub: {why} Work goes on here; what is done is sent when it is over.", why=off),
                                     tr("Hub: {why}", why=off)) if off else self._source_words(status, now)))
        set_role(self.sources, "danger" if off else "muted")
        self.video.setText(tr("video on-line {n} / {all}", n=f"{status.cameras.get('online', 0):,}",
                              all=f"{sum(status.cameras.values()):,}"))
        known = sum(v for k, v in status.units.items() if k not in ("off", "unknown"))
        self.forces.setText(tr("forces on-line {n} / {all}", n=f"{known:,}", all=f"{sum(status.units.values()):,}"))
        self.unsent.setText(tr("own unsent {n}", n=status.sync.unsent))
        set_role(self.unsent, "notice" if status.sync.unsent else "muted")
        self.data.setText({"demo": tr("demo data"), "drill": tr("drill data")}.get(status.nature, ""))
        self.data.setVisible(bool(self.data.text()))
        age = perf_counter() - self._came_s
        stale = age > STALE_AFTER_S
        self.fresh.setText(tr("numbers as of {age}", age=age_text(age)) if stale else "")
        safe_tooltip(self.fresh, self._trouble)
        set_role(self.fresh, "danger")
        self.fresh.setVisible(stale)

    def _source_words(self, status: Status, now: float) -> list[str]:
        """How long ago each source told something, the fullest wording first: then with short ages, then only those
        that have been silent longest."""
        def name(channel: str) -> str:
            return self._book.label("channel", channel, self._lang)

        heard = [(name(c.channel), now - c.last_at) for c in status.channels if c.last_at is not None]
        never = [name(c.channel) for c in status.channels if c.last_at is None]
        if not heard:
            return [tr("not connected: {list}", list=" · ".join(never)), tr("{n} sources not connected", n=len(never))
                    ] if never else [""]
        lacking = "   " + tr("not connected: {list}", list=" · ".join(never)) if never else ""
        few = "   " + tr("{n} sources not connected", n=len(never)) if never else ""

        def told(which: list[tuple[str, float]], age: Callable[[float], str]) -> str:
            return " · ".join(tr("{name} {age}", name=n, age=age(a)) for n, a in which)

        late = sorted(heard, key=lambda one: -one[1])
        words = [tr("Sources: {list}", list=told(heard, age_text)) + lacking,
                 tr("Sources: {list}", list=told(heard, short_age_text)) + lacking,
                 tr("Sources: {list}", list=told(heard, short_age_text)) + few]
        words += [tr("Sources, longest silent: {list} · {n} more", list=told(late[:k], short_age_text),
                     n=len(late) - k) + few for k in range(len(late) - 1, 0, -1)]
        return words

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.forces.setVisible(event.size().width() >= px(760))
