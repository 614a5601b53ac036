"""Tile sources of the base map: raster files and services, with a disk cache and attribution."""
