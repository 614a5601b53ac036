"""The file of refused rows: line, reason, field, what stood there, what was expected, and the row as it was."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Any, Final

from app import text
from app.domain.faults import KnownFault, Message
from app.intake.reasons import RowFault, reason_text
from app.intake.table import as_text

_MAX_CELL: Final = 32_000  # a worksheet's cell holds no more


def safe_cell(value: object) -> str:
    """Return a cell that no spreadsheet takes for a formula (the one escaping door), not longer than a cell can be."""
    return text.escape_csv_cell(as_text(value)[:_MAX_CELL])


def _read_only(folder: Path) -> bool:
    """True for a folder whose owner wrote it off for writing; asked of the mode, because root may write anywhere."""
    try:
        return not folder.stat().st_mode & 0o222
    except OSError:
        return False  # not there yet: it will be made


class RejectedRows:
    """Writes refused rows as they come (CSV, UTF-8 with BOM); there is no file if there is no refused row."""

    def __init__(self, path: Path, columns: Sequence[str], unit: str) -> None:
        self.path: Path | None = None
        self._wanted = path
        self._columns = columns
        self._unit = unit
        self._file: IO[str] | None = None
        self._writer: Any = None

    def add(self, line: int, fault: RowFault, values: Sequence[object]) -> None:
        """Write one row."""
        if self._file is None:
            self._open()
        why, expected = text.render(reason_text(fault.reason)), text.render(fault.expected)
        row = [line, fault.reason, why, fault.field, as_text(fault.got)[:200], expected, *values]
        self._writer.writerow([safe_cell(value) for value in row])

    def _open(self) -> None:
        heads = [self._unit, "reason", "why", "field", "got", "expected", *self._columns]
        for path in (self._wanted, Path(tempfile.gettempdir()) / self._wanted.name):
            if _read_only(path.parent):
                continue
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
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
