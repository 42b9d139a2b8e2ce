"""The saga of an order: its steps, the drivers that call them, and what finalises, cancels and retries.
May import areas below: `documents` and what is under it."""
