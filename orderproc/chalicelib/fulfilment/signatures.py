"""Signatures of those who call us back, after Stripe's scheme (https://docs.stripe.com/webhooks#verify-manually): the
header is `t=<unix seconds>,v1=<hex>`, where v1 is the HMAC-SHA256 of `<t>.` and the body's bytes."""

from __future__ import annotations

import re

from ..kit.clock import to_millis
from ..kit.ports import AcceptedSecrets, Clock
from ..kit.signing import is_signed
from ..kit.wiring import service

TOLERANCE = 300
"""Seconds that the sender's clock may differ from ours, either way. Older requests may be replays."""
_MOST = 10
"""Signatures that are looked at: one for each secret that the sender knows."""
_TIME = re.compile(r"[0-9]{1,12}", re.ASCII)


@service
class CarrierSignatures:
    secrets: AcceptedSecrets
    clock: Clock

    def are_good(self, header: str, body: bytes) -> bool:
        """Whether one of them was made with a secret of ours, for this body, and just now.

        Raises TemporarilyUnavailable if the secret can't be read."""
        moment, signatures = _parsed(header)
        if not signatures or abs(to_millis(self.clock.now()) // 1000 - int(moment)) > TOLERANCE:
            return False
        signed = moment.encode() + b"." + body
        return is_signed(self.secrets, signed, signatures, lambda mac: mac.hex().encode())


def _parsed(header: str) -> tuple[str, list[bytes]]:
    """The time as it was written, and the signatures; none if the header is not of this form."""
    parts = [part.strip().partition("=") for part in header.split(",")]
    moments = [value for name, _, value in parts if name == "t"]
    if len(moments) != 1 or not _TIME.fullmatch(moments[0]):
        return "", []
    return moments[0], [value.encode(errors="replace") for name, _, value in parts if name == "v1"][:_MOST]
