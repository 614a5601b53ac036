"""The top bar of the desk: where, who, what rings, how fresh, what time."""
from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QHBoxLayout, QSizePolicy, QToolButton, QWidget

from app.domain.faults import Message
from app.services.duty_views import DutyView
from app.services.views import SKEW_ALARM_MS, SKEW_SHOWN_MS, SyncState
from app.services.views import Lamp as LampColour
from app.text import plain, render
from widgets.bridge import SeatFacts
from widgets.duty.words import shift_word
from widgets.screens.desk_facts import DeskFacts
from widgets.screens.desk_words import ZONE, age_text, date_text, local, tr
from widgets.sound import SoundBoard, SoundButton
from widgets.theme import fonts, shapes, tokens
from widgets.theme.labels import ElidedLabel, FittingLabel, Label, safe_tooltip, set_role
from widgets.theme.parts import Lamp
from widgets.theme.tokens import Step, px

_TROUBLED = ("off", "behind")


class AlarmChip(QAbstractButton):
    """How many incidents nobody has taken yet; pressed, it shows them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.count = 0
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled, False)
        tokens.holder().changed.connect(self.show_again)
        self.show_count(0)

    def show_count(self, count: int) -> None:
        """Another number."""
        self.count = count
        text = tr("● {n} not taken", n=count) if count else tr("none waits to be taken")
        if text != self.text():
            self.setText(text)
            self.setAccessibleName(text)
            self.updateGeometry()
        self.update()

    @Slot()
    def show_again(self) -> None:
        """Another theme or language."""
        self.show_count(self.count)

    def sizeHint(self) -> QSize:
        return shapes.lamp_size(self.text(), fonts.font(Step.BODY, bold=True)).toSize()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        colour = LampColour.RED if self.count else LampColour.NONE
        font = fonts.font(Step.BODY, bold=bool(self.count))
        shapes.paint_lamp(painter, self.rect().toRectF(), colour, self.text(), font)
        if self.hasFocus():
            painter.setPen(tokens.color("accent"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()


class DutyLabel(FittingLabel):
    """Who has the shift; pressed, it shows who is on duty."""

    clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCursor(Qt.CursorShape.PointingHandCursor)

    def sizeHint(self) -> QSize:
        """Room for the fullest wording."""
        return QSize(self.fontMetrics().horizontalAdvance(self.accessibleName()) + 2, super().sizeHint().height())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.clicked.emit()


class TopBar(QFrame):
    """`menu` is the button that opens all menus; `alarms_wanted()` the alarm chip was pressed."""

    alarms_wanted = Signal()

    def __init__(self, facts: SeatFacts, board: SoundBoard, zone: str = ZONE, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("panel")
        self._seat, self._zone = facts, zone
        self._facts: DeskFacts | None = None
        self._read_at: float | None = None
        self._second = -1
        self.menu = QToolButton(self)
        self.menu.setText("☰")
        self.menu.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.centre = Label(plain(facts.centre_name), "title", self)
        self.mode, self.nature = Lamp(self), Lamp(self)
        self.duty, self.user = DutyLabel(self), Label("", "muted", self)
        self.alarms = AlarmChip(self)
        self.alarms.clicked.connect(self.alarms_wanted)
        self.sound = SoundButton(board, self)
        self.sound.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.sync, self.skew = ElidedLabel("", self, role="muted"), Lamp(self)
        self.sync.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.clock, self.date = Label("", "large", self), Label("", "muted", self)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(px(8), px(4), px(12), px(4))
        row.setSpacing(px(12))
        for part in (self.menu, self.centre, self.mode, self.nature, self.alarms, self.sound, self.user):
            row.addWidget(part)
        row.addWidget(self.duty, 1)
        row.addWidget(self.sync, 1)
        for part in (self.skew, self.clock, self.date):
            row.addWidget(part)
        self.retranslate()

    # ---- showing ---------------------------------------------------------------------------------------------------

    def show_facts(self, facts: DeskFacts, now: float) -> None:
        """New numbers and names."""
        self._facts, self._read_at = facts, now
        self._show()
        self.tick(now, force=True)

    def show_alarms(self, count: int) -> None:
        """How many incidents nobody has taken."""
        self.alarms.show_count(count)

    def tick(self, now: float, *, force: bool = False) -> None:
        """The clock, and the age of what is shown."""
        if int(now) == self._second and not force:
            return
        self._second = int(now)
        self.clock.setText(f"{local(now, self._zone):%H:%M:%S}")
        self.date.setText(date_text(now, self._zone))
        text, role = self.sync_text(now)
        if text != self.sync.text():
            self.sync.setText(text)
            self._fit()
        set_role(self.sync, role)
        lamp, words = skew_words(self._facts.status.sync) if self._facts is not None else ("none", "")
        self.skew.set_lamp(lamp, words)
        self.skew.setVisible(bool(words))

    def sync_text(self, now: float) -> tuple[str, str]:
        """(text, role) of the sync state with its age."""
        if self._facts is None:
            return "", "muted"
        return sync_words(self._facts.status.sync, now, self._zone)

    def _show(self) -> None:
        facts = self._facts
        war = bool(facts and facts.war)
        self.mode.set_lamp("red" if war else "green", tr("Wartime") if war else tr("Peacetime"))
        nature = facts.status.nature if facts else self._seat.nature
        word = {"demo": tr("DEMO"), "drill": tr("DRILL")}.get(nature, "")
        self.nature.set_lamp("yellow", word)
        self.nature.setVisible(bool(word))
        duty = facts.duty if facts else None
        if duty is None:
            self.duty.set_wordings(tr("no roster for now") if facts else "")
        else:
            self.duty.set_wordings(*_duty_words(duty))
            self.user.setToolTip(tr("{post} signed in", post=duty.post))
        self.user.setText(plain(self._seat.operator.name))
        self._fit()

    def _fit(self) -> None:
        """Where it is narrow, the least needed goes first; the duty's names stay in the tooltip of the mode."""
        room = self.width()
        self.date.setVisible(room >= px(1_400))
        self.centre.setVisible(room >= px(1_000))
        safe_tooltip(self.mode, self.duty.accessibleName())
        for part in (self.duty, self.sync):  # each as much of what is left as it has to say
            self._row.setStretchFactor(part, max(1, part.sizeHint().width()))
        self.sync.setMinimumWidth(min(self.sync.sizeHint().width(), room // 4))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def retranslate(self) -> None:
        """Texts in the language now in use."""
        self.menu.setToolTip(tr("All menus (F10)"))
        self.menu.setAccessibleName(tr("All menus (F10)"))
        self.alarms.show_again()
        self._show()
        self._second = -1


def _duty_words(duty: DutyView) -> tuple[str, ...]:
    """Who has the shift, the fullest wording first; who they are and whether they are there goes last."""
    leader, supervisor = (
        [_named(name, present, waits, short=short) for short in (False, True)]
        for name, present, waits in ((duty.leader, duty.leader_in, duty.leader_waits),
                                     (duty.supervisor, duty.supervisor_in, duty.supervisor_waits)))
    return (tr("{shift} · leader {leader} · supervisor {supervisor}", shift=shift_word(duty.shift) or "—",
               leader=leader[0], supervisor=supervisor[0]),
            tr("leader {leader} · supervisor {supervisor}", leader=leader[0], supervisor=supervisor[0]),
            tr("leader {leader} · supervisor {supervisor}", leader=leader[1], supervisor=supervisor[1]),
            f"{leader[1]} · {supervisor[1]}")


def _named(name: str, present: bool, waits: bool, *, short: bool) -> str:
    """Who has a part in the shift, and when they have not signed in, or wait until the next shift signs."""
    if not name:
        return "—"
    if waits:
        return tr("{name} (to be relieved)" if short else "{name} (waits to be relieved)", name=name)
    if present:
        return name
    return tr("{name} (not in)" if short else "{name} (not signed in)", name=name)


def sync_words(sync: SyncState, now: float, zone: str = ZONE) -> tuple[str, str]:
    """(text, role): how the seat stands with the hub and since when, never green without a fresh contact; while it is
    off also why, as far as that is known: last, so that it is cut first (the line below says it whole)."""
    unsent = tr("{n} not yet sent", n=sync.unsent) if sync.unsent else ""
    since = f"{local(sync.since, zone):%H:%M}" if sync.since is not None else ""
    age = age_text(now - sync.since) if sync.since is not None else tr("never")
    if sync.mode == "alone":
        parts, role = [tr("works alone, no hub")], "muted"
    elif sync.mode == "files":
        parts, role = [tr("exchange by files, last {age}", age=age)], "muted"
    elif sync.mode == "connected":
        parts, role = [tr("hub connected · {age}", age=age)], "good"
    elif sync.mode == "behind":
        parts, role = [tr("hub connected, {n} behind · {age}", n=sync.behind, age=age)], "notice"
    elif sync.since is None:
        parts, role = [tr("hub never reached")], "danger"
    else:
        parts, role = [tr("off the hub since {time}, {age}", time=since, age=age)], "danger"
    return " · ".join(part for part in (*parts, unsent, why_words(sync)) if part), role


def why_words(sync: SyncState) -> str:
    """What keeps the seat off the hub, in its own short sentence; "" when that is not known."""
    if sync.mode != "off" or sync.why is None:
        return ""
    inner = sync.why.params.get("trouble")
    return plain(render(inner if isinstance(inner, Message) else sync.why))


def skew_words(sync: SyncState) -> tuple[str, str]:
    """(lamp, text) of this machine's clock against the hub's: shown above 2 s, red above 60 s."""
    if sync.skew_ms is None or abs(sync.skew_ms) <= SKEW_SHOWN_MS or sync.mode == "alone":
        return LampColour.NONE, ""
    colour = LampColour.RED if abs(sync.skew_ms) > SKEW_ALARM_MS else LampColour.YELLOW
    seconds = abs(sync.skew_ms) / 1000
    shown = f"{seconds:,.1f}" if seconds < 60 else f"{seconds:,.0f}"
    return colour, (tr("clock {s} s fast", s=shown) if sync.skew_ms > 0 else tr("clock {s} s slow", s=shown))
