"""Files of orders that staff ask for.
May import areas below: `reconciliation` and what is under it."""
