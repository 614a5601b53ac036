"""How SQLite goes about what a program asks: the plans of the statements as they are really given."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, event


@contextmanager
def _heard(connection: Connection) -> Iterator[list[tuple[str, Any]]]:
    asked: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, parameters: object, *_: object) -> None:
        asked.append((statement, parameters))

    event.listen(connection.engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(connection.engine, "before_cursor_execute", note)


def plans_of(connection: Connection, ask: Callable[[], object]) -> list[str]:
    """The steps of the plans of all that `ask` reads by this connection, statement by statement."""
    with _heard(connection) as asked:
        ask()
    return [step[3] for statement, parameters in asked if not statement.startswith("PRAGMA")
            for step in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters)]
