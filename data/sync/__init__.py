"""Joining seats through a PostgreSQL hub: its schema and functions, and each seat's push, pull and rebase."""
