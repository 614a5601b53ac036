"""The course of one case as steps: from report to evaluation, with everything that may come between."""
from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from app.domain.limits import clock_body, extended_clock, to_ms
from app.domain.working_time import WorkCalendar
from app.drill.hands import Force
from app.intake.histories import incident_id
from app.intake.records import HistoryEvent
from app.services.book import Book
from app.services.packs import limit_of

_SERVICES: Mapping[str, tuple[str, ...]] = {
    "fire": ("119",), "police": ("110",), "emergency": ("110",), "care": ("110",)}
_OWN_SERVICES: Mapping[str, tuple[str, ...]] = {
    "0417": ("120",), "1501": ("122", "120"), "1201": ("119",), "1202": ("119", "120"), "0413": ("119", "120")}

Step = tuple[str, float, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class Words:
    """Texts of reports, results and notes."""

    report: Mapping[str, Sequence[str]]
    asked: Mapping[str, Sequence[str]]
    result: Mapping[str, Sequence[str]]
    own: Sequence[str]
    notes: Mapping[str, Sequence[str]]

    @classmethod
    def load(cls, root: Path) -> Words:
        """From `root`/scenarios/words.toml."""
        raw: dict[str, Any] = tomllib.loads((root / "scenarios" / "words.toml").read_text(encoding="utf-8"))
        return cls(raw["report"], raw["asked"], raw["result"], raw["self"]["results"], raw["notes"])

    def told(self, channel: str, place: str, code: str, kind: str, turn: float) -> str:
        """A report in the words of its channel, a question in its own; `code` and `kind`: the kind and its label."""
        choices = self.asked.get(code) or self.report.get(channel) or ("{place}：{kind}",)
        return pick(choices, turn).format(place=place, kind=kind)

    def answer(self, family: str, turn: float) -> str:
        """What a force feeds back."""
        return pick(self.result.get(family) or self.result["service"], turn)


def pick(choices: Sequence[str], turn: float) -> str:
    """One of the choices by a number in 0..1."""
    return choices[min(int(turn * len(choices)), len(choices) - 1)]


@dataclass(slots=True)
class Case:
    """A case to be told. Times in epoch seconds; `fed`, `checked`, `ended` are when the loop would be through."""

    key: str
    kind: str
    family: str
    level: int
    channel: str
    area: str | None
    at: float
    registered: float
    fed: float
    checked: float
    ended: float
    lead: Force
    other: Force
    helpers: tuple[Force, ...] = ()
    turns: Sequence[float] = ()
    steps: list[Step] = field(default_factory=list)
    phase: str = "reported"
    closed_at: float | None = None

    def add(self, step: str, at: float, **params: object) -> None:
        """Append a step."""
        self.steps.append((step, at, params))

    def events(self) -> tuple[HistoryEvent, ...]:
        """The steps in time order; equal times keep their order."""
        self.steps.sort(key=lambda s: s[1])
        return tuple(HistoryEvent(step, datetime.fromtimestamp(round(at, 3), UTC), params)
                     for step, at, params in self.steps)


class Teller:
    """Tells cases with the words, limits and calendar of the district."""

    def __init__(self, words: Words, book: Book, calendar: WorkCalendar) -> None:
        self.words, self.book, self.calendar = words, book, calendar

    def clock(self, case: Case) -> dict[str, object] | None:
        """The clock of the case as registering makes it; None where no rule speaks of it."""
        limit = limit_of(self.book, "case", case.kind, case.level)
        if limit is None:
            return None
        return dict(clock_body(self.calendar, limit, to_ms(datetime.fromtimestamp(round(case.registered, 3), UTC))))

    def phase_clock(self, case: Case, phase: str, at: float) -> dict[str, object]:
        """The clock of a phase that begins at `at`; {} without one."""
        limit = limit_of(self.book, phase, case.kind, case.level)
        if limit is None or limit.minutes is None:
            return {}
        return dict(clock_body(self.calendar, limit, to_ms(datetime.fromtimestamp(round(at, 3), UTC))))

    def self_handled(self, case: Case) -> None:
        """Found, fixed and logged in one step by the grid's worker."""
        case.add("self_handled", case.at, unit=case.lead.id, unit_name=case.lead.name, actor=case.lead.name,
                 result=pick(self.words.own, case.turns[0]))
        case.phase, case.closed_at = "closed", case.at

    def false_alarm(self, case: Case) -> None:
        """Checked on the spot, nothing there, voided."""
        note = pick(self.words.notes["false_alarm"], case.turns[1])
        case.add("reported", case.at)
        case.add("checked", case.at + 90 + 600 * case.turns[2], finding="false", note=note, actor=case.lead.name)
        end = case.at + 150 + 900 * case.turns[2]
        case.add("voided", end, reason=note, actor="dispatcher")
        case.phase, case.closed_at = "voided", end

    def merged(self, case: Case, into: Case) -> None:
        """The same matter told again: ended in the other case, which keeps its reporter."""
        end = case.at + 40 + 200 * case.turns[2]
        case.add("reported", case.at)
        case.add("merged", end, into=incident_id(into.key), actor="dispatcher")
        into.add("absorbed", end, incident=incident_id(case.key), reporters=[], actor="dispatcher")
        case.phase, case.closed_at = "merged", end

    def whole(self, case: Case) -> None:
        """The loop to its end, with what may come between: chase, return, helpers, extension, rework, evaluation."""
        turns = case.turns
        case.add("reported", case.at)
        case.add("registered", case.registered, actor=_desk(turns[3]))
        self._tell_services(case)
        span = case.fed - case.registered
        begin = self._hand_over(case, span)
        pace = [60 + 160 * turns[4], 50 + 90 * turns[5], 240 + 900 * turns[6]]
        room = 0.85 * (case.fed - begin)
        scale = min(1.0, room / (sum(pace) + 1.0))
        signed = begin + pace[0] * scale
        left = signed + pace[1] * scale
        there = left + pace[2] * scale
        if turns[7] < 0.03 and scale >= 1.0:
            case.add("chased", begin + pace[0] * 0.8, actor="dispatcher")
        lead = case.lead
        case.add("acknowledged", signed, unit=lead.id, actor=lead.name)
        if case.level <= 2 or turns[8] < 0.5:
            case.add("departed", left, unit=lead.id, actor=lead.name)
        case.add("arrived", there, unit=lead.id, actor=lead.name)
        self._help(case, begin, there)
        if turns[9] < 0.022:
            self._extend(case, there)
        self._finish(case, there)

    def _tell_services(self, case: Case) -> None:
        if case.level > 2:
            return
        for n, service in enumerate(services_of(case.kind, case.family)):
            case.add("told", case.registered + 12 + 15 * n, service=service, actor="dispatcher",
                     number=f"{service}-{int(case.turns[10] * 9000) + 1000}")

    def _hand_over(self, case: Case, span: float) -> float:
        """Assign it (now and then it comes back once and goes to another force); returns when the lead got it."""
        turns = case.turns
        wait = min((12 if case.level <= 2 else 45) + 110 * turns[11], 0.12 * span)
        given = case.registered + wait
        if turns[12] < 0.034:
            first, back = case.other, given + min(300 + 1500 * turns[13], 0.25 * span)
            case.add("assigned", given, unit=first.id, unit_name=first.name, lead=True, actor=_desk(turns[3]))
            case.add("acknowledged", given + (back - given) * 0.4, unit=first.id, actor=first.name)
            case.add("returned", back, unit=first.id, basis=pick(self.words.notes["return"], turns[14]),
                     actor=first.name)
            given = back + min(60 + 240 * turns[15], 0.1 * span)
        case.add("assigned", given, unit=case.lead.id, unit_name=case.lead.name, lead=True, actor=_desk(turns[3]))
        return given

    def _help(self, case: Case, begin: float, there: float) -> None:
        for n, unit in enumerate(case.helpers):
            at = begin + 8 + 11 * n
            case.add("assigned", min(at, there), unit=unit.id, unit_name=unit.name, lead=False, actor="dispatcher")
            case.add("acknowledged", min(at + 25, there), unit=unit.id, actor=unit.name)
            behind = 30 * (n + 1) * min(1.0, (case.fed - there) / 200)
            case.add("arrived", there + behind, unit=unit.id, actor=unit.name)

    def _extend(self, case: Case, there: float) -> None:
        clock = self.clock(case)
        minutes = clock.get("minutes") if clock else None
        if clock is None or not isinstance(minutes, int | float) or case.fed - there < 600:
            return
        more = round(minutes * 0.5)
        asked = there + (case.fed - there) * 0.3
        case.add("extension_requested", asked, minutes=more, reason=pick(self.words.notes["extension"], case.turns[14]),
                 actor=case.lead.name)
        wider: dict[str, object] = dict(extended_clock(self.calendar, clock, more))  # type: ignore[arg-type]
        case.add("extension_approved", asked + (case.fed - asked) * 0.3, minutes=more, clock=wider, actor="supervisor")

    def _finish(self, case: Case, there: float) -> None:
        turns, lead = case.turns, case.lead
        result = self.words.answer(case.family, turns[16])
        case.add("fed_back", case.fed, unit=lead.id, result=result, actor=lead.name)
        if turns[17] < 0.02:
            redo, again = (case.fed + (case.checked - case.fed) * share for share in (0.35, 0.8))
            case.add("reworked", redo, reason=pick(self.words.notes["rework"], turns[14]), actor="verifier")
            case.add("fed_back", again, unit=lead.id, result=result, actor=lead.name)
        case.add("verified", case.checked, actor="verifier")
        case.add("closed", case.ended, actor=_desk(turns[3]))
        case.phase, case.closed_at = "closed", case.ended

    def evaluate(self, case: Case, now: float) -> None:
        """The call-back, when it was done by now."""
        turns = case.turns
        at = case.ended + 1800 + 30_000 * turns[18]
        if turns[19] > 0.55 or at > now or case.phase != "closed" or not case.steps:
            return
        answer = ("unsatisfied" if turns[20] < 0.014 else "not_reached" if turns[20] < 0.08
                  else "fair" if turns[20] < 0.1 else "satisfied")
        score = {"satisfied": 100, "fair": 85, "unsatisfied": 50}.get(answer)
        extra = {"score": score} if score is not None else {}
        case.add("evaluated", at, satisfaction=answer, actor="verifier2", **extra)
        case.phase = "evaluated"


def services_of(kind: str, family: str) -> tuple[str, ...]:
    """Which emergency services are told of a grave case."""
    return _OWN_SERVICES.get(kind) or _SERVICES.get(family, ())


def _desk(turn: float) -> str:
    return "dispatcher" if turn < 0.55 else "dispatcher2"
