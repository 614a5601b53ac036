"""Past incidents of a pack: brought into force in chunks as events, given back or withdrawn when it is taken back."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, delete, select, update

from app.domain.events import Json, NewEvent
from app.domain.incident_process import VOIDED
from app.intake.histories import (
    STEP_KINDS,
    Lists,
    Told,
    brings_nothing_else,
    incident_id,
    to_events,
    to_update,
)
from app.intake.records import IncidentHistory
from data.store import pack_force, pack_tables
from data.store.store import Store
from data.store.tables import PACK, PACK_ROW, REF
from data.store.transaction import Transaction

CHUNK = 500
PARTLY = "partly "
"""before the digest of an incident of which more steps will follow"""
_BEGINS = ("incident.reported", "incident.self_handled")


@dataclasses.dataclass(frozen=True, slots=True)
class Staged:
    """`histories`: not in force, or only in part; `told`: of those in part, key → their steps in the log; `changed`:
    rows (of `PACK_ROW`) of incidents that are in force otherwise."""

    histories: list[IncidentHistory]
    told: dict[str, list[Told]]
    changed: Sequence[Any]


class PastIncidents:
    """Histories into events, in the caller's transactions."""

    def __init__(self, store: Store, lists: Lists) -> None:
        self._store = store
        self._lists = lists

    def append(self, tx: Transaction, pack: str, source: str, rows: Sequence[Any]) -> None:
        """Bring staged rows (of `PACK_ROW`) into force; one that is in force as it is changes nothing."""
        known = {r.key: r for r in tx.connection.execute(
            select(REF.c.key, REF.c.digest, REF.c.pack).where(REF.c.kind == "incidents",
                                                              REF.c.key.in_([r.key for r in rows])))}
        histories = [pack_tables.load_history(json.loads(r.data)) for r in rows]
        histories = [h for h in histories if h.key not in known or known[h.key].digest != h.digest]
        here = self._here(tx, histories, known)
        told = told_steps(tx.connection, here)
        numbers = self.give_numbers(tx, [h for h in histories if incident_id(h.key) not in here])
        for history in histories:
            incident = incident_id(history.key)
            state = tx.incident(incident) if incident in here else None
            if state is not None:
                events = to_update(history, self._lists, state, told[incident])
                self._remember_before(tx, pack, history, known)
            else:
                events = self.first_events(tx, history, numbers[history.key])
            for event in events:
                tx.append(event)
            self.note_ref(tx, pack, source, history, whole=True)

    def _here(self, tx: Transaction, histories: Sequence[IncidentHistory], known: Collection[str]) -> set[str]:
        """The ids of incidents that are here, brought by this seat or by another one, and were not withdrawn."""
        ids = {incident_id(h.key): h.key for h in histories}
        phases: dict[str, str] = {}
        for part in _parts(list(ids)):
            marks = ",".join("?" * len(part))
            phases |= {r[0]: r[1] for r in tx.connection.exec_driver_sql(
                f"SELECT id, phase FROM incident WHERE id IN ({marks})", tuple(part))}
        for incident in ids.keys() - phases.keys():
            tx.expect_new(incident)
        return {i for i, phase in phases.items() if phase != VOIDED or ids[i] in known}

    def _remember_before(self, tx: Transaction, pack: str, history: IncidentHistory, known: Any) -> None:
        before = known.get(history.key)
        if before is not None and before.pack != pack:
            tx.connection.execute(update(PACK_ROW).where(PACK_ROW.c.pack == pack, PACK_ROW.c.key == history.key)
                                  .values(before=before.pack))

    def first_events(self, tx: Transaction, history: IncidentHistory, number: str) -> list[NewEvent]:
        """All events of an incident that is not here. Its reporter is put beside the log: from here on only that
        erasable record holds the person."""
        reporters: list[Json] = []
        if history.reporter:
            reporters = [tx.put_person("reporter", {k: str(v) for k, v in history.reporter.items()})]
        return to_events(history, self._lists, number, reporters)

    def note_ref(self, tx: Transaction, pack: str, source: str, history: IncidentHistory, *, whole: bool) -> None:
        """Note that the incident is here; not `whole`: more of its steps will follow."""
        digest = history.digest if whole else PARTLY + history.digest
        tx.connection.exec_driver_sql(
            "INSERT INTO ref (kind, key, source, digest, pack) VALUES ('incidents', ?, ?, ?, ?) "
            "ON CONFLICT (kind, key) DO UPDATE SET source=excluded.source, digest=excluded.digest, pack=excluded.pack",
            (history.key, source, digest, pack))
        if history.reporter:
            bare = pack_tables.dump(dataclasses.replace(history, reporter={}))
            tx.connection.execute(
                update(PACK_ROW).where(PACK_ROW.c.pack == pack, PACK_ROW.c.key == history.key).values(data=bare))

    def staged(self, pack: str) -> Staged:
        """The incidents of a staged pack that are not in force as it has them."""
        rows = self._store.read.execute(
            select(PACK_ROW).where(PACK_ROW.c.pack == pack).order_by(PACK_ROW.c.key)).all()
        known = {r.key: r.digest for r in self._store.read.execute(
            select(REF.c.key, REF.c.digest).where(REF.c.kind == "incidents"))}
        begun = [r.key for r in rows if known.get(r.key) == PARTLY + r.digest]
        told = told_steps(self._store.read, [incident_id(key) for key in begun])
        to_come = [r for r in rows if known.get(r.key) in (None, PARTLY + r.digest)]
        changed = [r for r in rows if known.get(r.key) not in (None, PARTLY + r.digest, r.digest)]
        return Staged([pack_tables.load_history(json.loads(r.data)) for r in to_come],
                      {key: told[incident_id(key)] for key in begun}, changed)

    def give_numbers(self, tx: Transaction, histories: Sequence[IncidentHistory]) -> dict[str, str]:
        """key → number, of the local days on which they were opened."""
        zone = ZoneInfo(self._lists.calendar.timezone)
        by_day: dict[str, list[str]] = {}
        for h in histories:
            by_day.setdefault(h.opened_at.astimezone(zone).strftime("%Y%m%d"), []).append(h.key)
        out = {}
        for day, keys in by_day.items():
            first = tx.reserve_numbers(day, len(keys))
            for i, key in enumerate(keys):
                out[key] = f"{day}-{self._store.identity.seat_code}-{first + i:04d}"
        return out

    # ---- taken back -------------------------------------------------------------------------------------------------

    def take_back(self, tx: Transaction, pack: str, keys: Sequence[str]) -> None:
        """Take a pack's incidents back: one that an older pack in force had brought is given back to it, with what that
        one said; the others are withdrawn."""
        for part in _parts(keys):
            brought = {r.key: r for r in tx.connection.execute(
                select(PACK_ROW).where(PACK_ROW.c.pack == pack, PACK_ROW.c.key.in_(part)))}
            told = told_steps(tx.connection, [incident_id(key) for key in part])
            gone = []
            for key in part:
                old = _standing(tx.connection, key, pack, brought[key].before if key in brought else None)
                if old is None:
                    self._withdraw(tx, key)
                    gone.append(key)
                    continue
                later = pack_tables.load_history(json.loads(brought[key].data)) if key in brought else None
                self._give_back(tx, pack_tables.load_history(json.loads(old.data)), later, told[incident_id(key)])
                tx.connection.execute(update(REF).where(REF.c.kind == "incidents", REF.c.key == key)
                                      .values(pack=old.pack, digest=old.digest, source=old.source))
            tx.connection.execute(delete(REF).where(REF.c.kind == "incidents", REF.c.key.in_(gone)))

    def _withdraw(self, tx: Transaction, key: str) -> None:
        incident = incident_id(key)
        if tx.incident(incident) is not None:
            tx.append(NewEvent(f"incident/{incident}", "incident.withdrawn", {"reason": "pack rolled back"}, tx.now_ms))

    def _give_back(self, tx: Transaction, history: IncidentHistory, later: IncidentHistory | None,
                   told: Sequence[Told]) -> None:
        """Its facts are corrected to those of `history`; where `later` brought steps of its own, it is withdrawn and
        comes in anew, since no step can be undone."""
        state = tx.incident(incident_id(history.key))
        if state is None:
            return
        if later is not None and brings_nothing_else(history, later, self._lists, told):
            events = to_update(history, self._lists, state, told)
        else:
            self._withdraw(tx, history.key)
            events = to_events(history, self._lists, state.number, list(state.reporters))
        for event in events:
            tx.append(event)


def told_steps(connection: Connection, incidents: Iterable[str]) -> dict[str, list[Told]]:
    """Incident → the steps of imports that are in its log, since it was last brought in."""
    out: dict[str, list[Told]] = {i: [] for i in incidents}
    for part in _parts(list(out)):
        marks = ",".join("?" * len(part))
        rows = connection.exec_driver_sql(
            f"SELECT stream, kind, occurred_at, content FROM event WHERE stream IN ({marks}) ORDER BY seq",
            tuple(f"incident/{i}" for i in part))
        for stream, kind, at, content in rows:
            if kind not in STEP_KINDS:
                continue
            body = json.loads(content)["body"]
            if body.get("imported") is not True:
                continue
            incident = stream[9:]
            if kind in _BEGINS:
                out[incident] = []
            unit = body.get("unit")
            out[incident].append(Told(kind, at, unit if isinstance(unit, str) else ""))
    return out


def _standing(connection: Connection, key: str, pack: str, before: str | None) -> Any:
    """The row of a key in the newest older pack that is in force; None: there is none. A store of a version that did
    not remember `before` is asked for any other pack that has the key: whichever has it now was the last."""
    return pack_force.standing(connection, key, before) or connection.execute(
        pack_force.rows_of(key)
        .where(PACK_ROW.c.pack != pack, PACK.c.kind == "incidents", PACK.c.status == "active")
        .order_by(PACK.c.activated_at.desc(), PACK.c.id.desc())).first()


def _parts(keys: Sequence[str]) -> Iterable[Sequence[str]]:
    return (keys[start : start + CHUNK] for start in range(0, len(keys), CHUNK))
