"""Colours, sizes, fonts and icons: the only place with such literals."""
