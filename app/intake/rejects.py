"""The file of refused rows: line, reason, field, what stood there, what was expected, and the row as it was."""

from __future__ import annotations

import csv
import itertools
import re
import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import IO, Any, Final

from app import text
from app.domain.faults import KnownFault, Message
from app.intake.fields import PERSONAL_FIELDS
from app.intake.reasons import RowFault, reason_text
from app.intake.table import as_text

_MAX_CELL: Final = 32_000  # a worksheet's cell holds no more


def safe_cell(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula (the one escaping door), not longer than a cell can be."""
    return text.escape_csv_cell(as_text(value)[:_MAX_CELL])


_PHONE: Final = re.compile(r"(?<![0-9])(?:\+?86[- ]?)?1[3-9][0-9][- ]?[0-9]{4}[- ]?[0-9]{4}(?![0-9])|"
                           r"(?<![0-9])0[0-9]{2,3}-[0-9]{7,8}(?![0-9])")
_IDENTITY: Final = re.compile(
    r"(?<![0-9])[1-9][0-9]{5}(?:19|20)[0-9]{2}[01][0-9][0-3][0-9][0-9]{3}[0-9Xx](?![0-9A-Za-z])")
_PERSONAL_HEAD: Final = re.compile(
    "reporter|caller|complainant|contact|phone|mobile|telephone|^tel$|e-?mail|id.?card|identity|"
    "电话|手机|联系|来电号码|身份证|姓名|反映人|举报人|来电人|诉求人|报案人|上报人|邮箱",  # not a text: heads
    re.IGNORECASE)
"""heads of columns that hold personal data, whether a profile reads them or not"""


def masked(value: object) -> str:
    """A personal value of which only its presence and length can be told."""
    return "*" * min(len(as_text(value)), 20)


def without_numbers(value: object) -> str:
    """Text in which telephone and identity numbers are masked."""
    cell = as_text(value)
    return _IDENTITY.sub(lambda m: m[0][:3] + "*" * (len(m[0]) - 3),
                         _PHONE.sub(lambda m: m[0][:3] + "*" * (len(m[0]) - 3), cell))


def _read_only(folder: Path) -> bool:
    """True for a folder whose owner wrote it off for writing; asked of the mode, because root may write anywhere."""
    try:
        return not folder.stat().st_mode & 0o222
    except OSError:
        return False  # not there yet: it will be made


class RejectedRows:
    """Writes refused rows as they come (CSV, UTF-8 with BOM); there is no file if there is no refused row.

    Personal columns are masked, telephone and identity numbers in all others: line and reason are enough to mend the
    row in the source's own file. `personal`: the columns that the profile reads personal data from.
    """

    def __init__(self, path: Path, columns: Sequence[str], unit: str, personal: Collection[str] = ()) -> None:
        self.path: Path | None = None
        self._wanted = path
        self._columns = columns
        self._masked = [name in personal or _PERSONAL_HEAD.search(name) is not None for name in columns]
        self._unit = unit
        self._file: IO[str] | None = None
        self._writer: Any = None

    def add(self, line: int, fault: RowFault, values: Sequence[object]) -> None:
        """Write one row."""
        if self._file is None:
            self._open()
        why, expected = text.render(reason_text(fault.reason)), text.render(fault.expected)
        hidden = fault.field.partition(" (")[0] in PERSONAL_FIELDS or any(
            head in fault.field for head, hide in zip(self._columns, self._masked, strict=True) if hide)
        got = masked(fault.got) if hidden else without_numbers(as_text(fault.got)[:200])
        cells = [masked(v) if hide else without_numbers(v)
                 for v, hide in itertools.zip_longest(values, self._masked[: len(values)], fillvalue=False)]
        row = [line, fault.reason, why, fault.field, got, expected, *cells]
        self._writer.writerow([safe_cell(value) for value in row])

    def _open(self) -> None:
        heads = [self._unit, "reason", "why", "field", "got", "expected", *self._columns]
        for path in (self._wanted, Path(tempfile.gettempdir()) / self._wanted.name):
            if _read_only(path.parent):
                continue
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                path.touch(mode=0o600)
                path.chmod(0o600)
                file = path.open("w", encoding="utf-8-sig", newline="")
            except OSError:
                continue
            self._file, self.path = file, path
            self._writer = csv.writer(file)
            self._writer.writerow([safe_cell(head) for head in heads])
            return
        raise KnownFault(Message("The file of refused rows {file} cannot be written", {"file": str(self._wanted)}))

    def close(self) -> None:
        """Finish the file."""
        if self._file is not None:
            self._file.close()
