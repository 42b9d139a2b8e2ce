"""How long a text message may be, and what keeps it short. Carriers charge by the segment: 160 characters of the GSM
alphabet, or 153 each of several; with any other character 70, or 67 each.

https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html, 3GPP TS 23.038"""

from __future__ import annotations

import unicodedata

MOST_SEGMENTS = 4
"""Of one message: 612 characters of the GSM alphabet, 268 others."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("^{}\\[~]|€")
"""Take two places."""
_GSM = _BASIC | _EXTENDED
_PLAINER = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛′´`", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−", "-"),
        **dict.fromkeys("\u00a0\u2009\u202f", " "),
        **dict(zip("…×łŁđĐœŒıÞþ", ("...", "x", "l", "L", "d", "D", "oe", "OE", "i", "Th", "th"), strict=True)),
    }
)


def segments(text: str) -> int:
    """How many messages the carrier charges for."""
    if _GSM.issuperset(text):
        places, one, each = sum(2 if char in _EXTENDED else 1 for char in text), 160, 153
    else:
        places, one, each = len(text.encode("utf-16-be", errors="replace")) // 2, 70, 67
    return 1 if places <= one else -(-places // each)


def in_gsm(text: str) -> str:
    """The text in the GSM alphabet if all it takes is plainer quotes, dashes and spaces, and letters without the marks
    that the alphabet lacks; else as it is: a name in other letters is not worth less, and half of it would not help."""
    plainer = "".join(map(_without_marks, text.translate(_PLAINER)))
    return plainer if _GSM.issuperset(plainer) else text


def _without_marks(char: str) -> str:
    if char in _GSM:
        return char
    letter = unicodedata.normalize("NFD", char)[0]
    return letter if letter.isascii() else char
