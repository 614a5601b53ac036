"""Inbound data: each parser gives commands, or a rejected record with its reason."""
