"""What leaves the building: reports and the situation map, all text through one escaping door."""
