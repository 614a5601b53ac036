"""The transition table of a shift's hand-over (交接班): the outgoing person writes it, the incoming one reads the very
same text and signs for it, or gives it back with a reason. Until it is signed the outgoing person stays responsible.
"""

from __future__ import annotations

from app.domain.process import Need, Process, Role, Transition

WAITING, RETURNED, SIGNED, WITHDRAWN = "waiting", "returned", "signed", "withdrawn"
PHASES = (WAITING, RETURNED, SIGNED, WITHDRAWN)
"""for the signature of the incoming person; given back by them; signed by both sides; taken back by the outgoing one"""
ENDED = (SIGNED, WITHDRAWN)
ONE_SIDED = "one_sided"
"""what is shown of hand-overs from before there was a counter-signature"""
POSTS = (Role.DUTY_LEADER, Role.SUPERVISOR, Role.DISPATCHER, Role.VERIFIER)
"""roles of the roster, the highest first: a person signs in and hands over as the first one that they have"""
OWN, INCOMING = "own", "incoming"
"""guards: the outgoing person; somebody else who may have the post"""

_ROSTER = frozenset(POSTS)
_OPEN = frozenset({WAITING, RETURNED})
_TEXT = (Need("note", "lines", "What the next shift must know"),)

HANDOVER = Process(
    "handover",
    PHASES,
    (
        Transition("write", "handover.written", frozenset({""}), WAITING, _ROSTER, "Hand the shift over", "", _TEXT,
                   help="What is open, what was told, and the counts of this instant; it waits for the next shift."),
        Transition("rewrite", "handover.rewritten", _OPEN, WAITING, _ROSTER, "Change the hand-over", "", _TEXT,
                   guard=OWN, help="Another text, with the counts of this instant; only this one can be signed then."),
        Transition("sign", "handover.signed", frozenset({WAITING}), SIGNED, _ROSTER, "Sign for the shift", "",
                   (Need("remark", "lines", "Remark", required=False),), guard=INCOMING,
                   help="The text as it was read; from now on the incoming person is responsible."),
        Transition("object", "handover.returned", frozenset({WAITING}), RETURNED, _ROSTER, "Give it back", "",
                   (Need("reason", "lines", "Reason"),), guard=INCOMING,
                   help="Back to the outgoing person with what is missing or wrong."),
        Transition("withdraw", "handover.withdrawn", _OPEN, WITHDRAWN, _ROSTER, "Withdraw the hand-over", "",
                   (Need("reason", "lines", "Reason", required=False),), guard=OWN,
                   help="The shift goes on with the same person."),
    ),
)
