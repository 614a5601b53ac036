"""Alembic migrations of a seat's store; always run on a copy, never on the store itself."""
from __future__ import annotations

HEAD = "0012"
"""revision that this program reads and writes; a test holds it equal to Alembic's own head"""
