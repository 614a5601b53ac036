"""Alembic's entry: runs the revisions on the connection that `data.store.migrate` hands over."""

from __future__ import annotations

from alembic import context

from data.store.tables import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA, render_as_batch=True)
with context.begin_transaction():
    context.run_migrations()
