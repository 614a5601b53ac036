"""Everything that runs without Qt and without a database driver."""
