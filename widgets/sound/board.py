"""The sounds of a screen, and the button that shows and sets the mute.

    board = SoundBoard(parent)
    board.keep({row.id: row.level for row in rows if unacknowledged})     # whenever the queue changed
    board.ring(True)
    button = SoundButton(board)
    board.close()
"""
from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from app.clock import SystemClock
from app.ports import Clock
from widgets.bridge import Fault, Runner
from widgets.sound import player
from widgets.sound.alarm import Alarm, SoundProfile, SoundState
from widgets.theme.labels import set_role

log = logging.getLogger(__name__)

RETRY_S = 60.0
Play = Callable[[Path, Callable[[], bool]], None]


class SoundBoard(QObject):
    """Plays what an `Alarm` says is due; lives on the GUI thread, the playing is done by a background task.

    `changed(SoundState)`: numbers, ringing or mute changed (while muted also once a second). Without any sound device
    it beeps by the window system, says so in the log once, and looks for a device again every minute.
    """

    changed = Signal(object)

    def __init__(self, parent: QObject | None = None, *, profile: SoundProfile | None = None,
                 clock: Clock | None = None, play: Play | None = None) -> None:
        super().__init__(parent)
        self._alarm = Alarm(profile)
        self._clock: Clock = clock or SystemClock()
        self._play: Play = play or player.play
        self._runner = Runner(self, threads=1)
        self._playing = False
        self._deaf_since: float | None = None
        self._tried = float("-inf")
        self._shown: SoundState | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._on_due)
        self._closed = False

    # ---- for screens ----------------------------------------------------------------------------------------------

    def keep(self, waiting: Mapping[str, int]) -> None:
        """All that waits to be acknowledged: id -> level 1..4. New ones sound at once, missing ones are silent."""
        self._alarm.keep(waiting, self._now())
        self._go_on()

    def raise_alarm(self, alarm_id: str, level: int) -> None:
        """One more that waits."""
        self._alarm.raise_alarm(alarm_id, level, self._now())
        self._go_on()

    def acknowledge(self, alarm_id: str) -> None:
        """Somebody has taken it."""
        self._alarm.acknowledge(alarm_id)
        self._go_on()

    def ring(self, on: bool) -> None:
        """A call rings, or no longer does."""
        self._alarm.ring(on, self._now())
        self._go_on()

    def mute(self) -> None:
        """Silence for the profile's time; a new level I ends it."""
        self._alarm.mute(self._now())
        self._go_on()

    def unmute(self) -> None:
        """Sounds again."""
        self._alarm.unmute(self._now())
        self._go_on()

    def toggle_mute(self) -> None:
        """The other of both."""
        if self.state().muted:
            self.unmute()
        else:
            self.mute()

    def state(self) -> SoundState:
        """What a screen shows."""
        return self._alarm.state(self._now())

    @property
    def deaf(self) -> bool:
        """Whether there is no sound device, so that it only beeps."""
        return self._deaf_since is not None

    def close(self) -> None:
        """Silence; joins the background task."""
        self._closed = True
        self._timer.stop()
        self._runner.close()

    # ---- within ---------------------------------------------------------------------------------------------------

    def _now(self) -> float:
        return self._clock.monotonic()

    @Slot()
    def _on_due(self) -> None:
        self._go_on()

    def _go_on(self) -> None:
        """Play what is due, tell who shows the state, and plan the next look."""
        if self._closed:
            return
        now = self._now()
        level = self._alarm.tick(now) if not self._playing else None
        if level is not None:
            self._sound(level)
        state = self._alarm.state(now)
        if state != self._shown:
            self._shown = state
            self.changed.emit(state)
        wait_s = self._alarm.next_s(now)
        if state.muted:
            wait_s = min(1.0, state.muted_s, *([wait_s] if wait_s else []))
        if wait_s is None or (self._playing and not state.muted):
            self._timer.stop()
        else:
            self._timer.start(max(10, round(wait_s * 1000)))

    def _sound(self, level: int) -> None:
        if self.deaf and self._now() - self._tried < RETRY_S:
            QApplication.beep()
            return
        self._playing = True
        self._tried = self._now()
        path, play = player.sound_file(level), self._play
        self._runner.run(lambda task: play(path, lambda: task.cancelled), self._on_played, self._on_failed, owner=self)

    @Slot(object)
    def _on_played(self, _result: object) -> None:
        self._playing = False
        if self._deaf_since is not None:
            log.info("sounds can be played again after %.0f s", self._now() - self._deaf_since)
            self._deaf_since, self._shown = None, None
        self._go_on()

    @Slot(object)
    def _on_failed(self, fault: Fault) -> None:
        self._playing = False
        if self._deaf_since is None:
            self._deaf_since, self._shown = self._now(), None
            log.info("%s; the window system's beep is used", fault.message)
        QApplication.beep()
        self._go_on()


class SoundButton(QPushButton):
    """Shows whether sounds are on or muted, and for how long still; pressed, it mutes or ends the mute."""

    def __init__(self, board: SoundBoard, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._board = board
        self.setObjectName("tab")
        self.clicked.connect(self._on_clicked)
        board.changed.connect(self._on_changed)
        self._show(board.state())

    @Slot()
    def _on_clicked(self) -> None:
        self._board.toggle_mute()

    @Slot(object)
    def _on_changed(self, state: SoundState) -> None:
        self._show(state)

    def _show(self, state: SoundState) -> None:
        if state.muted:
            minutes, seconds = divmod(int(state.muted_s + 0.999), 60)
            self.setText(self.tr("Muted, {time} left").format(time=f"{minutes:02d}:{seconds:02d}"))
        elif self._board.deaf:
            self.setText(self.tr("Sound: beep only"))
        else:
            self.setText(self.tr("Sound on"))
        set_role(self, "warning" if state.muted or self._board.deaf else "muted")
        self.setToolTip(self.tr("Silence the alarms for a time; a new level I sounds at once"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._show(self._board.state())
