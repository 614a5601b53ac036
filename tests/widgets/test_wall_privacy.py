"""Nothing personal on the wall."""
from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from widgets.wall.privacy import MASK, personal_data_in, public_place, public_text

PERSONAL = ["13905561234", "139 0556 1234", "139-0556-1234", "+86 13905561234", "139****1234", "34080319900101123X",
            "340803199001011234", "0556-5512345", "reporter@example.com", "皖H12345", "皖H·A123B",
            "１３９０５５６１２３４"]
HARMLESS = ["商圈 C区 2 号门", "20261123-02-0312", "340803001001001", "34080300001310000001", "街道（生成）01 网格 258",
            "11:42:07", "1,806 / 1,873", "46 号杆", "C-217", "119（18:41:50）", "剩余 14:37"]


@pytest.mark.parametrize("text", PERSONAL)
def test_what_looks_personal_is_masked(text):
    assert personal_data_in(text)
    shown = public_text(f"来电 {text} 反映")
    assert not personal_data_in(shown)
    assert MASK in shown


@pytest.mark.parametrize("text", HARMLESS)
def test_numbers_of_the_work_stay(text):
    assert not personal_data_in(text)
    assert public_text(text) == text


@given(st.text(max_size=60), st.sampled_from(PERSONAL), st.text(max_size=60))
def test_no_surroundings_let_a_number_through(before, secret, after):
    assert not personal_data_in(public_text(f"{before} {secret} {after}"))


def test_a_place_ends_at_the_building():
    assert public_place("南路 88 号 3 栋 502室") == "南路 88 号 3 栋"
    assert public_place("一村 7 栋 2 单元 301 室 王先生 13905561234") == f"一村 7 栋 2 单元 王先生 {MASK}"
    assert public_place("社区 21 活动室") == "社区 21 活动室"
