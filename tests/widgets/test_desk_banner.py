"""The lines under the command line: standing trouble and what was just said do not hide each other."""
from __future__ import annotations

import pytest
from PySide6.QtTest import QTest

from app.domain.faults import KnownFault, Message
from tests.widgets.desk_stage import desk_on, made_seat
from tests.widgets.room_stage import settle, until
from widgets.screens import desk_banner
from widgets.screens.desk_banner import Banner

pytestmark = pytest.mark.usefixtures("qtbot")


def test_trouble_and_a_refusal_are_both_in_sight_and_good_news_end_neither() -> None:
    banner = Banner()
    banner.trouble("The store cannot be read.")
    banner.bad("Refused: X")
    assert (banner.trouble_label.text(), banner.label.text()) == ("The store cannot be read.", "Refused: X")
    banner.show()
    banner.good("List written")
    assert banner.trouble_label.isVisible()
    assert banner.label.text() == "List written"
    banner.over("It can be read again.")
    assert not banner.trouble_label.isVisible()
    assert banner.label.isVisible()
    banner.deleteLater()


def test_a_refusal_goes_by_itself_and_leaves_the_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_banner, "BAD_MS", 20)
    banner = Banner()
    banner.bad("Refused: X")
    banner.trouble("The store cannot be read.")
    assert until(lambda: not banner.label.isVisible())
    assert banner.trouble_label.isVisible()
    banner._standing.cross.click()
    assert not banner.isVisible()
    banner.bad("Refused: Y")
    assert until(lambda: not banner.isVisible()), "nothing is left of it"
    banner.deleteLater()


@pytest.mark.expects_log(r"internal error")
def test_a_fault_of_one_step_goes_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desk_banner, "BAD_MS", 300)

    def broken(_seat: object) -> None:
        raise ValueError("a bug")

    with desk_on(made_seat()) as body:
        body.bridge.ask(broken, owner=body)
        assert until(lambda: "Internal error" in body.banner.label.text())
        assert not body.banner.trouble_label.isVisible()
        assert until(lambda: not body.banner.isVisible())


@pytest.mark.expects_log(r"store can't be read")
def test_that_the_store_is_down_stays_beside_refusals() -> None:
    seat = made_seat()
    good = seat.poll_changes

    def broken() -> object:
        raise KnownFault(Message("disk full"))

    with desk_on(seat) as body:
        setattr(seat, "poll_changes", broken)  # noqa: B010  a store that fails
        assert until(lambda: "disk full" in body.banner.trouble_label.text())
        body.orders.write_map()
        assert "not available" in body.banner.label.text()
        body.banner.good("List written")
        QTest.qWait(50)
        assert body.banner.trouble_label.isVisible()
        setattr(seat, "poll_changes", good)  # noqa: B010
        assert until(lambda: not body.banner.trouble_label.isVisible())
        settle(body.bridge)
