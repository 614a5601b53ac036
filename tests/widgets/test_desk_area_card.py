"""A grid's card on the desk, as its list said: counts, and who is on it (1+1+N)."""
from __future__ import annotations

from pathlib import Path

from app.bootstrap.city import import_list
from tests.widgets.desk_stage import body_of, opened
from tests.widgets.real_stage import found, real_stage
from tests.widgets.room_stage import settle

LIST = """编码,名称,级别,上级,户数,商户数,网格长,专职网格员,兼职网格员
340803001,一街道,街道,,,,,,
340803001001,一社区,社区,340803001,,,,,
340803001001001,第一网格,网格,340803001001,180,12,张一,李二,甲;乙;丙;丁;戊;己
340803001001002,第二网格,网格,340803001001,,,张一,,
"""


def test_a_grids_card_names_its_counts_and_its_staff(qapp: object, tmp_path: Path) -> None:
    folder = found(tmp_path / "seat")
    file = tmp_path / "grids.csv"
    file.write_text(LIST)
    import_list(folder, "areas", file, None, crs=None, dry_run=False)
    with real_stage(folder) as bridge:
        window = opened(bridge, lang="en")
        try:
            settle(bridge)
            card = body_of(window).map.card
            told = [tuple(row) for row in card("area", "grids:340803001001001")]
            assert [row for row in told if row[0] not in ("Open incidents", "Overdue")] == [
                ("", "第一网格"), ("Households", "180"), ("Merchants", "12"), ("Grid head", "张一"),
                ("Full-time worker", "李二"), ("Others of it", "甲, 乙, 丙, 丁 +2")]
            assert [w for w, _ in card("area", "grids:340803001001002")][-1] == "Grid head"
            assert "Grid head" not in dict(card("area", "grids:340803001"))
            window.toggle_language()
            assert dict(card("area", "grids:340803001001001"))["其他人员"] == "甲、乙、丙、丁 +2"
        finally:
            window.close()
