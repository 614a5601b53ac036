"""How a report comes into its file: whole, or not at all."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Iterator
from pathlib import Path

from app.domain.faults import KnownFault, Message, why_of


@contextlib.contextmanager
def whole(path: Path) -> Iterator[Path]:
    """A file to write into, which takes the place of `path` at the end of the block. Raises `KnownFault` when it
    cannot be written; then what lay under the name lies there still, and nothing beside it."""
    part = path.parent / f"{path.name}.part"
    try:
        if not path.name or path.is_dir():
            raise IsADirectoryError(errno.EISDIR, "")
        yield part
        os.replace(part, path)
    except OSError as fault:
        raise KnownFault(Message("{file} cannot be written: {why}", {"file": str(path), "why": why_of(fault)})
                         ) from fault
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)
