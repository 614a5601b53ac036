"""Datum, projections, point-in-grid, spatial index and clustering; no widgets, no database."""
