"""Bringing a city in, and playing its history: use cases of the command line."""

from __future__ import annotations

import argparse
from pathlib import Path

from app import text
from app.bootstrap import reference, seats
from app.bootstrap.output import emit, say, transient
from app.clock import SystemClock
from app.domain.faults import KnownFault, Message
from app.intake.opening import check_file, detect_format
from app.intake.pipeline import import_file
from app.intake.reasons import reason_text
from app.intake.result import ImportResult
from app.intake.shipped import shipped_names
from app.text import mark
from data.store import people
from data.store.packs import list_packs
from data.store.store import STORE_FILE, Founding

UNNAMED = "000000"


def init(args: argparse.Namespace) -> int:
    """`main.py init`."""
    folder = args.data or seats.default_folder()
    if (folder / STORE_FILE).exists():
        raise KnownFault(Message("There is a store in {folder} already; it was left as it is.", {"folder": folder}))
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        ZoneInfo(args.timezone)
    except (ZoneInfoNotFoundError, ValueError) as fault:
        raise KnownFault(
            Message("There is no time zone {zone}; name one like Asia/Shanghai", {"zone": args.timezone[:60]})
        ) from fault
    _found(folder, args.district, args.name, args.centre, args.timezone)
    emit(args, {"data": str(folder)}, say(mark("Founded in {folder}"), folder=str(folder)))
    return 0


def _found(
    folder: Path,
    district: str = UNNAMED,
    name: str = "",
    centre: str = "",
    timezone: str = "Asia/Shanghai",
    nature: str = "live",
) -> None:
    centre = centre or (f"{name}智慧联动中心" if name else "智慧联动中心")
    seats.found(folder, Founding(district, name or district, district, centre, nature, timezone))


def found_unnamed(folder: Path) -> None:
    """A store for the first list brought in."""
    _found(folder)


def import_(args: argparse.Namespace) -> int:
    """`main.py import KIND FILE`. A folder without a store gets one: the first list brought in founds the district.

    Cameras may also come from a platform: `import cameras wvp://host:port`.
    """
    if isinstance(args.file, str):
        from app.bootstrap import platforms

        if args.kind != "cameras":
            raise KnownFault(Message("Only cameras come from a platform: import cameras wvp://host:port"))
        return platforms.sync(args, args.file)
    folder = args.data or seats.default_folder()
    if not args.file.exists():
        raise KnownFault(Message("There is no file {file}", {"file": args.file}))
    if not (folder / STORE_FILE).exists():
        if args.dry_run:
            raise KnownFault(Message("There is no store in {folder} yet, and a dry run founds none. "
                                     "Found it first with: main.py init", {"folder": folder}))
        check_file(args.file)
        detect_format(args.file)  # a file that is no list founds no store
        _found(folder)
    result = import_list(
        folder,
        args.kind,
        args.file,
        args.profile,
        crs=args.crs,
        dry_run=args.dry_run,
        operator=args.operator,
        source=args.source,
        zone=args.time_zone,
    )
    emit(args, result.to_json(), words_of(result))
    return 0 if result.accepted or result.duplicates or not result.read else 1


def import_list(
    folder: Path, kind: str, file: Path, profile: str | None, *, crs: str | None, dry_run: bool,
    operator: str | None = None, source: str | None = None, zone: str | None = None,
) -> ImportResult:
    """One list from its file into the store of `folder`, by an operator who may.

    Raises `KnownFault` for what concerns the whole file, `Refused` for the role.
    """
    with seats.opened(folder) as store:
        over = seats.bare_sink if dry_run else seats.pack_sink
        sink = over(store, actor=seats.keeper(store, operator), progress=_activating)
        return import_file(
            kind, file, profile, sink=sink, clock=SystemClock(), crs=crs, dry_run=dry_run, zone=zone,
            store_zone=store.meta.get("timezone"), progress=_reading, source=source,
            rejects_to=folder / people.REJECTED,
        )


def _reading(share: float, rows: int) -> None:
    transient(f"{share:4.0%} {rows:,}")


def _activating(what: str, done: int, total: int) -> None:
    transient(f"{what} {done:,}/{total:,}")


def words_of(result: ImportResult) -> str:
    """What an import did, in lines for people."""
    lines = [
        say(
            mark(
                "read {read} = accepted {accepted} (updated {updated}) + rejected {rejected} + duplicates {duplicates}"
            ),
            read=result.read,
            accepted=result.accepted,
            updated=result.updated,
            rejected=result.rejected,
            duplicates=result.duplicates,
        )
    ]
    lines += [
        f"  {reason}: {count:,}  {text.render(reason_text(reason))}"
        for reason, count in [*result.reasons.items(), *result.warnings.items()]
    ]
    if result.placed:
        told = mark("Incidents that would be placed in these areas: {count}") if result.dry_run else mark(
            "Incidents placed in these areas: {count}")
        lines.append(say(told, count=f"{result.placed:,}"))
    lines += [text.render(note) for note in result.notes]
    if result.rejected_file is not None:
        lines.append(say(mark("rejected rows with line and reason: {file}"), file=str(result.rejected_file)))
    if result.dry_run:
        lines.append(say(mark("A dry run: nothing was changed.")))
    lines.append(
        say(
            mark("{seconds} s, {rate} rows/s, {memory} MB"),
            seconds=f"{result.seconds:.1f}",
            rate=f"{result.rows_per_s:,.0f}",
            memory=f"{result.peak_rss_mb:.0f}",
        )
    )
    return "\n".join(lines)


def profiles(args: argparse.Namespace) -> int:
    """`main.py profiles`."""
    names = list(shipped_names())
    emit(args, {"profiles": names}, "\n".join(names))
    return 0


def pack(args: argparse.Namespace) -> int:
    """`main.py pack list`, `pack rollback ID`, `pack codes [LIST]`, and of the shipped lists `pack shipped`,
    `pack update [LIST]`."""
    if args.action == "codes":
        return reference.codes(args)
    if args.action in ("shipped", "update"):
        return reference.update(args)
    with seats.opened(args.data or seats.default_folder()) as store:
        found = list_packs(store)
        if args.action == "rollback":
            if not args.id:
                raise KnownFault(Message("Name the pack: pack rollback ID (pack list shows them)."))
            actor = seats.keeper(store, args.operator)
            full = [p["id"] for p in found if str(p["id"]).startswith(args.id)]
            if len(full) != 1:
                raise KnownFault(Message("There is no pack {pack} in force.", {"pack": args.id[:60]}))
            store.hold_for_import()
            count = seats.bare_sink(store, actor=actor).roll_back(str(full[0]))
            emit(args, {"pack": full[0], "rows": count}, say(mark("{count} rows taken back."), count=count))
            return 0
        shown = ("id", "kind", "source", "version", "status")
        emit(args, {"packs": found},
             "\n".join("  ".join(text.plain(str(p[name])) for name in shown) for p in found))
    return 0


def replay(args: argparse.Namespace) -> int:
    """`main.py replay FILE --profile P --speed N`."""
    from app.bootstrap.replaying import replay_city

    return replay_city(args)
