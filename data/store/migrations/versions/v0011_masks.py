"""Privacy masks are folded from the log, so that they hold on every seat; until now each kept its own as a setting.

What the log tells is folded here as folding anew would. What lies in the setting alone stays there: whoever opens the
store next has events tell of it. Events of other centres' cameras are to be fetched from the hub.
"""

from __future__ import annotations

import json
from typing import Any

from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_KIND = "camera.masks_set"
_WHOLE = [[[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]]]
_Polygons = list[list[list[float]]]


def upgrade() -> None:
    """One row for each camera whose masks were ever set."""
    op.execute("CREATE TABLE camera_mask ( camera VARCHAR NOT NULL, state TEXT NOT NULL, PRIMARY KEY (camera) )")
    run = op.get_bind().exec_driver_sql
    parts: dict[str, dict[str, Any]] = {}
    for camera, event, seat, masks in run(
            "SELECT substr(stream, 8), id, seat, json_extract(content, '$.body.masks') FROM event WHERE kind = ? AND "
            "verdict NOT LIKE 'refused%' AND (hub_seq IS NOT NULL OR seat = (SELECT value FROM meta WHERE key = "
            "'seat')) ORDER BY hub_seq IS NULL, hub_seq, seq", (_KIND,)):
        parts.setdefault(camera, {})[seat] = [event, _readable(masks)]
    for camera, those in parts.items():
        run("INSERT INTO camera_mask (camera, state) VALUES (?, ?)", (camera, json.dumps(
            {"parts": those, "superseded": []}, sort_keys=True, separators=(",", ":"))))
    # under this name the hub gives every camera's masks
    run("INSERT INTO gap (stream, upto) SELECT 'camera/', max(seq) FROM ordering HAVING max(seq) > 0")


def _readable(text: object) -> _Polygons:
    """What cannot be read covers the whole picture."""
    try:
        masks = json.loads(text) if isinstance(text, str) else None
        if not isinstance(masks, list) or any(not 3 <= len(mask) <= 64 for mask in masks):
            return _WHOLE
        made = [[[round(float(x), 4), round(float(y), 4)] for x, y in mask] for mask in masks]
    except (TypeError, ValueError):
        return _WHOLE
    return made if all(0 <= v <= 1 for mask in made for point in mask for v in point) else _WHOLE
