"""The order: its model, rules, events and commands; accepting, reading and listing; the store, which owns the
transaction over an order and its stock. May import `kit`."""
