"""Profiles: what is shipped is sound, what is wrong is named, and the README tells the truth."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.domain.faults import KnownFault
from app.intake.fields import FIELDS
from app.intake.profile import load_profile, parse_profile
from app.intake.reasons import REASONS, WARNINGS
from app.intake.records import Kind
from app.intake.shipped import PROFILES, find_profile, generic_profile, recognise, shipped_names
from app.text import Catalogue

README = (PROFILES / "README.md").read_text("utf-8")


def parse(text: str, kind: Kind | None = None):
    return parse_profile(text.encode(), "my.toml", kind)


@pytest.mark.parametrize("name", shipped_names())
def test_shipped_profile_is_sound(name: str) -> None:
    profile = load_profile(PROFILES / f"{name}.toml")
    assert profile.name == name
    if name.startswith("generic_"):
        assert profile.generic or profile.kind is Kind.BASE
    else:
        assert f"`{name}`" in README


def test_every_kind_has_a_generic_profile() -> None:
    for kind in Kind:
        assert generic_profile(kind).kind is kind


def test_the_example_of_the_readme_is_a_sound_profile() -> None:
    example = README.split("```toml")[1].split("```")[0]
    profile = parse(example)
    assert profile.fields["address"] == ("STREET", "CROSSING")
    assert profile.file.delimiter == ";"


def test_the_readme_names_every_field_reason_and_warning() -> None:
    for fields in FIELDS.values():
        for name in fields:
            assert f"`{name}`" in README
    for name in (*REASONS, *WARNINGS):
        assert f"`{name}`" in README


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ('kind = "incidents"\nfeilds = 1', "feilds.*Did you mean fields"),
        ('kind = "incidents"\n[fields]\nopend_at = "x"', "fields.opend_at.*Did you mean fields.opened_at"),
        ('kind = "incidents"\n[file]\nencodin = "x"', r"file\.encodin"),
        ('kind = "incidents"\nprofile = 2', "profile.*got 2"),
        ('kind = "indicents"', "kind.*indicents.*incidents"),
        ('kind = "incidents"\ncrs = "mars"', "crs.*mars.*gcj02"),
        ('kind = "incidents"\ntime_zone = "Mars/Olympus"', "time_zone.*Asia/Shanghai"),
        ('kind = "incidents"\n[file]\nencoding = "klingon"', "klingon.*gb18030"),
        ('kind = "incidents"\n[file]\ndelimiter = "ab"', "delimiter"),
        ('kind = "incidents"\n[values.fase]\na = "b"', "values.fase.*values.phase"),
        ('kind = "incidents"\nrequired = ["plase"]', "required.*plase"),
        ('kind = "incidents"\nsource = "a:b"', "source.*colon"),
        ('kind = "incidents"\n[dates]\nformats = 3', "dates.formats"),
        ("kind = incidents", "not valid TOML"),
        ('kind = "incidents"\n[fields]\nkey = ""', "fields.key"),
        ('kind = "areas"\n[rules]\nmax_households = "many"', "max_households.*whole number"),
    ],
)
def test_a_wrong_profile_is_refused_with_file_key_and_what_is_expected(text: str, named: str) -> None:
    with pytest.raises(KnownFault, match=f"my.toml.*{named}|{named}"):
        parse(text)


def test_a_profile_for_another_kind_is_refused() -> None:
    with pytest.raises(KnownFault, match="is for areas, not for cameras"):
        parse('kind = "areas"', Kind.CAMERAS)


def test_an_unknown_profile_lists_the_shipped_ones() -> None:
    with pytest.raises(KnownFault, match="boston311"):
        find_profile("boston312", Kind.INCIDENTS)


def test_a_profile_is_found_by_path_and_by_name(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text('kind = "units"\n', "utf-8")
    assert find_profile(path, Kind.UNITS).name == "mine"
    assert find_profile("boston311", Kind.INCIDENTS).source == "boston311"


def test_the_most_telling_columns_recognise_a_file() -> None:
    columns = ["case_enquiry_id", "open_dt", "target_dt", "closed_dt", "ontime", "submittedphoto", "more"]
    found = recognise(Kind.INCIDENTS, columns)
    assert found is not None
    assert found.name == "boston311_2022"
    assert recognise(Kind.INCIDENTS, ["a", "b"]) is None


def test_no_profile_names_a_machine_or_a_person() -> None:
    for path in PROFILES.glob("*.toml"):
        assert not re.search(r"/work|/home|@[a-z]+\.", path.read_text("utf-8"))


def test_every_reason_and_warning_is_said_in_chinese_too() -> None:
    chinese = Catalogue.load("zh_CN")
    for source in (*REASONS.values(), *WARNINGS.values()):
        assert chinese.lookup("text", source), source
