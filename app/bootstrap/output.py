"""What a command says: words for people, or one JSON object."""

from __future__ import annotations

import argparse
import csv
import json
import re
import sys
from collections.abc import Iterable
from pathlib import Path

from app import text
from app.domain.faults import Message
from app.reports.files import whole


def say(source: str, **params: object) -> str:
    """A text in the language in use."""
    return text.render(Message(source, params))


_UNSHOWN = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufeff]")


def as_json(value: object) -> str:
    """One line of JSON; what a terminal would act upon, and what ends a line anywhere, is escaped."""
    text_ = json.dumps(value, ensure_ascii=False, default=str)
    return _UNSHOWN.sub(lambda m: f"\\u{ord(m[0]):04x}", text_)


def emit(args: argparse.Namespace, result: object, plain: str) -> None:
    """With --json one object and nothing else; otherwise words for people."""
    settle()
    print(as_json(result) if args.json else plain)


def progress(what: str, done: int, total: int) -> None:
    """One line of progress on stderr: a number, rewritten on a terminal."""
    end = "\r" if sys.stderr.isatty() and done < total else "\n"
    print(f"{what} {done:,}/{total:,}", end=end, file=sys.stderr, flush=True)


class _Passing:
    """The line on the terminal that the next one overwrites."""

    shown = False
    BLANK = " " * 60


def transient(line: str) -> None:
    """A line that the next one overwrites; only on a terminal."""
    if sys.stderr.isatty():
        settle()
        _Passing.shown = True
        print(line, end="", file=sys.stderr, flush=True)


def settle() -> None:
    """The passing line is wiped away, so that what is said next stands on a line of its own."""
    if _Passing.shown:
        _Passing.shown = False
        print(f"\r{_Passing.BLANK}\r", end="", file=sys.stderr, flush=True)


def note(line: str) -> None:
    """A line for people beside the result."""
    settle()
    print(line, file=sys.stderr, flush=True)


def write_table(lines: Iterable[list[str]], path: Path) -> None:
    """Write lines as CSV (UTF-8 with BOM, as spreadsheets want it) or, by the ending, xlsx. Raises `KnownFault`."""
    with whole(path) as part:
        if path.suffix.lower() == ".xlsx":
            from openpyxl import Workbook

            book = Workbook(write_only=True)
            sheet = book.create_sheet()
            for line in lines:
                sheet.append(line)
            book.save(part)
        else:
            with part.open("w", encoding="utf-8-sig", newline="") as out:
                csv.writer(out).writerows(lines)
