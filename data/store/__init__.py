"""Tables, event log, projections, unit of work and migrations."""
