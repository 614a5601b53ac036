"""xlsx worksheets as tables."""

from __future__ import annotations

import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl

from app.domain.faults import KnownFault, Message
from app.intake.archives import open_zip, read_member, refuse_entities
from app.intake.delimited import looks_like_header, unique_names
from app.intake.limits import LIBRARY_FAULTS, MAX_COLUMNS, MAX_SHEET_ROWS
from app.intake.reasons import row_fault
from app.intake.table import RawRow, Table, as_text, value_fault


@dataclass(frozen=True, slots=True)
class SheetSpec:
    """What a profile says about a workbook: the sheet's name, rows above the header, whether there is a header."""

    sheet: str | None = None
    header: bool | None = None
    columns: tuple[str, ...] = ()
    skip_rows: int = 0


def open_workbook(path: Path, spec: SheetSpec) -> Table:
    """Open a worksheet as a table: the named one, or the first that holds anything. Raises KnownFault."""
    _check_parts(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except LIBRARY_FAULTS as error:
        raise _unreadable(path, error) from None
    try:
        sheet, head_at, head = _pick(path, book, spec)
    except LIBRARY_FAULTS as error:
        book.close()
        raise _unreadable(path, error) from None
    except KnownFault:
        book.close()
        raise
    has_header = spec.header if spec.header is not None else not spec.columns and looks_like_header(head)
    named = has_header or bool(spec.columns)
    names = spec.columns or (tuple(head) if has_header else tuple(str(i + 1) for i in range(len(head))))
    columns = unique_names(names)
    total = max(int(sheet.max_row or 0), 1)
    done = [0]
    rows = _rows(path, book, sheet, columns, head_at + (1 if has_header else 0), done)
    return Table(columns, rows, "xlsx", named=named, share=lambda: min(done[0] / total, 1.0), close=book.close)


def _unreadable(path: Path, error: BaseException) -> KnownFault:
    return KnownFault(
        Message("{file} is not a workbook that can be read ({reason}). Save it again as .xlsx or as CSV UTF-8",
                {"file": path.name, "reason": type(error).__name__})
    )


def _check_parts(path: Path) -> None:
    with open_zip(path) as archive:
        names = archive.namelist()
        if "xl/workbook.xml" not in names:
            raise KnownFault(
                Message("{file} is a zip file, but neither an .xlsx workbook nor a Shapefile lies in it",
                        {"file": path.name})
            )
        for name in names:
            if name.endswith((".xml", ".rels")):
                _check_part(archive, name)


def _check_part(archive: zipfile.ZipFile, name: str) -> None:
    try:
        with archive.open(name) as part:
            head = part.read(65536)
    except LIBRARY_FAULTS:
        read_member(archive, name)  # raises with the part's name
        return
    refuse_entities(head, name)


def _pick(path: Path, book: Any, spec: SheetSpec) -> tuple[Any, int, list[str]]:
    """Return the sheet, the number of its first row that counts (from 0) and that row as texts."""
    if spec.sheet is not None:
        if spec.sheet not in book.sheetnames:
            raise KnownFault(
                Message("{file} has no sheet named {sheet}; its sheets are: {sheets}",
                        {"file": path.name, "sheet": spec.sheet, "sheets": ", ".join(book.sheetnames)})
            )
        sheets = [book[spec.sheet]]
    else:
        sheets = list(book.worksheets)
    for sheet in sheets:
        if not hasattr(sheet, "iter_rows"):
            continue
        sheet.reset_dimensions()
        for number, values in enumerate(sheet.iter_rows(values_only=True)):
            if number < spec.skip_rows:
                continue
            texts = [" ".join(as_text(value).split()) for value in values[:MAX_COLUMNS]]
            while texts and not texts[-1]:
                texts.pop()
            # A title over the table stands alone in its row: the first row with two values is the header.
            if len([text for text in texts if text]) >= 2 or (texts and number >= spec.skip_rows + 5):
                return sheet, number, texts
            if number > spec.skip_rows + 1000:
                break
    raise KnownFault(Message("{file} is empty: there is no row in it", {"file": path.name}))


def _rows(path: Path, book: Any, sheet: Any, columns: tuple[str, ...], start: int, done: list[int]) -> Iterator[RawRow]:
    width = len(columns)
    number = start
    try:
        for number, values in enumerate(sheet.iter_rows(min_row=start + 1, values_only=True), start + 1):
            done[0] = number
            if number > MAX_SHEET_ROWS:
                break
            if all(value is None or value == "" for value in values):
                continue
            if len(values) > width and any(value not in (None, "") for value in values[width:]):
                uneven = row_fault("wrong_field_count", "", len(values), "{count} fields", count=width)
                yield RawRow(number, values[:width], uneven)
                continue
            row = [*values[:width], *([None] * (width - len(values)))]
            fault = next(
                (f for n, v in zip(columns, row, strict=True) if type(v) is str and (f := value_fault(n, v))), None
            )
            yield RawRow(number, row, fault)
    except LIBRARY_FAULTS as error:
        raise KnownFault(
            Message("{file}: the sheet breaks off after row {row} ({reason})",
                    {"file": path.name, "row": number, "reason": type(error).__name__})
        ) from None
    finally:
        book.close()
