"""The lists of the city as they stand in force, out of one store and into a new one: areas, codes, forces, components.

Cameras, rosters and what the lists came in as stay: the first are for those who may look, the last hold personal data.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator, Sequence
from typing import Any

from app.domain.faults import KnownFault, Message
from data.store.pack_force import BASE_MAP_FILE
from data.store.store import Store
from data.store.tables import AREA, CODE, COMPONENT, UNIT

TABLES = {t.name: tuple(c.name for c in t.columns) for t in (CODE, AREA, UNIT, COMPONENT)}
FILES = (BASE_MAP_FILE,)
_ROWS = 5_000
_FILE_BYTES = 3_000_000

Piece = tuple[str, tuple[str, ...], list[list[Any]]]
"""(table or "file:NAME", columns, rows)"""


def dump(store: Store) -> Iterator[Piece]:
    """All of it, in pieces."""
    for name, columns in TABLES.items():
        names = ", ".join(f'"{c}"' for c in columns)
        batch: list[list[Any]] = []
        for row in store.read.exec_driver_sql(f"SELECT {names} FROM {name}").yield_per(_ROWS):
            batch.append([{"b": base64.b64encode(v).decode()} if isinstance(v, bytes) else v for v in row])
            if len(batch) >= _ROWS:
                yield name, columns, batch
                batch = []
        if batch:
            yield name, columns, batch
    for file in FILES:
        path = store.folder / file
        if path.is_file():
            raw = path.read_bytes()
            for at in range(0, len(raw), _FILE_BYTES):
                yield f"file:{file}", ("data",), [[base64.b64encode(raw[at : at + _FILE_BYTES]).decode()]]


def load(store: Store, pieces: Sequence[Piece]) -> int:
    """Put them into a store that has no lists of its own; returns the rows. Raises `KnownFault` for another form."""
    count = 0
    files: dict[str, bytes] = {}
    with store.transaction(screen="sync", actor="system") as tx:
        for name in dict.fromkeys(p[0] for p in pieces):
            if name in TABLES:
                tx.connection.exec_driver_sql(f"DELETE FROM {name}")
        for name, columns, rows in pieces:
            kind, _, file = name.partition(":")
            if kind == "file" and file in FILES:
                files[file] = files.get(file, b"") + b"".join(base64.b64decode(r[0]) for r in rows)
                continue
            if TABLES.get(name) != columns:
                raise KnownFault(Message("The lists on the hub are of another version: hub lists publishes them anew."))
            names, marks = ", ".join(f'"{c}"' for c in columns), ", ".join("?" * len(columns))
            tx.connection.exec_driver_sql(
                f"INSERT INTO {name} ({names}) VALUES ({marks})",
                [tuple(base64.b64decode(v["b"]) if isinstance(v, dict) else v for v in row) for row in rows])
            count += len(rows)
    for file, raw in files.items():
        (store.folder / file).write_bytes(raw)
    return count
