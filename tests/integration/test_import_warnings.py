"""What an import warns of are rows that were taken: refused and repeated ones are told by their own numbers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fakes.fake_import_sink import MemorySink
from tests.integration.test_import_rules import bring, district, write

REFUSED = {
    # kind: rows of which only the first is taken (bad point, bad time, same key), with what is warned of it
    "incidents": (
        ("id,opened_at,closed_at,kind,status,lon,lat\n"
        "1,2026-01-01 08:00,,weird,closed,,\n"
        "2,2026-01-02 08:00,2026-01-01 08:00,weird,closed,,\n3,2026-01-01 08:00,,weird,closed,,x\n"
        "1,2026-01-05 08:00,,weird,closed,,\n,2026-01-05 08:00,,weird,closed,x,\n"),
        {"unplaced": 1, "kind_without_code": 1, "closing_time_unknown": 1}),
    "units": (
        "id,name,area,lon,lat\n1,a,nowhere,118.0,31.0\n2,b,nowhere,x,30.5\n3,,nowhere,0,0\n1,c,nowhere,118,31\n",
        {"no_area": 1, "unknown_area": 1}),
    "components": (
        "id,kind,lon,lat\n1,weird,118,31\n2,weird,0,0\n3,weird,118,x\n1,weird,118.1,31\n",
        {"no_area": 1, "kind_without_code": 1}),
    "cameras": (
        "id,gb_code,name,lon,lat,fov\n1,123,a,118,31,\n2,123,b,118,31,999\n3,123,c,0,0,\n1,123,d,118,31,\n",
        {"no_area": 1, "bad_gb_code": 1}),
    "areas": (
        "code,name,parent,households,level\nG1,a,nowhere,201,3\nG2,b,nowhere,x,3\nG1,c,nowhere,201,3\n",
        {"no_geometry": 1, "unknown_parent": 1, "households_over": 1}),
}  # fmt: skip


@pytest.mark.parametrize("kind", sorted(REFUSED))
def test_warnings_are_of_rows_that_were_taken(tmp_path: Path, kind: str) -> None:
    rows, warnings = REFUSED[kind]
    path = write(tmp_path / "list.csv", rows)
    sink = MemorySink()
    district(sink, tmp_path)
    for dry_run in (True, False):
        result = bring(sink, kind, path, dry_run=dry_run)
        assert (result.accepted, result.rejected) == (1, result.read - 1), result
        assert dict(result.warnings) == warnings
    again = bring(sink, kind, path)
    assert (again.accepted, again.rejected, again.duplicates) == (0, result.rejected, 1)
    assert not again.warnings, "nothing was taken, so there is nothing to be warned of"


def test_a_force_of_a_kind_that_nobody_knows_is_kept_under_its_word_and_told(tmp_path: Path) -> None:
    path = write(tmp_path / "u.csv",
                 "id,name,kind\n1,a,police\n2,b,民警\n3,c,蓝天救援\n4,d,\n5,e,grid worker\n6,,蓝天救援\n")
    sink = MemorySink()
    result = bring(sink, "units", path)
    assert [unit.kind for unit in sink.rows("units")] == ["police", "police", "蓝天救援", "other", "grid_worker"]
    assert dict(result.warnings) == {"unplaced": 5, "kind_without_code": 1}
