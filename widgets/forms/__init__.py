"""Fields that take what a person types: made from a process's needs, shared by action forms and call taking."""
