"""The paths that providers call, in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from . import answer_schemas as answers
from .openapi_paths import _operation

_SIGNED: list[dict[str, list[str]]] = [{"carrierSignature": []}]

SECURITY_SCHEMES = {
    "carrierSignature": {
        "type": "apiKey",
        "in": "header",
        "name": "X-Carrier-Signature",
        "description": "`t=<unix seconds>,v1=<hex>`: v1 is the HMAC-SHA256 of `<t>.` and the body's bytes, made with "
        "the secret that the shop gave the carrier. Several v1 may be sent. t may be off by five minutes.",
    }
}


def paths() -> dict[str, Any]:
    """Signed instead of having a key or a token."""
    return {
        "/webhooks/carrier": {
            "post": _operation(
                "reportParcel",
                "Where a parcel is (carriers); repetitions and late reports change nothing",
                {200: ("Taken, or known already: the parcel as it is now", answers.CARRIER_REPORT_TAKEN)},
                (404,),
                _SIGNED,
                [],
                "CarrierReport",
            )
        }
    }
