"""Persistence: plugs into the ports of app."""
