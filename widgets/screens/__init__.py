"""Desk and wall: composition of the rooms only."""
