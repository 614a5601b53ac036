"""Use cases: commands, handlers, queries and permissions over the ports."""
