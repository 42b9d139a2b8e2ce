"""What customers say of an order, and the signed links by which they are asked.
May import areas below: `notifications` and what is under it."""
