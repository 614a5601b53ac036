"""Datum, projections, areas and nearest points, base maps; pure but for the tile sources in :mod:`app.geo.tiles`."""
