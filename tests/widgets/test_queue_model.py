"""The queue's index and model: small edits give what a full sort gives, frozen rows stand still, counts agree."""
from __future__ import annotations

import random

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.domain.incident_process import PHASES
from app.services.command_words import initials
from app.services.queue_order import sort_rows, tab_counts, tabs_of
from app.services.views import QueueRow
from tests.fakes.fake_seat import FakeSeat
from widgets.models.queue_index import SORTS, Labels, Query, QueueIndex, number_key
from widgets.models.queue_model import Column, QueueModel, short_number

SEAT = FakeSeat(open_=60, ended=10, units=20, cameras=0, components=0)
LABELS = Labels(SEAT.book, "zh_CN", initials)
ROWS = SEAT.queue()


def ids(index: QueueIndex, slots: object) -> list[str]:
    return [index.rows[int(s)].id for s in slots]


@given(st.lists(st.tuples(st.integers(0, 79), st.sampled_from(PHASES), st.integers(1, 4), st.integers(-500, 500)),
                max_size=60), st.integers(1, 7))
def test_any_series_of_changes_leaves_the_order_of_a_full_sort(changes: list[tuple[int, str, int, int]], step: int
                                                                ) -> None:
    index = QueueIndex(ROWS)
    known = {r.id: r for r in ROWS}
    batch: list[QueueRow] = []
    for n, (which, phase, level, later) in enumerate(changes):
        base = ROWS[which % len(ROWS)]
        row = base._replace(id=f"x{which}" if which >= len(ROWS) else base.id, phase=phase, level=level,
                            due_at=SEAT.now + later, changed_seq=1000 + n,
                            closed_at=SEAT.now if phase in PHASES[8:] else None)
        known[row.id] = row
        batch.append(row)
        if n % step == 0:
            index.apply(batch)
            batch.clear()
    index.apply(batch)
    wanted = [r.id for r in sort_rows(known.values()) if r.phase in PHASES[:8]]
    assert ids(index, index.order) == wanted
    assert index.counts(SEAT.now) == tab_counts([r for r in known.values() if r.phase in PHASES[:8]], SEAT.now)


def test_every_tab_holds_exactly_the_rows_of_the_rule() -> None:
    index = QueueIndex(ROWS)
    for tab in ("to_accept", "to_assign", "to_sign", "in_hand", "returned", "to_verify", "overdue", "mine", "all"):
        shown = set(ids(index, index.view(Query(tab=tab), LABELS, SEAT.now)))
        assert shown == {r.id for r in ROWS if tab in tabs_of(r, SEAT.now)}, tab


def test_counts_are_those_of_the_status() -> None:
    counts = QueueIndex(ROWS).counts(SEAT.now)
    assert counts == dict(SEAT.status().tabs)


def test_filter_finds_by_place_kind_grid_source_level_number_and_initials() -> None:
    index = QueueIndex(ROWS)

    def found(words: str) -> list[QueueRow]:
        return [index.rows[int(s)] for s in index.view(Query(words=words), LABELS, SEAT.now)]

    row = next(r for r in ROWS if r.kind == "0101")
    assert row in found(row.place)
    assert row in found("暴露垃圾")
    assert row in found("bllj")
    assert row in found(row.number[-4:])
    assert all(r.level == 1 for r in found("I"))
    assert found("暴露 " + row.place.split()[0].lower())
    assert found("没有这样的事") == []
    assert len(found("")) == len(ROWS)


def test_a_word_finds_the_same_among_few_and_among_many() -> None:
    index = QueueIndex(ROWS)
    shown = index.view(Query(sort="number"), LABELS, SEAT.now)
    for word in ("1", "7", ROWS[0].number[-3:], ROWS[0].place[:2].lower(), "不在"):
        many = index._in_text(word, shown)
        rows = [index.rows[s] for s in shown.tolist()]
        assert many.tolist() == [word in f"{row.place} {row.number}".lower() for row in rows]
        for few in (shown[:1], shown[-3:]):
            assert index._in_text(word, few).tolist() == many[np.isin(shown, few)].tolist()


def test_filter_follows_changes_that_come_later() -> None:
    index = QueueIndex(ROWS)
    assert not len(index.view(Query(words="新地方"), LABELS, SEAT.now))
    index.apply([ROWS[0]._replace(place="新地方 1 号", changed_seq=99_999)])
    assert ids(index, index.view(Query(words="新地方"), LABELS, SEAT.now)) == [ROWS[0].id]


def test_every_column_sorts_and_equal_rows_keep_the_queues_own_order() -> None:
    index = QueueIndex(ROWS)
    own = ids(index, index.order)
    for sort in SORTS:
        shown = ids(index, index.view(Query(sort=sort), LABELS, SEAT.now))
        assert sorted(shown) == sorted(own)
    by_level = [index.rows[int(s)] for s in index.view(Query(sort="level"), LABELS, SEAT.now)]
    assert [r.level for r in by_level] == sorted(r.level for r in by_level)
    assert [r.id for r in by_level if r.level == 4] == [i for i in own if i in {r.id for r in by_level if r.level == 4}]
    down = [index.rows[int(s)].level for s in index.view(Query(sort="level", descending=True), LABELS, SEAT.now)]
    assert down == sorted(down, reverse=True)


def test_slots_of_ended_incidents_are_used_again_but_not_while_they_are_shown() -> None:
    index = QueueIndex(ROWS[:3])
    index.apply([ROWS[0]._replace(phase="closed", closed_at=SEAT.now)])
    index.apply([ROWS[5]])
    assert len(index.rows) == 4
    index.forget_ended()
    index.apply([ROWS[6]])
    assert len(index.rows) == 4
    assert set(ids(index, index.order)) == {ROWS[i].id for i in (1, 2, 5, 6)}


def test_unread_marks_follow_changes_and_looks() -> None:
    index = QueueIndex(ROWS, {r.id: r.changed_seq for r in ROWS})
    assert index.unread_count() == 0
    index.apply([ROWS[4]._replace(changed_seq=5_000)])
    assert index.unread_count() == 1
    index.mark_read({ROWS[4].id: 5_000})
    assert index.unread_count() == 0


def test_numbers_sort_as_numbers_and_are_shown_without_their_year() -> None:
    assert number_key("20261123-02-0312") == 20261123020312
    assert number_key("") == 0
    assert number_key("A-77") == 77
    assert short_number("20261123-02-0312") == "1123-02-0312"
    assert short_number("20261123-02-0312", with_seat=False) == "1123-0312"
    assert short_number("X7") == "X7"


# ---- the model -------------------------------------------------------------------------------------------------


def model() -> QueueModel:
    made = QueueModel(lambda: SEAT.now, LABELS)
    made.load(QueueIndex(ROWS, {r.id: r.changed_seq for r in ROWS}))
    return made


def shown(made: QueueModel) -> list[str]:
    return [made.row(i).id for i in range(made.rowCount())]


def new_urgent(name: str = "new1") -> QueueRow:
    return ROWS[0]._replace(id=name, number=f"20261123-02-9{name[-1]}", level=1, phase="reported", closed_at=None)


def test_frozen_rows_stand_still_and_newcomers_are_announced_with_their_level(qapp: object) -> None:
    made = model()
    before = shown(made)
    made.set_frozen(True)
    last = made.row(made.rowCount() - 1)
    made.apply([new_urgent(), last._replace(level=1, phase="reported", changed_seq=9_000)])
    assert shown(made) == before
    assert made.row(made.rowCount() - 1).level == 1
    assert (made.newcomers, made.newcomer_level, made.stale) == (1, 1, True)
    made.thaw()
    assert shown(made) != before
    assert (made.newcomers, made.stale) == (0, False)
    assert "new1" in shown(made)[:2]


def test_an_ended_row_stays_where_it_is_while_frozen_and_says_so(qapp: object) -> None:
    made = model()
    made.set_frozen(True)
    row = made.row(3)
    made.apply([row._replace(phase="closed", closed_at=SEAT.now)])
    assert made.row(3).id == row.id
    assert made.has_left(3)
    made.set_frozen(False)
    assert row.id not in shown(made)


def test_changes_out_of_sight_are_not_announced_to_the_view(qapp: object) -> None:
    made = model()
    made.visible = (0, 9)
    made.set_frozen(True)
    heard: list[tuple[int, int]] = []
    made.dataChanged.connect(lambda top, bottom, _roles: heard.append((top.row(), bottom.row())))
    made.apply([made.row(30)._replace(changed_seq=9_001)])
    assert heard == []
    made.apply([made.row(4)._replace(changed_seq=9_002)])
    assert heard == [(4, 4)]


def test_a_flood_leaves_counts_and_order_right(qapp: object) -> None:
    made = model()
    rng = random.Random(3)
    rows = {r.id: r for r in ROWS}
    for n in range(20):
        picked = [rows[rng.choice(list(rows))] for _ in range(30)]
        batch = [row._replace(level=rng.randint(1, 4), changed_seq=10_000 + n) for row in picked]
        rows.update((r.id, r) for r in batch)
        made.apply(batch)
    assert shown(made) == [r.id for r in sort_rows(rows.values())]
    assert made.index_.counts(SEAT.now) == tab_counts(rows.values(), SEAT.now)


def test_cells_say_labels_not_codes_and_tooltips_never_markup(qapp: object) -> None:
    made = model()
    row = next(r for r in ROWS if r.kind == "0101")
    assert made.text(row, Column.KIND) == "暴露垃圾"
    assert made.text(row, Column.GRID).startswith(("网格", "专属"))
    evil = row._replace(place="<img src=x onerror=alert(1)>")
    assert "<img" not in made.tooltip(evil)
    assert made.data(made.index(0, Column.NUMBER), 0) == made.text(made.row(0), Column.NUMBER)


def test_order_survives_growth_of_the_columns() -> None:
    index = QueueIndex(ROWS[:2])
    many = [ROWS[0]._replace(id=f"g{i}", number=f"20261123-02-{i:05d}", level=i % 4 + 1) for i in range(600)]
    index.apply(many)
    assert len(index.order) == 602
    assert np.all(np.diff(index.key[index.order]) >= 0)
