"""Words of the queue's room."""
from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def tr(source: str, **params: object) -> str:
    """The room's text in the reader's language, `{name}` placeholders filled."""
    text = QCoreApplication.translate("queue", source)
    return text.format(**params) if params else text


def tab_label(tab: str) -> str:
    """Label of a tab."""
    labels = {
        "to_accept": tr("To accept"), "to_assign": tr("To assign"), "to_sign": tr("To sign for"),
        "in_hand": tr("In hand"), "returned": tr("Returned"), "to_verify": tr("To verify"), "overdue": tr("Overdue"),
        "mine": tr("Mine"), "all": tr("All"), "passed": tr("Between centres"),
    }
    return labels[tab]


def tab_empty(tab: str) -> str:
    """What an empty tab says, and what to do next."""
    texts = {
        "to_accept": tr("Nothing waits to be accepted."), "to_assign": tr("Nothing waits to be assigned."),
        "to_sign": tr("Every order is signed for."), "in_hand": tr("Nobody is handling an incident now."),
        "returned": tr("Nothing was returned."), "to_verify": tr("Nothing waits for verification."),
        "overdue": tr("Nothing is overdue."), "mine": tr("None of the open incidents is yours."),
        "all": tr("No open incident. F2 takes a call."), "passed": tr("Nothing is between centres."),
    }
    return texts[tab]


def headers() -> tuple[str, ...]:
    """Titles of the columns, in the order of `Column`."""
    return ("", tr("No."), tr("Kind"), tr("Place"), tr("Grid"), tr("Source"), tr("Phase"), tr("Time left"),
            tr("Handled by"))


def sort_label(sort: str) -> str:
    """Label of an order of the rows."""
    labels = {
        "priority": tr("not taken → level → time left"), "level": tr("Level"), "number": tr("Number"),
        "kind": tr("Kind"), "place": tr("Grid"), "source": tr("Source"), "phase": tr("Phase"),
        "left": tr("Time left"), "handler": tr("Handled by"),
    }
    return labels[sort]
