"""Supervision of camera pictures: no widgets."""
