"""Inbound data: a file becomes typed records, or a rejected row with its reason."""
