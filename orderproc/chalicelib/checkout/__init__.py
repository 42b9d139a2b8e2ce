"""Carts and the ways from a cart, or from one product, to an order.
May import areas below: `payments` and what is under it."""
