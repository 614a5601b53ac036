"""Use cases of a lone seat's backup on the command line."""

from __future__ import annotations

import argparse
import dataclasses

from app.bootstrap import seats
from app.bootstrap.output import emit, say
from app.clock import SystemClock
from app.text import mark
from data.store import backup as backups


def backup(args: argparse.Namespace) -> int:
    """`main.py backup DIR`: the seat's store into a new folder, while its screens work on."""
    clock = SystemClock()
    began = clock.monotonic()
    made = backups.make(args.data or seats.default_folder(), args.folder)
    took = clock.monotonic() - began
    emit(args, {**dataclasses.asdict(made), "folder": str(args.folder), "seconds": round(took, 2)}, "\n".join([
        say(mark("{folder}: {events} events and {files} files, {mb} MB, in {took} s. The seat's secret of the hub is "
                 "not "
                 "in it."), folder=str(args.folder), events=f"{made.events:,}", files=made.files,
            mb=f"{made.bytes / 1e6:.1f}", took=f"{took:.1f}"),
        *([say(mark("{count} files that the store names are not on this seat."), count=made.lacking)]
          if made.lacking else [])]))
    return 0


def restore(args: argparse.Namespace) -> int:
    """`main.py restore DIR --data NEW`: a backup into a new data folder, verified."""
    folder = args.data or seats.default_folder()
    made = backups.restore(args.folder, folder, SystemClock())
    emit(args, {**dataclasses.asdict(made), "folder": str(folder)}, "\n".join([
        say(mark("Restored into {folder}: {events} events, chain verified. Where the seat belonged to a hub: hub "
                 "seat add "
                 "gives it a new secret. The seat that the backup was made of must not work on."),
            folder=str(folder), events=f"{made.events:,}"),
        say(mark("Numbers go on {count} further today, so that none that was given after the backup is given again."),
            count=backups.SKIPPED)]))
    return 0
