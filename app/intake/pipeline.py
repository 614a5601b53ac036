"""One import from file to pack: open, map, check, compare with what is in force, write in chunks, activate."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from app.domain.faults import KnownFault, Message
from app.intake import rows_incidents, rows_lists, rows_places
from app.intake.base_import import import_base
from app.intake.batch import Batch, Context
from app.intake.choosing import Opened, fitting, given_profile, kind_named, open_list
from app.intake.limits import CHUNK_ROWS
from app.intake.profile import Profile, time_zone
from app.intake.reasons import RowFault, row_fault
from app.intake.records import AreaRecord, IncidentHistory, Kind, Record
from app.intake.rejects import RejectedRows
from app.intake.result import ImportResult, peak_rss_mb
from app.intake.rows_areas import AreaRow, area_rows, index_of, settle, words_of
from app.intake.shipped import generic_profile
from app.intake.sink import ImportSink, PackCounts
from app.intake.table import RawRow, Table
from app.ports import Clock

DEFAULT_ZONE: Final = "Asia/Shanghai"
Progress: TypeAlias = Callable[[float, int], None]  # share of the file read (0 to 1), rows so far
AnyRecord: TypeAlias = Record | IncidentHistory

_BUILDERS: Final[Mapping[Kind, Callable[[Batch], Sequence[AnyRecord | None]]]] = {
    Kind.COMPONENTS: rows_places.components,
    Kind.CAMERAS: rows_places.cameras,
    Kind.UNITS: rows_places.units,
    Kind.ROSTER: rows_lists.roster,
    Kind.CODES: rows_lists.codes,
    Kind.INCIDENTS: rows_incidents.incidents,
}


def import_file(
    kind: str,
    path: Path,
    profile: Profile | str | Path | None = None,
    *,
    sink: ImportSink,
    clock: Clock,
    dry_run: bool = False,
    crs: str | None = None,
    source: str | None = None,
    zone: str | None = None,
    store_zone: str | None = None,
    rejects_to: Path | None = None,
    progress: Progress | None = None,
) -> ImportResult:
    """Bring one list in; good rows land, refused ones go to a file with line and reason (in ``rejects_to``, else beside
    the file). The same file again changes nothing.

    ``profile`` is a profile, the name of a shipped one, a path, or None: recognised by the columns. ``crs``, ``source``
    and ``zone`` outrank the profile; ``store_zone`` is the one where neither says any. Raises KnownFault for what
    concerns the whole file; then nothing is in force of it. Incidents that were being put into force when it was
    stopped stay, and the sink goes on with them at its next opening.
    """
    wanted = kind_named(kind)
    began = clock.monotonic()
    if wanted is Kind.BASE:
        return import_base(
            path, given_profile(profile, wanted), sink=sink, clock=clock, dry_run=dry_run, crs=crs, source=source,
            rejects_to=rejects_to, progress=progress,
        )  # fmt: skip
    opened = open_list(wanted, path, profile, crs=crs, source=source)
    folder = rejects_to if rejects_to is not None else path.parent
    rejects = RejectedRows(folder / f"{path.stem}.rejected.csv", opened.table.columns, opened.table.unit,
                           opened.fields.personal_columns)
    run = _Run(opened, sink, clock, dry_run, zone or opened.profile.time_zone or store_zone, rejects, progress)
    try:
        run.work()
    except BaseException:
        run.abandon()
        raise
    finally:
        rejects.close()
        opened.table.close()
    seconds = max(clock.monotonic() - began, 1e-6)
    result = run.result(seconds)
    if result.rejected < result.read:
        return result
    names = [name for name in fitting(wanted, path) if name != result.profile]
    return replace(result, notes=(*result.notes, _none_taken(result.profile, names)))


def _none_taken(profile: str, names: Sequence[str]) -> Message:
    """No row was good: the profile may be the wrong one."""
    if names:
        return Message("Read with the profile {profile}. Shipped profiles that fit it: {names}.",
                       {"profile": profile, "names": ", ".join(names)})
    return Message("Read with the profile {profile}.", {"profile": profile})


def read_histories(
    path: Path,
    profile: Profile | str | Path | None,
    *,
    clock: Clock,
    areas: Sequence[AreaRecord] = (),
    crs: str | None = None,
    zone: str | None = None,
) -> Iterator[IncidentHistory]:
    """Yield the good incidents of a file in the file's order, for a replay; refused rows are left out. Raises
    KnownFault."""
    opened = open_list(Kind.INCIDENTS, path, profile, crs=crs)
    try:
        context = _context(opened, clock, zone, list(areas))
        for rows in _chunks(opened.table):
            good = [row for row in rows if row.fault is None]
            yield from (record for record in rows_incidents.incidents(_batch(context, good)) if record is not None)
    finally:
        opened.table.close()


def _context(opened: Opened, clock: Clock, zone: str | None, areas: list[AreaRecord]) -> Context:
    profile = opened.profile
    index = index_of(areas)
    usual = generic_profile(profile.kind)
    return Context(
        profile=profile,
        fields=opened.fields,
        source=opened.source,
        file=opened.path.name,
        zone=time_zone(zone or profile.time_zone or DEFAULT_ZONE),
        crs=opened.crs,
        now=clock.now(),
        crs_hint=opened.crs_hint,
        index=index,
        bounds=index.bounds(),
        areas_by_word=words_of(areas),
        size_limits=(usual.max_households, usual.max_merchants),
    )


def _batch(context: Context, rows: list[RawRow]) -> Batch:
    batch = Batch(context, rows)
    batch.require_all()
    return batch


def _chunks(table: Table) -> Iterator[list[RawRow]]:
    while chunk := list(islice(table.rows, CHUNK_ROWS)):
        yield chunk


class _Good(NamedTuple):
    """A row that nothing speaks against, its record, and what is to be known of it."""

    row: RawRow
    record: Any
    warnings: Sequence[str]


class _Run:
    """One import under way: its counts always add up."""

    def __init__(
        self,
        opened: Opened,
        sink: ImportSink,
        clock: Clock,
        dry_run: bool,
        zone: str | None,
        rejects: RejectedRows,
        progress: Progress | None,
    ) -> None:
        self._opened = opened
        self._kind = opened.profile.kind
        self._sink = sink
        self._clock = clock
        self._dry_run = dry_run
        self._rejects = rejects
        self._progress = progress
        self._areas = list(sink.areas())
        self._context = _context(opened, clock, zone, self._areas)
        self._known = sink.known_digests(self._kind.value, opened.source)
        self._seen: dict[str, str] = {}
        self._reasons: Counter[str] = Counter()
        self._warnings: Counter[str] = Counter()
        self._read = self._accepted = self._updated = self._duplicates = self._rejected = 0
        self._pack: str | None = None
        self._placed = 0

    def work(self) -> None:
        """Read all rows and bring the good ones into force."""
        if self._kind is Kind.AREAS:
            self._work_areas()
        else:
            build = _BUILDERS[self._kind]
            for rows in _chunks(self._opened.table):
                good = self._take(rows)
                batch = _batch(self._context, good)
                records = build(batch)
                self._refuse(batch)
                self._land([_Good(row, record, batch.warnings.get(i, ()))
                            for i, (row, record) in enumerate(zip(good, records, strict=True)) if record is not None])
                self._tell()
        if self._read == 0:
            raise KnownFault(Message("{file} has a header but no row", {"file": self._opened.path.name}))
        if self._pack is not None:
            self._placed = self._sink.activate(self._pack, self.counts())
        elif self._kind is Kind.AREAS and not self._dry_run:
            self._placed = self._sink.place()
        if self._progress is not None:
            self._progress(1.0, self._read)

    def _work_areas(self) -> None:
        """Areas point at each other: all rows are read before the first lands."""
        rows_of: list[RawRow] = []
        kept: list[AreaRow] = []
        for rows in _chunks(self._opened.table):
            good = self._take(rows)
            batch = _batch(self._context, good)
            found = area_rows(batch, len(rows_of))
            self._refuse(batch)
            rows_of.extend(good)
            kept.extend(row for row in found if row is not None)
            self._tell()
        records = settle(kept, self._context, self._areas)
        self._land([_Good(rows_of[row.row], record, row.warnings)
                    for row, record in zip(kept, records, strict=True)])
        if self._dry_run:
            self._placed = self._sink.placeable(records)

    def _take(self, rows: list[RawRow]) -> list[RawRow]:
        """Count a chunk and refuse the rows that the reader refused; return the others."""
        self._read += len(rows)
        good = []
        for row in rows:
            if row.fault is None:
                good.append(row)
            else:
                self._reject(row, row.fault)
        return good

    def _refuse(self, batch: Batch) -> None:
        for i, fault in sorted(batch.faults.items()):
            self._reject(batch.rows[i], fault)

    def _reject(self, row: RawRow, fault: RowFault) -> None:
        self._rejected += 1
        self._reasons[fault.reason] += 1
        self._rejects.add(row.line, fault, row.values)

    def _land(self, found: list[_Good]) -> None:
        """Sort good records into new, changed, same as in force, same or other under a key seen before; write the
        first two, and count what is to be known of them."""
        fresh: list[Any] = []
        for row, record, warnings in found:
            key, digest = record.key, record.digest
            earlier = self._seen.get(key)
            if earlier is not None:
                if earlier == digest:
                    self._duplicates += 1
                else:
                    got = key.partition(":")[2]
                    self._reject(row, row_fault("repeated_key", "key", got, "a key that stands once in the file"))
                continue
            self._seen[key] = digest
            in_force = self._known.get(key)
            if in_force == digest:
                self._duplicates += 1
                continue
            self._accepted += 1
            self._updated += in_force is not None
            self._warnings.update(warnings)
            fresh.append(record)
        if fresh and not self._dry_run:
            self._write(fresh)

    def _write(self, records: list[Any]) -> None:
        if self._pack is None:
            profile = self._opened.profile
            label = f"{profile.name} {profile.version}".strip()
            self._pack = self._sink.begin_pack(self._kind.value, self._opened.source, self._version(), label)
        if self._kind is Kind.INCIDENTS:
            self._sink.append_histories(self._pack, records)
        else:
            self._sink.write_rows(self._pack, records)

    def _version(self) -> str:
        return content_version(self._opened.path, self._clock)

    def _tell(self) -> None:
        if self._progress is not None:
            self._progress(min(self._opened.table.share(), 0.999), self._read)

    def abandon(self) -> None:
        """Drop what was staged, unless a part is in force already."""
        if self._pack is not None:
            self._sink.abandon(self._pack)

    def counts(self) -> PackCounts:
        """Return the counts so far."""
        return PackCounts(
            self._read, self._accepted, self._updated, self._rejected, self._duplicates, dict(self._reasons)
        )

    def result(self, seconds: float) -> ImportResult:
        """Return the outcome."""
        opened = self._opened
        return ImportResult(
            kind=self._kind.value,
            source=opened.source,
            profile=opened.profile.name,
            read=self._read,
            accepted=self._accepted,
            updated=self._updated,
            rejected=self._rejected,
            duplicates=self._duplicates,
            reasons=dict(self._reasons.most_common()),
            pack=self._pack,
            placed=self._placed,
            warnings=dict(self._warnings.most_common()),
            notes=opened.notes,
            rejected_file=self._rejects.path,
            dry_run=self._dry_run,
            seconds=seconds,
            rows_per_s=self._read / seconds,
            peak_rss_mb=peak_rss_mb(),
            encoding=opened.table.encoding,
            crs=opened.crs or "wgs84",
        )


def content_version(path: Path, clock: Clock) -> str:
    """Return the name of a file's content as a version: the day and the head of its SHA-256."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(2**20):
            digest.update(block)
    return f"{clock.now():%Y-%m-%d}-{digest.hexdigest()[:12]}"
