"""How many requests a second each method of the API takes from all callers together, set on API Gateway's stage.

A partner is limited by its plan; what anyone may call was limited by the account's own 10,000 alone, so that anyone
could use up Lambda's concurrency, which partners and queues live on too. API Gateway counts by method, not by caller: a
limit for each source address is WAF's. So anonymous callers can use up a low limit for all others: it is only for
methods that need no key or token.
"""

import os
import re
from typing import TYPE_CHECKING, NamedTuple

from infra.errors import Refusal

if TYPE_CHECKING:
    from mypy_boto3_apigateway.client import APIGatewayClient
    from mypy_boto3_apigateway.type_defs import MethodTypeDef, PatchOperationTypeDef

PUBLIC_RATE = 100
"""Of each method that anyone may call, unless the deployer sets PUBLIC_RATE."""
KEYED_RATE = 1000
"""Of each method that needs a key or a token: more than the plans in api.yaml allow together."""
CAREFUL_RATE = 20
_MOST = 100_000
"""Ten times what AWS allows an account at first."""
CAREFUL = {
    *(("/health", method) for method in ("GET", "HEAD")),
    *(("/feedback/{token}", method) for method in ("GET", "HEAD", "POST")),
}
"""Anyone may call these, and few do: each call of the first asks a dozen services, the second is a form for guesses."""


_OPERATIONS = 40
"""In one call of `update_stage`, which refuses many as too large without saying how many."""


class Route(NamedTuple):
    """A method of the API, by its path as API Gateway has it."""

    path: str
    method: str
    is_guarded: bool
    """API Gateway refuses calls without a key or a token."""


def routes(client: "APIGatewayClient", rest_api_id: str) -> list[Route]:
    """All of the API's, but for the preflights."""
    found = []
    for page in client.get_paginator("get_resources").paginate(restApiId=rest_api_id, embed=["methods"]):
        for resource in page["items"]:
            for method, details in resource.get("resourceMethods", {}).items():
                if method != "OPTIONS":
                    found.append(Route(resource["path"], method, _is_guarded(details)))
    return sorted(found)


def _is_guarded(method: "MethodTypeDef") -> bool:
    return bool(method.get("apiKeyRequired")) or method.get("authorizationType", "NONE") != "NONE"


def patches(found: list[Route]) -> "list[PatchOperationTypeDef]":
    """What `update_stage` takes. Refuses a PUBLIC_RATE that is no number of requests."""
    operations = _limit("*", "*", public_rate())
    for route in found:
        if route.is_guarded:
            operations += _limit(route.path, route.method, KEYED_RATE)
        elif (route.path, route.method) in CAREFUL:
            operations += _limit(route.path, route.method, CAREFUL_RATE)
    return operations


def public_rate() -> int:
    """PUBLIC_RATE, or its default. Refuses what is no number of requests, and what API Gateway does not take."""
    chosen = os.environ.get("PUBLIC_RATE") or str(PUBLIC_RATE)
    if not re.fullmatch("[0-9]{1,9}", chosen) or not 0 < int(chosen) <= _MOST:
        raise Refusal(
            f"PUBLIC_RATE is {chosen!r}: say how many requests a second, 1 to {_MOST}, as in PUBLIC_RATE=100."
        )
    return int(chosen)


def put(client: "APIGatewayClient", rest_api_id: str, stage: str, operations: "list[PatchOperationTypeDef]") -> None:
    """Apply them to the stage, in as many calls as they need."""
    for start in range(0, len(operations), _OPERATIONS):
        some = operations[start : start + _OPERATIONS]
        client.update_stage(restApiId=rest_api_id, stageName=stage, patchOperations=some)


def _limit(path: str, method: str, rate: int) -> "list[PatchOperationTypeDef]":
    """Twice the rate may come at once."""
    where = f"/{path.replace('~', '~0').replace('/', '~1')}/{method}/throttling"
    return [
        {"op": "replace", "path": f"{where}/rateLimit", "value": str(rate)},
        {"op": "replace", "path": f"{where}/burstLimit", "value": str(2 * rate)},
    ]
