"""Measures: what an order costs, and how fast things are, each against its budget from the design.
May import everything; nothing but tests imports it."""

from infra.paths import make_importable

make_importable()
