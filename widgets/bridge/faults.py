"""What a view is told when something did not work."""
from __future__ import annotations

import itertools
import logging
from dataclasses import dataclass

from app.domain.faults import KnownFault, Message, Refused

log = logging.getLogger(__name__)
_numbers = itertools.count(1)


@dataclass(frozen=True, slots=True)
class Fault:
    """`message` for people (render it with `app.text.render`). `internal`: a bug of ours, logged with its trace.

    `refused`: a rule does not allow it now; nothing was changed.
    """

    message: Message
    internal: bool = False
    refused: bool = False
    error: BaseException | None = None


def fault_of(error: BaseException, what: str) -> Fault:
    """The fault of an exception. A known one keeps its message; others are logged with their trace and numbered."""
    if isinstance(error, KnownFault):
        return Fault(error.message, refused=isinstance(error, Refused), error=error)
    number = next(_numbers)
    log.error("internal error %d in %s", number, what, exc_info=error)
    text = "Internal error {number}: this step was not done. What was entered is kept; try again."
    return Fault(Message(text, {"number": number}), internal=True, error=error)
