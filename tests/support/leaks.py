"""Finds in lines of a log what must not be there: whom the orders are from, and what opens doors."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any, NamedTuple

from chalicelib.kit.metric_names import METRICS, NAMESPACE

_LISTED = {(NAMESPACE, metric.name, metric.unit, metric.dimensions) for metric in METRICS}
_PATTERNS = {
    "an e-mail address": r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+",
    "a phone number": r"(?<![\w+])\+[1-9][0-9]{6,14}(?!\d)",
    "a JSON Web Token": r"\beyJ[\w-]{10,}",
    "a bearer token": r"\b[Bb]earer\s+[\w.~+/-]{8,}",
    "an access key of AWS": r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b",
    "a signed URL": r"(?:X-Amz-(?:Signature|Credential|Security-Token)|[?&]Signature|AWSAccessKeyId)=(?!\[secret\])",
    "a secret of a provider": r"\b(?:sk|rk|whsec)_(?:live_|test_)?\w{10,}",
    "a link of a mail": r"/feedback/[\w-]{40,}",
    "a long token": r"(?<![\w-])(?=[\w-]{60})(?=[\w-]*[A-Z])(?=[\w-]*[a-z])(?=[\w-]*\d)[\w-]+",
    # Who and where the customers of the tests and of the demo are.
    "a street": r"\b\d+[^\"\\]{0,20} Main St\b|\bGeheimstraat\b",
    "a town": r"\b(?:Anytown|Verborgen)\b|\b9876 ZX\b",
    "a customer": r"\bpetra.geheim\b|\bcustomer123\b",
}
_COMPILED = {what: re.compile(pattern) for what, pattern in _PATTERNS.items()}
_HAS = {
    "an e-mail address": ("@",),
    "a phone number": ("+",),
    "a JSON Web Token": ("eyJ",),
    "a bearer token": ("earer",),
    "an access key of AWS": ("AKIA", "ASIA"),
    "a signed URL": ("X-Amz-", "Signature=", "AWSAccessKeyId="),
    "a secret of a provider": ("sk_", "rk_", "whsec_"),
    "a link of a mail": ("/feedback/",),
    "a street": ("Main St", "Geheimstraat"),
    "a town": ("Anytown", "Verborgen", "9876 ZX"),
    "a customer": ("petra", "customer123"),
}
"""One of these is in whatever the pattern finds. They are looked for first: every line of every test is looked through,
and a search for a word takes a fraction of the time of one for a pattern."""


class Leak(NamedTuple):
    what: str
    text: str
    line: str


def leaks(line: str, secrets: Collection[str] = ()) -> list[Leak]:
    """What the line gives away; `secrets` are those of a stack, word for word."""
    found = [Leak("a secret of the stack", secret, line) for secret in secrets if secret in line]
    for what, pattern in _COMPILED.items():
        words = _HAS.get(what)
        if words is None or any(word in line for word in words):
            found += [Leak(what, match[0], line) for match in pattern.finditer(line)]
    return found


class Recorder:
    """Looks at each line when it is written, and keeps what it gave away, until it is asked."""

    def __init__(self) -> None:
        self.lines = 0
        self.leaks: dict[tuple[str, str], Leak] = {}
        self.unlisted: set[tuple[str, str, str, tuple[str, ...]]] = set()
        """(namespace, name, unit, dimensions) of what was measured in the embedded metric format and is in no list."""

    def note(self, text: str) -> None:
        self.lines += 1
        for leak in leaks(text):
            self.leaks.setdefault(leak[:2], leak)

    def measured(self, line: Mapping[str, Any]) -> None:
        for part in line["_aws"]["CloudWatchMetrics"]:
            for dimensions in part["Dimensions"]:
                for metric in part["Metrics"]:
                    self.unlisted |= {(part["Namespace"], metric["Name"], metric["Unit"], tuple(dimensions))} - _LISTED

    def assert_clean(self) -> None:
        """Nothing private and no unlisted metric was logged since this was last asked."""
        found, unlisted = list(self.leaks.values()), sorted(self.unlisted)
        self.leaks.clear()
        self.unlisted.clear()
        assert not found, "\n".join(f"{leak.what}, {leak.text!r}: {leak.line[:2000]}" for leak in found)
        assert not unlisted, f"metrics that metric_names.py does not list: {unlisted}"


recorder = Recorder()
"""Of everything that this process logs: tests/conftest.py."""
