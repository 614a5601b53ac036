"""Calls: the strip of what rings and waits, and the panel that takes an incident in while it is told."""
