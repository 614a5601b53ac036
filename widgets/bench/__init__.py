"""The Qt parts of the benchmarks."""
