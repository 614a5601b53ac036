"""Rules and state machines of the field: standard library only, no clock, no input or output."""
