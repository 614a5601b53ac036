"""Privacy masks in the store: their fold, one row a camera, and what an older version kept as a setting of the seat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, select
from sqlalchemy.dialects.sqlite import insert as upsert

from app.domain import masks
from app.domain.events import Event, NewEvent
from app.domain.masks import MaskState
from app.services.changes import Changes
from data.store.tables import CAMERA_MASK

if TYPE_CHECKING:
    from data.store.transaction import Transaction

OLD_SETTING: Final = "camera.masks"
"""where masks lay before they were folded: camera → polygons, of one seat alone"""

ALL_MASKS: Final = "camera/"
"""under this name of a stream the hub gives the masks of all cameras"""


def state(connection: Connection, camera: str) -> MaskState:
    """The folded state; that of a camera without masks where there is none."""
    text = connection.execute(select(CAMERA_MASK.c.state).where(CAMERA_MASK.c.camera == camera)).scalar_one_or_none()
    return MaskState.load(text) if text is not None else MaskState()


def fold(connection: Connection, event: Event) -> Changes:
    """Fold one event of a camera's stream; only masks are folded."""
    if event.kind != masks.KIND:
        return Changes()
    camera = event.stream.partition("/")[2]
    row = {"camera": camera, "state": masks.apply(state(connection, camera), event).dump()}
    connection.execute(upsert(CAMERA_MASK).values(row).on_conflict_do_update(index_elements=["camera"], set_=row))
    return Changes(masks=frozenset({camera}))


def owed(connection: Connection) -> bool:
    """Whether masks lie in the old setting that no event tells of yet."""
    return connection.exec_driver_sql("SELECT 1 FROM setting WHERE key = ?", (OLD_SETTING,)).first() is not None


def carry_over(tx: Transaction) -> None:
    """Have an event tell of each mask that lies in the old setting alone; then the setting goes. What cannot be read
    covers its camera wholly."""
    old = tx.setting(OLD_SETTING)
    for camera, raw in old.items() if isinstance(old, dict) else ():
        kept, stand = masks.readable(raw), state(tx.connection, camera).in_force
        if not set(kept) <= set(stand):
            body = {"masks": masks.as_json(kept), "before": masks.as_json(stand), "incident": None,
                    "reason": "kept from a setting of this seat"}
            # of schema version 1: in force beside whatever other seats set
            tx.append(NewEvent(f"camera/{camera}", masks.KIND, body, tx.now_ms, actor="system"))
    tx.connection.exec_driver_sql("DELETE FROM setting WHERE key = ?", (OLD_SETTING,))


class MaskReads:
    """Answers from the last commit."""

    _connection: Connection

    def masks(self, camera_id: str) -> MaskState:
        """The privacy masks of a camera."""
        return state(self._connection, camera_id)
