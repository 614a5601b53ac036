"""Why a row was refused and what an import warns of: stable ids with their English source texts (translated like all
texts)."""

from __future__ import annotations

from typing import Final, NamedTuple

from app.domain.faults import Message, Rejected

# Reasons for a refused row: the id is what ``--json`` and the file of rejected rows say.
REASONS: Final[dict[str, str]] = {
    "missing_required": "A required field is blank",
    "bad_number": "Not a number",
    "bad_date": "Not a date of the expected form",
    "unknown_value": "A value that the profile does not know",
    "zero_position": "The position is 0,0",
    "out_of_world": "The position lies outside the world",
    "swapped_lonlat": "Longitude and latitude seem to be swapped",
    "bad_geometry": "The geometry cannot be used",
    "repeated_key": "The same key with other content stands earlier in this file",
    "wrong_field_count": "The row has more or fewer fields than the header",
    "unclosed_quote": "A quotation mark is not closed",
    "too_long": "A field is too long",
    "bad_characters": "Characters that cannot be stored (NUL, broken encoding)",
    "not_an_object": "The record is not an object",
    "time_order": "Its times contradict each other",
    "bad_json": "The line is not JSON",
    "bad_code": "The code is not well formed",
}

# Warnings: the row was taken, a person ought to know.
WARNINGS: Final[dict[str, str]] = {
    "repaired_polygon": "Invalid polygons were repaired",
    "doubtful_repair": "Repaired polygons whose area changed by more than 1 %",
    "no_geometry": "Areas without a geometry (a list of names)",
    "unknown_parent": "Areas whose parent was not found",
    "parent_cycle": "Areas whose parents form a circle; the parent was dropped",
    "renamed_area": "Areas that another source names differently",
    "no_area": "Points in no area (kept, shown as such)",
    "unplaced": "Rows without a position (kept)",
    "zero_position": "Positions 0,0 taken as no position (kept without a place)",
    "households_over": "Ordinary grids with more households than the rule allows",
    "merchants_over": "Dedicated grids with more merchants than the rule allows",
    "kind_without_code": "Kinds that the profile gives no code (kept under their own word)",
    "closing_time_unknown": "Closed without a closing time",
    "closing_time_ignored": "A closing time on a case that is not closed (not used)",
    "bad_gb_code": "GB/T 28181 device codes that are not well formed",
    "unknown_area": "Area names or codes that are not in the list of areas",
    "row_key": "Rows without an id of their own: identified by their content",
    "in_future": "Times in the future",
}


class RowFault(NamedTuple):
    """Why one row is refused: the reason's id, the field or column, what stood there, what was expected."""

    reason: str
    field: str
    got: object
    expected: Message

    def as_rejected(self, where: str) -> Rejected:
        """Return the fault in the one form of all intakes; ``where`` is for example ``line 17``."""
        path = f"{where}, {self.field}" if self.field else where
        return Rejected(path=path, got=self.got, expected=str(self.expected))


def row_fault(reason: str, field: str, got: object, expected: str, /, **params: object) -> RowFault:
    """Return a fault; ``expected`` is an English source text whose placeholders ``params`` fill."""
    return RowFault(reason, field, got, Message(expected, params))


def reason_text(reason: str) -> Message:
    """Return the sentence for a reason's or warning's id."""
    return Message(REASONS.get(reason) or WARNINGS.get(reason) or reason)


def warning_text(warning: str) -> Message:
    """Return the sentence for a warning's id."""
    return Message(WARNINGS.get(warning) or REASONS.get(warning) or warning)
