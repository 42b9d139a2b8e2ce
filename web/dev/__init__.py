"""Stands in for the local cloud while pages are being built. May import everything; nothing imports it."""
