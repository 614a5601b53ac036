"""Demo district, scenario player and replay, each in its own store with its own scaled clock."""
