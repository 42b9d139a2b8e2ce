"""Whether somebody who knows one of our secrets signed something."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable

from .ports import Secrets


def is_signed(secrets: Secrets, signature_by: Callable[[bytes], bytes], signatures: Iterable[bytes]) -> bool:
    """Whether one of the signatures is the one that `signature_by` makes with a secret. Takes the same time wherever
    they differ. Raises TemporarilyUnavailable if the secrets can't be read."""
    given = list(signatures)
    # They may have been rotated a moment ago.
    return _matches(secrets.accepted(), signature_by, given) or _matches(
        secrets.accepted(fresh=True), signature_by, given
    )


def _matches(secrets: Iterable[bytes], signature_by: Callable[[bytes], bytes], given: list[bytes]) -> bool:
    found = False
    for expected in map(signature_by, secrets):
        for signature in given:
            found |= hmac.compare_digest(expected, signature)
    return found
