"""Promise 19 on the screen: what people write is shown as they wrote it, never as markup, order or direction.

Every text a person or another system could have written is hostile here, in every widget of the rooms of the incident,
the calls, the forces and the log-in; then the widget trees are walked for rich text.
"""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QAbstractItemModel, QAbstractListModel, QEvent, QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QTextBrowser,
    QTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot

from app.domain.faults import Message, Refused
from app.services.book import Book, Code
from app.services.views import (
    AssignmentView,
    CallRow,
    Draft,
    DuplicateHit,
    Hit,
    IncidentView,
    Recommendation,
    ReporterView,
    TimelineEntry,
    ToldView,
    UnitRow,
)
from tests.fakes.fake_seat import SUPERVISOR, FakeSeat
from tests.widgets.room_stage import settle, shown, stage
from widgets.bridge import Bridge, Fault
from widgets.calls import CallStrip, CallTaking
from widgets.incident import IncidentPanel, RecommendPanel, TimelinePanel
from widgets.login import LoginPanel
from widgets.units import UnitBoard

TAGS = (
    "<b>{0}</b>", "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<img src='file:///etc/passwd'>",
    "<a href='javascript:alert(1)'>go</a>", "<a href=http://e.example>x</a>", "<svg onload=alert(1)>",
    "<iframe src=//e>",
    "<h1>BIG", "<table><tr><td>x", "<font size=7 color=red>x", "<br>", "<p style='font-size:900px'>x", "<!-- x -->",
    "<qt>rich</qt>", "<html><body bgcolor=red>x", "<style>*{display:none}</style>x",
    "<meta http-equiv=refresh content=0>",
    "<span style='background:url(file:///dev/zero)'>x</span>", "<object data=x>", "<embed src=x>",
    "<math><mi>x",
    "<details open ontoggle=alert(1)>", "<input onfocus=alert(1) autofocus>", "<base href=//e>",
    "<link rel=stylesheet>",
    "&lt;b&gt;", "&#60;b&#62;", "&amp;&quot;", "]]><b>x", "\"><b>x", "'><b>x", "</span><b>x", "<B/x=y>x", "<b\n>x",
    "<ol><li>x", "<hr>", "<center>x", "<pre>x", "<u>x</u>", "<?php x ?>", "<%= 7*7 %>",
)
DIRECTIONS = ("\u202egpj.exe", "\u202dabc", "\u2066x\u2069", "\u2067x", "\u200fx", "\u200ex", "\u061cx", "x\u202b y",
              "\u202ax\u202c", "\u2068x", "\ufeffx", "a\u200bb",
              "a\u2060b", "\u00adx")
FORMATS = ("{0}", "{}", "{name}", "{who}", "{0.__class__}", "{why.__init__.__globals__}", "%s%s%n", "%(x)s", "%1 %2",
           "{{}}", "}{", "{:>99999999}", "${7*7}", "#{7*7}", "\\N{BULLET}", "{n!r:>999999}", "%n%n%n")
CONTROLS = ("a\x00b", "a\x07b", "\x1b[31mred\x1b[0m", "a\r\nb", "a\tb", "a\u2028b", "a\u2029b", "a\x85b", "\ud800",
            "x\udfffy", "\x7f", "a\x0bb", "\u0000")
KEYS = ("&Quit", "&D", "a && b", "\tCtrl+Q", "&", "&&&x")
QUERIES = ("'; DROP TABLE incident;--", "\" OR 1=1 --", "../../etc/passwd", "file:///etc/passwd", "javascript:alert(1)",
           "=cmd|' /C calc'!A0", "@SUM(1)", "-2+3")
LARGE = ("宽" * 100_000, "W" * 200_000, "<b>" * 50_000, "\u0301" * 10_000, "x\n" * 20_000, "a " * 50_000, "🚒" * 20_000,
         "﷽" * 5_000)
PAYLOADS = (*TAGS, *DIRECTIONS, *FORMATS, *CONTROLS, *KEYS, *QUERIES, *LARGE)
HIDDEN = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\x00\x07\x1b\ud800\udfff")


class HostileSeat(FakeSeat):
    """Everything that people, devices or lists could have written is `payload`."""

    payload = "x"

    @property
    def book(self) -> Book:
        plain = super().book
        return Book(plain.version, [Code(c.list, c.code, self.payload, self.payload, c.parent, c.extra)
                                    for name in ("kind", "channel", "phase", "unit_kind", "skill", "kind_class")
                                    for c in plain.codes(name)],
                    [replace(a, name=self.payload) for a in list(plain.areas.values())[:20]])


def hostile_view(view: IncidentView, text: str, now: float) -> IncidentView:
    row = view.row._replace(place=text, number=text, handler=text, channel=text, kind=text, phase=text)
    entry = TimelineEntry("e", row.id, now, text, Message("Reported: {place}", {"place": text}), text, text, text, text,
                          superseded=True, unsent=True, photos=(text,), number=text)
    action = replace(view.actions[0], label=Message(text), why_not=Message(text), enabled=False, help=Message(text))
    return replace(
        view, row=row, description=text, original_place=text + "?", reporters=(ReporterView("r", text, text, True),),
        assignments=(AssignmentView("u", text, True, text, now, None, None, None, 10.0, now, 1),),
        timeline=(entry, replace(entry, what=Message(text), superseded=False)), due_because=(Message(text),),
        told=(ToldView(text, now, text),), merged=(("m", text),), missing=(Message("{x}", {"x": text}), Message(text)),
        verdict=text, external_number=text, satisfaction=text, photos=(),
        actions=(action, *(replace(a, label=Message(text)) for a in view.actions[1:])))


def wrong_in(root: QWidget) -> list[str]:
    """What in a widget tree could be taken for markup, an order, or hides something."""
    found = []
    for widget in (root, *root.findChildren(QWidget)):
        name = f"{type(widget).__name__} in {type(root).__name__}"
        if isinstance(widget, QTextEdit | QTextBrowser):
            found.append(f"{name}: a rich text view")
        if isinstance(widget, QLabel):
            if widget.textFormat() != Qt.TextFormat.PlainText:
                found.append(f"{name}: text format {widget.textFormat()}")
            if HIDDEN & set(widget.text()):
                found.append(f"{name}: hidden characters")
            if widget.openExternalLinks():
                found.append(f"{name}: opens links")
        if isinstance(widget, QAbstractButton):
            if not widget.shortcut().isEmpty():
                found.append(f"{name}: a person's text made the shortcut {widget.shortcut().toString()}")
            if HIDDEN & set(widget.text()):
                found.append(f"{name}: hidden characters")
        tip = widget.toolTip() + widget.statusTip() + widget.whatsThis()
        if "<" in tip and not tip.startswith("<span>"):
            found.append(f"{name}: a tooltip with markup")
        if widget.windowTitle() and HIDDEN & set(widget.windowTitle()):
            found.append(f"{name}: window title")
    for model in root.findChildren(QAbstractItemModel):
        found += [f"{type(model).__name__}: {role}" for role in wrong_cells(model)]
    return found


def wrong_cells(model: QAbstractItemModel) -> list[str]:
    """Cells whose text hides something, or that have a tooltip at all."""
    found = []
    for row in range(min(5, model.rowCount(QModelIndex()))):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(QModelIndex())):
            index = model.index(row, column)
            text = model.data(index, 0)
            if isinstance(text, str) and HIDDEN & set(text):
                found.append("hidden characters")
            tip = model.data(index, Qt.ItemDataRole.ToolTipRole)
            if isinstance(tip, str) and tip and not tip.startswith("<span>"):
                found.append("tooltip")
    return found


def test_every_payload_is_shown_plainly_in_every_widget_of_these_rooms(
        qtbot: QtBot, figure: Callable[[str], None]) -> None:
    seat = HostileSeat(operator=SUPERVISOR, open_=60, ended=0, units=12, cameras=0, components=0)
    with stage(seat) as bridge:
        rooms = Rooms(bridge, seat)
        wrong: list[str] = []
        for payload in PAYLOADS:
            seat.payload = payload
            rooms.show(payload)
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
            wrong += [f"{payload[:30]!r}: {w}" for room in rooms.all for w in wrong_in(room)]
            if len(payload) < 1_000 or payload in LARGE[:3]:
                for room in rooms.all:
                    assert not room.grab().isNull()
        settle(bridge)
    assert len(PAYLOADS) >= 100
    assert not wrong, sorted({w.rsplit(": ", 2)[-2] + w.rsplit(": ", 1)[-1] for w in wrong})
    figure(f"promise 19: {len(PAYLOADS)} payloads × {len(rooms.all)} panels of these rooms: 0 effects")


class Rooms:
    """All panels, fed directly."""

    def __init__(self, bridge: Bridge, seat: HostileSeat) -> None:
        self.bridge, self.seat = bridge, seat
        self.panel, self.timeline = IncidentPanel(bridge, seat.clock), TimelinePanel(bridge, seat.clock)
        self.recommend, self.board = RecommendPanel(bridge, seat.clock), UnitBoard(bridge, seat.clock)
        self.strip, self.taking = CallStrip(bridge, seat.clock), CallTaking(bridge, seat.clock)
        self.login = LoginPanel(lambda *_: None, centre="x")
        self.all: tuple[QWidget, ...] = (self.panel, self.timeline, self.recommend, self.board, self.strip, self.taking,
                                         self.login)
        for room in self.all:
            shown(room, 400, 400)
        row = next(r for r in seat.rows.values() if r.phase == "assigned")
        self.panel.show_incident(row.id)
        settle(bridge)
        assert self.panel.view is not None
        self.view = self.panel.view
        self.taking.open_new("call1")

    def show(self, text: str) -> None:
        seat, now = self.seat, self.seat.now
        assert self.bridge.facts is not None
        self.bridge.facts = replace(self.bridge.facts, book=seat.book)
        fault = Fault(Message("{why}", {"why": text}), refused=True, error=Refused(Message(text)))
        view = hostile_view(self.view, text, now)
        self.panel._on_view(view)
        self.panel.close_form()
        self.panel.bar._open = False
        self.panel.bar.toggle_more()
        self.panel.trigger("note")
        if self.panel.form is not None:
            self.panel.form.fields["note"].restore(text)
            self.panel.form.refuse(text)
        self.timeline.show_view(view)
        unit = next(iter(seat.unit_rows.values()))
        hostile = replace(unit, name=text, team=text, call_sign=text, kind=text, status=text, skills=(text,),
                          incidents=("i", "j"))
        self._recommend(view, hostile, text, fault)
        self.board._on_loaded(([hostile, unit], {"i": text}))
        self.board.set_incident("i", text)
        self.board._on_failed(fault)
        self._calls(text, fault, view)
        self.login._centre = text
        self.login.retranslate()
        self.login._on_failed(text)
        self.login._left_s = 0
        self.login._wait.stop()
        self.login.name_line.setText(text[:90])

    def _recommend(self, view: IncidentView, unit: UnitRow, text: str, fault: Fault) -> None:
        from app.services.views import Candidate

        good = Candidate(unit, 10.0, 60.0, 5.0, True, True, 1.0, (Message(text), Message("{a}", {"a": text})))
        self.recommend.show_view(view)
        self.recommend._on_answer(Recommendation(view.row.id, (good,), ((unit, Message(text)),)))
        self.recommend._on_failed(fault)

    def _calls(self, text: str, fault: Fault, view: IncidentView) -> None:
        now, facts = self.seat.now, self.bridge.facts
        assert facts is not None
        self.strip._on_loaded(([CallRow("c", "ringing", now, text, None, text)],
                               [Draft("d", text, now, now, None, {"kind": text, "place": text, "name": text})]))
        self.taking.form.make(facts.book)
        self.taking.form.fill({"kind": {"typed": text}, "place": text, "description": text, "name": text, "phone": text,
                               "point": text, "channel": text}, level_chosen=False)
        self.taking.duplicates.show_hits([DuplicateHit(view.row, 10.0, 2.0, True)], facts.book)
        self.taking._on_found(Hit("area", "a", text, text, None, None))
        if self.taking.current is not None:
            self.taking._on_not_taken(self.taking.current, fault)


def test_the_walk_finds_rich_text_where_it_is(qtbot: QtBot) -> None:
    root = QWidget()
    qtbot.addWidget(root)
    label = QLabel("<b>x</b>", root)
    assert label.textFormat() == Qt.TextFormat.AutoText
    assert wrong_in(root)
    label.setTextFormat(Qt.TextFormat.PlainText)
    assert not wrong_in(root)
    root.setToolTip("<img src=x>")
    assert wrong_in(root)


def test_fields_hold_what_was_typed_unchanged(qtbot: QtBot) -> None:
    from widgets.forms.field import LineField, LinesField

    line, lines = LineField(), LinesField()
    for field in (line, lines):
        qtbot.addWidget(field)
    for payload in (*TAGS, *FORMATS, *QUERIES):
        if "\n" not in payload:
            line.restore(payload)
            assert line.value() == payload.strip()
        lines.restore(payload)
        assert lines.value() == payload.strip()
    assert not [w for w in (line, lines) if not w.findChildren(QLineEdit) and not w.findChildren(QPlainTextEdit)]
    assert not line.findChildren(QComboBox)
