"""The XML of an .xlsx workbook, streamed: sheets, shared strings, dates. No document types, no entities, bounded parts.

A general library spends 20 µs on a cell; a list of 100,000 components has 700,000.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, Final
from xml.parsers import expat

from app.domain.faults import KnownFault, Message
from app.intake.limits import LIBRARY_FAULTS, MAX_COLUMNS, MAX_SHEET_ROWS, MAX_WHOLE_BYTES

_BLOCK: Final = 256 * 1024
_DATE_FORMATS: Final = frozenset([*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)])
_NO_DATE: Final = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]', re.IGNORECASE)
_ZERO_1900: Final = datetime(1899, 12, 30)  # noqa: DTZ001 - worksheets hold naive local times
_ZERO_1904: Final = datetime(1904, 1, 1)  # noqa: DTZ001
FAULTS: Final = (*LIBRARY_FAULTS, expat.ExpatError)
_Start = Callable[[str, dict[str, str]], None]
Row = tuple[int, list[object]]


def _refuse(*_: object) -> None:
    raise KnownFault(Message("{part}: XML with a document type or entities is refused", {"part": "xlsx"}))


def _parser(start: _Start, end: Callable[[str], None] | None, text: Callable[[str], None] | None) -> Any:
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _refuse
    parser.EntityDeclHandler = _refuse
    parser.StartElementHandler = start
    if end is not None:
        parser.EndElementHandler = end
    if text is not None:
        parser.CharacterDataHandler = text
    return parser


def _blocks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield a part's bytes, never more than the bound, whatever the zip's directory claims."""
    total = 0
    with archive.open(name) as part:
        while block := part.read(_BLOCK):
            total += len(block)
            if total > MAX_WHOLE_BYTES:
                limit = MAX_WHOLE_BYTES // 2**20
                raise KnownFault(
                    Message("{file}: the part {part} is larger than {limit} MB",
                            {"file": "xlsx", "part": name[:80], "limit": limit})
                )
            yield block


def _local(name: str) -> str:
    return name.rpartition(":")[2]


class Workbook:
    """An opened workbook: ``sheets`` are {name: part} in their order."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive
        self._names = set(archive.namelist())
        self._zero = _ZERO_1900
        self.sheets = self._sheets()
        self._strings = self._shared_strings()
        self._is_date = self._date_styles()

    def close(self) -> None:
        """Close the file."""
        self._archive.close()

    def size(self, sheet: str) -> int:
        """Return the bytes of a sheet's XML."""
        return self._archive.getinfo(self.sheets[sheet]).file_size

    def _elements(self, part: str) -> Iterator[tuple[str, dict[str, str]]]:
        """Yield the start tags of a small part."""
        found: list[tuple[str, dict[str, str]]] = []
        parser = _parser(lambda name, attributes: found.append((_local(name), attributes)), None, None)
        if part in self._names:
            for block in _blocks(self._archive, part):
                parser.Parse(block, False)
                yield from found
                found.clear()
            parser.Parse(b"", True)

    def _sheets(self) -> dict[str, str]:
        targets = {
            attributes.get("Id", ""): attributes.get("Target", "")
            for name, attributes in self._elements("xl/_rels/workbook.xml.rels")
            if name == "Relationship"
        }
        sheets: dict[str, str] = {}
        for name, attributes in self._elements("xl/workbook.xml"):
            if name == "workbookPr" and attributes.get("date1904") in ("1", "true"):
                self._zero = _ZERO_1904
            elif name == "sheet":
                link = next((value for key, value in attributes.items() if _local(key) == "id" and ":" in key), "")
                target = targets.get(link, "")
                part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
                if part in self._names and "worksheets" in part:
                    sheets[attributes.get("name", link)] = part
        return sheets

    def _shared_strings(self) -> list[str]:
        strings: list[str] = []
        parts: list[str] = []
        state = {"text": False, "phonetic": False}

        def start(name: str, _: dict[str, str]) -> None:
            local = _local(name)
            if local == "si":
                parts.clear()
            elif local == "rPh":
                state["phonetic"] = True
            state["text"] = local == "t" and not state["phonetic"]

        def end(name: str) -> None:
            local = _local(name)
            if local == "si":
                strings.append("".join(parts))
            elif local == "rPh":
                state["phonetic"] = False
            state["text"] = False

        def text(data: str) -> None:
            if state["text"]:
                parts.append(data)

        if "xl/sharedStrings.xml" in self._names:
            parser = _parser(start, end, text)
            for block in _blocks(self._archive, "xl/sharedStrings.xml"):
                parser.Parse(block, False)
            parser.Parse(b"", True)
        return strings

    def _date_styles(self) -> list[bool]:
        """Return for each cell style whether its numbers are dates."""
        custom: dict[int, bool] = {}
        styles: list[bool] = []
        inside = False
        for name, attributes in self._elements("xl/styles.xml"):
            if name == "numFmt":
                code = _NO_DATE.sub("", attributes.get("formatCode", "")).lower()
                custom[_whole(attributes.get("numFmtId"))] = any(mark in code for mark in "ymdhs") and code != "general"
            elif name in ("cellXfs", "cellStyleXfs", "cellStyles", "dxfs"):
                inside = name == "cellXfs"
            elif name == "xf" and inside:
                number = _whole(attributes.get("numFmtId"))
                styles.append(custom.get(number, number in _DATE_FORMATS))
        return styles

    def rows(self, part: str) -> Iterator[Row]:
        """Yield (row number from 1, values) of the rows that hold anything. Raises what expat and zlib raise."""
        reader = _SheetReader(self._strings, self._is_date, self._zero)
        for block in _blocks(self._archive, part):
            reader.feed(block, False)
            yield from reader.take()
        reader.feed(b"", True)
        yield from reader.take()


class _SheetReader:
    """Collects the rows of one worksheet as its XML comes."""

    def __init__(self, strings: list[str], is_date: list[bool], zero: datetime) -> None:
        self._strings = strings
        self._is_date = is_date
        self._zero = zero
        self._parser = _parser(self._start, self._end, self._text)
        self._done: list[Row] = []
        self._number = 0
        self._row: list[object] = []
        self._column = -1
        self._type = ""
        self._date = False
        self._parts: list[str] = []
        self._reading = False
        self._columns: dict[str, int] = {}
        self._dates: dict[str, str] = {}

    def feed(self, data: bytes, last: bool) -> None:
        """Parse the next bytes."""
        self._parser.Parse(data, last)

    def take(self) -> list[Row]:
        """Return the rows that are complete."""
        done, self._done = self._done, []
        return done

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        local = _local(name) if ":" in name else name
        if local == "c":
            reference = attributes.get("r")
            self._column = self._column + 1 if reference is None else self._index(reference)
            self._type = attributes.get("t", "")
            style = attributes.get("s")
            self._date = bool(style) and self._styled(style)
            self._parts.clear()
        elif local in ("v", "t"):
            self._reading = True
        elif local == "row":
            self._number = _whole(attributes.get("r")) or self._number + 1
            self._row = []
            self._column = -1
        elif local == "rPh":
            self._type = "phonetic"

    def _styled(self, style: str | None) -> bool:
        number = _whole(style)
        return number < len(self._is_date) and self._is_date[number]

    def _text(self, data: str) -> None:
        if self._reading:
            self._parts.append(data)

    def _end(self, name: str) -> None:
        local = _local(name) if ":" in name else name
        if local in ("v", "t"):
            self._reading = False
        elif local == "c":
            if self._parts and 0 <= self._column < MAX_COLUMNS:
                value = self._value("".join(self._parts))
                if value is not None:
                    row = self._row
                    row.extend([None] * (self._column + 1 - len(row)))
                    row[self._column] = value
        elif local == "row" and self._row and self._number <= MAX_SHEET_ROWS:
            self._done.append((self._number, self._row))

    def _index(self, reference: str) -> int:
        letters = reference.rstrip("0123456789")
        index = self._columns.get(letters)
        if index is None:
            index = 0
            for letter in letters.upper()[:4]:
                index = index * 26 + ord(letter) - 64
            index -= 1
            self._columns[letters] = index
        return index

    def _value(self, text: str) -> object:
        kind = self._type
        if kind == "s":
            number = _whole(text)
            return self._strings[number] if number < len(self._strings) else None
        if kind in ("str", "inlineStr", "d"):
            return text
        if kind == "b":
            return text.strip() == "1"
        if kind == "e":
            return None
        if self._date:
            return self._dated(text)
        if text.isdecimal():
            return text
        try:
            return float(text)
        except ValueError:
            return text

    def _dated(self, text: str) -> str:
        known = self._dates.get(text)
        if known is None:
            known = self._dates[text] = self._as_date(text) if len(self._dates) < 100_000 else text
        return known

    def _as_date(self, text: str) -> str:
        try:
            serial = float(text)
            moment = self._zero + timedelta(seconds=round(serial * 86_400.0))
        except (ValueError, OverflowError):
            return text
        if 0.0 <= serial < 1.0:
            return moment.strftime("%H:%M:%S")
        return moment.isoformat(" ")


def _whole(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0
