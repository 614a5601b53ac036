"""The fields of call taking, made from the lists in force."""
from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from app.services.book import Book
from app.services.views import Hit
from widgets.bridge import Bridge
from widgets.calls.words import lang, tr
from widgets.forms.field import ChoiceField, Field, FlagField, LineField, LinesField
from widgets.forms.make import code_choices
from widgets.forms.matching import Choice
from widgets.forms.pickers import BlobsField, PointField, SearchField
from widgets.forms.typeahead import TypeAhead
from widgets.theme import px
from widgets.theme.labels import Label

DEFAULT_CHANNEL = "hotline"
NUMERALS = ("I", "II", "III", "IV")
ORDER = ("kind", "level", "place", "search", "point", "description", "handled", "result", "photos", "name", "phone",
         "channel")
HANDLED = ("result", "photos")
"""asked for only of what was found and fixed at once"""
LOOKED_AT = frozenset({"kind", "point", "place", "description"})
"""Fields that possible duplicates depend on."""


class CallForm(QWidget):
    """The fields. `typed(name)` after each change by the operator, not by `fill`."""

    typed = Signal(str)
    finished = Signal()
    """Enter in the last field"""
    point_wanted = Signal()
    found = Signal(object)
    """the `Hit` that a place search took"""

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.fields: dict[str, Field] = {}
        self._captions: list[Label] = []
        self._filling = False
        self._level_chosen = False
        self.book_version = -1
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(px(8))
        self._grid.setVerticalSpacing(px(6))
        self._grid.setColumnStretch(1, 1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def make(self, book: Book) -> None:
        """The fields anew, in the language now in use and with the lists of `book`."""
        for widget in (*self._captions, *self.fields.values()):
            self._grid.removeWidget(widget)
            widget.hide()
            widget.deleteLater()
        self.book_version = book.version
        kind = TypeAhead(code_choices(book, "kind", lang(), leaves=True), self)
        search = SearchField(self._bridge, ("area", "camera", "component", "incident"), self,
                             placeholder=tr("Finds the point; their words stay"))
        point = PointField(self)
        self.fields = {
            "kind": kind, "level": ChoiceField(_levels(book), self, required=False), "place": LineField(self),
            "search": search, "point": point,
            "description": LinesField(self, lines=3, hint=tr("Shift+Enter: new line")),
            "handled": FlagField(tr("Seen and handled at once (self-handled)"), self),
            "result": LinesField(self, lines=2, hint=tr("Shift+Enter: new line")),
            "photos": BlobsField(self._bridge, self), "name": LineField(self), "phone": LineField(self),
            "channel": TypeAhead(code_choices(book, "channel", lang()), self),
        }
        labels = {"kind": tr("Kind"), "level": tr("Level"), "place": tr("Place"), "search": tr("Find place"),
                  "point": tr("Point"), "description": tr("What"), "name": tr("Name"), "phone": tr("Phone"),
                  "channel": tr("Source"), "handled": tr("Handled"), "result": tr("Result"), "photos": tr("Photos")}
        self._captions = []
        self._asked: dict[str, Label] = {}
        for row, name in enumerate(ORDER):
            self._place(row, name, labels[name])
        self._show_handled()
        search.found.connect(self._on_found)
        point.wanted.connect(self.point_wanted)
        kind.picked.connect(lambda code: self._on_kind(book, code))

    def _place(self, row: int, name: str, label: str) -> None:
        caption = Label(label, "muted", self)
        caption.setContentsMargins(0, px(6), 0, 0)
        self._captions.append(caption)
        self._asked[name] = caption
        field = self.fields[name]
        field.setAccessibleName(label)
        self._grid.addWidget(caption, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(field, row, 1)
        field.changed.connect(lambda: self._on_changed(name))
        field.submitted.connect(lambda: self._on_enter(name))

    # -- content
    def fill(self, kept: Mapping[str, object], *, level_chosen: bool) -> None:
        """Show what was typed."""
        self._filling, self._level_chosen = True, level_chosen
        try:
            for name, field in self.fields.items():
                value = kept.get(name)
                field.restore(DEFAULT_CHANNEL if name == "channel" and value is None else value)
        finally:
            self._filling = False
        self._show_handled()

    @property
    def handled(self) -> bool:
        """Whether it was seen and handled at once."""
        return self.fields["handled"].value() is True

    def _show_handled(self) -> None:
        for name in HANDLED:
            for part in (self.fields[name], self._asked[name]):
                part.setVisible(self.handled)

    def kept(self) -> dict[str, object]:
        """What is typed, as JSON can hold it: codes of lists, [lon, lat] of a point, else the words."""
        out: dict[str, object] = {}
        for name, field in self.fields.items():
            if name == "search":
                continue
            value = field.value()
            if isinstance(value, tuple) and name != "photos":
                out[name] = list(value)
            elif name != "photos" and isinstance(value, str) and not isinstance(field, LineField | LinesField):
                out[name] = value
            elif (typed := field.kept()) is not None:
                out[name] = typed
        return out

    @property
    def level_chosen(self) -> bool:
        """Whether the operator set the level; else it follows the kind."""
        return self._level_chosen

    def problem(self) -> tuple[str, str] | None:
        """The first field that hinders taking in, and why."""
        needed = [("kind", tr("Kind")), ("place", tr("Place")), *([("result", tr("Result"))] if self.handled else [])]
        for name, label in needed:
            if problem := self.fields[name].problem():
                return name, tr("{what}: {problem}", what=label, problem=problem)
            if self.fields[name].value() is None:
                return name, tr("{what} is needed", what=label)
        for name in ("point", "description", "channel", *(("photos",) if self.handled else ())):
            if problem := self.fields[name].problem():
                return name, problem
        return None

    def settle(self) -> None:
        """What is half typed in a list takes its best match."""
        for field in self.fields.values():
            if isinstance(field, TypeAhead) and not isinstance(field, SearchField):
                field.settle()

    def set_point(self, lon: float, lat: float) -> None:
        """A point came from the map."""
        self.fields["point"].restore((lon, lat))

    def focus(self, name: str) -> None:
        """Go to a field."""
        self.fields[name].setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_first(self) -> None:
        """The kind, or the first field that is still blank."""
        blank = (n for n in ("kind", "place", "description") if self.fields[n].value() is None)
        self.focus(next(blank, "description"))

    # -- reacting
    def _on_changed(self, name: str) -> None:
        if self._filling or name == "search":
            return
        if name == "handled":
            self._show_handled()
            if self.handled:
                self.focus("result")
        if name == "level":
            self._level_chosen = self.fields["level"].value() is not None
        self.typed.emit(name)

    def _on_kind(self, book: Book, code: str) -> None:
        entry = book.code("kind", code)
        if entry is None or self._level_chosen or self._filling:
            return
        level = entry.extra.get("default_level", entry.extra.get("level"))
        if level is not None:
            self.fields["level"].restore(str(level))
            self._level_chosen = False

    @Slot(object)
    def _on_found(self, hit: Hit) -> None:
        if hit.lon is not None and hit.lat is not None:
            self.set_point(hit.lon, hit.lat)
        self.found.emit(hit)

    def _on_enter(self, name: str) -> None:
        """Enter goes on to the next field; in the last one it says how to take the incident in."""
        if name == ORDER[-1]:
            self.finished.emit()
        else:
            passed = ("handled", "photos", *(() if self.handled else HANDLED))  # no lines to type in: Tab goes there
            later = (n for n in ORDER[ORDER.index(name) + 1:] if n not in passed)
            self.fields[next(later)].setFocus(Qt.FocusReason.TabFocusReason)


def _levels(book: Book) -> list[Choice]:
    """The four levels by their numerals."""
    out = []
    for level in (1, 2, 3, 4):
        label = book.label("level", str(level), lang())
        out.append(Choice(str(level), NUMERALS[level - 1], (label,)))
    return out
