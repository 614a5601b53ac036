"""The wall: its layout engine, its one snapshot of everything it shows, and its painted panels."""
