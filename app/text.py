"""Texts for people, without Qt: the catalogue of the .ts files, and the one escaping door for text *from* people.

    set_language("zh_CN")
    render(Message("{count} incidents open", {"count": 7}))

Source texts are English; `resources/i18n/<lang>/*.ts` hold the translations, one file for each room. The widgets read
the same catalogue (widgets/theme/language.py). A message of `app.domain.faults` is looked up in the context "text".
"""
from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from defusedxml import ElementTree

from app.domain.faults import Message

FOLDER = Path(__file__).resolve().parents[1] / "resources" / "i18n"
LANGUAGES = ("zh_CN", "en")
DEFAULT_LANGUAGE = "zh_CN"
CONTEXT = "text"
"""The .ts context of the Qt-free texts."""

Key = tuple[str, str, str]
"""(context, English source, disambiguation)."""
_HOLE = re.compile(r"\{([A-Za-z_][A-Za-z0-9_]*)\}")
_TEMPLATES = str.maketrans({"`": "&#96;", "\\": "&#92;", "$": "&#36;", "{": "&#123;", "}": "&#125;"})
_COUNTS = ("n", "count")
_FORMULA = frozenset("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20")
_CODE = re.compile(r"([a-z_]+)\.([A-Za-z0-9_:*@]+)\Z")
_NUMBER = re.compile(r"[+-]?\d+(?:[.,]\d+)?(?:e[+-]?\d+)?%?\Z", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a .ts file. `forms`: the translation, or one for each plural form; () when it is unfinished."""

    key: Key
    forms: tuple[str, ...]
    numerus: bool
    file: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """All finished translations of one language."""

    lang: str
    texts: Mapping[Key, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def load(cls, lang: str, folder: Path = FOLDER) -> Catalogue:
        """Read all .ts files of a language. ValueError: unknown language, or a file that is not a .ts file."""
        if lang not in LANGUAGES:
            raise ValueError(f"no language {lang!r}: {', '.join(LANGUAGES)}")
        texts: dict[Key, tuple[str, ...]] = {}
        for entry in entries(folder / lang):
            if entry.forms:
                texts.setdefault(entry.key, entry.forms)
        return cls(lang, texts)

    def lookup(self, context: str, source: str, comment: str = "", n: int | None = None) -> str | None:
        """The translation, its plural form chosen by `n`, placeholders unfilled; None: there is none."""
        forms = self.texts.get((context, source, comment)) or self.texts.get((context, source, ""))
        if not forms:
            return None
        return forms[min(plural_form(self.lang, n), len(forms) - 1)]

    def render(self, message: Message | str) -> str:
        """The message in this language. Texts among the parameters lose what could deceive a reader (`plain`)."""
        if isinstance(message, str):
            return plain(message)
        count = next((v for k in _COUNTS if isinstance(v := message.params.get(k), int)), None)
        found = self.lookup(CONTEXT, message.id, n=count)
        if found is None and not message.params and (code := _CODE.match(message.id)) is not None:
            return plain(_State.labels(code[1], code[2], self.lang))
        return fill(found or message.id, message.params, self)

    def join(self, parts: Iterable[object]) -> str:
        """A list as this language writes it."""
        return (self.lookup(CONTEXT, ", ") or ", ").join(self._shown(part) for part in parts)

    def _shown(self, value: object) -> str:
        if isinstance(value, Message):
            return self.render(value)
        if isinstance(value, str):
            return plain(value)
        if isinstance(value, tuple | list | set | frozenset):
            return self.join(sorted(value, key=str) if isinstance(value, set | frozenset) else value)
        return plain(str(value))


def fill(text: str, params: Mapping[str, object], catalogue: Catalogue | None = None) -> str:
    """Put `params` into the `{placeholders}` of `text`; an unknown one stays as it stands. Never formats attributes."""
    words = catalogue or language()
    return _HOLE.sub(lambda m: words._shown(params[m[1]]) if m[1] in params else m[0], text)


def plural_form(lang: str, n: int | None) -> int:
    """Number of the plural form: Chinese has one, English two."""
    return 0 if lang.startswith("zh") or n in (1, -1) or n is None else 1


def entries(folder: Path) -> Iterator[Entry]:
    """All entries of all .ts files of a folder, finished or not, by file name; a missing folder has none."""
    for path in sorted(folder.glob("*.ts")):
        try:
            root = ElementTree.parse(path).getroot()
        except ElementTree.ParseError as error:
            raise ValueError(f"{path.name}: {error}") from error
        if root is None or root.tag != "TS":
            raise ValueError(f"{path.name}: not a .ts file")
        for context in root.iter("context"):
            name = context.findtext("name") or ""
            for message in context.iter("message"):
                translation = message.find("translation")
                numerus = message.get("numerus") == "yes"
                forms: tuple[str, ...] = ()
                if translation is not None and translation.get("type") is None:
                    parts = list(translation.iter("numerusform")) if numerus else [translation]
                    found = [part.text or "" for part in parts]
                    forms = tuple(found) if all(found) else ()
                key = (name, message.findtext("source") or "", message.findtext("comment") or "")
                yield Entry(key, forms, numerus, path.name)


class _State:
    catalogue: Catalogue | None = None
    labels: Callable[[str, str, str], str] = staticmethod(lambda _list, code, _lang: code)


def use_labels(labels: Callable[[str, str, str], str]) -> None:
    """How a message ``list.code`` (``phase.assigned``) is shown: `labels(list, code, lang)` of the lists in force."""
    _State.labels = staticmethod(labels)


def set_language(lang: str) -> Catalogue:
    """Use a language from now on, in the whole process; ValueError for an unknown one."""
    if _State.catalogue is None or _State.catalogue.lang != lang:
        _State.catalogue = Catalogue.load(lang)
    return _State.catalogue


def language() -> Catalogue:
    """The catalogue in use; Chinese until something else was set."""
    return _State.catalogue or set_language(DEFAULT_LANGUAGE)


def render(message: Message | str) -> str:
    """The message in the language in use."""
    return language().render(message)


def mark(source: str) -> str:
    """Mark a source text that becomes the id of a `Message` later; returns it unchanged."""
    return source


# ---- text from people ---------------------------------------------------------------------------------------------


def plain(text: str, *, lines: bool = False) -> str:
    """Text from people, fit to be shown as plain text.

    Without control characters, direction overrides, invisible characters and lone surrogates; line ends become blanks
    unless `lines`. Letters of any script, emoji and combining marks stay.
    """
    if text.isascii() and text.isprintable():
        return text
    if lines:
        return "\n".join(plain(line) for line in text.splitlines())
    return "".join(map(_shown_char, text))


def _shown_char(char: str) -> str:
    if char.isprintable():
        return char
    kind = unicodedata.category(char)
    if kind == "Cs":
        return "\ufffd"
    if kind == "Zs" or char in "\t\n\r\v\f\x85\u2028\u2029":
        return " "
    return char if kind in ("Co", "Cn") or char == "\u200d" else ""


def escape_html(text: str, *, lines: bool = False) -> str:
    """People's text for an HTML text or a quoted attribute; never markup, whatever it holds. Nor is it anything to
    a template that it is put into: neither Jinja's nor a script's template literal."""
    escaped = html.escape(plain(text, lines=lines), quote=True).translate(_TEMPLATES)
    return escaped.replace("\n", "<br>") if lines else escaped


def escape_csv_cell(value: object) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP, CSV injection); numbers stay numbers."""
    if not isinstance(value, str):
        return "" if value is None else str(value)
    cleaned = plain(value, lines=True)
    if (value[:1] in _FORMULA or cleaned.lstrip()[:1] in _FORMULA) and cleaned and not _NUMBER.match(cleaned):
        return "'" + cleaned
    return cleaned
