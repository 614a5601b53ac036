"""Half-taken incidents: what is typed, kept on the seat at each pause, several at once."""
from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from app.domain.faults import KnownFault, Message
from app.services.commands import Act, Command, DropDraft, Reporter, ReportIncident, SaveDraft, SelfHandle
from app.services.seat import Seat
from app.services.views import Draft
from widgets.bridge import Bridge, Fault

SAVE_AFTER_MS = 300
RETRY_MS = 2_000
"""what could not be saved is tried again after this"""
_OF_DRAFTS = uuid.UUID("5b0f5a1e-6a0e-4c53-9d4e-0c9f6a6b2f11")
"""name space of the incidents that come of drafts"""


@dataclass
class Taking:
    """One draft on the desk. `fields`: name → what was typed. `unsaved`: typed since it was last handed to the seat."""

    id: str
    call_id: str | None = None
    fields: dict[str, object] = field(default_factory=dict)
    unsaved: bool = False
    level_chosen: bool = False
    sending: bool = False
    note: str = ""
    note_role: str = "muted"

    @property
    def incident_id(self) -> str:
        """The incident that comes of this draft, at each try and on each screen the same one."""
        return str(uuid.uuid5(_OF_DRAFTS, self.id))

    @property
    def empty(self) -> bool:
        """Nothing typed that would be lost."""
        return not any(value for name, value in self.fields.items() if name not in ("channel", "level"))


def new_taking(call_id: str | None = None) -> Taking:
    """A fresh draft."""
    return Taking(uuid.uuid4().hex, call_id)


def point_of(fields: Mapping[str, object]) -> tuple[float, float] | tuple[None, None]:
    """(lon, lat) of a draft, or (None, None)."""
    point = fields.get("point")
    if isinstance(point, list | tuple) and len(point) == 2:
        return float(point[0]), float(point[1])
    return None, None


def report_of(taking: Taking, incident_id: str, channel: str, *, accept: bool) -> ReportIncident | SelfHandle:
    """The command that takes the draft in, or logs it as found and fixed; blanks stay blank, the seat refuses what is
    missing."""
    fields = taking.fields
    lon, lat = point_of(fields)
    level = fields.get("level")
    name, phone = _text(fields, "name"), _text(fields, "phone")
    if fields.get("handled"):
        photos = fields.get("photos")
        return SelfHandle(
            _text(fields, "kind"), _text(fields, "place"), _text(fields, "result"), lon, lat,
            photos=digests(photos), level=int(level) if isinstance(level, str) and level.isdecimal() else None,
            description=_text(fields, "description"), channel=_text(fields, "channel") or channel,
            reporter=Reporter(name, phone) if name or phone else None, draft_id=taking.id, call_id=taking.call_id,
            incident_id=incident_id)
    return ReportIncident(
        kind=_text(fields, "kind"), channel=_text(fields, "channel") or channel, place=_text(fields, "place"),
        level=int(level) if isinstance(level, str) and level.isdecimal() else None,
        description=_text(fields, "description"), lon=lon, lat=lat,
        reporter=Reporter(name, phone) if name or phone else None,
        draft_id=taking.id, call_id=taking.call_id, accept=accept, incident_id=incident_id)


def taker(command: Command, new_id: str, into: str | None) -> Callable[[Seat], tuple[str, Message | None]]:
    """Take in (and merge) in one transaction; the number to tell the caller ("": it cannot be read here), and why it
    was taken in but not merged."""
    def take(seat: Seat) -> tuple[str, Message | None]:
        commands: list[Command] = [command]
        if into is not None:
            commands.append(Act(new_id, "merge", {"into": into}))
        _changes, errors = seat.do_all(commands)
        if errors[0] is not None:
            raise errors[0]
        unmerged = errors[-1]
        if unmerged is not None and not isinstance(unmerged, KnownFault):
            raise unmerged
        try:
            rows = seat.queue([new_id if unmerged is not None or into is None else into], ended=True)
        except KnownFault:  # it is kept all the same
            rows = []
        return rows[0].number if rows else "", None if unmerged is None else unmerged.message
    return take


def digests(kept: object) -> tuple[str, ...]:
    """The files of a draft: each as kept (digest, name) or by its digest alone."""
    if not isinstance(kept, list | tuple):
        return ()
    return tuple(str(one[0] if isinstance(one, list | tuple) else one) for one in kept)


def _text(fields: Mapping[str, object], name: str) -> str:
    value = fields.get(name)
    return value.strip() if isinstance(value, str) else ""


class DraftKeeper(QObject):
    """All drafts of this operator that are open here; saves what was typed 300 ms after the last key, and again every
    two seconds as long as it is refused."""

    saved = Signal(str)
    failed = Signal(str, object)

    def __init__(self, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self.takings: dict[str, Taking] = {}
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(SAVE_AFTER_MS)
        self._pause.timeout.connect(self.save_all)

    def touched(self, taking: Taking) -> None:
        """Something was typed."""
        taking.unsaved = True
        self._pause.start(SAVE_AFTER_MS)

    @Slot()
    def save_all(self) -> None:
        """Hand everything unsaved to the seat now."""
        self._pause.stop()
        for taking in list(self.takings.values()):
            if taking.unsaved and not taking.sending:
                self._save(taking)

    def _save(self, taking: Taking) -> None:
        taking.unsaved = False

        def failed(fault: Fault) -> None:
            if taking.id in self.takings:
                taking.unsaved = True
                if not self._pause.isActive():
                    self._pause.start(RETRY_MS)
                self.failed.emit(taking.id, fault)

        self._bridge.act(SaveDraft(taking.id, dict(taking.fields), taking.call_id),
                         lambda _changes: self.saved.emit(taking.id), failed, owner=self)

    def add(self, taking: Taking) -> Taking:
        """Hold it."""
        self.takings[taking.id] = taking
        return taking

    def adopt(self, draft: Draft) -> Taking:
        """A draft that the seat has kept; one that is already open here stays as it is typed."""
        known = self.takings.get(draft.id)
        if known is not None:
            return known
        return self.add(Taking(draft.id, draft.call_id, dict(draft.fields), level_chosen="level" in draft.fields))

    def forget(self, taking_id: str) -> None:
        """It was taken in."""
        self.takings.pop(taking_id, None)

    def drop(self, taking_id: str) -> None:
        """Throw it away."""
        if self.takings.pop(taking_id, None) is not None:
            self._bridge.act(DropDraft(taking_id), owner=self)
