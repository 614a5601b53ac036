"""Every text for people is translated: no literal passes by the translation, no text lacks its Chinese."""
from __future__ import annotations

import ast
import re
from functools import cache

import pytest

from resources.i18n import missing
from tests.architecture.sources import ROOT, shown, trees_with

HAN = re.compile(r"[\u3400-\u9fff]")
WORD = re.compile(r"[^\W\d_]{2,}")
# Files whose Chinese is no text for people to read: file -> what it is.
NO_DISPLAY = {"app/services/command_words.py": "what people type at the command line",
              "app/drill/": "names in the generated district: data",
              "app/bootstrap/": "names of centre and district of a new store: data",
              "app/geo/base.py": "words that map data use", "app/intake/": "words that imported files use",
              "widgets/wall/privacy.py": "patterns of personal data that the wall must not show",
              "widgets/bench/": "names in a generated district: data", "app/bench/past.py": "bodies of a generated "
                                                                                            "past: data"}
NOT_A_TEXT = "not a text"
"""A comment with these words on the line says why a Chinese literal stands there."""
SETTERS = {"setText", "setWindowTitle", "setToolTip", "setStatusTip", "setPlaceholderText", "setTitle", "addAction",
           "addMenu", "addTab", "setHeaderLabels", "setHorizontalHeaderLabels", "setPlainText", "set_title", "set_note",
           "set_state", "set_label", "showMessage", "setAccessibleName", "setAccessibleDescription"}
MADE = {"QLabel", "QPushButton", "QCheckBox", "QRadioButton", "QToolButton", "QGroupBox", "QMenu", "QAction", "Label",
        "ElidedLabel", "Panel", "KeyButton", "Figure", "QDockWidget"}
NO_TEXTS = re.compile(r"(?:[a-z_]+|[IVX]+|F\d+|Esc|Enter|Tab|Ctrl|Alt|Shift)(?:[ +/](?:[A-Z]|F\d+|Enter|Tab))?\Z")
"""States, codes, numerals and keys."""


@cache
def asked() -> list[missing.Use]:
    return missing.uses()


def strays(module: ast.Module) -> list[tuple[int, str]]:
    """Literals of words that are shown as they stand."""
    found = []
    for node in ast.walk(module):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if name not in SETTERS | MADE:
            continue
        for argument in node.args:
            parts = argument.values if isinstance(argument, ast.JoinedStr) else [argument]
            for part in parts:
                if (isinstance(part, ast.Constant) and isinstance(part.value, str) and WORD.search(part.value)
                        and not NO_TEXTS.fullmatch(part.value)):
                    found.append((node.lineno, part.value))
    return found


def test_every_text_has_its_chinese_translation() -> None:
    lacking = [f"{use.room}: {use.place} {use.contexts[0]}: {use.source!r}" for use in missing.missing(asked=asked())]
    assert not lacking, f"{len(lacking)} texts (resources/i18n/missing.py lists them)\n" + "\n".join(lacking)


def test_codes_that_are_shown_have_an_english_text_too() -> None:
    english = missing.translated("en")
    lacking = [code for code in sorted(missing.coded(asked())) if ("text", code) not in english]
    assert not lacking, lacking


@pytest.mark.parametrize("lang", ["zh_CN", "en"])
def test_translations_keep_the_placeholders_of_their_source(lang: str) -> None:
    assert not missing.wrong_placeholders(lang)


def test_one_text_has_one_translation_in_a_context() -> None:
    twice = {key: sorted({form for entry in all_ for form in entry.forms})
             for key, all_ in missing.translated().items() if len({e.forms for e in all_ if e.forms}) > 1
             and len({e.key for e in all_}) == 1}
    assert not twice, twice


def test_translations_are_chinese() -> None:
    odd = [f"{entry.file}: {source!r}" for (_, source), all_ in missing.translated().items() for entry in all_
           if WORD.search(missing.HOLE.sub("", source)) and entry.forms and re.search("[a-z]{3}", source)
           and not HAN.search(entry.forms[0]) and entry.forms[0] == source and " " in source]
    assert not odd, odd


def test_no_chinese_stands_in_the_source() -> None:
    found = []
    for path, module in trees_with(HAN.pattern):
        if path.relative_to(ROOT).as_posix().startswith(tuple(NO_DISPLAY)):
            continue
        lines = path.read_text("utf-8").splitlines()
        documents = {id(node.body[0].value) for node in ast.walk(module)
                     if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
                     and node.body and isinstance(node.body[0], ast.Expr)}
        documents |= {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
        for node in ast.walk(module):
            if (isinstance(node, ast.Constant) and isinstance(node.value, str) and HAN.search(node.value)
                    and id(node) not in documents and NOT_A_TEXT not in lines[node.lineno - 1]):
                found.append(f"{shown(path, node.lineno)} {node.value[:30]!r}")
    assert not found, "\n".join(found)


def test_no_widget_shows_a_literal_text() -> None:
    found = [f"{shown(path, line)} {text!r}" for path, module in trees_with(r"\b[A-Za-z_]+\(", "widgets")
             for line, text in strays(module)]
    assert not found, "\n".join(found)


def test_planted_literal_texts_are_found_and_codes_and_translated_texts_are_none() -> None:
    for code in ("label.setText('Not acknowledged')", "QPushButton('Assign it', self)",
                 "panel.set_note(f'since {x} o clock')"):
        assert strays(ast.parse(code)), code
    for code in ("label.setText(self.tr('Not acknowledged'))", "label.setText('III')", "panel.set_state('stale', note)",
                 "KeyButton('F2', say(x))", "label.setText('—')"):
        assert not strays(ast.parse(code)), code
