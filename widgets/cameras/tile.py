"""One camera's picture with its name, distance, time, mode and state. A still or dead picture never looks live."""
from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from PySide6.QtCore import QCoreApplication, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFontMetricsF, QImage, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from app import text as texts
from app.domain.faults import Message
from app.ports import Clock
from app.services.views import CameraRow
from widgets.cameras import state as st
from widgets.cameras.faces import face_of, paint_dot, paint_face
from widgets.cameras.fitting import corner_cuts, paint_picture, place_of
from widgets.cameras.state import TileState
from widgets.cameras.zoom import WHOLE, Zoom
from widgets.theme import fonts, tokens
from widgets.theme.tokens import Step

CONTEXT = "cameras"
MOST_WIDE = 3840
"""no picture is asked for beyond this, however far it is zoomed"""
ZONE = ZoneInfo("Asia/Shanghai")
SOON_S = 0.5
"""a live tile's next picture is due within this time"""


def say(source: str, /, **params: object) -> str:
    """`source` (English) in the present language, its ``{names}`` filled."""
    return texts.fill(QCoreApplication.translate(CONTEXT, source), params)


def distance_text(metres: float | None) -> str:
    """"40 m", "1.2 km"; "" when unknown."""
    if metres is None:
        return ""
    return say("{n} m", n=round(metres / 5) * 5) if metres < 995 else say("{n} km", n=f"{metres / 1000:.1f}")


@dataclass(frozen=True, slots=True)
class _Part:
    """A part over the picture, as it was last painted: for what, its pieces, and its texts as meant and as shown."""

    key: tuple[object, ...]
    pieces: list[tuple[QPointF, QPixmap]]
    told: list[tuple[str, str]]


class Tile(QWidget):
    """Shows a camera. Give it a row (`set_camera`), frames (`set_frame`) and states (`set_state`); it paints, no more.

    `now` (monotonic s) comes with `tick`, so that age and staleness follow one clock.
    """

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, scale: float | None = None,
                 nature: str = "live", step: Step = Step.BODY) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(1, 1)
        self.camera: CameraRow | None = None
        self.state = TileState()
        self.nature, self.step = nature, step
        self.empty_word = ""
        """what stands in a tile without a camera"""
        self._scale = scale
        self._now = 0.0
        self._image: QImage | None = None
        self._shown: list[tuple[str, str]] = []
        self.clock: Clock | None = None
        """the seat's clock; without one no time is shown"""
        self.zone = ZONE
        self.pinned: str | None = None
        """LIVE, KEYFRAME or SNAPSHOT where a person chose it; None: the budget decides"""
        self.visitors = False
        """whether visitors are in the room: the picture is blurred"""
        self.masked = False
        """whether privacy masks lie over the picture"""
        self.zoom = WHOLE
        self.least_size = QSize(0, 0)
        """the picture is to be at least so large, whatever the tile's own size"""
        self._overlay: list[tuple[QPointF, QPixmap]] = []
        self._parts: dict[str, _Part] = {}
        self._looks_for: tuple[object, ...] | None = None
        self._place: tuple[object, ...] | None = None
        self._ran: tuple[TileState | None, tuple[int, int]] = (None, (0, 0))
        self._fresh = False
        tokens.changed().connect(self.update)

    # ---- what to show ----------------------------------------------------------------------------------------------

    def set_camera(self, camera: CameraRow | None) -> None:
        """Another camera: the old picture goes at once. The same one (moved, renamed) keeps its picture."""
        if camera is None or self.camera is None or camera.id != self.camera.id:
            self._image = None
            self.state = TileState()
            self.zoom = WHOLE
        self.camera = camera
        self.update()

    def set_state(self, state: TileState) -> None:
        """The state as its source sees it."""
        if state != self.state:
            self.state = state
            self.update()

    def set_frame(self, image: QImage, state: TileState) -> None:
        """A good frame and the state it makes. The image is kept, not copied."""
        self._image, self.state = image, state
        self._now = max(self._now, (state.frame_at or 0.0) + (state.delay_s or 0.0))
        self._fresh = self._fresh or self._place is not None
        self.update()

    def set_heard(self, at: float) -> None:
        """The source was heard of, though it gave no picture."""
        self.state = replace(self.state, heard_at=at)

    def set_scale(self, scale: float | None) -> None:
        """Scale of texts; None: the screen's."""
        self._scale = scale
        self.update()

    @Slot(float)
    def tick(self, now: float) -> None:
        """The present second; repaints where the tile says something else. The time in the picture waits for the next
        picture where one is due soon: 25 tiles do not paint their new second in one instant."""
        self._now, self._place = now, None
        looks = self._looks()
        if looks == self._looks_for:
            return
        soon = self.state.mode == st.LIVE and self.state.frame_at is not None \
            and now - self.state.frame_at - (self.state.delay_s or 0.0) < SOON_S
        if not soon or self._looks_for is None or looks[1:] != self._looks_for[1:]:
            self.update()

    @property
    def shown_state(self) -> TileState:
        """The state as of the last tick: a picture that stopped is stale."""
        return self.state.at(self._now)

    @property
    def wanted_width(self) -> int:
        """How wide the whole picture would be, were only the zoomed part to fill the tile."""
        return max(self.least_size.width(), min(MOST_WIDE, round(self._stands().width() * self.zoom.factor)))

    @property
    def wanted_height(self) -> int:
        """As `wanted_width`."""
        return max(self.least_size.height(), min(MOST_WIDE, round(self._stands().height() * self.zoom.factor)))

    def _stands(self) -> QRectF:
        image = self._image
        area = QRectF(self.rect())
        return area if image is None else place_of(image.width(), image.height(), area)

    def set_zoom(self, zoom: Zoom) -> None:
        """Show only a part of the picture."""
        if zoom != self.zoom:
            self.zoom = zoom
            self.update()

    @property
    def picture(self) -> QImage | None:
        """The last good frame, masks painted, without anything of the tile's own."""
        return self._image

    @property
    def has_picture(self) -> bool:
        """Whether there is a frame to show, old or new."""
        return self._image is not None

    def texts(self) -> list[str]:
        """All texts of the last painting, as they were meant."""
        return [meant for meant, _ in self._shown]

    def cut_texts(self) -> list[str]:
        """Texts of the last painting that did not fit."""
        return [meant for meant, shown in self._shown if meant != shown]

    def words(self) -> tuple[str, str]:
        """(state in a word, tone): tone is good, notice, danger or muted."""
        state = self.shown_state
        s = state.state
        if s == st.STALE:
            return say("{n} s ago", n=int(state.age_s(self._now))), "notice"
        if s == st.PLAYING:
            word = say({st.LIVE: "live", st.KEYFRAME: "live, key frames", st.SNAPSHOT: "live, snapshots"}.get(
                state.mode, "recording"))
            if self.pinned is not None and self.pinned == state.mode:
                word = say("{mode}, kept", mode=word)
            return word, "good" if state.mode != st.FILE else "muted"
        if s == st.STILL:
            return say("still"), "muted"
        if s == st.CONNECTING:
            return say("connecting"), "notice"
        if s == st.RECONNECTING:
            if self._image is None:
                word = {st.REFUSED: "refused · attempt {n}", st.NO_HOST: "no such host · attempt {n}",
                        st.TIMED_OUT: "no answer · attempt {n}", st.ENDED: "broken off · attempt {n}"}.get(
                            face_of(state), "no picture · attempt {n}")
                return say(word, n=state.tries), "notice"
            return say("cut off · reconnecting {n}", n=state.tries), "notice"
        word = {st.REFUSED: "refused", st.NO_RIGHT: "no right to look", st.UNSUPPORTED: "unsupported",
                st.NOT_CONNECTED: "not connected", st.NEEDS_REASON: "why do you look?"}.get(s, "no camera")
        return say(word), {st.REFUSED: "danger", st.NO_RIGHT: "danger", st.NEEDS_REASON: "notice"}.get(s, "muted")

    # ---- painting --------------------------------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        """Picture or state, then what stands over it; that is painted anew only when it says something else."""
        painter = QPainter(self)
        area = QRectF(self.rect())
        image = self._image
        if image is not None:
            paint_picture(painter, area, image, self.devicePixelRatioF(), self.zoom, blur=self.visitors)
        if not self._fresh:
            self._place = None
        self._fresh = False
        looks = self._looks()
        if looks != self._looks_for:
            self._looks_for = looks
            self._dress(area)
        for at, piece in self._overlay:
            painter.drawPixmap(at, piece)
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """All over the picture has another place."""
        self._place = None
        super().resizeEvent(event)

    def _looks(self) -> tuple[object, ...]:
        """All that decides what stands over the picture, cheap to compare; the figure that runs comes first. Where it
        stands is asked anew at each tick and painting, but not for a new picture alone."""
        camera, state = self.camera, self.state.at(self._now)
        if self._place is None:
            self._place = (self.width(), self.height(), self.devicePixelRatioF(), tokens.current().name,
                           texts.language().lang)
        return (self._running(state), self._place, self._image is None, state.state, state.mode, state.why, state.tries,
                state.cause, camera, self._scale, self.step, self.nature, self.empty_word, self.clock is None,
                self.visitors, self.masked, self.zoom.factor, self.pinned)

    def _running(self, state: TileState) -> tuple[int, int]:
        """The second that the tile shows (the picture's time, or its age), and about how late it is: tenths that
        tremble are not painted anew with every picture."""
        if self._image is None or state.frame_at is None:
            return 0, 0
        if state.state in (st.RECONNECTING, st.STALE):
            return int(state.age_s(self._now)), 0
        if self.clock is None or not state.moving:
            return 0, 0
        if self._ran[0] is not state:
            self._ran = state, (int(self._taken(state.frame_at)), round(state.delay_s or 0.0))
        return self._ran[1]

    def _taken(self, frame_at: float) -> float:
        assert self.clock is not None
        return self.clock.now().timestamp() - max(0.0, self._now - frame_at)

    def _dress(self, area: QRectF) -> None:
        """Paint anew those parts over the picture that say something else: the ground or the state in the middle, the
        marks, the strip, the corners."""
        common = (self.width(), self.height(), self.devicePixelRatioF(), tokens.current().name, self._scale, self.step,
                  texts.language().lang)
        state, words, over = self.shown_state, self.words(), self._image is not None
        camera = self.camera
        high = self._strip_height() if camera is not None else 0.0
        parts: dict[str, tuple[tuple[object, ...], Callable[[], None]]] = {}
        if not over or not st.good(state):
            parts["ground"] = ((over, words, self._why(), face_of(state), self.empty_word, camera is None),
                               lambda: self._piece(area, self._ground))
        if over:
            marks, osd = self._marks(area), self._osd()
            taken = sum(box.width() for _, box in marks)
            parts["marks"] = (tuple(word for word, _ in marks), lambda: self._paint_marks(marks))
            parts["time"] = ((osd, taken), lambda: self._time(area, osd, taken))
        if camera is not None:
            strip = QRectF(area.left(), area.bottom() - high, area.width(), high)
            parts["strip"] = ((over, words, camera.name, camera.distance_m), lambda: self._piece(strip, self._strip))
        parts["corners"] = ((), lambda: self._corners(area))
        self._parts = {name: self._part(self._parts.get(name), (*common, *key), paint)
                       for name, (key, paint) in parts.items()}
        self._overlay = [piece for part in self._parts.values() for piece in part.pieces]
        self._shown = [told for part in self._parts.values() for told in part.told]
        described = "\n".join(self.texts())
        if described != self.accessibleDescription():
            self.setAccessibleDescription(described)

    def _part(self, old: _Part | None, key: tuple[object, ...], paint: Callable[[], None]) -> _Part:
        if old is not None and old.key == key:
            return old
        self._overlay, self._shown = [], []
        paint()
        return _Part(key, self._overlay, self._shown)

    def _piece(self, box: QRectF, paint: Callable[[QPainter, QRectF], None]) -> None:
        """One piece of a part: `paint` works in the tile's own coordinates."""
        ratio = self.devicePixelRatioF()
        left, top = math.floor(box.left()), math.floor(box.top())
        wide, high = math.ceil(box.right()) - left, math.ceil(box.bottom()) - top
        pixmap = QPixmap(max(1, round(wide * ratio)), max(1, round(high * ratio)))
        pixmap.setDevicePixelRatio(ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(-left, -top)
        paint(painter, box)
        painter.end()
        self._overlay.append((QPointF(left, top), pixmap))

    def _corners(self, area: QRectF) -> None:
        """The tile's rounded corners: what lies outside of them has the colour of the ground."""
        radius = tokens.radius(self._scale) / 2
        if radius < 1:
            return
        ground = QColor(tokens.current().surface)
        for box, cut in corner_cuts(area, radius):
            self._piece(box, lambda painter, _box, cut=cut: painter.fillPath(cut, ground))  # type: ignore[misc]

    def _ground(self, painter: QPainter, area: QRectF) -> None:
        """Instead of a live picture: the state in the middle; over an old picture, greyed."""
        theme = tokens.current()
        if self._image is not None:
            grey = QColor(theme.scrim)
            grey.setAlphaF(0.62)
            painter.fillRect(area, grey)
            self._middle(painter, area, *self.words())
            return
        painter.fillRect(area, QColor(theme.raised))
        if self.camera is not None:
            self._middle(painter, area, *self.words())
        else:
            self._middle(painter, area, self.empty_word or say("no camera"), "muted")

    def _middle(self, painter: QPainter, area: QRectF, word: str, tone: str) -> None:
        """The state where the picture should be: a camera struck through, the word, the reason."""
        over = self._image is not None
        colour = self._tone(tone, over)
        font = fonts.font(self.step, bold=True, at_scale=self._scale)
        metrics = QFontMetricsF(font)
        strip = self._strip_height()
        free = QRectF(area.left(), area.top(), area.width(), area.height() - (strip if self.camera else 0))
        side = min(free.height() * 0.34, metrics.height() * 1.5)
        why = self._why()
        if free.height() <= metrics.height() * 2.2:
            side = 0.0
        block = side + metrics.height() * (2 if why else 1)
        y = free.top() + max(0.0, (free.height() - block) / 2)
        if side:
            icon = QRectF(free.center().x() - side / 2, y, side, side * 0.9)
            paint_face(painter, icon, face_of(self.shown_state) if self.camera is not None else st.EMPTY, colour)
            y += side
        self._text(painter, QRectF(free.left(), y, free.width(), metrics.height()), word, colour, bold=True,
                   centre=True)
        if why:
            self._text(painter, QRectF(free.left(), y + metrics.height(), free.width(), metrics.height()), why,
                       tokens.current().on_scrim if over else tokens.current().muted, centre=True)

    def _why(self) -> str:
        why: Message | None = self.shown_state.why
        return texts.render(why) if why is not None and self.shown_state.state not in (st.NOT_CONNECTED,) else ""

    def _osd(self) -> str:
        """Time of the picture and how far it lags; the age of one that stands still."""
        state = self.shown_state
        if self._image is None or state.frame_at is None:
            return ""
        if state.state == st.RECONNECTING:
            return say("{n} s ago", n=int(state.age_s(self._now)))
        if not state.moving or self.clock is None or state.mode == st.FILE or not st.good(state):
            return ""
        shown = datetime.fromtimestamp(self._taken(state.frame_at), self.zone).strftime("%H:%M:%S")
        if state.delay_s is None:
            return f"{shown} {say('delay unknown')}"
        return f"{shown} {say('{n} s late', n=f'{state.delay_s:.1f}')}"

    def _marks(self, area: QRectF) -> list[tuple[str, QRectF]]:
        """The marks at the top left that there is room for (what kind of footage it is, what is done to it)."""
        metrics = QFontMetricsF(fonts.font(self.step, bold=True, at_scale=self._scale))
        placed: list[tuple[str, QRectF]] = []
        left = 0.0
        for word in self._marked():
            wide = metrics.horizontalAdvance(word) + metrics.height() * 0.5
            if left and left + wide > area.width():
                break
            wide = min(wide, area.width())
            placed.append((word, QRectF(area.left() + left, area.top(), wide, metrics.height() * 1.1)))
            left += wide
        return placed

    def _paint_marks(self, placed: list[tuple[str, QRectF]]) -> None:
        for word, box in placed:
            self._piece(box, lambda painter, box, word=word: self._mark(  # type: ignore[misc]
                painter, box, word, tokens.current().on_scrim_notice, True))

    def _time(self, area: QRectF, osd: str, left: float) -> None:
        """Time and delay at the top right, where there is room beside the marks; else the time alone."""
        plain = QFontMetricsF(fonts.font(self.step, at_scale=self._scale))
        for told in (osd, osd.split(" ")[0]):
            wide = plain.horizontalAdvance(told) + plain.height() * 0.5
            if told and left + wide <= area.width():
                self._piece(QRectF(area.right() - wide, area.top(), wide, plain.height() * 1.1),
                            lambda painter, box, told=told: self._mark(  # type: ignore[misc]
                                painter, box, told, tokens.current().on_scrim, False))
                return

    def _marked(self) -> list[str]:
        """What is to be known of the picture before it is looked at, the weightiest first."""
        marks = []
        if self.nature != "live":  # a film or a still is staged, whatever it is shown for
            staged = self.nature == "demo" or self.state.mode in (st.FILE, st.STILL_MODE)
            marks.append(say("demo footage") if staged else say("drill footage"))
        if self.visitors:
            marks.append(say("visitors: blurred"))
        if self.masked:
            marks.append(say("partly masked"))
        if self.zoom.on:
            marks.append(f"×{self.zoom.factor:.1f}")
        return marks

    def _mark(self, painter: QPainter, box: QRectF, word: str, colour: str, bold: bool) -> None:
        veil = QColor(tokens.current().scrim)
        veil.setAlphaF(0.72)
        painter.fillRect(box, veil)
        self._text(painter, box, word, colour, bold=bold, centre=True)

    def _strip_height(self) -> float:
        return QFontMetricsF(fonts.font(self.step, at_scale=self._scale)).height() * 1.16

    def _strip(self, painter: QPainter, strip: QRectF) -> None:
        """Name and distance on the left, mode and state on the right, over the picture's foot."""
        camera = self.camera
        assert camera is not None
        theme = tokens.current()
        high = self._strip_height()
        veil = QColor(theme.scrim)
        veil.setAlphaF(0.78)
        painter.fillRect(strip, veil)
        gap = high * 0.3
        inner = strip.adjusted(gap, 0, -gap, 0)
        metrics = QFontMetricsF(fonts.font(self.step, at_scale=self._scale))
        right = 0.0
        if self._image is not None:
            word, tone = self.words()
            if metrics.horizontalAdvance(word) + gap > inner.width() * 0.6:  # the mode alone leaves the name some room
                word = re.split("[,，·（] ?", word)[-1].rstrip("）")
            right = min(metrics.horizontalAdvance(word) + gap, inner.width() * 0.6)
            dot = metrics.height() * 0.26
            self._text(painter, QRectF(inner.right() - right + gap, inner.top(), right - gap, high), word,
                       self._tone(tone, True), end=True)
            paint_dot(painter, QPointF(inner.right() - right, strip.center().y()), dot, self._tone(tone, True), tone)
            right += dot * 2.4
        far = distance_text(camera.distance_m)
        room = inner.width() - right
        name = camera.name
        if metrics.horizontalAdvance(name) > room * 0.7:  # a bracketed remark gives way before the name does
            name = re.sub(r"[（(][^）)]*[）)]", " ", name).strip() or name
        tail = f" · {far}" if far else ""
        left = room - metrics.horizontalAdvance(tail)
        if tail and left < min(metrics.horizontalAdvance(name), 5 * metrics.height()):
            tail, left = "", room
        shown = metrics.elidedText(name, Qt.TextElideMode.ElideRight, left + 1)
        self._text(painter, QRectF(inner.left(), inner.top(), room, high), shown + tail, theme.on_scrim)
        if shown != name:
            self._shown[-1] = (name + tail, shown + tail)

    @staticmethod
    def _tone(tone: str, over: bool) -> str:
        theme = tokens.current()
        if over:
            return {"good": theme.on_scrim_good, "notice": theme.on_scrim_notice,
                    "danger": theme.on_scrim_danger}.get(tone, theme.on_scrim)
        return {"good": theme.good, "notice": theme.notice, "danger": theme.danger}.get(tone, theme.muted)

    def _text(self, painter: QPainter, rect: QRectF, text: str, colour: str, *, bold: bool = False,
              centre: bool = False, end: bool = False) -> None:
        font = fonts.font(self.step, bold=bold, at_scale=self._scale)
        metrics = QFontMetricsF(font)
        shown = metrics.elidedText(text, Qt.TextElideMode.ElideRight, rect.width() + 1)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        where = Qt.AlignmentFlag.AlignRight if end else Qt.AlignmentFlag.AlignLeft
        where = Qt.AlignmentFlag.AlignHCenter if centre else where
        painter.drawText(rect, where | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine, shown)
        self._shown.append((text, shown))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click chooses the camera (the desk opens it; the wall has nobody to click)."""
        if self.camera is not None and event.button() == Qt.MouseButton.LeftButton:
            self.chosen.emit(self.camera.id)
        super().mouseReleaseEvent(event)
