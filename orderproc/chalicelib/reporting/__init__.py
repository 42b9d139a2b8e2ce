"""Counts orders as they change, publishes metrics, answers how the shop does.
May import areas below: `operations` and what is under it."""
