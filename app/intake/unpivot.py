"""Wide tables made long: a roster with one column per role becomes one row per role and name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from app.domain.faults import KnownFault, Message
from app.intake.table import RawRow, Table, as_text


def unpivot(table: Table, columns: Mapping[str, str], into: tuple[str, str], split: str, where: str) -> Table:
    """Return the table with the named columns turned into rows: two new columns hold what each stands for and its
    value.

    Several names in one cell become several rows. Raises KnownFault if a column isn't there.
    """
    index = {name: i for i, name in enumerate(table.columns)}
    missing = [name for name in columns if name not in index]
    if missing:
        raise KnownFault(
            Message(
                "The profile turns the column {column} into rows; {file} does not have it. Its columns are: {columns}",
                {"column": missing[0], "file": where, "columns": ", ".join(table.columns)[:600]},
            )
        )
    kept = [i for i, name in enumerate(table.columns) if name not in columns]
    names = (*(table.columns[i] for i in kept), *into)
    marks = str.maketrans(dict.fromkeys(split + "\n", "\n"))

    def rows() -> Iterator[RawRow]:
        for row in table.rows:
            if row.fault is not None or len(row.values) != len(table.columns):
                yield row
                continue
            base = [row.values[i] for i in kept]
            for column, meaning in columns.items():
                for name in as_text(row.values[index[column]]).translate(marks).split("\n"):
                    if name.strip():
                        yield RawRow(row.line, [*base, meaning, name.strip()])

    return replace(table, columns=names, rows=rows())
