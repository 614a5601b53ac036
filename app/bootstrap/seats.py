"""Stores, seats and operators: who acts, on which data folder, by which clock."""

from __future__ import annotations

import contextlib
import getpass
import json
import os
from collections.abc import Callable, Collection, Iterator
from datetime import datetime
from pathlib import Path

import platformdirs

from app import text
from app.bootstrap.output import note
from app.clock import DrillClock, SystemClock
from app.domain.faults import KnownFault, Message, Refused
from app.domain.process import Role
from app.domain.working_time import WorkCalendar
from app.intake.histories import Lists
from app.intake.records import CodeRecord
from app.intake.sink import PackCounts
from app.ports import Clock
from app.services.changes import Changes
from app.services.local_seat import LocalSeat
from app.services.operator import Operator
from app.services.packs import Pack, load_calendars, load_packs
from app.services.permissions import LIST_ROLES
from data.store import people
from data.store.packs import PackSink
from data.store.seat_store import SqliteSeatStore
from data.store.store import STORE_FILE, Founding, Store

REFERENCE = Path(__file__).resolve().parents[2] / "data" / "reference"
ROOT_SOURCE = "liandong"
HUB = "hub"
"""meta key: the hub's address; absent or empty on a seat that is alone"""
LOCAL_OPERATOR = "local"
LOOK_AT_DISK_S = 1.0
"""how often a screen asks whether the disk still takes writes (PROMISES.md 3: told within 2 s)"""


def default_folder() -> Path:
    """The data folder when none is given: the environment's, else the live store's, else the demo's."""
    given = os.environ.get("LIANDONG_DATA")
    if given:
        return Path(given)
    base = Path(platformdirs.user_data_dir("liandong", appauthor=False))
    for name in ("live", "demo"):
        if (base / name / STORE_FILE).exists():
            return base / name
    return base / "live"


def demo_folder() -> Path:
    """Where the demo district lies when no folder is given."""
    return Path(
        os.environ.get("LIANDONG_DATA") or Path(platformdirs.user_data_dir("liandong", appauthor=False)) / "demo"
    )


def calendar(store: Store | None = None) -> WorkCalendar:
    """The working calendar of a store: its folder's own (`calendars/`), else the shipped one by the store's clock."""
    if store is None:
        return load_calendars(REFERENCE).calendar()
    if (store.folder / "calendars").is_dir():
        return load_calendars(store.folder).calendar()
    return load_calendars(REFERENCE).calendar(store.meta.get("timezone"))


def has_hub(folder: Path) -> bool:
    """Whether the seat was joined to a hub (or to one by files)."""
    with opened(folder) as store:
        return bool(store.meta.get(HUB))


def open_store(folder: Path) -> Store:
    """Open a store with the clock that it runs on, and finish what a kill interrupted."""
    clock = DrillClock()
    store = Store(folder, clock)
    set_clock(clock, store.meta.get("clock"))
    store.clock = clock if store.meta.get("clock") else SystemClock()
    return store


def set_clock(clock: DrillClock, anchors: str | None) -> None:
    """Read a drill's anchors (`clock` of the store's meta) into the clock."""
    if anchors:
        raw = json.loads(anchors)
        clock.set(datetime.fromisoformat(raw["real"]), datetime.fromisoformat(raw["scaled"]), float(raw["speed"]),
                  stands=raw.get("stands") is True)


def write_clock(store: Store, scaled: datetime, speed: float, *, stands: bool = False) -> None:
    """Let a drill's time run on from `scaled` at `speed`, or stand there, for every program on the store."""
    store.set_meta("clock", json.dumps({"real": SystemClock().now().isoformat(), "scaled": scaled.isoformat(),
                                        "speed": speed, "stands": stands}))
    with store.transaction(screen="drill", actor="system") as tx:
        tx.mark(Changes(settings=True))
    if isinstance(store.clock, DrillClock):
        set_clock(store.clock, store.meta["clock"])


def wake(folder: Path) -> None:
    """A screen opens: time that stands because the demo was closed runs on."""
    with opened(folder) as store:
        if isinstance(store.clock, DrillClock) and store.clock.stands:
            write_clock(store, store.clock.now(), 1.0)


class OpenSeat(LocalSeat):
    """A `LocalSeat` whose drill clock follows the store when another program changes its speed."""

    store: Store
    _looked = 0.0
    _down = False

    def poll_changes(self) -> Changes:
        """As `LocalSeat`; settings may change the clock. Raises `DiskFull` while the disk is full."""
        now = SystemClock().monotonic()
        if self._down or now - self._looked >= LOOK_AT_DISK_S:
            self._looked = now
            self._down = True
            self.store.demand_room()
            self._down = False
        changed = super().poll_changes()
        if changed.settings and isinstance(self.clock, DrillClock):
            set_clock(self.clock, self.store.read_meta("clock"))
        return changed

    @property
    def speed(self) -> float:
        """How fast this seat's time runs; 1.0 on a live one."""
        return self.clock.speed if isinstance(self.clock, DrillClock) else 1.0


def open_seat(
    folder: Path, operator: str | None = None, *, screen: str, role: Role | None = None, password: str | None = None
) -> OpenSeat:
    """One operator's seat on the store in `folder`. `role`: who is meant when no operator is named."""
    return _seated(open_store(folder), lambda store: sign_in(store, operator, role, password), screen)


def open_device_seat(folder: Path, name: str) -> OpenSeat:
    """The seat of a program that only takes in what devices say; `name` stands for it in the log."""
    return _seated(open_store(folder), lambda _store: Operator(name, name, frozenset({Role.INTAKE}), None), name)


def _seated(store: Store, who_acts: Callable[[Store], Operator], screen: str) -> OpenSeat:
    try:
        who = who_acts(store)
        seat = OpenSeat(SqliteSeatStore(store, who.id, screen), who, store.clock, calendar(store), screen=screen)
        seat.store = store
        store.tidy()
        return seat
    except BaseException:
        store.close()
        raise


def sign_in(store: Store, operator: str | None, role: Role | None, password: str | None) -> Operator:
    """The operator who acts. A store without operators is open to the machine's user, with every role of the desk.

    Raises `KnownFault` for an unknown name, a missing or a wrong password.
    """
    known = people.operators(store)
    if not known:
        return Operator(
            LOCAL_OPERATOR, operator or _user(), frozenset(Role) - {Role.AUDITOR, Role.SECURITY_ADMIN}, None
        )
    if operator is None:
        open_ones = [o for o, secret in known if not secret and (role is None or role in o.roles)]
        if open_ones and store.identity.nature != "live":
            return open_ones[0]
        raise KnownFault(
            Message(
                "Say who you are: --as OPERATOR. This store knows: {names}",
                {"names": ", ".join(o.id for o, _ in known)},
            )
        )
    for one, secret in known:
        if one.id == operator:
            if secret and not _password_fits(secret, password or _kept_password(store, operator)):
                raise KnownFault(Message("The password of {operator} is missing or wrong.", {"operator": operator}))
            return one
    raise KnownFault(
        Message(
            "There is no operator {operator}. This store knows: {names}",
            {"operator": operator[:60], "names": ", ".join(o.id for o, _ in known)},
        )
    )


def keeper(store: Store, operator: str | None) -> str:
    """The id of the operator who brings lists in. Raises `KnownFault` as `sign_in`, `Refused` for another role."""
    who = sign_in(store, operator, Role.SUPERVISOR, None)
    if not who.roles & LIST_ROLES:
        raise Refused(Message("Your role may not bring lists in. These may: {roles}",
                              {"roles": ", ".join(sorted(role.value for role in LIST_ROLES))}))
    return who.id


def sign_in_names(folder: Path) -> list[tuple[str, str]]:
    """(id, shown name) of those who must give a password; empty where the seat opens without one."""
    with opened(folder) as store:
        return [(o.id, o.name) for o, secret in people.operators(store) if secret]


def setting(folder: Path, key: str) -> object:
    """A setting of the seat in `folder`, None when it was never set."""
    with opened(folder) as store:
        return SqliteSeatStore(store, "system", "check").reads.setting(key)


def centre_name(folder: Path) -> str:
    """Name of the centre whose seat lies in `folder`."""
    with opened(folder) as store:
        return str(store.meta["centre_name"])


def _user() -> str:
    with contextlib.suppress(OSError, KeyError):
        return getpass.getuser()
    return LOCAL_OPERATOR


def _kept_password(store: Store, operator: str) -> str | None:
    given = os.environ.get("LIANDONG_PASSWORD")
    if given is not None:
        return given
    import keyring
    import keyring.errors

    with contextlib.suppress(keyring.errors.KeyringError, RuntimeError):
        return keyring.get_password(f"liandong:{store.identity.seat}", operator)
    return None


def _password_fits(secret: str, password: str | None) -> bool:
    from argon2 import PasswordHasher
    from argon2.exceptions import Argon2Error, InvalidHashError

    if password is None:
        return False
    try:
        return PasswordHasher().verify(secret, password)
    except (Argon2Error, InvalidHashError):
        return False


def hash_password(password: str) -> str:
    """argon2id hash of a password."""
    from argon2 import PasswordHasher

    return PasswordHasher().hash(password)


def found(folder: Path, founding: Founding, clock: Clock | None = None) -> None:
    """Found a store with the shipped code lists; leaves one that is there as it is."""
    store = Store.create(folder, founding, clock or SystemClock())
    try:
        if not store.read.exec_driver_sql("SELECT count(*) FROM code").scalar_one():
            load_reference(store)
    finally:
        store.close()


def load_reference(store: Store) -> None:
    """Bring the shipped code lists into force, one pack per list."""
    sink = pack_sink(store, actor="system")
    for pack in load_packs(REFERENCE):
        bring_reference(sink, pack)


def bring_reference(sink: PackSink, pack: Pack, only: Collection[str] | None = None) -> None:
    """Bring a shipped list into force, or just some codes of it."""
    digest = f"{pack.name}@{pack.version}"
    rows = [
        CodeRecord(
            f"{ROOT_SOURCE}:{c.list}/{c.code}",
            c.list,
            c.code,
            c.label_zh,
            c.label_en,
            c.parent,
            {**c.extra, "position": i + 1},
            digest,
        )
        for i, c in enumerate(pack.codes) if only is None or c.code in only
    ]
    staged = sink.begin_pack("codes", ROOT_SOURCE, f"{pack.name} {pack.version}", pack.source)
    sink.write_rows(staged, rows)
    sink.activate(staged, PackCounts(read=len(rows), accepted=len(rows)))


def pack_sink(store: Store, *, actor: str, progress: Callable[[str, int, int], None] | None = None) -> PackSink:
    """The sink that imports write to; the store is held for it until it is closed, what was interrupted is finished.

    Raises `KnownFault` while another program brings a list in.
    """
    store.hold_for_import()
    sink = bare_sink(store, actor=actor, progress=progress)
    sink.finish_interrupted()
    return sink


def bare_sink(store: Store, *, actor: str, progress: Callable[[str, int, int], None] | None = None) -> PackSink:
    """A sink that finishes nothing and holds nothing: for a dry run, and for taking packs back."""
    reads = SqliteSeatStore(store, actor, "import").reads
    names = {u.id: u.name for u in reads.units(None)}
    return PackSink(store, Lists(reads.book, calendar(store), names.get), actor=actor, progress=progress,
                    tell=lambda message: note(text.render(message)))


@contextlib.contextmanager
def opened(folder: Path) -> Iterator[Store]:
    """A store that is closed again."""
    store = open_store(folder)
    try:
        yield store
    finally:
        store.close()
