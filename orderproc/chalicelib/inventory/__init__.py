"""The catalogue, and the stock of its products.
May import `orders` and `kit`."""
