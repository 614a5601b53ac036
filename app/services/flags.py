"""Side states of an incident as bits of a row."""

from __future__ import annotations

from enum import IntFlag


class Flag(IntFlag):
    """Side states of an incident, beside its phase. Overdue is computed from the row's times, never stored."""

    HELD = 1
    SUPERVISED = 2
    SENSITIVE = 4
    UNACKNOWLEDGED = 8
    """nobody has taken the incident: phase reported (FIELD.md 4.5)"""
    EXTENDED = 16
    RETURNED = 32
    """given back by the last force; waits for assignment"""
    HAS_MERGED = 64
    UNSENT = 128
    """an act on it waits for the hub"""
    CONFLICT = 256
    """an act was superseded"""
    RAISED = 512
    NEEDS_ARBITER = 1024
    IMPORTED = 2048
    EXTENSION_ASKED = 4096
    REWORKED = 8192
    CHASED = 16384
    MINE = 32768
    """of the asking operator: its dispatcher, or the lead is their unit; set by the query, never stored"""
    PASSED = 65536
    """on its way to another centre, or in another centre's hands"""
