"""Told on the spot: a drone whose battery is low or whose link is lost, once, until it is acknowledged or over."""
from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer, Signal, Slot
from PySide6.QtWidgets import QBoxLayout, QFrame, QHBoxLayout

from app.services.drone_watch import LINK, DroneAlarm, DroneWatch, limits_of
from app.services.seat import Seat
from app.text import plain, render
from widgets.bridge import Fault
from widgets.screens.desk_words import age_text, tr
from widgets.theme.labels import ElidedLabel
from widgets.theme.parts import OnceButton
from widgets.theme.tokens import px

if TYPE_CHECKING:
    from widgets.screens.desk_body import DeskBody

LOOK_MS = 1_000
SETTING = "drone.acknowledged"
"""keys of alarms that somebody at this seat has seen"""
MOST_KEPT = 200
LEVELS = {LINK: 2}
"""how a lost link sounds; a low battery does not: there is time left, and the bar stays"""


class DroneBar(QFrame):
    """Shows the oldest alarm that nobody has acknowledged; says by the banner when one is over."""

    changed = Signal()

    def __init__(self, body: DeskBody) -> None:
        super().__init__(body)
        self.setObjectName("refusalBar")
        self._body = body
        self.watch = DroneWatch()
        self._seen: dict[str, None] | None = None
        self.head = ElidedLabel("", self, role="strong")
        self.seen_button, self.show_button = OnceButton(self), OnceButton(self)
        self.show_button.clicked.connect(self._on_show)
        self.seen_button.clicked.connect(self._on_seen)
        row = QHBoxLayout(self)
        row.setContentsMargins(px(12), px(4), px(8), px(4))
        row.setSpacing(px(8))
        row.addWidget(self.head, 1)
        for button in (self.show_button, self.seen_button):
            row.addWidget(button)
        box = body.layout()
        assert isinstance(box, QBoxLayout)
        box.insertWidget(box.indexOf(body.conflict) + 1, self)
        body.bridge.ask(lambda seat: seat.setting(SETTING), self._on_kept, lambda _fault: self._on_kept(None),
                        owner=self)
        self._timer = QTimer(self)
        self._timer.setInterval(LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._timer.start()
        self._retranslate()
        self.hide()

    def _on_kept(self, kept: object) -> None:
        self._seen = dict.fromkeys(str(key) for key in kept) if isinstance(kept, list) else {}
        self.look()

    @Slot()
    def look(self) -> None:
        """See how the drones stand now."""
        facts, body = self._body.bridge.facts, self._body
        if facts is None or self._seen is None:
            return
        came, over = self.watch.look(body.map.feed.units.values(), limits_of(facts.book), body.clock.now().timestamp())
        for alarm in over:
            if f"{alarm.unit_id} {alarm.what}" in self._seen:  # a battery that is low again is told again
                del self._seen[f"{alarm.unit_id} {alarm.what}"]
                self._keep()
            body.banner.good(self._over_words(alarm))
        if came or over:
            self.changed.emit()
        self._show()

    @property
    def shown(self) -> DroneAlarm | None:
        """The one that is shown: the oldest that nobody acknowledged."""
        return next((a for a in self.watch.standing.values() if a.key not in (self._seen or {})), None)

    def sounding(self) -> dict[str, int]:
        """What of it sounds until it is acknowledged or over."""
        return {f"drone {a.key}": LEVELS[a.what] for a in self.watch.standing.values()
                if a.what in LEVELS and a.key not in (self._seen or {})}

    def _show(self) -> None:
        alarm = self.shown
        self.setVisible(alarm is not None)
        if alarm is None:
            return
        others = sum(a.key not in (self._seen or {}) for a in self.watch.standing.values()) - 1
        words = self._words(alarm) + (" · " + tr("{n} more", n=others) if others else "")
        self.head.setText(words)
        self.setAccessibleName(words)

    def _words(self, alarm: DroneAlarm) -> str:
        now = self._body.clock.now().timestamp()
        if alarm.what == LINK:
            return tr("{name}: link lost, heard last {age}", name=plain(alarm.name),
                      age=age_text(max(0.0, now - alarm.since)))
        return tr("{name}: battery low, {n} %", name=plain(alarm.name), n=alarm.battery or 0)

    def _over_words(self, alarm: DroneAlarm) -> str:
        if alarm.what == LINK:
            return tr("{name}: link stands again", name=plain(alarm.name))
        return tr("{name}: battery no longer low, {n} %", name=plain(alarm.name), n=alarm.battery or 0)

    @Slot()
    def _on_seen(self) -> None:
        alarm = self.shown
        if alarm is None or self._seen is None:
            return
        self._seen[alarm.key] = None
        for old in list(self._seen)[:-MOST_KEPT]:
            del self._seen[old]
        self._keep()
        self.changed.emit()
        self._show()

    def _keep(self) -> None:
        kept = list(self._seen or {})

        def keep(seat: Seat) -> None:
            seat.set_setting(SETTING, kept)

        def failed(fault: Fault) -> None:
            self._body.banner.bad(plain(render(fault.message)))

        self._body.bridge.ask(keep, lambda _none: None, failed, owner=self)

    @Slot()
    def _on_show(self) -> None:
        alarm = self.shown
        if alarm is not None:
            self._body.map.show_unit(alarm.unit_id)

    def _retranslate(self) -> None:
        self.seen_button.setText(tr("Seen"))
        self.show_button.setText(tr("On the map"))
        self._show()

    def changeEvent(self, event: QEvent) -> None:
        """Another language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()
