"""Texts without Qt: catalogue, placeholders, plural forms, and the one escaping door."""
from __future__ import annotations

import csv
import html
import io
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app import text
from app.domain.faults import Message, Rejected
from app.text import Catalogue, escape_csv_cell, escape_html, fill, plain

TS = """<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="{lang}" sourcelanguage="en">
<context><name>text</name>
{messages}
</context></TS>
"""


def folder(tmp_path: Path, lang: str, **files: str) -> Path:
    (tmp_path / lang).mkdir(exist_ok=True)
    for name, messages in files.items():
        (tmp_path / lang / f"{name}.ts").write_text(TS.format(lang=lang, messages=messages), encoding="utf-8")
    return tmp_path


def message(source: str, translation: str, attributes: str = "", kind: str = "") -> str:
    return (f"<message {attributes}><source>{source}</source>"
            f"<translation{kind}>{translation}</translation></message>")


@pytest.fixture
def chinese(tmp_path: Path) -> Catalogue:
    return Catalogue.load("zh_CN", folder(
        tmp_path, "zh_CN",
        one=message("{unit} is {distance_m} m away", "{unit} 距 {distance_m} 米") + message(", ", "、"),
        two=message("not on duty", "未在岗") + message("left", "剩余", kind=' type="unfinished"')))


def test_a_message_is_rendered_with_its_parameters_and_messages_within_it(chinese: Catalogue) -> None:
    assert chinese.render(Message("{unit} is {distance_m} m away", {"unit": "巡逻队 5", "distance_m": 640})) == \
        "巡逻队 5 距 640 米"
    nested = Message("{unit} is {distance_m} m away", {"unit": Message("not on duty"), "distance_m": 1})
    assert chinese.render(nested) == "未在岗 距 1 米"
    assert chinese.render(Message("{what}", {"what": [Message("not on duty"), "x"]})) == "未在岗、x"


def test_without_a_finished_translation_the_english_source_shows(chinese: Catalogue) -> None:
    assert chinese.render(Message("left")) == "left"
    assert chinese.render(Message("unknown {n}", {"n": 3})) == "unknown 3"
    assert chinese.render(Message("{unit} is {distance_m} m away")) == "{unit} 距 {distance_m} 米"


def test_plural_forms_follow_the_count(tmp_path: Path) -> None:
    forms = "<numerusform>{count} incident</numerusform><numerusform>{count} incidents</numerusform>"
    english = Catalogue.load("en", folder(tmp_path, "en", q=message("{count} open", forms, 'numerus="yes"')))
    assert [english.render(Message("{count} open", {"count": n})) for n in (0, 1, 2)] == \
        ["0 incidents", "1 incident", "2 incidents"]


def test_a_placeholder_never_reaches_into_an_object() -> None:
    secret = Message("x", {"unit": "a"})
    assert fill("{unit.__class__} {unit!r} {unit[0]} {unit:>9}", {"unit": secret}) == \
        "{unit.__class__} {unit!r} {unit[0]} {unit:>9}"
    assert fill("{unit}", {"unit": "{other}", "other": "no"}) == "{other}"


def test_people_s_text_in_a_message_cannot_turn_the_line_round(chinese: Catalogue) -> None:
    assert chinese.render(Message("{unit}", {"unit": "a\u202egpj.exe\u0007\n\x1b[31mb"})) == "agpj.exe [31mb"
    assert chinese.render(Message("{unit}", {"unit": Path("a\u202egpj/\x1b[31mb")})) == "agpj/[31mb"
    assert chinese.render(Message("{unit}", {"unit": ValueError("\x1b[31mb")})) == "[31mb"


def test_a_broken_file_and_an_unknown_language_are_refused(tmp_path: Path) -> None:
    (tmp_path / "zh_CN").mkdir()
    (tmp_path / "zh_CN" / "bad.ts").write_text("<TS><context>", encoding="utf-8")
    with pytest.raises(ValueError, match=r"bad\.ts"):
        Catalogue.load("zh_CN", tmp_path)
    with pytest.raises(ValueError, match="fr"):
        Catalogue.load("fr", tmp_path)


def test_the_language_is_switched_while_the_program_runs() -> None:
    before = text.language().lang
    try:
        text.set_language("zh_CN")
        chinese = text.render(Rejected("properties.level", "x", "a number").message)
        text.set_language("en")
        assert text.render(Rejected("properties.level", "x", "a number").message).startswith("properties.level: got")
        assert chinese.startswith("properties.level")
    finally:
        text.set_language(before)


def test_plain_keeps_every_script_and_drops_what_deceives() -> None:
    kept = "大观区 Ünïcödé العربية हिन्दी 👩\u200d🚒 é ＆<b>"
    assert plain(kept) == kept
    assert plain("a\x00b\u200b\u202e\u2066c\ufeff\u00ad") == "abc"
    assert plain("a\r\nb\u2028c\td") == "a  b c d"
    assert plain("a\r\nb", lines=True) == "a\nb"
    assert plain("\ud800x") == "\ufffdx"


class Tags(HTMLParser):
    """Notes every tag, comment and declaration, and the text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.append(f"{tag} {attrs}")

    def handle_endtag(self, tag: str) -> None:
        self.found.append(tag)

    def handle_comment(self, data: str) -> None:
        self.found.append(data)

    def handle_data(self, data: str) -> None:
        self.text += data


@given(st.text(st.characters(exclude_categories=()), max_size=40))
def test_no_text_becomes_markup_in_html(words: str) -> None:
    page = Tags()
    page.feed(f'<p title="{escape_html(words)}">{escape_html(words)}</p>')
    page.close()
    assert len(page.found) == 2
    assert page.text == plain(words)
    assert html.unescape(escape_html(words)) == plain(words)


@pytest.mark.parametrize("cell", ["=1+1", "+86", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "  =1", "＝1",
                                  "=cmd|' /C calc'!A0", "\u200b=1", "+8613900000000a"])
def test_a_cell_never_starts_a_formula(cell: str) -> None:
    if cell == "+86":
        assert escape_csv_cell(cell) == "+86"
    else:
        assert escape_csv_cell(cell).startswith("'")


def test_numbers_stay_numbers_and_quotes_survive_the_csv_writer() -> None:
    assert [escape_csv_cell(v) for v in (None, 5, -2.5, "-2.5", "+3", "95%", "a=b")] == \
        ["", "5", "-2.5", "-2.5", "+3", "95%", "a=b"]
    out = io.StringIO()
    csv.writer(out).writerow([escape_csv_cell('=x","y')])
    assert next(csv.reader(io.StringIO(out.getvalue()))) == ["'=x\",\"y"]
