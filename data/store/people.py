"""Personal data beside the log, and operators. Erasing a person leaves the log whole."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

from sqlalchemy import delete, select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain.events import Json, NewEvent
from app.domain.faults import KnownFault, Message
from app.domain.limits import to_ms
from app.domain.process import Role
from app.services.operator import Operator
from data.store.store import Store
from data.store.tables import DRAFT, META, OPERATOR, PERSON

_TOGETHER = 200


def erase(store: Store, person: str, *, actor: str, reason: str) -> None:
    """Erase one person's data; that it was erased, by whom and why is an event. Raises `KnownFault` when unknown."""
    with store.transaction(screen="cli", actor=actor) as tx:
        found = tx.connection.execute(select(PERSON.c.id).where(PERSON.c.id == person)).first()
        if found is None:
            raise KnownFault(Message("There is no personal record {id}.", {"id": person[:40]}))
        tx.append(NewEvent(f"person/{person}", "person.erased", {"reason": reason}, tx.now_ms))
    store.wipe()


def erase_older_than(store: Store, days: int, *, actor: str) -> int:
    """Erase every reporter's and caller's data older than `days`, half-taken calls too; returns how many."""
    limit = to_ms(store.clock.now() - timedelta(days=days))
    ids = [
        r.id
        for r in store.read.execute(
            select(PERSON.c.id).where(
                PERSON.c.created_at < limit, PERSON.c.erased_at.is_(None), PERSON.c.role.in_(("reporter", "caller"))
            )
        )
    ]
    for start in range(0, len(ids), _TOGETHER):
        with store.transaction(screen="cli", actor=actor) as tx:
            for person in ids[start : start + _TOGETHER]:
                tx.append(NewEvent(f"person/{person}", "person.erased", {"reason": f"older than {days} days"},
                                   tx.now_ms))
    with store.transaction(screen="cli", actor=actor) as tx:
        # a half-taken call holds the caller's name and number too
        dropped = tx.connection.execute(delete(DRAFT).where(DRAFT.c.saved_at < limit)).rowcount
    store.wipe()
    return len(ids) + max(dropped, 0)


REJECTED = "rejected"
"""folder of the files of refused rows; what an import refused may hold names and numbers in its free text"""


def remove_rejected(folder: Path, older_than_s: float) -> int:
    """Remove files of refused rows that were written before `older_than_s` (epoch s); returns how many.

    Raises `KnownFault` when one cannot be removed.
    """
    done = 0
    for path in sorted((folder / REJECTED).glob("*.rejected.csv")):
        try:
            if path.stat().st_mtime < older_than_s:
                path.unlink()
                done += 1
        except OSError as fault:
            raise KnownFault(Message("The file {path} holds personal data and cannot be removed: {why}",
                                     {"path": path, "why": fault.strerror or str(fault)})) from fault
    return done


def put_operator(store: Store, operator: Operator, secret: str) -> None:
    """Add or change an operator. `secret`: argon2 hash, or "" for one who needs no password (demo only)."""
    row = {
        "id": operator.id,
        "name": operator.name,
        "roles": json.dumps(sorted(r.value for r in operator.roles)),
        "area": operator.area_id,
        "unit": operator.unit_id,
        "secret": secret,
        "disabled": 0,
    }
    with store.transaction(screen="cli", actor="system") as tx:
        tx.connection.execute(
            upsert(OPERATOR)
            .values(row)
            .on_conflict_do_update(index_elements=["id"], set_={k: v for k, v in row.items() if k != "id"})
        )
        name = {"key": f"operator:{operator.id}", "value": operator.name}
        tx.connection.execute(
            upsert(META).values(name).on_conflict_do_update(index_elements=["key"], set_={"value": operator.name})
        )
        roles: list[Json] = [r.value for r in sorted(operator.roles)]
        tx.append(
            NewEvent(
                f"operator/{operator.id}",
                "operator.set",
                {"roles": roles, "area": operator.area_id},
                tx.now_ms,
            )
        )
    store.meta[f"operator:{operator.id}"] = operator.name


def operators(store: Store) -> list[tuple[Operator, str]]:
    """(operator, secret) of all that are not disabled."""
    return [
        (Operator(r.id, r.name, frozenset(Role(x) for x in json.loads(r.roles)), r.area, r.unit), r.secret)
        for r in store.read.execute(select(OPERATOR).where(OPERATOR.c.disabled == 0).order_by(OPERATOR.c.id))
    ]
