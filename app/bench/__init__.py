"""The benchmarks that prove the promised figures; their Qt parts live in widgets/bench."""
