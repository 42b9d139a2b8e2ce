"""Receipts, as PDF, and where documents are stored.
May import areas below: `checkout` and what is under it."""
