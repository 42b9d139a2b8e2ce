"""Finds where orders, payments, stock and documents disagree, and repairs what is safe to repair.
May import areas below: `feedback` and what is under it."""
