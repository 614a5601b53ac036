"""Zip files (xlsx, zipped Shapefiles) opened within bounds: no bomb, no password, no path is ever written."""

from __future__ import annotations

import zipfile
from pathlib import Path

from app.domain.faults import KnownFault, Message
from app.intake.limits import (
    LIBRARY_FAULTS,
    MAX_UNZIPPED_BYTES,
    MAX_WHOLE_BYTES,
    MAX_ZIP_MEMBERS,
    MAX_ZIP_RATIO,
    ZIP_RATIO_FROM_BYTES,
)


def open_zip(path: Path) -> zipfile.ZipFile:
    """Open a zip and check its directory: members, sizes, ratio, encryption. Raises KnownFault."""
    try:
        archive = zipfile.ZipFile(path)
    except LIBRARY_FAULTS:
        raise KnownFault(Message("{file} is not a zip file that can be read (cut off?)", {"file": path.name})) from None
    try:
        _check_members(path, archive.infolist())
    except BaseException:
        archive.close()
        raise
    return archive


def _check_members(path: Path, members: list[zipfile.ZipInfo]) -> None:
    size = sum(member.file_size for member in members)
    packed = max(sum(member.compress_size for member in members), 1)
    if len(members) > MAX_ZIP_MEMBERS or size > MAX_UNZIPPED_BYTES or _is_bomb(size, packed):
        raise KnownFault(
            Message("{file} would unpack to {size} MB in {count} parts from {packed} kB: that is no honest list",
                    {"file": path.name, "size": size // 2**20, "count": len(members), "packed": packed // 1024})
        )
    if any(member.flag_bits & 0x1 for member in members):
        raise KnownFault(Message("{file} is locked with a password; save it without one", {"file": path.name}))


def _is_bomb(size: int, packed: int) -> bool:
    return size > ZIP_RATIO_FROM_BYTES and size / packed > MAX_ZIP_RATIO


def read_member(archive: zipfile.ZipFile, name: str) -> bytes:
    """Return one member's bytes, never more than the bound, whatever its directory entry claims. Raises KnownFault."""
    try:
        with archive.open(name) as member:
            data = member.read(MAX_WHOLE_BYTES + 1)
    except LIBRARY_FAULTS:
        raise KnownFault(Message("{file}: the part {part} cannot be unpacked",
                                 {"file": "zip", "part": name[:80]})) from None
    if len(data) > MAX_WHOLE_BYTES:
        raise KnownFault(
            Message("{file}: the part {part} is larger than {limit} MB",
                    {"file": "zip", "part": name[:80], "limit": MAX_WHOLE_BYTES // 2**20})
        )
    return data
