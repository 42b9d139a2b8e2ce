"""What only rows of files have, as JSON Schema."""

from __future__ import annotations

from ..kit.schemas import object_of, text_of

REFERENCE = object_of([], {"reference": text_of(200)})
"""A caller's own name for an order of an imported file."""
