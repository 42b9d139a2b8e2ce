"""The ledger of payments, and payment providers.
May import areas below: `inventory`, `orders`, `kit`."""
