"""The selected incident and the taking of calls."""
