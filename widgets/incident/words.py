"""Words of the incident room."""
from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from app.domain.incident_process import INCIDENT
from app.text import fill
from widgets.forms.words import DISTRICT_ZONE, age_text, clock_text, distance_text, lang, plain, plain_lines, say

__all__ = ["DISTRICT_ZONE", "age_text", "assignment_label", "clock_text", "distance_text", "flag_labels", "lang",
           "plain", "plain_lines", "say", "screen_label", "service_list", "status_label", "tr"]


def tr(source: str, **params: object) -> str:
    """The room's text in the reader's language, `{name}` placeholders filled."""
    text = QCoreApplication.translate("incident", source)
    return fill(text, params) if params else text


def status_label(status: str) -> str:
    """Label of a unit's status."""
    labels = {"free": tr("free"), "going": tr("going"), "on_scene": tr("on scene"), "off": tr("off"),
              "unknown": tr("unknown")}
    return labels.get(status) or plain(status)


def assignment_label(state: str) -> str:
    """Label of an assignment's own state."""
    labels = {
        "assigned": tr("not signed for"), "acknowledged": tr("signed for"), "en_route": tr("en route"),
        "on_scene": tr("on scene"), "fed_back": tr("fed back"), "returned": tr("returned"), "recalled": tr("recalled"),
    }
    return labels.get(state) or plain(state)


def screen_label(screen: str) -> str:
    """Label of the screen an act was done on."""
    labels = {
        "desk": tr("desk"), "wall": tr("wall"), "gateway": tr("phone"), "field": tr("phone"), "cli": tr("command line"),
        "intake": tr("intake"), "player": tr("scenario"), "scenario": tr("scenario"), "import": tr("import"),
    }
    return labels.get(screen) or plain(screen)


def flag_labels() -> dict[int, str]:
    """Flag bit → label, in the order they are shown."""
    from app.services.views import Flag

    return {
        Flag.CONFLICT: tr("overtaken"), Flag.UNSENT: tr("not yet sent"), Flag.SUPERVISED: tr("supervised"),
        Flag.RAISED: tr("raised"), Flag.HELD: tr("held"), Flag.NEEDS_ARBITER: tr("needs an arbiter"),
        Flag.RETURNED: tr("returned"), Flag.EXTENSION_ASKED: tr("extension asked"), Flag.EXTENDED: tr("extended"),
        Flag.REWORKED: tr("reworked"), Flag.CHASED: tr("chased"), Flag.SENSITIVE: tr("sensitive"),
        Flag.IMPORTED: tr("imported"), Flag.UNACKNOWLEDGED: tr("nobody has taken it"),
    }


def service_list() -> tuple[str, ...]:
    """The emergency services that an urgent incident is told to, from the transition table."""
    told = INCIDENT.get("told")
    need = next((n for n in told.needs if n.name == "service"), None) if told else None
    return tuple(need.type.partition(":")[2].split("|"))[:3] if need else ()
