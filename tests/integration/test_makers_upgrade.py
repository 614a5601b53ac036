"""Stores from before makers were remembered with their seat: the upgrade tells it, as folding anew would."""
from __future__ import annotations

import contextlib
import gzip
import json
import sqlite3
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.domain.events import NewEvent
from app.domain.incident_state import maker_of
from data.store import migrate, rebuild
from data.store.store import STORE_FILE, Founding, Store

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures" / "stores"


@pytest.mark.parametrize("version", ["0007", "0008"])
def test_an_upgraded_store_is_what_folding_anew_makes_of_its_log(data_dir: Path, version: str) -> None:
    (data_dir / STORE_FILE).write_bytes(gzip.decompress((FIXTURES / f"{version}.sqlite.gz").read_bytes()))
    with contextlib.closing(Store(data_dir, SystemClock())) as store:
        before = rebuild.dump(store.read)
        named = [r[0] for r in store.read.exec_driver_sql("SELECT dispatcher FROM incident WHERE dispatcher != ''")]
        rebuild.rebuild(store)
        assert rebuild.dump(store.read) == before
    assert named
    assert all(name.endswith(maker_of("", store.identity.seat)) for name in named)


def test_handlers_of_imports_and_lost_acts_keep_what_they_are(data_dir: Path) -> None:
    """As an older program folded them: bare ids. The step back is made by hand, then the store is upgraded again."""
    with contextlib.closing(Store.create(data_dir, Founding("d", "D", "c", "C", "drill"), SystemClock())) as store:
        for n, (kind, body, actor) in enumerate((
                ("reported", {"id": "i", "place": "p"}, "x"), ("registered", {}, "lin"),
                ("assigned", {"unit": "u", "lead": True}, "lin"), ("assigned", {"unit": "u"}, "wang"),
                ("fed_back", {"unit": "u", "handlers": ["lin", "outside"]}, "worker"),
                ("fed_back", {"unit": "u"}, "late"))):
            with store.transaction(screen="t", actor=actor) as tx:
                tx.append(NewEvent("incident/i", f"incident.{kind}", body, n + 1))
        wanted = rebuild.dump(store.read)
        seat = store.identity.seat
    with contextlib.closing(sqlite3.connect(data_dir / STORE_FILE)) as raw, raw:
        state = json.loads(raw.execute("SELECT state FROM incident").fetchone()[0])
        assert state["dispatcher"] == maker_of("lin", seat)
        assert set(state["handlers"]) == {"lin", "outside", maker_of("worker", seat)}
        bare = {**state, "dispatcher": "lin", "handlers": ["lin", "outside", "worker"]}
        raw.execute("UPDATE incident SET dispatcher = 'lin', state = ?",
                    (json.dumps(bare, ensure_ascii=False, separators=(",", ":"), sort_keys=True),))
        for table in ("camera_mask", "handover"):
            raw.execute(f"DROP TABLE {table}")
        raw.execute("UPDATE alembic_version SET version_num = '0008'")
    migrate.prepare(data_dir / STORE_FILE)
    with contextlib.closing(Store(data_dir, SystemClock())) as store:
        assert rebuild.dump(store.read) == wanted
