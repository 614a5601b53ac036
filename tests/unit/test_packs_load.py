"""The shipped code lists and calendars load whole, and a mistake in them is named."""
from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path

import pytest

from app.domain.faults import KnownFault
from app.domain.incident_process import INCIDENT, PHASES
from app.services.book import Book
from app.services.packs import all_codes, limit_of, load_calendars, load_packs

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference"


@pytest.fixture(scope="module")
def book() -> Book:
    return Book(1, all_codes(load_packs(REFERENCE)), ())


def test_every_shipped_list_has_version_and_source() -> None:
    packs = load_packs(REFERENCE)
    assert {"kind", "kind_class", "channel", "level", "phase", "limit", "unit_kind", "skill"} <= {p.name for p in packs}
    for pack in packs:
        assert pack.version
        assert pack.source
        assert pack.in_force_from <= date(2026, 11, 1)
        assert all(c.label_zh and c.label_en for c in pack.codes), pack.name


def test_kinds_belong_to_classes_and_name_known_skills(book: Book) -> None:
    assert len(book.codes("kind")) >= 120
    for kind in book.codes("kind"):
        assert book.code("kind_class", kind.parent or ""), kind.code
        assert kind.extra["level"] in (1, 2, 3, 4)
        skill = kind.extra.get("skill")
        assert skill is None or book.code("skill", str(skill)), kind.code


def test_disputes_minors_mental_health_and_domestic_matters_are_sensitive(book: Book) -> None:
    for code in ("1101", "1103", "1901", "1902", "1903", "1905"):
        assert book.is_sensitive(code), code
    assert not book.is_sensitive("0102")


def test_every_phase_has_a_label_and_police_work_is_never_called_a_criminal_case(book: Book) -> None:
    for phase in PHASES:
        assert book.code("phase", phase), phase
    assert "立案" in book.phase_label("reported", "0102", "zh_CN")
    assert "立案" not in "".join(book.phase_label(p, "1302", "zh_CN") for p in PHASES)


def test_choices_of_the_process_have_labels(book: Book) -> None:
    lists = {"service": "service", "satisfaction": "satisfaction", "ground": "ground", "finding": "finding",
             "level": "level"}
    for transition in INCIDENT:
        for need in transition.needs:
            if need.type.startswith("choice:") and need.name in lists:
                for choice in need.type.removeprefix("choice:").split("|"):
                    assert book.code(lists[need.name], choice), (need.name, choice)


def test_the_most_exact_limit_wins_and_no_limit_is_a_value(book: Book) -> None:
    fire = limit_of(book, "case", "1201", 1)
    assert fire is not None
    assert (fire.minutes, fire.calendar, fire.rule) == (15, "continuous", "case:12:1")
    suggestion = limit_of(book, "case", "1412", 4)
    assert suggestion is not None
    assert suggestion.minutes is None
    other = limit_of(book, "case", "9999", 2)
    assert other is not None
    assert other.rule == "case:*:2"
    assert limit_of(book, "closed", "0102", 4) is None


def test_every_kind_at_every_level_has_a_case_limit(book: Book) -> None:
    for kind in book.codes("kind"):
        for level in (1, 2, 3, 4):
            assert limit_of(book, "case", kind.code, level) is not None


def test_holidays_and_shifted_working_days_of_two_years() -> None:
    data = load_calendars(REFERENCE)
    assert data.covered == {2025, 2026}
    assert date(2026, 2, 17) in data.holidays
    assert date(2026, 10, 10) in data.workdays
    assert data.hours == ((time(8, 30), time(12)), (time(14, 30), time(17, 30)))
    calendar = data.calendar()
    assert calendar.is_working_day(date(2026, 10, 10))  # a Saturday
    assert not calendar.is_working_day(date(2026, 10, 5))  # a Monday
    start = datetime(2026, 9, 30, 9, 0, tzinfo=UTC)  # 17:00 local, half an hour before the National Day holidays
    assert calendar.add(start, 60, "working_hours") == datetime(2026, 10, 8, 1, 0, tzinfo=UTC)


def test_a_city_abroad_works_by_its_own_clock_and_keeps_no_holidays_of_china() -> None:
    boston = load_calendars(REFERENCE).calendar("America/New_York")
    monday = datetime(2026, 10, 5, 12, 0, tzinfo=UTC)  # 08:00 there, a holiday in China
    assert boston.add(monday, 30, "working_hours") == datetime(2026, 10, 5, 13, 0, tzinfo=UTC)
    assert not boston.is_working_day(date(2026, 10, 10))  # a Saturday that is shifted in China only
    west = load_calendars(REFERENCE).calendar("Asia/Urumqi")
    assert not west.is_working_day(date(2026, 10, 5))
    assert west.add(datetime(2026, 10, 8, 0, 0, tzinfo=UTC), 30, "working_hours") == datetime(
        2026, 10, 8, 3, 0, tzinfo=UTC)  # 06:00 there; hours begin at 08:30


def test_a_calendar_of_an_unknown_zone_is_named(tmp_path: Path) -> None:
    (tmp_path / "calendars").mkdir()
    (tmp_path / "calendars" / "hours.toml").write_text(
        'timezone = "Mars/Olympus"\nsource = "x"\nhours = [["08:00", "12:00"]]\n', "utf-8")
    with pytest.raises(KnownFault, match="Mars/Olympus"):
        load_calendars(tmp_path)


def _copy(tmp_path: Path, name: str, old: str, new: str) -> Path:
    (tmp_path / "codes").mkdir()
    text = (REFERENCE / "codes" / name).read_text("utf-8")
    assert old in text
    (tmp_path / "codes" / name).write_text(text.replace(old, new, 1), "utf-8")
    return tmp_path


@pytest.mark.parametrize(("name", "old", "new", "named"), [
    ("kind.toml", "skill =", "skil =", "skil"),
    ("level.toml", "numeral =", "roman =", "roman"),
    ("kind.toml", "level = 4", 'level = "4"', "level"),
    ("kind.toml", 'code = "0102"', 'code = "0101"', "0101"),
    ("limit.toml", "minutes = 30", "minutes = 0", "minutes"),
    ("limit.toml", 'calendar = "continuous"', 'calendar = "moon"', "calendar"),
    ("limit.toml", 'scope = "case"', 'scope = "phase"', "case:*:1"),
    ("channel.toml", "version =", "versions =", "versions"),
])
def test_a_mistake_in_a_list_is_named(tmp_path: Path, name: str, old: str, new: str, named: str) -> None:
    with pytest.raises(KnownFault) as told:
        load_packs(_copy(tmp_path, name, old, new))
    assert named in str(told.value)
    assert name in str(told.value)


def test_an_empty_folder_is_a_fault_and_not_an_empty_city(tmp_path: Path) -> None:
    with pytest.raises(KnownFault):
        load_packs(tmp_path)
