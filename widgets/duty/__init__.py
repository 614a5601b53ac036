"""Duty roster, units and signed presence."""
