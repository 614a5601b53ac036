"""Shipped packs: code lists with source and version, the demo district, profiles, scenarios."""
