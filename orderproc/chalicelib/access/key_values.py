"""The value of a partner's key names its partner, so that a partner's new key opens what the old one did.

API Gateway has checked the value before we see it, and only this service makes such values. A key that was made
otherwise is its own partner: its id is the partner's."""

from __future__ import annotations

import re

_VALUE = re.compile(r"op_([a-z0-9][a-z0-9-]{0,39})_[A-Za-z0-9]{40}")
RANDOM_CHARACTERS = 40
"""Letters and digits: 238 bits."""


def value_for(partner_id: str, random: str) -> str:
    """The secret that is sent as X-API-Key. Raises ValueError for parts of which it would not be one."""
    value = f"op_{partner_id}_{random}"
    found = _VALUE.fullmatch(value)
    if found is None or found[1] != partner_id:
        raise ValueError("no key can be made of these parts")
    return value


def partner_of(key_id: str, value: str) -> str:
    """Whose key it is."""
    found = _VALUE.fullmatch(value)
    return found[1] if found else key_id
