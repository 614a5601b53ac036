"""The queue's own index: incidents as columns, kept in order by small edits, filtered by masks. No Qt in here.

Slots are positions in the columns; an incident keeps its slot while it is known. 100,000 rows: a batch of 200 changes
costs about 2 ms, a tab or filter switch under 20 ms, a full sort one argsort.
"""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from app.domain.incident_process import ENDED_PHASES, PHASES
from app.services.book import Book
from app.services.queue_order import TAB_BIT, number_key, order_key, order_keys, steady_bits
from app.services.views import Flag, QueueRow

Slots = NDArray[np.intp]
PRIORITY = "priority"
SORTS = (PRIORITY, "level", "number", "kind", "place", "source", "phase", "left", "handler")
"""Orders of the queue: its own, then one per column."""
_CODED = ("kind", "area", "channel", "phase", "handler")
_END = 3
"""Incidents are found by so many last characters of their number."""
_LEAPS = 5
"""A text somewhere in memory costs as much as so many that follow each other."""
_ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4}
_ALL = TAB_BIT["all"]
_HELD, _MINE = int(Flag.HELD), int(Flag.MINE)


@dataclass(frozen=True, slots=True)
class Query:
    """What the queue shows: a tab, words that all must match, an order."""

    tab: str = "all"
    words: str = ""
    sort: str = PRIORITY
    descending: bool = False


class Labels:
    """Texts of coded columns in one language. `initials` gives the pinyin initials of a text, for the filter."""

    def __init__(self, book: Book, lang: str, initials: Callable[[str], str] | None = None) -> None:
        self.book, self.lang = book, lang
        self._initials = initials
        self._cache: dict[tuple[str, str], str] = {}
        self._haystack: dict[tuple[str, str], str] = {}

    def of(self, column: str, code: str) -> str:
        """Label of one code; phases come as "phase@kind" so that they speak in the words of the kind's family."""
        key = (column, code)
        text = self._cache.get(key)
        if text is None:
            text = self._cache[key] = self._make(column, code)
        return text

    def _make(self, column: str, code: str) -> str:
        if column == "area":
            return self.book.area_label(code) if code else ""
        if column == "phase":
            phase, _, kind = code.partition("@")
            return self.book.phase_label(phase, kind, self.lang)
        if column == "handler":
            return code
        return self.book.label(column, code, self.lang)

    def haystack(self, column: str, code: str) -> str:
        """Lower-case label with its initials, for the filter."""
        key = (column, code)
        text = self._haystack.get(key)
        if text is None:
            label = self.of(column, code)
            if column == "area":
                label = self.book.area_label(code, 4)
            text = label.lower() + (" " + self._initials(label) if self._initials else "")
            self._haystack[key] = text
        return text


class _Interned:
    """Texts as small ints; the int is a position in `values`."""

    def __init__(self) -> None:
        self.values: list[str] = []
        self._codes: dict[str, int] = {}

    def code(self, value: str) -> int:
        got = self._codes.get(value)
        if got is None:
            got = self._codes[value] = len(self.values)
            self.values.append(value)
        return got


class QueueIndex:
    """Open incidents in columns. Building it from 100,000 rows takes some 0.5 s: do that off the GUI thread."""

    def __init__(self, rows: Sequence[QueueRow] = (), marks: Mapping[str, int] | None = None) -> None:
        self.rows: list[QueueRow] = list(rows)
        self.marks: dict[str, int] = dict(marks or {})
        self.slot_of: dict[str, int] = {row.id: slot for slot, row in enumerate(self.rows)}
        self._text: list[str] = [""] * len(self.rows)
        self._ends: dict[str, dict[str, None]] = {}
        for row in self.rows:
            self._ends.setdefault(row.number[-_END:], {})[row.id] = None
        self._free: list[int] = []
        self._left: list[int] = []
        self._interned = {name: _Interned() for name in _CODED}
        n = len(self.rows)
        size = max(256, n + n // 4)
        self.key = np.zeros(size, np.int64)
        self.bits = np.zeros(size, np.int32)
        self.due = np.full(size, np.inf)
        self.level = np.zeros(size, np.int8)
        self.number = np.zeros(size, np.int64)
        self.unread = np.zeros(size, np.bool_)
        self.match = np.ones(size, np.bool_)
        self._words: tuple[str, Labels] | None = None
        self.codes = {name: np.zeros(size, np.int32) for name in _CODED}
        self.key[:n] = order_keys(self.rows)
        for slot, row in enumerate(self.rows):
            self._columns(slot, row)
        self.order: Slots = np.empty(0, np.intp)
        self._keys = np.empty(0, np.int64)
        self.resort()

    # ---- keeping ---------------------------------------------------------------------------------------------------

    def _columns(self, slot: int, row: QueueRow) -> None:
        self.bits[slot] = steady_bits(row, mine=bool(row.flags & _MINE))
        self.due[slot] = np.inf if row.due_at is None or row.flags & _HELD else row.due_at
        self.level[slot] = row.level
        self.number[slot] = number_key(row.number)
        self.unread[slot] = row.changed_seq > self.marks.get(row.id, -1)
        self._text[slot] = f"{row.place} {row.number}".lower()
        for name, value in (("kind", row.kind), ("area", row.area_id or ""), ("channel", row.channel),
                            ("phase", f"{row.phase}@{row.kind}"), ("handler", row.handler)):
            self.codes[name][slot] = self._interned[name].code(value)

    def _sorted(self, slots: Slots) -> Slots:
        order = slots[np.lexsort((self.number[slots], self.key[slots]))]
        keys, numbers = self.key[order], self.number[order]
        self._settle_ties(order, keys, np.flatnonzero((keys[1:] == keys[:-1]) & (numbers[1:] == numbers[:-1])))
        return order

    def _settle_ties(self, order: Slots, keys: NDArray[np.int64], ties: Slots) -> None:
        """Order by number and id, in place, each run of equal keys that a tie (`keys[i] == keys[i + 1]`) lies in."""
        done = -1
        for start in ties.tolist():
            if start < done:
                continue
            key, end = keys[start], start + 1
            while start > 0 and keys[start - 1] == key:
                start -= 1
            while end + 1 < len(keys) and keys[end + 1] == key:
                end += 1
            order[start:end + 1] = sorted(order[start:end + 1].tolist(), key=self._tie)
            done = end

    def _tie(self, slot: int) -> tuple[int, str]:
        return int(self.number[slot]), self.rows[slot].id

    def resort(self) -> None:
        """Order all rows anew. Changes keep the order by themselves; this is for the start and for the benchmark."""
        self.order = self._sorted(np.flatnonzero(self.bits[:len(self.rows)] & _ALL))
        self._keys = self.key[self.order]

    def apply(self, rows: Iterable[QueueRow], gone: Collection[str] = ()) -> Slots:
        """Take changed and new rows in, and ids that exist no more. Returns the slots touched."""
        touched: list[int] = []
        for row in rows:
            slot = self.slot_of.get(row.id)
            if slot is None:
                if row.phase in ENDED_PHASES:
                    continue
                slot = self._new_slot()
                self.slot_of[row.id] = slot
                self._ends.setdefault(row.number[-_END:], {})[row.id] = None
            elif (before := self.rows[slot].number) != row.number:
                self._ends[before[-_END:]].pop(row.id, None)
                self._ends.setdefault(row.number[-_END:], {})[row.id] = None
            self.rows[slot] = row
            self.key[slot] = order_key(row)
            self._columns(slot, row)
            if not self.bits[slot] & _ALL:
                self._left.append(slot)
            touched.append(slot)
        for key in gone:
            slot = self.slot_of.get(key)
            if slot is not None:
                self.bits[slot] = 0
                self._left.append(slot)
                touched.append(slot)
        slots = np.unique(np.array(touched, dtype=np.intp))
        if self._words is not None and len(slots):
            self.match[slots] = self._matching(*self._words, slots)
        self._reorder(slots)
        return slots

    def _reorder(self, slots: Slots) -> None:
        """Take the slots out of the order and put the open ones in again where their keys belong."""
        if not len(slots):
            return
        moved = np.zeros(len(self.key), np.bool_)
        moved[slots] = True
        stays = ~moved[self.order]
        kept, keys = self.order[stays], self._keys[stays]
        fresh = self._sorted(slots[(self.bits[slots] & _ALL) != 0])
        at = np.searchsorted(keys, self.key[fresh], side="right")
        self.order = np.insert(kept, at, fresh)
        self._keys = np.insert(keys, at, self.key[fresh])
        if len(fresh):
            places = at + np.arange(len(fresh))
            before = np.unique(np.concatenate((places - 1, places)))
            before = before[(before >= 0) & (before < len(self._keys) - 1)]
            self._settle_ties(self.order, self._keys, before[self._keys[before] == self._keys[before + 1]])

    def _new_slot(self) -> int:
        if self._free:
            return self._free.pop()
        slot = len(self.rows)
        self._text.append("")
        self.rows.append(None)  # type: ignore[arg-type]  # filled by the caller at once
        if slot >= len(self.key):
            grow = len(self.key)
            for name in ("key", "bits", "due", "level", "number", "unread", "match"):
                old = getattr(self, name)
                setattr(self, name, np.concatenate((old, np.zeros(grow, old.dtype))))
            for name in _CODED:
                self.codes[name] = np.concatenate((self.codes[name], np.zeros(grow, np.int32)))
        return slot

    def forget_ended(self) -> None:
        """Free the slots of incidents that ended; only when no view shows them any more."""
        for slot in self._left:
            row = self.rows[slot]
            if not self.bits[slot] & _ALL and self.slot_of.get(row.id) == slot:
                del self.slot_of[row.id]
                self._ends[row.number[-_END:]].pop(row.id, None)
                self._free.append(slot)
        self._left.clear()

    def mark_read(self, marks: Mapping[str, int]) -> Slots:
        """Take this operator's read marks; returns the slots whose mark changed."""
        touched = []
        for key, seq in marks.items():
            if self.marks.get(key) == seq:
                continue
            self.marks[key] = seq
            slot = self.slot_of.get(key)
            if slot is not None:
                unread = self.rows[slot].changed_seq > seq
                if unread != bool(self.unread[slot]):
                    self.unread[slot] = unread
                    touched.append(slot)
        return np.array(touched, dtype=np.intp)

    # ---- asking ----------------------------------------------------------------------------------------------------

    def view(self, query: Query, labels: Labels, now: float) -> Slots:
        """Slots that a query shows, in its order."""
        order = self.order
        if query.tab == "overdue":
            order = order[self.due[order] < now]
        elif query.tab != "all":
            order = order[(self.bits[order] & TAB_BIT[query.tab]) != 0]
        self._set_words(query.words.strip().lower(), labels)
        if self._words is not None:
            order = order[self.match[order]]
        return self._by_column(order, query, labels)

    def _set_words(self, words: str, labels: Labels) -> None:
        """Match all rows once when the words change; later changes are matched as they come in."""
        wanted = (words, labels) if words else None
        if wanted == self._words:
            return
        self._words = wanted
        if wanted is not None:
            self.match[self.order] = self._matching(words, labels, self.order)

    def counts(self, now: float) -> dict[str, int]:
        """The rows of each tab now; equal to `app.services.queue_order.tab_counts` of the same rows."""
        bits = self.bits[:len(self.rows)]
        counts = {name: int(np.count_nonzero(bits & bit)) for name, bit in TAB_BIT.items()}
        counts["overdue"] = int(np.count_nonzero((self.due[:len(self.rows)] < now) & (bits != 0)))
        return counts

    def waiting(self) -> dict[str, int]:
        """Incidents nobody has taken yet: id → level."""
        slots = np.flatnonzero(self.bits[:len(self.rows)] & TAB_BIT["to_accept"])
        return {self.rows[s].id: self.rows[s].level for s in slots.tolist()}

    def late(self, now: float) -> dict[str, int]:
        """Incidents that are overdue now: id → level."""
        n = len(self.rows)
        slots = np.flatnonzero((self.due[:n] < now) & (self.bits[:n] != 0))
        return {self.rows[s].id: self.rows[s].level for s in slots.tolist()}

    def by_id(self) -> Mapping[str, QueueRow]:
        """All rows by id, as a view that costs nothing."""
        return _ById(self)

    def ending(self, digits: str) -> Iterator[QueueRow]:
        """Rows whose number ends so; from three digits on it is found without looking at all of them."""
        ends = [digits[-_END:]] if len(digits) >= _END else [e for e in self._ends if e.endswith(digits)]
        for end in ends:
            for key in self._ends.get(end, ()):
                row = self.rows[self.slot_of[key]]
                if row.number.endswith(digits):
                    yield row

    def unread_count(self) -> int:
        """Open incidents that changed since this operator last looked."""
        return int(np.count_nonzero(self.unread[self.order]))

    def _matching(self, words: str, labels: Labels, slots: Slots) -> NDArray[np.bool_]:
        """Which slots fit all words; each word looks only at what the ones before it left."""
        left = np.arange(len(slots))
        for word in words.split():
            left = left[self._matches(word, slots[left], labels)]
        found = np.zeros(len(slots), np.bool_)
        found[left] = True
        return found

    def _matches(self, word: str, order: Slots, labels: Labels) -> NDArray[np.bool_]:
        level = _ROMAN.get(word.removesuffix("级"))  # not a text: what a person may type
        if level is not None:
            return np.asarray(self.level[order] == level)
        found = self._in_text(word, order)
        for name in _CODED:
            hits = np.array([word in labels.haystack(name, v) for v in self._interned[name].values], np.bool_)
            if hits.any():
                found |= hits[self.codes[name][order]]
        return found

    def _in_text(self, word: str, order: Slots) -> NDArray[np.bool_]:
        """Whether place or number hold the word. Many are looked at as they lie in memory: seven times as quick as in
        the order of the queue."""
        texts = self._text
        if len(order) * _LEAPS < len(texts):
            return np.array([word in texts[s] for s in order.tolist()], np.bool_)
        return np.asarray(np.array([word in text for text in texts], np.bool_)[order])

    def _by_column(self, order: Slots, query: Query, labels: Labels) -> Slots:
        if query.sort == PRIORITY:
            return order[::-1] if query.descending else order
        keys = self._column_keys(order, query.sort, labels)
        if query.descending:
            keys = keys.max(initial=0) - keys
        return order[np.argsort(keys, kind="stable")]

    def _column_keys(self, order: Slots, sort: str, labels: Labels) -> NDArray[np.int64] | NDArray[np.uint16]:
        if sort == "level":
            return self.level[order].astype(np.uint16)
        if sort == "number":
            return self.number[order]
        if sort == "left":
            return np.minimum(self.due[order], 2.0**40).astype(np.int64)
        if sort == "phase":
            return self._phase_ranks(order)
        name = {"place": "area", "source": "channel"}.get(sort, sort)
        values = self._interned[name].values
        texts = [labels.of(name, v) for v in values]
        place = {text: rank for rank, text in enumerate(sorted(set(texts), key=lambda t: (not t, t)))}
        ranks = np.array([place[t] for t in texts], np.uint16 if len(place) < 65_536 else np.int64)
        return np.asarray(ranks[self.codes[name][order]])

    def _phase_ranks(self, order: Slots) -> NDArray[np.uint16]:
        place = {phase: rank for rank, phase in enumerate(PHASES)}
        ranks = np.array([place.get(v.partition("@")[0], 99) for v in self._interned["phase"].values], np.uint16)
        return np.asarray(ranks[self.codes["phase"][order]])


class _ById(Mapping[str, QueueRow]):
    """The index's rows by id."""

    def __init__(self, index: QueueIndex) -> None:
        self._index = index

    def __getitem__(self, key: str) -> QueueRow:
        return self._index.rows[self._index.slot_of[key]]

    def __iter__(self) -> Iterator[str]:
        return iter(self._index.slot_of)

    def __len__(self) -> int:
        return len(self._index.slot_of)
