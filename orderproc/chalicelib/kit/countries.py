"""Countries of addresses: ISO 3166-1."""

from __future__ import annotations

from . import codes

_ALPHA_2: dict[str, str] = {three: two for two, three in (pair.split(":") for pair in codes.COUNTRIES.split())}
COUNTRIES = (*_ALPHA_2.values(), *_ALPHA_2)
"""Every way to name one: alpha-2 and alpha-3."""
_WITHOUT_POSTAL_CODES = frozenset(codes.WITHOUT_POSTAL_CODES.split())
WITHOUT_POSTAL_CODES = tuple(name for name in COUNTRIES if _ALPHA_2.get(name, name) in _WITHOUT_POSTAL_CODES)


def alpha_2(country: str) -> str:
    """The two letters of a country that is named by two or three. What is none stays as it is: old orders have such."""
    return _ALPHA_2.get(country, country)
