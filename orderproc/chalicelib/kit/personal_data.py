"""The forms of personal data and of credentials in a text, for logs, for what staff see, and for events: regular
expressions, and the check digits of numbers that only look like some."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from functools import partial

_UUID = r"[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}(?![\w-])"
"""Ids of orders and messages. One that begins with digits alone reads like the number of a telephone."""
_DOMAIN = r"(?:@|%40)(?:[\w-]+(?:\.[\w-]+)+|\[[0-9A-Fa-f.:IPv]+\])"
_ADDRESSES = (
    rf"[\w.!#$%&'*+/=?^`{{|}}~-]{{1,64}}{_DOMAIN}"  # an e-mail address, in a URL, too
    rf'|"[^"\r\n]{{1,64}}"{_DOMAIN}'
    r"|\+[1-9](?:[ ().-]{0,2}[0-9]){6,14}"  # E.164, also as people write it
)
PERSONAL = (
    _ADDRESSES + r"|(?<![\w-])[0-9]{3}-[0-9]{2}-[0-9]{4}(?![\w-])"  # a social security number of the USA
    rf"|(?<![\w.:,-])(?!{_UUID})"
    r"00 ?[1-9](?:[ ().-]{0,2}[0-9]){7,13}(?!\w)"  # E.164, with 00 for its +
)
CREDENTIALS = (
    r"\beyJ[\w-]{10,}(?:\.[\w-]+)*"  # a JSON Web Token
    r"|\b(?:[Bb]earer|BEARER|[Bb]asic|BASIC) [\w.~+/=-]{8,}"
    r"|\$(?:2[abxy]|argon2(?:id|i|d)|scrypt|pbkdf2[\w-]*|[156])\$[\w.,/+=$-]{8,}"  # a password's hash
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*"
    r"|\b(?:[rs]k|whsec)_\w{8,}"  # keys of payment providers
    r"|\bop_[a-z0-9-]{1,40}_[A-Za-z0-9]{8,}"  # partners' keys
    r"|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"  # keys of AWS
    r"|(?<=/feedback/)[\w-]{20,}"  # anyone who has the link may answer
    r"|(?<=X-Amz-Signature=)\w+|(?<=X-Amz-Security-Token=)[\w%+/=-]+|(?<=X-Amz-Credential=)[\w%/.-]+"
)
# None of these is compiled here: `re` does it at their first use, which few cold starts see, and keeps them.
# By how the numbers begin; what only looks like one fails its check. A card's of 13 digits would be an EAN, of 20 a
# shipment's.
_IBAN = r"[A-Z]{2}[0-9]{2}(?:[ .-]?[A-Z0-9]){11,30}"
# In small letters only compact or in fours, and shorter than 32: words and ids in hex look like it, too.
_SMALL_IBAN = r"[A-Za-z]{2}[0-9]{2}(?:[ .]?[A-Za-z0-9]{4}){2,6}(?:[ .]?[A-Za-z0-9]{1,3})?"
_CARD = r"(?:4|5[1-5]|2[2-7]|6|3[0578])(?:[ .-]?[0-9]){12,18}"
_FRENCH = r"[12](?: ?[0-9]){14}"  # sécurité sociale
_SPANISH = r"[XYZ0-9][0-9]{7}-?[A-Z]"  # DNI, NIE
_GERMAN = r"[0-9]{8}[A-Z][0-9]{3}"  # Sozialversicherung
_LIKE_NUMBERS = (
    rf"(?a)(?<![A-Za-z0-9_-])(?!{_UUID})"
    rf"(?:{_IBAN}|{_SMALL_IBAN}|{_CARD}|{_FRENCH}|{_SPANISH}|{_GERMAN})(?![A-Za-z0-9_-])"
)
_GAPS = re.compile("[ .-]")
_AFTER_ITS_NAME = (
    r"(?i)(?<![^\W_])(?:bsn|burgerservicenummer|sofinummer|rijksregisternummer|ssn|nino|dni|nie|nif|nir|svnr"
    r"|steuer-?(?:id|nr|nummer)|pass(?:port|eport)|paspoort|reisepass|pasaporte|konto(?:nr|nummer)|rekeningnummer"
    r"|tel|telefon|telefoon|telefono|telephone|phone|mobile|handy|gsm|fax)"
    r"(?:[ .:=#-]{1,3}|(?:no|nr|number|nummer|is)\b){1,3}(?P<number>[A-Z]{0,2}[0-9](?:[ ./-]?[0-9]){5,14}[A-Z]?)\b"
)
"""Of such numbers some have no check digit, and others no form."""
_LIKE_ASCII = str.maketrans("。｡−", "..-")


def replaced(text: str, by: Callable[[str], str]) -> str:
    """The text with each address and number of a person in it replaced; an equal text if there is none."""
    text = _replaced(PERSONAL, text, lambda found: by(found[0]))
    text = _replaced(_AFTER_ITS_NAME, text, lambda found: found[0].removesuffix(found[1]) + by(found[1]))
    return _replaced(_LIKE_NUMBERS, text, partial(_number_replaced, by))


def _replaced(forms: str, text: str, by: Callable[[re.Match[str]], str]) -> str:
    """Found by how the text reads in ASCII; what is not found stays as it is written."""
    if text.isascii():
        return re.sub(forms, by, text)
    shown, done = [], 0
    for found in re.finditer(forms, "".join(map(_in_ascii, text))):
        if (new := by(found)) != found[0]:
            shown += [text[done : found.start()], new]
            done = found.end()
    return "".join([*shown, text[done:]])


def _in_ascii(char: str) -> str:
    """The character that a digit, letter, blank or dash of another form reads as; else itself."""
    if char.isascii():
        return char
    if char.isdecimal():
        return str(unicodedata.decimal(char))
    if unicodedata.category(char) == "Pd":
        return "-"
    same = unicodedata.normalize("NFKC", char).translate(_LIKE_ASCII)
    return same if len(same) == 1 and same.isascii() else char


def addresses_replaced(text: str, by: Callable[[str], str]) -> str:
    """The same for ids of products, which are numbers like those of cards and authorities: mail addresses and numbers
    with a `+` alone, which no product has."""
    return _replaced(_ADDRESSES, text, lambda found: by(found[0]))


def _number_replaced(by: Callable[[str], str], found: re.Match[str]) -> str:
    """What follows a blank may be a number of its own: `4111 1111 1111 1111 12/27`."""
    text = found[0]
    for end in [len(text), *(gap.start() for gap in reversed([*_GAPS.finditer(text)]))]:
        number = _GAPS.sub("", text[:end])
        if any(re.fullmatch(form, number) and check(number) for form, check in _CHECKS):
            return by(text[:end]) + text[end:]
    return text


def _is_iban(number: str) -> bool:
    """ISO 13616: the country and check digits last, letters as 10 to 35, modulo 97."""
    moved = number[4:] + number[:4]
    return int("".join(str(int(character, 36)) for character in moved)) % 97 == 1


def _is_card(number: str) -> bool:
    """ISO/IEC 7812-1: the formula of Luhn."""
    length = 15 if number[:2] in ("34", "37") else 14 if number[:2] in ("30", "36", "38") else 16
    doubled = [int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(number))]
    return len(number) in (length, 19) and sum(_digits(value) for value in doubled) % 10 == 0


def _is_spanish(number: str) -> bool:
    digits = number[:-1].translate(str.maketrans("XYZ", "012"))
    return "TRWAGMYFPDXBNJZSQVHLCKE"[int(digits) % 23] == number[-1]


def _is_german(number: str) -> bool:
    digits = f"{number[:8]}{ord(number[8]) - ord('A') + 1:02}{number[9:11]}"
    weighted = (int(digit) * weight for digit, weight in zip(digits, (2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1), strict=True))
    return sum(_digits(value) for value in weighted) % 10 == int(number[11])


def _digits(value: int) -> int:
    """Their sum."""
    return value // 10 + value % 10


_CHECKS = [
    (r"[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}", _is_iban),
    (r"[A-Za-z]{2}[0-9]{2}[A-Za-z0-9]{11,27}", _is_iban),
    (_CARD, _is_card),
    (_FRENCH, lambda number: 97 - int(number[:13]) % 97 == int(number[13:])),
    (_SPANISH, _is_spanish),
    (_GERMAN, _is_german),
]
