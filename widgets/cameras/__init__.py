"""Camera tiles."""
