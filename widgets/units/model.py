"""The unit board's rows: filtered, sorted, updated in place; only what is visible is repainted."""
from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from app.services.book import Book
from app.services.views import UnitRow
from app.text import language
from widgets.models.queue_model import short_number
from widgets.units.words import age_text, plain, status_label, tr

STATUSES = ("free", "going", "on_scene", "off", "unknown")
"""In the order of the board."""
STALE_AFTER_S = 300
"""A position older than this is shown as stale (hatch, "?" and its age)."""
COLUMNS = ("status", "name", "kind", "team", "incident", "load", "age", "skills", "duty")
STATUS, NAME, KIND, TEAM, INCIDENT, LOAD, AGE, SKILLS, DUTY = range(len(COLUMNS))
_INDEX = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Filter:
    """What is shown: "" and None mean all. `text` is looked for in name, call sign, team and kind."""

    status: str = ""
    kind: str = ""
    team: str = ""
    area_id: str | None = None
    text: str = ""
    on_duty: bool = False


class UnitModel(QAbstractTableModel):
    """All forces the operator sees. Row order is the sort's; an update never moves a row, a new sort does. What comes
    to pass the filter waits in `more`, unless nothing is shown."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._units: dict[str, UnitRow] = {}
        self._order: list[str] = []
        self._place: dict[str, int] = {}
        self.more: set[str] = set()
        """units that pass the filter by now and are not shown yet: `arrange` shows them"""
        self._numbers: Mapping[str, str] = {}
        self._book: Book | None = None
        self._lang = "zh_CN"
        self.now_s = 0.0
        self.filter = Filter()
        self.sort_column, self.sort_down = STATUS, False
        self.found: Callable[[UnitRow, str], bool] = _found

    # -- data in
    def set_book(self, book: Book, lang: str) -> None:
        """Labels of kinds, skills and areas, in a language."""
        self._book, self._lang = book, lang
        if self._order:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._order) - 1, len(COLUMNS) - 1))

    def load(self, units: Sequence[UnitRow], numbers: Mapping[str, str]) -> None:
        """All units anew."""
        self._units = {u.id: u for u in units}
        self._numbers = dict(numbers)
        self.arrange()

    def update(self, units: Sequence[UnitRow], numbers: Mapping[str, str]) -> list[int]:
        """Some units changed: rows are rewritten where they stand; new ones arrange the board. Rows that changed."""
        self._numbers = {**self._numbers, **numbers}
        fresh = any(u.id not in self._units for u in units)
        changed = [self._place[u.id] for u in units if u.id in self._place and self._units[u.id] != u]
        self._units.update((u.id, u) for u in units)
        for unit in units:
            if unit.id not in self._place and self._passes(unit):
                self.more.add(unit.id)
            else:
                self.more.discard(unit.id)
        if fresh or (self.more and not self._order):
            self.arrange()
            return []
        return changed

    def arrange(self, new: Filter | None = None) -> None:
        """Filter and sort."""
        if new is not None:
            self.filter = new
        shown = [u for u in self._units.values() if self._passes(u)]
        shown.sort(key=self._sort_key, reverse=self.sort_down)
        self.beginResetModel()
        self._order = [u.id for u in shown]
        self._place = {id_: i for i, id_ in enumerate(self._order)}
        self.more.clear()
        self.endResetModel()

    def _passes(self, unit: UnitRow) -> bool:
        f = self.filter
        if (f.status and unit.status != f.status) or (f.kind and unit.kind != f.kind):
            return False
        if (f.team and unit.team != f.team) or (f.on_duty and not unit.on_duty):
            return False
        if f.area_id is not None and not self._inside(unit.area_id, f.area_id):
            return False
        return not f.text or self.found(unit, f.text)

    def _inside(self, area_id: str | None, wanted: str) -> bool:
        areas = self._book.areas if self._book else {}
        area, outer = areas.get(area_id or ""), areas.get(wanted)
        return bool(area and outer and area.path.startswith(outer.path))

    def _sort_key(self, unit: UnitRow) -> tuple[object, ...]:
        place = STATUSES.index(unit.status) if unit.status in STATUSES else len(STATUSES)
        first: object = {
            STATUS: place, NAME: unit.name, KIND: unit.kind, TEAM: unit.team, INCIDENT: self.incident_text(unit),
            LOAD: unit.load, AGE: -(unit.position_at or 0.0), SKILLS: unit.skills, DUTY: not unit.on_duty,
        }[self.sort_column]
        return (first, place, unit.team, unit.name, unit.id)

    # -- data out
    def unit(self, row: int) -> UnitRow | None:
        """The unit of a row."""
        return self._units[self._order[row]] if 0 <= row < len(self._order) else None

    def row_of(self, unit_id: str) -> int | None:
        """Where a unit stands, None when the filter hides it."""
        return self._place.get(unit_id)

    def counts(self) -> dict[str, int]:
        """All units by status, whatever the filter: agrees with `Status.units`."""
        out = dict.fromkeys(STATUSES, 0)
        for unit in self._units.values():
            out[unit.status] = out.get(unit.status, 0) + 1
        return out

    def teams(self) -> list[str]:
        """All teams, sorted."""
        return sorted({u.team for u in self._units.values() if u.team})

    def kinds(self) -> list[tuple[str, str]]:
        """(code, label) of the kinds that occur."""
        codes = {u.kind for u in self._units.values()}
        return sorted(((c, self.kind_label(c)) for c in codes), key=lambda pair: pair[1])

    def area_ids(self) -> Collection[str]:
        """Areas that units stand in."""
        return {u.area_id for u in self._units.values() if u.area_id}

    @property
    def total(self) -> int:
        """All units, shown or not."""
        return len(self._units)

    def kind_label(self, code: str) -> str:
        """Label of a unit kind."""
        return self._book.label("unit_kind", code, self._lang) if self._book else code

    def incident_text(self, unit: UnitRow) -> str:
        """Numbers of its open incidents; the first one and how many more."""
        return self.wordings(unit, INCIDENT)[0]

    def wordings(self, unit: UnitRow, column: int) -> tuple[str, ...]:
        """What a cell may say, the fullest first; a number is shortened from its head, for its end tells it apart."""
        if column != INCIDENT:
            return (self.text(unit, column),)
        if not unit.incidents:
            return ("",)
        number = self._numbers.get(unit.incidents[0]) or unit.incidents[0][:8]
        more = f" +{len(unit.incidents) - 1}" if len(unit.incidents) > 1 else ""
        return tuple(plain(n) + more for n in (number, short_number(number), short_number(number, with_seat=False)))

    def stale(self, unit: UnitRow) -> bool:
        """Whether its position is too old to be taken as its place."""
        return unit.position_at is None or self.now_s - unit.position_at > STALE_AFTER_S

    def text(self, unit: UnitRow, column: int) -> str:
        """What a cell says; plain."""
        if column == STATUS:
            return status_label(unit.status)
        if column == NAME:
            return plain(unit.name)
        if column == KIND:
            return plain(self.kind_label(unit.kind))
        if column == TEAM:
            return plain(unit.team)
        if column == INCIDENT:
            return self.incident_text(unit)
        if column == LOAD:
            return str(unit.load)
        if column == AGE:
            return self._age(unit)
        if column == SKILLS:
            book = self._book
            return language().join(book.label("skill", s, self._lang) if book else s for s in unit.skills)
        return tr("on duty") if unit.on_duty else tr("off duty")

    def _age(self, unit: UnitRow) -> str:
        if unit.position_at is None:
            return tr("? no position")
        age = age_text(self.now_s - unit.position_at)
        return f"? {age}" if self.stale(unit) else age

    # -- Qt
    def rowCount(self, parent: _INDEX | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._order)

    def columnCount(self, parent: _INDEX | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(COLUMNS)

    def data(self, index: _INDEX, role: int = 0) -> object:
        if role == 0:
            unit = self.unit(index.row())
            return self.text(unit, index.column()) if unit else None
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() in (LOAD, AGE):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = 0) -> object:
        if role == Qt.ItemDataRole.TextAlignmentRole and section in (LOAD, AGE):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        if role == 0 and orientation == Qt.Orientation.Horizontal:
            return (tr("Status"), tr("Force"), tr("Kind"), tr("Team"), tr("Incident"), tr("Load"), tr("Position"),
                    tr("Skills"), tr("Duty"))[section]
        return None

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        self.sort_column, self.sort_down = column, order == Qt.SortOrder.DescendingOrder
        self.arrange()

    def relabel(self) -> None:
        """The language changed."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)



def _found(unit: UnitRow, text: str) -> bool:
    return any(text in value.casefold() for value in (unit.name, unit.call_sign, unit.team, unit.kind))
