"""What a hub's trouble means, in one sentence with what still works. Secrets and addresses never appear in it."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg

from app.domain.faults import KnownFault, Message


class HubTrouble(KnownFault):
    """The hub cannot be used at the moment; the seat works on and tries again."""


class HubRefusal(HubTrouble):
    """The hub will not take this seat until somebody changes something; it is asked again, seldom."""


_BY_STATE: Mapping[str, tuple[type[HubTrouble], Message]] = {
    "25006": (HubTrouble, Message("The hub is read-only (a standby).")),
    "53100": (HubTrouble, Message("The hub's disk is full.")),
    "53200": (HubTrouble, Message("The hub is out of memory.")),
    "53300": (HubTrouble, Message("The hub takes no more connections.")),
    "57P03": (HubTrouble, Message("The hub is just starting.")),
    "28P01": (HubRefusal, Message("The hub refuses this seat's secret; ask for a new one (hub seat add).")),
    "28000": (HubRefusal, Message("The hub does not let this seat in: unknown or revoked.")),
    "3D000": (HubRefusal, Message("There is no such database on the hub.")),
    "42501": (HubRefusal, Message("The hub gives this role no right: it is no seat's.")),
    "42883": (HubRefusal, Message("The hub is of another version or was never prepared (hub init).")),
    "TLS01": (HubRefusal, Message("The hub's certificate is not one that this seat trusts (sslrootcert, host name).")),
    "TLS02": (HubRefusal, Message("The hub takes encrypted connections only.")),
    "TLS03": (HubRefusal, Message("The hub offers no encryption; over a network it is required.")),
    "TLS04": (HubRefusal, Message("The hub asks for the secret in a way that would give it away (not SCRAM).")),
    "NEWER": (HubRefusal, Message("The hub is newer than this program: bring this seat up to date.")),
    "OLDER": (HubRefusal, Message("The hub is older than this program: hub init brings it up to date.")),
    "LD001": (HubRefusal, Message("This is the hub of another district.")),
    "LD002": (HubRefusal, Message("This secret belongs to another seat; each needs its own (hub seat add).")),
    "LD003": (HubRefusal, Message("The hub knows this seat under another centre than its store was founded for.")),
}
_SAME = {"3F000": "42883", "42P01": "42883"}
_BY_WORDS = (
    ("certificate verify failed", "TLS01"),
    ("root certificate file", "TLS01"),
    ("server certificate for", "TLS01"),
    ("does not match host name", "TLS01"),
    ("no encryption", "TLS02"),
    ("does not support SSL", "TLS03"),
    ("authentication method requirement", "TLS04"),
    ("password authentication failed", "28P01"),
    ("no password supplied", "28P01"),
    ("not permitted to log in", "28000"),
    ("starting up", "57P03"),
    ("read-only", "25006"),
    ("session is not read-write", "25006"),
    ("too many clients", "53300"),
    ("too many connections", "53300"),
    ("connection slots are reserved", "53300"),
)


def _told(state: str) -> HubTrouble:
    kind, trouble = _BY_STATE[state]
    return kind(Message("{trouble} Work goes on here; what is done is sent when it is over.", {"trouble": trouble}))


def other_version(theirs: str, ours: str) -> HubTrouble:
    """A hub whose schema is of another revision."""
    return _told("NEWER" if theirs > ours else "OLDER")


def known(fault: psycopg.Error) -> HubTrouble:
    """The fault in words."""
    state = fault.sqlstate or ""
    state = _SAME.get(state, state)
    if state in _BY_STATE and not (state == "28000" and "no encryption" in str(fault)):
        return _told(state)
    # what fails while connecting has no code, only the server's words
    text = str(fault)
    for words, meant in _BY_WORDS:
        if words in text:
            return _told(meant)
    if "does not exist" in text:
        return _told("3D000" if "database" in text.rpartition("FATAL")[2].partition("role")[0] else "28000")
    if not state or state.startswith(("08", "57")):
        return HubTrouble(Message("{trouble} Work goes on here; what is done is sent when it is over.",
                                  {"trouble": Message("The hub cannot be reached.")}))
    return HubTrouble(Message("The hub reports: {why}", {"why": f"{state} {text.splitlines()[0][:160]}"}))
