"""Rows of the incident's table that pass it between centres."""

from __future__ import annotations

from app.domain.process import Need, Role, Transition

_CENTRE = Need("centre", "centre", "Centre")
_REASON = Need("reason", "lines", "Reason")
_BASIS = Need("basis", "lines", "Basis")
_NOTE = Need("note", "lines", "Note", required=False)
_WAYS = (
    ("up", "3", "Pass up", "To a centre above: it signs for it within its time or gives it back."),
    ("down", "4", "Pass down", "To a centre below: it signs for it within its time or gives it back."),
    ("across", "5", "Pass across", "To a centre of the same level: it signs for it within its time or gives it back."),
)


def pass_transitions(
    before: frozenset[str], open_: frozenset[str], roles: frozenset[Role]
) -> tuple[Transition, ...]:
    """`before`: phases in which it may be passed; `open_`: those in which a pass may still be answered."""
    return (
        *(
            Transition(f"pass_{way}", f"incident.passed_{way}", before, None, roles, label, key, (_CENTRE, _REASON),
                       guard="passable", help=help_)
            for way, key, label, help_ in _WAYS
        ),
        Transition(
            "sign_pass", "incident.pass_signed", open_, None, roles, "Take over from centre", "6", (_NOTE,),
            guard="pass_to_me",
            help="This centre signs for what another one passed to it; its own clock starts.",
        ),
        Transition(
            "refuse_pass", "incident.pass_refused", open_, None, roles, "Give back to centre", "7", (_BASIS,),
            guard="refusable",
            help="With its basis. After three refusals an arbiter decides, and that stands.",
        ),
        Transition(
            "recall_pass", "incident.pass_recalled", open_, None, roles, "Take back from centre", "8", (_REASON,),
            guard="pass_from_me",
            help="Before the other centre has signed for it.",
        ),
        Transition(
            "escalate_pass", "incident.pass_escalated", open_, None, roles, "Escalate the pass", "6", (_REASON,),
            guard="pass_from_me",
            help="When the other centre's time to sign is over: it must take it, and a new time to sign begins.",
        ),
    )
