"""The one rule for e-mail addresses that come in: as SES can send to them
(https://docs.aws.amazon.com/ses/latest/APIReference/API_Destination.html). A domain may be international and becomes
Punycode; the part before the @ is ASCII. `kit/schemas.py` has the pattern."""

from __future__ import annotations

from .text import clean

_LONGEST = 254


def as_sent(text: str) -> str:
    """The address trimmed, with its domain in ASCII. What is no address comes back to be refused by the schema."""
    address = clean(text)
    local, at, domain = address.rpartition("@")
    if domain.isascii() or len(address) > _LONGEST:
        return address
    import idna  # tables that few requests need

    try:
        # Not the standard library's codec: by its IDNA of 2003 straße.de is strasse.de, which may have another owner.
        return f"{local}{at}{idna.encode(domain, uts46=True, std3_rules=True).decode()}"
    except idna.IDNAError:
        return address
