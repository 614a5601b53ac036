"""How the seat stands with the hub, as its syncing program told it: for every screen of the seat."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from sqlalchemy import Connection, select

from app.clock import SystemClock
from app.domain.faults import Message
from app.domain.limits import to_ms
from app.services.centres import Centre, Directory
from app.services.views import CentreLink, Divergence, SyncState
from data.store import wants
from data.store.tables import PEER, SYNC

SILENT_AFTER_MS = 10_000
"""a syncing program that says nothing for so long is gone, whatever it said last"""
BEHIND_ROWS = 20
"""fewer than this many rows behind the hub is the ordinary way of a row, not being behind"""
UP_WITHIN_MS, STALE_WITHIN_MS = 15_000, 300_000


class SyncReads:
    """Answers from the last commit. Ages are by the machine's clock, also in a drill."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def sync(self, joined: bool) -> SyncState:
        """`joined`: a hub is configured."""
        if not joined:
            return SyncState("alone", 0, 0, None, None)
        run = self._connection.exec_driver_sql
        told = {r.key: r.value for r in self._connection.execute(select(SYNC))}
        unsent = run("SELECT count(*) FROM outbox").scalar_one()
        reached = run("SELECT coalesce(max(seq), 0) FROM ordering").scalar_one()
        behind = max(int(told.get("head", 0)) - reached, 0)
        alive_ms, since_ms = int(told.get("alive_at", 0)), int(told.get("since", 0))
        mode = told.get("mode", "off")
        if mode == "connected" and to_ms(SystemClock().now()) - alive_ms > SILENT_AFTER_MS:
            mode, since_ms = "off", alive_ms
        if mode == "connected" and behind > BEHIND_ROWS:
            mode = "behind"
        skew = told.get("skew_ms")
        gone = json.loads(told["diverged"]) if "diverged" in told else None
        return SyncState(mode, behind, unsent, since_ms / 1000 if since_ms else None,
                         int(skew) if skew is not None else None,
                         why=_message(told.get("trouble")) if mode == "off" else None,
                         diverged=Divergence(gone["at"] / 1000, gone["rows"]) if gone is not None else None)

    def directory(self) -> Directory:
        """The centres as the hub told them; empty without one."""
        text = self._connection.exec_driver_sql("SELECT value FROM sync WHERE key = 'directory'").scalar_one_or_none()
        if text is None:
            return Directory()
        raw = json.loads(text)
        return Directory(raw["own"], (Centre(*c) for c in raw["centres"]))

    def awaited(self, digests: Collection[str]) -> Mapping[str, int | None]:
        """Those of the files that other seats have and this one waits for → size in bytes, None: not told yet."""
        return wants.sizes(self._connection, list(digests)) if digests else {}

    def centres(self) -> tuple[CentreLink, ...]:
        """The centres of the district and how long ago the hub heard of each."""
        now = to_ms(SystemClock().now())
        return tuple(
            CentreLink(r.centre, r.name, r.level, _link(r.seen_at, now), r.seen_at / 1000 if r.seen_at else None)
            for r in self._connection.execute(select(PEER).order_by(PEER.c.level, PEER.c.centre)))


def _message(text: str | None) -> Message | None:
    """The reason that the syncing program noted."""
    return _built(json.loads(text)) if text else None


def _built(raw: dict[str, object]) -> Message:
    params = raw.get("params")
    items = params.items() if isinstance(params, dict) else ()
    return Message(str(raw["id"]), {k: _built(v) if isinstance(v, dict) else v for k, v in items})


def _link(seen_ms: int | None, now_ms: int) -> str:
    if seen_ms is None:
        return "unknown"
    age = now_ms - seen_ms
    return "up" if age <= UP_WITHIN_MS else "stale" if age <= STALE_WITHIN_MS else "down"
