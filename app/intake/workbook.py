"""xlsx worksheets as tables."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from app.domain.faults import KnownFault, Message
from app.intake.archives import open_zip
from app.intake.delimited import looks_like_header, unique_names
from app.intake.limits import MAX_COLUMNS
from app.intake.reasons import row_fault
from app.intake.sheets import FAULTS, Row, Workbook
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
    archive = open_zip(path)
    try:
        if "xl/workbook.xml" not in archive.namelist():
            raise KnownFault(
                Message("{file} is a zip file, but neither an .xlsx workbook nor a Shapefile lies in it",
                        {"file": path.name})
            )
        book = Workbook(archive)
        size, head, rest = _pick(path, book, spec)
    except FAULTS as error:
        archive.close()
        raise KnownFault(
            Message("{file} is not a workbook that can be read ({reason}). Save it again as .xlsx or as CSV UTF-8",
                    {"file": path.name, "reason": type(error).__name__})
        ) from None
    except BaseException:
        archive.close()
        raise
    texts = [" ".join(as_text(value).split()) for value in head[1]]
    has_header = spec.header if spec.header is not None else not spec.columns and looks_like_header(texts)
    names = spec.columns or (tuple(texts) if has_header else tuple(str(i + 1) for i in range(len(texts))))
    columns = unique_names(names[:MAX_COLUMNS])
    done = [0]
    rows = _rows(path, rest if has_header else chain([head], rest), columns, done)
    total = max(size, 1)
    named = has_header or bool(spec.columns)
    # A worksheet does not tell how long it is: some 40 bytes of XML a cell are a fair guess.
    guess = max(total // (40 * len(columns)), 1)
    return Table(
        columns, rows, "xlsx", named=named, share=lambda: min(done[0] / guess, 0.99), close=book.close
    )


def _pick(path: Path, book: Workbook, spec: SheetSpec) -> tuple[int, Row, Iterator[Row]]:
    """Return the sheet's size in bytes, its first row that counts, and the rows below it."""
    names = list(book.sheets)
    if spec.sheet is not None:
        if spec.sheet not in book.sheets:
            raise KnownFault(
                Message("{file} has no sheet named {sheet}; its sheets are: {sheets}",
                        {"file": path.name, "sheet": spec.sheet, "sheets": ", ".join(names)})
            )
        names = [spec.sheet]
    for name in names:
        rows = book.rows(book.sheets[name])
        seen = 0
        for number, values in rows:
            if number <= spec.skip_rows:
                continue
            seen += 1
            filled = sum(1 for value in values if as_text(value))
            # A title over the table stands alone in its row: the first row with two values is the header.
            if filled >= 2 or (filled and seen > 5):
                return book.size(name), (number, values), rows
            if seen > 1000:
                break
    raise KnownFault(Message("{file} is empty: there is no row in it", {"file": path.name}))


def _rows(path: Path, rows: Iterator[Row], columns: tuple[str, ...], done: list[int]) -> Iterator[RawRow]:
    width = len(columns)
    number = 0
    try:
        for number, values in rows:
            done[0] = number
            if not any(value != "" for value in values if value is not None):
                continue
            if len(values) > width:
                if any(value not in (None, "") for value in values[width:]):
                    uneven = row_fault("wrong_field_count", "", len(values), "{count} fields", count=width)
                    yield RawRow(number, values[:width], uneven)
                    continue
                del values[width:]
            elif len(values) < width:
                values.extend([None] * (width - len(values)))
            fault = None
            for name, value in zip(columns, values, strict=True):
                if type(value) is str and (len(value) > 1000 or not value.isascii() or "\x00" in value):
                    fault = fault or value_fault(name, value)
            yield RawRow(number, values, fault)
    except FAULTS as error:
        raise KnownFault(
            Message("{file}: the sheet breaks off after row {row} ({reason})",
                    {"file": path.name, "row": number, "reason": type(error).__name__})
        ) from None
