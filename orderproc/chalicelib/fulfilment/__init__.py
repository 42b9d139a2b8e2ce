"""Shipments, and what carriers report of them.
May import areas below: `workflow` and what is under it."""
