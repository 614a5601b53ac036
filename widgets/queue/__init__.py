"""The queue of incidents."""
