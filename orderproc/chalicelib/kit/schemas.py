"""The requests and answers of the API as JSON Schema (2020-12). `validation.py` judges requests by these very
definitions, and `openapi.py` publishes them. They describe a body as it is once it is tidied; those of free texts also
allow what is trimmed of it, and every optional field may be null, so that clients who check by them are not stricter
than we are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from .countries import COUNTRIES, WITHOUT_POSTAL_CODES
from .locales import LOCALES
from .moments import FORM, MOMENT
from .money import MAX_AMOUNT
from .text import BLANK, INVISIBLE

Schema = dict[str, Any]


MAX_LINES = 100
MAX_QUANTITY = 10_000

# No control characters and no line separators: texts end up in mail headers and CSV files. And no U+FFFD: API Gateway
# puts it for what is not UTF-8, so a letter was lost.
_NOT_IN_LINES = r"\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u0084\u0086-\u009f\ufffd"
_NOT_IN_A_LINE = _NOT_IN_LINES + r"\u0009\u000a\u000d\u0085\u2028\u2029"


def _around(core: str) -> str:
    """A pattern for the core with what is trimmed around it."""
    return f"^[{BLANK}]*{core}[{BLANK}]*$"


_MAY_BE_EMPTY = _around(f"[^{_NOT_IN_A_LINE}]*")
_PLAIN = _around(f"[^{_NOT_IN_A_LINE}]*[^{_NOT_IN_LINES}{INVISIBLE}][^{_NOT_IN_A_LINE}]*")
_QUESTION = f"^[^{_NOT_IN_LINES}]*[^{_NOT_IN_LINES}{INVISIBLE}][^{_NOT_IN_LINES}]*$"
LINES = _around(f"[^{_NOT_IN_LINES}]*")
"""The pattern of texts that may have several lines, or none."""
OF_LINES = (LINES, _QUESTION)
"""The patterns of texts whose line ends become `\\n`."""
SEEN = (_PLAIN, _QUESTION)
"""The patterns of texts that must not be empty; `minLength` says so, too."""


def text_of(longest: int, shortest: int = 1, **more: Any) -> Schema:
    pattern = _PLAIN if shortest else _MAY_BE_EMPTY
    return {"type": "string", "minLength": shortest, "maxLength": longest, "pattern": pattern, **more}


def text_of_lines(longest: int) -> Schema:
    """A text that may have several lines, and is not empty."""
    return {"type": "string", "minLength": 1, "maxLength": longest, "pattern": _QUESTION}


def object_of(required: list[str], properties: Schema) -> Schema:
    return {
        "type": "object",
        "required": required,
        "properties": {name: of if name in required else or_null(of) for name, of in properties.items()},
        "additionalProperties": False,
    }


def answer_of(properties: Schema, optional: Iterable[str] = (), **more: Any) -> Schema:
    """What we answer: every property is there, but for the optional ones; more may come."""
    required = [name for name in properties if name not in optional]
    return {"type": "object", "required": required, "properties": properties, **more}


def list_of(items: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": items, **more}


def or_null(schema: Schema) -> Schema:
    return {**schema, "type": [schema["type"], "null"]}


def one_of(words: Iterable[str]) -> str:
    return f"^({'|'.join(words)})$"


TEXT: Schema = {"type": "string"}
TIME: Schema = {"type": "string", "format": "date-time"}
AMOUNT: Schema = {
    "type": "number",
    "minimum": 0,
    "maximum": float(MAX_AMOUNT),
    "description": "Exact decimal with no more digits than the currency has.",
}
PRODUCT_ID: Schema = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"}
CURRENCY: Schema = {"type": "string", "pattern": "^[A-Z]{3}$", "description": "ISO 4217", "examples": ["EUR"]}
_LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
EMAIL: Schema = {
    "type": "string",
    "maxLength": 254,
    "pattern": rf"^[A-Za-z0-9.!#$%&'*+/=?^_`{{|}}~-]{{1,64}}@{_LABEL}(\.{_LABEL})+$",
    # SES refuses a dot at either end of the local part, and two in a row. A domain that ends
    # in a number is an IP address (https://url.spec.whatwg.org/#ends-in-a-number-checker).
    "not": {"pattern": r"^\.|\.[.@]|\.([0-9]+|0[xX][0-9A-Fa-f]*)$"},
    "description": "HTML's definition of a valid e-mail address, with a domain that has a dot and is no IP address, "
    "and no two dots in a row. An international domain is accepted, too, and kept in Punycode; before the @ only ASCII "
    "can be sent to.",
}
PHONE: Schema = {"type": "string", "pattern": r"^\+[1-9][0-9]{6,14}$", "description": "E.164"}
PAYMENT_METHOD: Schema = {"type": "string", "pattern": "^pm_[A-Za-z0-9_]{1,64}$", "default": "pm_card_visa"}
CUSTOMER_ID: Schema = text_of(128)
MESSAGE_ID = "^[A-Za-z0-9-]{1,100}$"
COUNTRY: Schema = {
    "type": "string",
    "pattern": one_of(COUNTRIES),
    "description": "ISO 3166-1: alpha-2, or alpha-3, which is turned into it.",
    "examples": ["NL"],
}
LOCALE: Schema = {
    "type": "string",
    "pattern": one_of(LOCALES),
    "description": "The language of mails, text messages and the receipt; the shop's by default.",
    "examples": ["nl"],
}
_AS_SENT = f"^[^{_NOT_IN_LINES}]*$"
METADATA: Schema = {
    "type": "object",
    "maxProperties": 20,
    "propertyNames": {"minLength": 1, "maxLength": 40, "pattern": _AS_SENT},
    "additionalProperties": {"type": "string", "maxLength": 500, "pattern": _AS_SENT},
    "description": "Names and values of your own, answered as sent.",
    "examples": [{"channel": "autumn-mailing"}],
}

# As an object's key in S3, in a URL's path, and in an execution's name it needs no escaping.
ORDER_ID: Schema = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"}

PATTERN_WORDS: dict[str, str] = {
    **dict.fromkeys(
        (_PLAIN, _MAY_BE_EMPTY),
        "must not contain control characters, line ends or \N{REPLACEMENT CHARACTER} (send UTF-8)",
    ),
    **dict.fromkeys(
        (*OF_LINES, _AS_SENT), "must not contain control characters or \N{REPLACEMENT CHARACTER} (send UTF-8)"
    ),
    PRODUCT_ID["pattern"]: "must be 1 to 64 letters, digits, dots, dashes or underscores",
    ORDER_ID["pattern"]: "must be 1 to 64 letters, digits, dots, dashes or underscores, the first a letter or digit",
    CURRENCY["pattern"]: "must be a currency's three capital letters, like EUR",
    EMAIL["pattern"]: "must be an e-mail address (before the @ in ASCII)",
    PHONE["pattern"]: "must be a phone number in international form (E.164), like +31612345678",
    MESSAGE_ID: "must be the id of a message, as GET /admin/dead-letters gives it",
    COUNTRY["pattern"]: "must be a country's two capital letters, like NL, or three (ISO 3166-1)",
    LOCALE["pattern"]: f"must be one of {', '.join(LOCALES)}",
    MOMENT: FORM,
    PAYMENT_METHOD["pattern"]: "must be a payment method, like pm_card_visa",
}
"""What to tell people, who do not read regular expressions."""

ADDRESS: Schema = {
    **object_of(
        ["street", "city", "country"],
        {
            "name": text_of(200, 0),
            "company": text_of(200, 0),
            "street": text_of(200),
            "street2": text_of(200, 0),
            "city": text_of(100),
            "state": text_of(100, 0),
            "zipCode": text_of(20, 0, description="Only a country without postal codes (HK, AE, …) needs none."),
            "country": COUNTRY,
        },
    ),
    "if": {"required": ["country"], "properties": {"country": {"pattern": one_of(WITHOUT_POSTAL_CODES)}}},
    "else": {"required": ["zipCode"], "properties": {"zipCode": {"minLength": 1, "not": {"type": "null"}}}},
}
