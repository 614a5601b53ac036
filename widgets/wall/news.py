"""The foot of the wall: the last events, and how old what stands above is."""
from __future__ import annotations

from PySide6.QtCore import QRectF

from app.services.views import SKEW_ALARM_MS, SKEW_SHOWN_MS, SyncState
from widgets.wall.ink import LEFT, RIGHT, Ink
from widgets.wall.phrases import age_text, clock_text, event_time, grid_text, is_hidden, kind_text, place_text, say
from widgets.wall.privacy import public_text
from widgets.wall.slate import Slate
from widgets.wall.snapshot import News


def event_text(kind: str, unit: str = "", service: str = "") -> str:
    """An event in a word or two, with the force it is about."""
    words = {"reported": say("Reported"), "self_handled": say("Found and fixed"),
             "site_checked": say("Checked on site"),
             "registered": say("Accepted"), "assigned": say("Assigned"), "recalled": say("Recalled"),
             "acknowledged": say("Signed for"), "departed": say("En route"), "arrived": say("On scene"),
             "fed_back": say("Fed back"), "returned": say("Returned"), "verified": say("Verified"),
             "reworked": say("To be redone"), "closed": say("Closed now"), "evaluated": say("Evaluated"),
             "chased": say("Chased"), "told": say("Told"), "held": say("On hold"), "resumed": say("Resumed"),
             "supervised": say("Supervised"), "raised": say("Raised"), "merged": say("Merged"), "voided": say("Void"),
             "force_closed": say("Closed by force"), "reopened": say("Reopened"), "corrected": say("Corrected"),
             "extension_requested": say("More time asked"), "extension_approved": say("More time granted"),
             "extension_refused": say("More time refused")}
    word = words.get(kind.removeprefix("incident."), say("Changed"))
    if service:
        word = f"{word} {service}"
    return f"{unit} {word}" if unit else word


class Ticker(Slate):
    """The last events, newest first, as many as fit whole; on the right the age of the data and the links."""

    NAME = "ticker"

    def draw(self, ink: Ink) -> None:
        """One line. Of neighbours that read alike the newest stands for all."""
        pad = self.pad()
        area = QRectF(self.rect()).adjusted(pad, 0, -pad, 0)
        snapshot = self.scene.snapshot
        if snapshot is None:
            ink.text(area, say("waiting for data"), colour="muted")
            return
        state, colour = self._state()
        used = ink.text(area, state, "small", colour=colour, align=RIGHT)
        x, end = area.left(), area.right() - used - ink.em() * 1.2
        if not snapshot.news:
            ink.text(QRectF(x, area.top(), end - x, area.height()), say("No event yet today"), colour="muted")
            return
        before = ""
        for news in snapshot.news:
            fullest = self._words(news)[0]
            if fullest == before:
                continue
            before = fullest
            x = self._item(ink, area, x, end, news)
            if x < 0:
                break

    def _item(self, ink: Ink, area: QRectF, x: float, end: float, news: News) -> float:
        """Draw one event when it fits; returns where the next one starts, or -1 when there is no room."""
        time = event_time(news.entry.at, self.scene.now, self.scene.zone)
        words = self._words(news)
        gap = ink.em() * 0.5
        room = end - x - ink.width(time, "small", True) - gap
        text = next((w for w in words if ink.width(w, "small") <= room), "")
        if not text:
            return -1.0
        x += ink.text(QRectF(x, area.top(), end - x, area.height()), time, "small", bold=True, align=LEFT) + gap
        x += ink.text(QRectF(x, area.top(), end - x, area.height()), text, "small", colour="muted", align=LEFT)
        return x + ink.em() * 1.6

    def _words(self, news: News) -> list[str]:
        """From the fullest wording to the shortest. What people wrote never stands here; of sensitive matters only
        the step, class and grid do, without the force."""
        snapshot = self.scene.snapshot
        assert snapshot is not None
        if news.row is None:
            return [event_text(news.entry.kind)]
        kind = kind_text(news.row, snapshot.book, self.scene.lang)
        grid = grid_text(news.row, snapshot.book)
        if is_hidden(news.row, snapshot.book):
            step = event_text(news.entry.kind)
            return [f"{step} · {kind} · {grid}", f"{step} · {kind}"]
        what = event_text(news.entry.kind, public_text(news.unit), news.service)
        bare = event_text(news.entry.kind, "", news.service)
        place = place_text(news.row, snapshot.book) or grid
        return list(dict.fromkeys((f"{what} · {kind} · {place}", f"{what} · {kind}", f"{bare} · {kind}")))

    def _state(self) -> tuple[str, str]:
        snapshot = self.scene.snapshot
        assert snapshot is not None
        if self.scene.lost_since is not None:
            return say("no connection to the seat · data of {time}", time=clock_text(snapshot.at,
                                                                                     self.scene.zone)), "danger"
        age = say("data {age}", age=age_text(self.scene.age_s))
        sync = snapshot.status.sync
        alarmed = sync.mode == "off" or (sync.skew_ms is not None and abs(sync.skew_ms) > SKEW_ALARM_MS)
        role = "danger" if alarmed and sync.mode != "alone" else "notice" if self.scene.stale else "muted"
        return f"{self._skew(sync)}{self._links(sync)} · {age}", role

    def _links(self, sync: SyncState) -> str:
        if sync.mode == "alone":
            return say("single seat, no hub")
        if sync.mode == "files":
            return say("exchange by files, {n} waiting to be sent", n=sync.unsent)
        if sync.mode == "connected":
            return say("all links up") if not sync.unsent else say("{n} waiting to be sent", n=sync.unsent)
        if sync.mode == "behind":
            return say("catching up, {n} behind", n=sync.behind)
        if sync.since is None:
            return say("hub never reached, {n} waiting to be sent", n=sync.unsent)
        return say("hub not reached since {time}, {n} waiting to be sent",
                   time=clock_text(sync.since, self.scene.zone)[:5], n=sync.unsent)

    def _skew(self, sync: SyncState) -> str:
        """A clock that is off by more than 2 s is said, by more than 60 s in red."""
        if sync.mode == "alone" or sync.skew_ms is None or abs(sync.skew_ms) <= SKEW_SHOWN_MS:
            return ""
        return say("clock {s} s off · ", s=f"{abs(sync.skew_ms) / 1000:,.0f}")
