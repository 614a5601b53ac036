"""What an import did: counts that add up, reasons, warnings, speed and memory."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil

from app.domain.faults import Message


@dataclass(frozen=True, slots=True)
class ImportResult:
    """The outcome of one import or dry run. Always: read = accepted + rejected + duplicates; accepted includes
    updated."""

    kind: str
    source: str
    profile: str
    read: int = 0
    accepted: int = 0
    updated: int = 0
    rejected: int = 0
    duplicates: int = 0
    reasons: Mapping[str, int] = field(default_factory=dict)
    pack: str | None = None  # None: nothing new, or a dry run
    warnings: Mapping[str, int] = field(default_factory=dict)
    notes: tuple[Message, ...] = ()
    rejected_file: Path | None = None
    dry_run: bool = False
    seconds: float = 0.0
    rows_per_s: float = 0.0
    peak_rss_mb: float = 0.0
    encoding: str = ""
    crs: str = ""
    placed: int = 0  # incidents that got another area by new areas; in a dry run: that would get one

    def to_json(self) -> dict[str, Any]:
        """Return the object that ``--json`` prints."""
        return {
            "kind": self.kind,
            "read": self.read,
            "accepted": self.accepted,
            "updated": self.updated,
            "rejected": self.rejected,
            "duplicates": self.duplicates,
            "reasons": dict(self.reasons),
            "pack": self.pack,
            "placed": self.placed,
            "source": self.source,
            "profile": self.profile,
            "warnings": dict(self.warnings),
            "rejected_file": str(self.rejected_file) if self.rejected_file else None,
            "dry_run": self.dry_run,
            "encoding": self.encoding,
            "crs": self.crs,
            "seconds": round(self.seconds, 3),
            "rows_per_s": round(self.rows_per_s),
            "peak_rss_mb": round(self.peak_rss_mb, 1),
        }


def peak_rss_mb() -> float:
    """Return the most memory that this process has held, in MB."""
    if sys.platform == "win32":
        return float(psutil.Process().memory_info().peak_wset) / 2**20
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 2**20 if sys.platform == "darwin" else peak / 1024.0
