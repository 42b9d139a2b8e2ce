"""Files of orders and of products.
May import areas below: `reconciliation` and what is under it."""
