"""Alembic migrations of the hub's schema; PostgreSQL takes each back as a whole when it fails."""

from __future__ import annotations

HUB_HEAD = "h0013"
"""revision of the hub's schema that this program works with; a test holds it equal to Alembic's own head"""
