"""What is known of the incident, one line per fact; a fact that is not there takes no room."""
from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from app.services.book import Book
from app.services.lamp import duration_text
from app.services.views import Flag, IncidentView, ReporterView
from app.text import language
from widgets.incident.words import (
    DISTRICT_ZONE,
    age_text,
    clock_text,
    flag_labels,
    plain,
    plain_lines,
    say,
    service_list,
    tr,
)
from widgets.theme import px
from widgets.theme.labels import Label, set_role

Line = tuple[str, str]
"""(role, text): role "" plain, "muted", "words" (a person's own), "warning", "danger", "strong"."""
LONGEST_SHOWN = 1_500
"""Characters of a person's words shown at once; the rest opens on demand."""


def place_lines(view: IncidentView, book: Book) -> list[Line]:
    """Where: the place, the areas it lies in, and the caller's own words for it where they differ."""
    row = view.row
    area = book.area_label(row.area_id, 3)
    place = plain(row.place)
    lines: list[Line] = [("strong", place or tr("No place given"))]
    if area:
        entry = book.areas.get(row.area_id or "")
        dedicated = tr(" · dedicated grid") if entry is not None and entry.dedicated else ""
        lines.append(("muted", plain(area) + dedicated))
    elif row.lon is not None:
        lines.append(("warning", tr("In no grid: the point lies outside every area")))
    if row.lon is None:
        lines.append(("warning", tr("No point on the map yet")))
    if view.original_place and plain(view.original_place).strip() != place.strip():
        lines.append(("words", tr("In their words: “{words}”", words=plain(view.original_place))))
    return lines


def reporter_text(reporter: ReporterView) -> str:
    """One reporter, as masked as the seat gave it."""
    if reporter.erased:
        return tr("reporter erased")
    return plain(" ".join(part for part in (reporter.name, reporter.phone) if part)) or tr("reporter unknown")


def source_lines(view: IncidentView, book: Book, lang: str, now: float,
                 zone: str = DISTRICT_ZONE) -> list[Line]:
    """Where it came from, when, how often, who reported."""
    row = view.row
    parts = [tr("Source {channel}", channel=plain(book.label("channel", row.channel, lang)))]
    if view.external_number:
        parts.append(tr("their number {number}", number=plain(view.external_number)))
    parts.append(tr("reported {at} ({age} ago)", at=clock_text(row.reported_at, now, zone),
                    age=age_text(now - row.reported_at)))
    lines: list[Line] = [("muted", " · ".join(parts))]
    if view.reporters:
        shown = [reporter_text(r) for r in view.reporters[:4]]
        more = len(view.reporters) - len(shown)
        text = language().join(shown) + (tr(" and {n} more", n=more) if more > 0 else "")
        lines.append(("muted", tr("Reporter {who}", who=text)))
    return lines


def state_lines(view: IncidentView, book: Book, now: float, zone: str = DISTRICT_ZONE) -> list[Line]:
    """What an urgent incident still lacks, who was told, why it is due when it is, the side states."""
    lines: list[Line] = []
    if view.missing:
        lacks = " · ".join(plain(say(m, book)) for m in view.missing)
        lines.append(("danger", tr("Still missing: {what}", what=lacks)))
    if view.passes:
        lines.append(_pass_line(view, now, zone))
    if view.merged_into:
        lines.append(("warning", tr("Merged into {number}", number=plain(view.merged_into[1]))))
    if view.row.level <= 2 or view.told:
        lines.append(("", _told_text(view, now, zone)))
    if view.due_because:
        lines.append(("muted", tr("Time limit: {why}", why=" · ".join(plain(say(m, book)) for m in view.due_because))))
    counted = [tr("returned {n}×", n=view.returns)] if view.returns else []
    counted += [tr("reworked {n}×", n=view.reworks)] if view.reworks else []
    flags = [label for bit, label in flag_labels().items()
             if view.row.flags & bit and not (bit == Flag.RETURNED and view.returns)
             and not (bit == Flag.REWORKED and view.reworks)]
    if flags or counted:
        bad = view.row.flags & (Flag.CONFLICT | Flag.NEEDS_ARBITER)
        lines.append(("warning" if bad else "", " · ".join(flags + counted)))
    if view.verdict or view.satisfaction:
        lines.append(("muted", " · ".join(_ending(view))))
    return lines


def _pass_line(view: IncidentView, now: float, zone: str) -> Line:
    """Between which centres it stands, how often it went to and fro, and whether the time to sign is over."""
    passes, due = view.passes, view.row.pass_due_at
    last = passes[-1]
    at = clock_text(last.answered_at or last.at, now, zone)
    words = {"to": plain(last.to_name), "from": plain(last.source_name), "at": at}
    texts = {
        "offered": tr("On its way from {from} to {to}, which has not signed for it yet ({at})", **words),
        "signed": tr("Passed from {from}; {to} signed for it ({at})", **words),
        "refused": tr("{to} gave it back to {from} ({at})", **words),
        "taken_back": tr("{from} took it back from {to} ({at})", **words),
        "lapsed": tr("It ended before {to} signed for it", **words),
    }
    counted = tr(" · passed {n}×", n=len(passes)) if len(passes) > 1 else ""
    decided = tr(" · it may not be given back") if last.binding else ""
    if last.state == "offered" and due is not None and due < now:
        over = tr(" · not signed for in time: {time} over", time=say(duration_text(due - now)))
        return "danger", texts["offered"] + over + decided + counted
    return ("warning" if last.state in ("offered", "refused") else ""), texts[last.state] + decided + counted


def _ending(view: IncidentView) -> list[str]:
    verdicts = {"ONTIME": tr("imported verdict: on time"), "OVERDUE": tr("imported verdict: overdue")}
    scores = {"satisfied": tr("satisfied"), "fair": tr("fairly satisfied"), "unsatisfied": tr("unsatisfied"),
              "not_reached": tr("not reached")}
    parts = [verdicts.get(view.verdict, plain(view.verdict))] if view.verdict else []
    if view.satisfaction:
        parts.append(tr("call-back: {answer}", answer=scores.get(view.satisfaction, plain(view.satisfaction))))
    return parts


def _told_text(view: IncidentView, now: float, zone: str) -> str:
    said = {t.service: t for t in view.told}
    parts = []
    for service in dict.fromkeys((*service_list(), *said)):
        told = said.get(service)
        if told is None:
            parts.append(tr("{service} not told", service=service))
        else:
            number = f" {plain(told.number)}" if told.number else ""
            parts.append(tr("{service} told {at}", service=plain(service), at=clock_text(told.at, now, zone)) + number)
    return " · ".join(parts)


def description_lines(view: IncidentView, *, whole: bool = False) -> list[Line]:
    """The description in the reporter's own words, to its end when `whole`."""
    words = plain_lines(view.description if whole else view.description[:LONGEST_SHOWN])
    if not words.strip():
        return []
    if len(view.description) > LONGEST_SHOWN and not whole:
        words += tr(" … ({n} more characters)", n=len(view.description) - LONGEST_SHOWN)
    return [("words", words)]


class FactLines(QWidget):
    """Lines of text under each other, each a plain-text label that is reused."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._labels: list[Label] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(px(4))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_lines(self, lines: list[Line]) -> None:
        """Show exactly these."""
        while len(self._labels) < len(lines):
            self._labels.append(self._made())
        for label, (role, text) in zip(self._labels, lines, strict=False):
            if label.text() != text:
                label.setText(text)
            set_role(label, role)
            label.show()
        for label in self._labels[len(lines):]:
            label.hide()
        self.setVisible(bool(lines))

    def _made(self) -> Label:
        label = Label(parent=self)
        label.setWordWrap(True)
        label.setMinimumWidth(0)
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._layout.addWidget(label)
        return label

    def texts(self) -> list[str]:
        """What is shown."""
        return [label.text() for label in self._labels if not label.isHidden()]


