"""A real PostgreSQL on loopback for tests, as root too; never skipped."""
from __future__ import annotations

from data.sync.loopback import Postgres, running

__all__ = ["Postgres", "running"]
