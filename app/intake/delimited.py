"""CSV, TSV and their kin, read line by line so that a broken row harms only itself."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any

from app.domain.faults import KnownFault, Message
from app.intake.decoding import detect_encoding, open_text
from app.intake.limits import MAX_COLUMNS, MAX_FIELD_CHARS, MAX_LINE_CHARS, MAX_RECORD_LINES
from app.intake.reasons import RowFault, row_fault
from app.intake.table import RawRow, Table, encodable, value_fault

_DELIMITERS = (",", ";", "\t", "|")
_SNIFF_LINES = 30


@dataclass(frozen=True, slots=True)
class DelimitedSpec:
    """What a profile says about a delimited file; None is found out from the file."""

    encoding: str | None = None
    delimiter: str | None = None
    header: bool | None = None
    columns: tuple[str, ...] = ()
    skip_rows: int = 0


class _Unclosed(Exception):
    """The parser asked for another line: a quoted field is still open."""


class _OneLine:
    """Feeds the csv module one line at a time and refuses a second one, so that no quote can swallow the file."""

    def __init__(self) -> None:
        self._line: str | None = None

    def __iter__(self) -> _OneLine:
        return self

    def __next__(self) -> str:
        line = self._line
        if line is None:
            raise _Unclosed
        self._line = None
        return line

    def load(self, text: str) -> None:
        self._line = text


class _Parser:
    def __init__(self, delimiter: str, strict: bool = False) -> None:
        self._feed = _OneLine()
        self._reader = csv.reader(self._feed, delimiter=delimiter, quotechar='"', strict=strict)

    def parse(self, text: str) -> list[str]:
        """Return the fields of one record; raises _Unclosed or csv.Error."""
        self._feed.load(text)
        return next(self._reader)


class _Lines:
    """Physical lines with their numbers, with push-back."""

    def __init__(self, file: TextIOWrapper) -> None:
        self._file = file
        self._back: list[tuple[int, str]] = []
        self._number = 0

    def next(self) -> tuple[int, str] | None:
        if self._back:
            return self._back.pop()
        line = self._file.readline(MAX_LINE_CHARS)
        if not line:
            return None
        self._number += 1
        if len(line) >= MAX_LINE_CHARS and not line.endswith("\n"):
            while (more := self._file.readline(MAX_LINE_CHARS)) and not more.endswith("\n"):
                pass
        return self._number, line

    def push_back(self, lines: list[tuple[int, str]]) -> None:
        self._back.extend(reversed(lines))


def open_delimited(path: Path, spec: DelimitedSpec) -> Table:
    """Open a delimited text file; encoding, delimiter and header row are found out where the profile doesn't say.

    Rows that can't be read come with their fault. Raises KnownFault for a file that is empty or has no columns.
    """
    csv.field_size_limit(MAX_LINE_CHARS + 1)
    encoding = spec.encoding or detect_encoding(path)
    size = max(path.stat().st_size, 1)
    file = open_text(path, encoding)
    try:
        lines = _Lines(file)
        for _ in range(spec.skip_rows):
            lines.next()
        head = _peek(lines, _SNIFF_LINES)
        if not head:
            raise KnownFault(Message("{file} is empty: there is no row in it", {"file": path.name}))
        if spec.delimiter is None and head[0][1].lower().startswith("sep=") and len(head[0][1].strip()) == 5:
            delimiter = head[0][1].strip()[4]
            lines.next()
            head = head[1:]
        else:
            delimiter = spec.delimiter or sniff_delimiter([text for _, text in head])
        parser = _Parser(delimiter)
        columns, named = _columns(path, spec, parser, lines, head)
    except BaseException:
        file.close()
        raise

    raw: Any = file.buffer

    def share() -> float:
        return min(raw.tell() / size, 1.0) if not file.closed else 1.0

    rows = _rows(lines, parser, _Parser(delimiter, strict=True), columns)
    return Table(columns, rows, "delimited", encoding=encoding, named=named, share=share, close=file.close)


def _peek(lines: _Lines, count: int) -> list[tuple[int, str]]:
    """Return the next lines without taking them; blank lines at the top are taken."""
    seen: list[tuple[int, str]] = []
    while len(seen) < count and (line := lines.next()):
        if line[1].strip() or seen:
            seen.append(line)
    lines.push_back(seen)
    return seen


def sniff_delimiter(sample: list[str]) -> str:
    """Return the delimiter that splits the sample's lines most evenly; a comma when nothing else fits."""
    best, best_score = ",", 0.0
    for delimiter in _DELIMITERS:
        counts = [_count_outside_quotes(line, delimiter) for line in sample if line.strip()]
        common, times = Counter(counts).most_common(1)[0] if counts else (0, 0)
        if common and (score := times / len(counts) + min(common, 50) / 1000.0) > best_score:
            best, best_score = delimiter, score
    return best


def _count_outside_quotes(line: str, delimiter: str) -> int:
    return sum(part.count(delimiter) for part in line.split('"')[::2])


def _columns(
    path: Path, spec: DelimitedSpec, parser: _Parser, lines: _Lines, head: list[tuple[int, str]]
) -> tuple[tuple[str, ...], bool]:
    try:
        first = [field.strip() for field in parser.parse(head[0][1])]
    except (_Unclosed, csv.Error):
        first = []
    has_header = spec.header if spec.header is not None else not spec.columns and looks_like_header(first)
    if has_header:
        first = _header(lines, parser)
        names = spec.columns or tuple(first)
        named = True
    else:
        named = bool(spec.columns)
        names = spec.columns or tuple(str(i + 1) for i in range(len(first)))
    if not names or len(names) > MAX_COLUMNS:
        raise KnownFault(
            Message("{file}: the first row has {count} columns; between 1 and {limit} can be read",
                    {"file": path.name, "count": len(names), "limit": MAX_COLUMNS})
        )
    return unique_names(names), named


def _header(lines: _Lines, parser: _Parser) -> list[str]:
    """Take the header, which may span lines inside quotes."""
    text = ""
    for _ in range(MAX_RECORD_LINES):
        line = lines.next()
        if line is None:
            break
        text += line[1]
        try:
            return [" ".join(field.split()) for field in parser.parse(text)]
        except (_Unclosed, csv.Error):
            continue
    return []


def unique_names(names: tuple[str, ...] | list[str]) -> tuple[str, ...]:
    """Return the column names, blank ones numbered, repeated ones with "_2", "_3" behind."""
    seen: Counter[str] = Counter()
    out = []
    for number, name in enumerate(names, start=1):
        name = name.strip().lstrip("\ufeff") or str(number)
        seen[name] += 1
        out.append(name if seen[name] == 1 else f"{name}_{seen[name]}")
    return tuple(out)


def looks_like_header(fields: list[str]) -> bool:
    """Tell whether a first row is a header: no field in it is a decimal number or a date, few are whole numbers
    (years)."""
    filled = [field.lstrip("+-") for field in fields if field]
    if any(field[:1].isdigit() and any(mark in field for mark in ".:-/") for field in filled):
        return False
    return sum(field.isdigit() for field in filled) * 5 <= len(filled) * 2 and bool(filled)


def _rows(lines: _Lines, parser: _Parser, strict: _Parser, columns: tuple[str, ...]) -> Iterator[RawRow]:
    width = len(columns)
    while (item := lines.next()) is not None:
        number, text = item
        try:
            fields = parser.parse(text)
        except _Unclosed:
            fields, fault = _gather(lines, strict, text, width)
            if fault is not None:
                yield RawRow(number, [text.rstrip("\n")[:MAX_FIELD_CHARS]], fault)
                continue
        except csv.Error as error:
            fault = row_fault("wrong_field_count", "", str(error), "a readable row")
            yield RawRow(number, [text.rstrip("\n")[:MAX_FIELD_CHARS]], fault)
            continue
        if len(fields) != width:
            if not any(field.strip() for field in fields):
                continue  # a blank line is no row
            if len(fields) > width and not any(field.strip() for field in fields[width:]):
                del fields[width:]
            else:
                fault = row_fault("wrong_field_count", "", len(fields), "{count} fields", count=width)
                yield RawRow(number, fields, fault)
                continue
        elif width == 1 and not fields[0].strip():
            continue
        if len(text) > MAX_FIELD_CHARS or "\x00" in text or (not text.isascii() and not encodable(text)):
            yield RawRow(number, fields, _value_fault(columns, fields))
        else:
            yield RawRow(number, fields)


def _value_fault(columns: tuple[str, ...], fields: list[str]) -> RowFault | None:
    return next((f for name, value in zip(columns, fields, strict=True) if (f := value_fault(name, value))), None)


def _gather(lines: _Lines, parser: _Parser, text: str, width: int) -> tuple[list[str], RowFault | None]:
    """Join the lines of a quoted field that spans lines; if that gives no whole row, only the first line is given
    up."""
    taken: list[tuple[int, str]] = []
    joined = text
    while len(taken) < MAX_RECORD_LINES and len(joined) < MAX_LINE_CHARS and (item := lines.next()) is not None:
        taken.append(item)
        joined += item[1]
        if '"' not in item[1]:
            continue
        try:
            fields = parser.parse(joined)
        except _Unclosed:
            continue
        except csv.Error:
            break
        if len(fields) == width:
            fault = next((f for value in fields if (f := value_fault("", value))), None)
            return fields, fault
        break
    lines.push_back(taken)
    return [], row_fault("unclosed_quote", "", text[:60], 'a closing " before the end of the field')
