"""Item models fed by queries, shared by several rooms."""
