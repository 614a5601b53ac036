"""The store's tables. Times are whole ms since 1970 UTC. What is folded from the log can be rebuilt from it."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

METADATA = MetaData()


def _table(name: str, *columns: Column[object] | Index | UniqueConstraint) -> Table:
    return Table(name, METADATA, *columns)


META = _table("meta", Column("key", String, primary_key=True), Column("value", Text, nullable=False))

EVENT = _table(
    "event",
    Column("seq", Integer, primary_key=True, autoincrement=True),
    Column("id", String(36), nullable=False, unique=True),
    Column("stream", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("seat", String, nullable=False),
    Column("seat_no", Integer, nullable=False),
    Column("occurred_at", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("content", Text, nullable=False),
    Column("hub_seq", Integer),
    Column("verdict", String, nullable=False, server_default=""),
    UniqueConstraint("seat", "seat_no"),
    Index("event_stream", "stream", "seq"),
)
"""`hub_seq`, `verdict`: place and judgement in the hub's order; NULL and "" while it has none."""

OUTBOX = _table("outbox", Column("seq", Integer, primary_key=True, autoincrement=False))
"""Local sequence of own events that no hub has ordered yet. Empty while no hub is configured: then nothing is owed."""

ORDERING = _table(
    "ordering",
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("event_id", String, nullable=False),
    Column("verdict", String, nullable=False),
    Column("hash", String(64), nullable=False),
    Column("chain", String(64), nullable=False),
)
"""The hub's order as pulled: every row, also of events whose bodies this seat may not see."""

GAP = _table("gap", Column("stream", String, primary_key=True), Column("upto", Integer, nullable=False))
"""Streams that came into this seat's area: earlier bodies are still to be fetched."""

ACT = _table("act", Column("stream", String, primary_key=True), Column("event", String, nullable=False))
"""The last deciding event of each incident, as this seat knows it: what a maker has seen."""

BOOKING = _table(
    "booking",
    Column("unit", String, primary_key=True),
    Column("confirmed", String, nullable=False, server_default=""),
    Column("own", String, nullable=False, server_default=""),
)
"""The last booking of each unit: in the hub's order, and an own one that is not sent yet."""

SYNC = _table("sync", Column("key", String, primary_key=True), Column("value", Text, nullable=False))
"""What the syncing program tells the seat's screens."""

PEER = _table(
    "peer",
    Column("centre", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("level", Integer, nullable=False),
    Column("seen_at", BigInteger),
)
"""Centres of the district and when the hub last heard of any of their seats."""

CONFLICT = _table(
    "conflict",
    Column("event", String, primary_key=True),
    Column("incident", String, nullable=False),
    Column("actor", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("answered_at", BigInteger),
)
"""Own acts that another one overtook in the hub's order or that the hub refused, and when their maker answered.
Local to the seat. `incident`: "" for what is done to none."""

CHANGE = _table(
    "change",
    Column("no", Integer, primary_key=True, autoincrement=True),
    Column("at", BigInteger, nullable=False),
    Column("what", Text, nullable=False),
)

INCIDENT = _table(
    "incident",
    Column("id", String, primary_key=True),
    Column("number", String, nullable=False),
    Column("phase", String, nullable=False),
    Column("level", Integer, nullable=False),
    Column("kind", String, nullable=False),
    Column("channel", String, nullable=False),
    Column("place", Text, nullable=False),
    Column("area", String),
    Column("area_path", String, nullable=False),
    Column("flags", Integer, nullable=False),
    Column("reported_at", BigInteger, nullable=False),
    Column("registered_at", BigInteger, nullable=False),
    Column("fed_back_at", BigInteger, nullable=False),
    Column("closed_at", BigInteger, nullable=False),
    Column("limit_from", BigInteger),
    Column("warn_at", BigInteger),
    Column("due_at", BigInteger),
    Column("phase_due_at", BigInteger),
    Column("full_due_at", BigInteger),
    Column("handler", String, nullable=False),
    Column("lead_unit", String, nullable=False),
    Column("helpers", Integer, nullable=False),
    Column("lon", Float),
    Column("lat", Float),
    Column("on_scene", Integer, nullable=False),
    Column("ended", Integer, nullable=False),
    Column("verdict", String, nullable=False),
    Column("satisfaction", String, nullable=False),
    Column("source", String, nullable=False),
    Column("external", String, nullable=False),
    Column("dispatcher", String, nullable=False),
    Column("last_seq", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("pass_to", String, nullable=False, server_default=""),
    Column("holder", String, nullable=False, server_default=""),
    Column("pass_due_at", BigInteger),
    Column("centres", String, nullable=False, server_default=""),
    Index("incident_number", "number"),
    Index("incident_external", "source", "external"),
    Index("incident_open", "ended", "phase"),
    Index("incident_reported", "reported_at"),
    Index("incident_channel", "channel", "reported_at"),
    Index("incident_counts", "area_path", "area", "phase", "centres", "registered_at", "fed_back_at", "closed_at",
          "full_due_at", "verdict"),
    Index("incident_answered", "closed_at", "satisfaction", sqlite_where=text("satisfaction != ''")),
    Index("incident_changed", "last_seq"),
)

"""`incident_counts` holds all that the counts of phases and of the month read (`reads_incidents`), areas first: one
walk along it in groups; `incident_channel` gives each channel's last report by one search."""

ASSIGNMENT = _table(
    "assignment",
    Column("incident", String, primary_key=True),
    Column("unit", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("lead", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),
    Index("assignment_unit", "unit"),
)
"""Open assignments only: which unit works on what."""

WHISTLE = _table(
    "whistle",
    Column("id", String, primary_key=True),
    Column("area_path", String, nullable=False),
    Column("ended", Integer, nullable=False),
    Column("blown_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
)

HANDOVER = _table(
    "handover",
    Column("id", String, primary_key=True),
    Column("centre", String, nullable=False),
    Column("phase", String, nullable=False),
    Column("open", Integer, nullable=False),
    Column("role", String, nullable=False),
    Column("name", String, nullable=False),
    Column("incoming", String, nullable=False),
    Column("signed_at", BigInteger, nullable=False),
    Column("began_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),
    Index("handover_open", "open", "began_at"),
)

PERSON = _table(
    "person",
    Column("id", String, primary_key=True),
    Column("role", String, nullable=False),
    Column("data", Text, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("erased_at", BigInteger),
    Column("sent", Integer, nullable=False, server_default="0"),
)
"""`sent`: 0 owed to the hub, 1 the hub has it, 2 it came from there. Staff come with the lists and are never sent."""

BLOB = _table(
    "blob",
    Column("digest", String(64), primary_key=True),
    Column("mime", String, nullable=False),
    Column("size", Integer, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("sent", Integer, nullable=False, server_default="0"),
)
"""`sent` as for a person."""

WANT = _table(
    "want",
    Column("what", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("event", String, nullable=False),
    Column("size", Integer),
    Column("there", Integer, nullable=False, server_default="0"),
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("next_at", BigInteger, nullable=False, server_default="0"),
)
"""Persons and blobs that events held here name and this seat has not. `event`: one that names it, the ground on which
the hub gives it. `size` in bytes as the hub told; NULL: not told yet. `there`: the hub has all of it. `next_at`: ms by
the machine's clock."""

PACK = _table(
    "pack",
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("source", String, nullable=False),
    Column("version", String, nullable=False),
    Column("profile", String, nullable=False),
    Column("status", String, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("activated_at", BigInteger),
    Column("counts", Text, nullable=False),
    Index("pack_kind", "kind", "source"),
)
"""status: staging, activating, active, rolled_back, abandoned."""

PACK_ROW = _table(
    "pack_row",
    Column("pack", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("digest", String, nullable=False),
    Column("before", String),
    Column("data", Text, nullable=False),
    Index("pack_row_key", "key"),
)
"""Every row that a pack brought; `before`: the pack whose row of this key it replaced."""

REF = _table(
    "ref",
    Column("kind", String, primary_key=True),
    Column("key", String, primary_key=True),
    Column("source", String, nullable=False),
    Column("digest", String, nullable=False),
    Column("pack", String, nullable=False),
    Index("ref_source", "kind", "source"),
)
"""Which row of which pack is in force."""

AREA = _table(
    "area",
    Column("id", String, primary_key=True),
    Column("code", String, nullable=False),
    Column("name", String, nullable=False),
    Column("level", Integer, nullable=False),
    Column("level_name", String, nullable=False),
    Column("parent", String),
    Column("path", String, nullable=False),
    Column("wkb", LargeBinary),
    Column("dedicated", Integer, nullable=False),
    Column("households", Integer),
    Column("merchants", Integer),
    Column("generated", Integer, nullable=False),
    Column("data", Text, nullable=False),
)

CODE = _table(
    "code",
    Column("list", String, primary_key=True),
    Column("code", String, primary_key=True),
    Column("label_zh", String, nullable=False),
    Column("label_en", String, nullable=False),
    Column("parent", String),
    Column("extra", Text, nullable=False),
    Column("position", Integer, nullable=False),
)

COMPONENT = _table(
    "component",
    Column("id", String, primary_key=True),
    Column("kind", String, nullable=False),
    Column("name", String, nullable=False),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("area", String),
    Column("class_code", String, nullable=False),
)

CAMERA = _table(
    "camera",
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("lon", Float),
    Column("lat", Float),
    Column("heading", Float),
    Column("fov", Float),
    Column("range_m", Float),
    Column("area", String),
    Column("tags", String, nullable=False),
    Column("on_wall", Integer, nullable=False),
    Column("url", String, nullable=False),
    Column("stream_kind", String, nullable=False),
    Column("gb_code", String, nullable=False),
    Column("sub_url", String, nullable=False, server_default=""),
    Column("unit", String, nullable=False, server_default=""),
)

CAMERA_STATE = _table(
    "camera_state",
    Column("id", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("since", BigInteger),
    Column("picture_at", BigInteger),
    Column("why", String, nullable=False, server_default=""),
)

CAMERA_MASK = _table("camera_mask", Column("camera", String, primary_key=True), Column("state", Text, nullable=False))
"""The privacy masks in force (`app.domain.masks`), whether or not a list that the camera is in has come here."""

UNIT = _table(
    "unit",
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("kind", String, nullable=False),
    Column("team", String, nullable=False),
    Column("call_sign", String, nullable=False),
    Column("skills", String, nullable=False),
    Column("area", String),
    Column("lon", Float),
    Column("lat", Float),
    Column("person", String),
)

UNIT_DUTY = _table(
    "unit_duty",
    Column("unit", String, primary_key=True),
    Column("on_duty", Integer, nullable=False),
    Column("since", BigInteger, nullable=False),
)

POSITION = _table(
    "position",
    Column("unit", String, primary_key=True),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("heading", Float),
    Column("own", Integer, nullable=False, server_default="1"),
)
"""`own`: reported to this seat; 0: it came from the hub."""

TRACK = _table(
    "track",
    Column("unit", String, primary_key=True),
    Column("at", BigInteger, primary_key=True),
    Column("lon", Float, nullable=False),
    Column("lat", Float, nullable=False),
)

DRONE = _table(
    "drone",
    Column("unit", String, primary_key=True),
    Column("link", String, nullable=False),
    Column("heard_at", BigInteger, nullable=False),
    Column("altitude_m", Float),
    Column("speed_mps", Float),
    Column("battery", Integer),
    Column("mode", String, nullable=False),
)

ROSTER = _table(
    "roster",
    Column("id", String, primary_key=True),
    Column("date", String, nullable=False),
    Column("shift", String, nullable=False),
    Column("role", String, nullable=False),
    Column("name", String, nullable=False),
    Column("start", BigInteger),
    Column("end", BigInteger),
    Index("roster_start", "start"),
)

SIGNED = _table(
    "signed",
    Column("role", String, primary_key=True),
    Column("name", String, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("present", Integer, nullable=False),
)

OPERATOR = _table(
    "operator",
    Column("id", String, primary_key=True),
    Column("name", String, nullable=False),
    Column("roles", String, nullable=False),
    Column("area", String),
    Column("unit", String),
    Column("secret", String, nullable=False),
    Column("disabled", Integer, nullable=False),
)

CALL = _table(
    "call",
    Column("id", String, primary_key=True),
    Column("state", String, nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("person", String),
    Column("incident", String),
    Column("operator", String, nullable=False),
)

DRAFT = _table(
    "draft",
    Column("id", String, primary_key=True),
    Column("operator", String, nullable=False),
    Column("started_at", BigInteger, nullable=False),
    Column("saved_at", BigInteger, nullable=False),
    Column("call", String),
    Column("fields", Text, nullable=False),
)

READ_MARK = _table(
    "read_mark",
    Column("operator", String, primary_key=True),
    Column("incident", String, primary_key=True),
    Column("seq", Integer, nullable=False),
)

SETTING = _table("setting", Column("key", String, primary_key=True), Column("value", Text, nullable=False))

COUNTER = _table("counter", Column("day", String, primary_key=True), Column("value", Integer, nullable=False))

WARNING = _table(
    "warning",
    Column("id", String, primary_key=True),
    Column("level", Integer, nullable=False),
    Column("title", String, nullable=False),
    Column("text", Text, nullable=False),
    Column("areas", String, nullable=False),
    Column("issued_at", BigInteger, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("until", BigInteger),
    Column("source", String, nullable=False),
)

SNAPSHOT = _table(
    "snapshot",
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("seq", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("data", LargeBinary, nullable=False),
)

FOLDED = (INCIDENT, ASSIGNMENT, UNIT_DUTY, SIGNED, CALL, WHISTLE, HANDOVER, CAMERA_MASK)
"""Tables that a replay of the log rebuilds exactly."""
