"""PySide6 6.12 on Python 3.11 drops a reference to True at each emit and kills the process. From Python 3.12 on
True and None are immortal (PEP 683): their counts mean nothing, and one that was dropped to nothing is set anew."""
from __future__ import annotations

import sys

import pytest
from PySide6.QtCore import QObject, Signal

pytestmark = pytest.mark.skipif(sys.version_info >= (3, 12), reason="True and None are immortal there")
EMITS = 1_000
SLACK = 50  # other code of the interpreter takes and gives a few


class Sender(QObject):
    said = Signal(object)
    counted = Signal(int)


def test_the_reference_count_of_true_is_unchanged_after_a_thousand_emits() -> None:
    sender = Sender()
    got: list[object] = []
    sender.said.connect(got.append)
    sender.counted.connect(got.append)
    before = sys.getrefcount(True), sys.getrefcount(None)
    for number in range(EMITS):
        sender.said.emit(number)
        sender.counted.emit(number)
    after = sys.getrefcount(True), sys.getrefcount(None)
    assert len(got) == 2 * EMITS
    assert abs(after[0] - before[0]) <= SLACK
    assert abs(after[1] - before[1]) <= SLACK


def test_set_object_name_keeps_the_reference_count_of_none() -> None:
    thing = QObject()
    before = sys.getrefcount(None)
    for number in range(EMITS):
        thing.setObjectName(f"n{number}")
    assert abs(sys.getrefcount(None) - before) <= SLACK
