"""The whistle's transition table (基层吹哨、部门报到): a community calls departments, who report in and answer.

Each department that was called is a record of its own with its own two times; the community rates each of them.
"""

from __future__ import annotations

from app.domain.process import Need, Process, Role, Transition

BLOWN, ANSWERED, RATED, WITHDRAWN = "blown", "answered", "rated", "withdrawn"
PHASES = (BLOWN, ANSWERED, RATED, WITHDRAWN)
"""waiting for departments; all of them have answered; all are rated; taken back by the community"""
ENDED = (RATED, WITHDRAWN)
CALLED, REPORTED_IN, DONE, SCORED = "called", "reported_in", "done", "scored"
"""states of one department's call, in their order"""

_CALLERS = frozenset({Role.COMMUNITY, Role.DISPATCHER, Role.SUPERVISOR, Role.DUTY_LEADER})
_CALLEES = frozenset({Role.DEPARTMENT, Role.DISPATCHER, Role.SUPERVISOR, Role.DUTY_LEADER})


def _s(*phases: str) -> frozenset[str]:
    return frozenset(phases)


_UNIT = Need("unit", "unit", "Department")
_OWN_UNIT = Need("unit", "unit", "Department", required=False)
_NOTE = Need("note", "lines", "Note", required=False)

WHISTLE = Process(
    "whistle",
    PHASES,
    (
        Transition(
            "blow",
            "whistle.blown",
            _s(""),
            BLOWN,
            _CALLERS,
            "Blow the whistle",
            "",
            (
                Need("matter", "lines", "Matter"),
                Need("units", "units", "Departments"),
                Need("level", "choice:1|2|3|4", "Level", required=False),
                Need("incident", "incident", "Incident", required=False),
                Need("area", "area", "Grid", required=False),
            ),
            help="Call one or several departments for a matter that the community cannot settle alone.",
        ),
        Transition(
            "call_more",
            "whistle.called",
            _s(BLOWN, ANSWERED),
            BLOWN,
            _CALLERS,
            "Call one more",
            "",
            (_UNIT, _NOTE),
            guard="not_called",
        ),
        Transition(
            "report_in",
            "whistle.reported_in",
            _s(BLOWN),
            None,
            _CALLEES,
            "Report in",
            "",
            (_OWN_UNIT, Need("who", "text", "Who came", required=False), _NOTE),
            on="call",
            guard=CALLED,
            help="The department is there; the time counts.",
        ),
        Transition(
            "answer",
            "whistle.answered",
            _s(BLOWN),
            None,
            _CALLEES,
            "Give the result",
            "",
            (_OWN_UNIT, Need("result", "lines", "Result")),
            on="call",
            guard=REPORTED_IN,
        ),
        Transition(
            "rate",
            "whistle.rated",
            _s(BLOWN, ANSWERED),
            None,
            _CALLERS,
            "Rate the department",
            "",
            (_UNIT, Need("satisfaction", "choice:satisfied|fair|unsatisfied", "Satisfaction"), _NOTE),
            on="call",
            guard=DONE,
            help="The community's own judgement; with both times it makes the score.",
        ),
        Transition(
            "withdraw",
            "whistle.withdrawn",
            _s(BLOWN),
            WITHDRAWN,
            _CALLERS,
            "Withdraw the whistle",
            "",
            (Need("reason", "lines", "Reason"),),
            irreversible=True,
        ),
    ),
)
