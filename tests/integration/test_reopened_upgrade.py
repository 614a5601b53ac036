"""Stores from before a reopened incident was given back to dispatch: the upgrade folds such incidents anew."""
from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

import pytest

from app.clock import SystemClock
from app.domain import incident
from app.domain.events import NewEvent
from app.domain.incident import FED_BACK, Fact, IncidentState
from data.store import migrate, rebuild, refolding
from data.store.store import STORE_FILE, Founding, Store

STEPS = (("reported", {"place": "p"}), ("registered", {}), ("assigned", {"unit": "u", "lead": True, "unit_name": "U"}))


def _as_before(s: IncidentState, e: Fact) -> bool:
    """How an older program folded it."""
    s.closed_at = s.fed_back_at = s.verified_at = 0
    s.satisfaction, s.verdict, s.forced = "", "", False
    s.assignments = [a._replace(state="recalled") if a.open or a.state == FED_BACK else a for a in s.assignments]
    return True


@pytest.fixture
def older(data_dir: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """As version 0011 left it: i was reopened after a forced close, j went on with another force, k never was."""
    with monkeypatch.context() as patch:
        patch.setitem(incident._FOLDS, "incident.reopened", _as_before)  # type: ignore[index]
        with contextlib.closing(Store.create(data_dir, Founding("d", "D", "c", "C", "drill"), SystemClock())) as store:
            more = {"i": (("force_closed", {}), ("reopened", {})), "k": (("force_closed", {}),),
                    "j": (("force_closed", {}), ("reopened", {}), ("assigned", {"unit": "v", "lead": True}),
                          ("force_closed", {}))}
            for key, rest in more.items():
                for n, (kind, body) in enumerate((*STEPS, *rest)):
                    with store.transaction(screen="t", actor="lin") as tx:
                        tx.append(NewEvent(f"incident/{key}", f"incident.{kind}", {"id": key, **body}, n + 1))
            assert handlers(store) == {"i": "U", "j": "v", "k": "U"}
    with contextlib.closing(sqlite3.connect(data_dir / STORE_FILE)) as raw, raw:
        raw.execute("UPDATE alembic_version SET version_num = '0011'")
    return data_dir


def handlers(store: Store) -> dict[str, str]:
    return dict(store.read.exec_driver_sql("SELECT id, handler FROM incident").all())  # type: ignore[arg-type]


def test_an_upgraded_store_is_what_folding_anew_makes_of_its_log(older: Path) -> None:
    migrate.prepare(older / STORE_FILE)
    with contextlib.closing(Store(older, SystemClock())) as store:
        assert handlers(store) == {"i": "", "j": "v", "k": "U"}
        assert refolding.owed(store.read) == []
        before = rebuild.dump(store.read)
        rebuild.rebuild(store)
        assert rebuild.dump(store.read) == before
    with contextlib.closing(Store(older, SystemClock())) as store:
        assert rebuild.dump(store.read) == before


def test_an_upgrade_cut_before_it_folded_is_done_at_the_next_opening(
        older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def cut(_tx: object) -> None:
        raise OSError("cut")

    with monkeypatch.context() as patch:
        patch.setattr(refolding, "carry_out", cut)
        with pytest.raises(OSError, match="cut"):
            Store(older, SystemClock())
    with contextlib.closing(Store(older, SystemClock())) as store:
        assert handlers(store) == {"i": "", "j": "v", "k": "U"}
