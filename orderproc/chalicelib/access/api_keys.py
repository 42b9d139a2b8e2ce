"""Partners' keys at API Gateway. What it has to say of a key's partner is in the key's name, so that nothing else needs
to be kept, and no value is ever read.

https://docs.aws.amazon.com/apigateway/latest/api/API_Operations.html"""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC
from functools import partial
from typing import Any

from ..kit.aws import or_unavailable, unless
from ..kit.clock import to_iso
from ..kit.wiring import service
from .model import PartnerKey

PERMISSIONS = {
    "manage": [
        "apigateway:GET api-gateway/apikeys",
        "apigateway:POST api-gateway/apikeys",
        "apigateway:PATCH api-gateway/apikeys/*",
        "apigateway:GET api-gateway/usageplans",
        "apigateway:GET api-gateway/usageplans/*/keys",
        "apigateway:POST api-gateway/usageplans/*/keys",
    ],
    "end": ["apigateway:PATCH api-gateway/apikeys/*"],
}
_UNAVAILABLE = "API Gateway does not answer now."
_THERE = ["ConflictException"]
_GONE = ["NotFoundException"]
PUBLISHABLE_PLAN = "publishable"


@service
class GatewayKeys:
    client: Any
    prefix: str
    """Of the names of all that is the stage's: `orderproc-prod-`."""
    publishable_key_id: str

    def all(self) -> list[PartnerKey]:
        with or_unavailable(_UNAVAILABLE):
            plans = {key_id: plan for plan, plan_id in self._plans().items() for key_id in self._keys_on(plan_id)}
            found = list(_items(self.client.get_paginator("get_api_keys"), nameQuery=self.prefix, includeValues=False))
        keys = (key for key in found if key["name"].startswith(self.prefix) and key["id"] != self.publishable_key_id)
        return [self._key(key, plans.get(key["id"], "")) for key in keys]

    def plans(self) -> list[str]:
        with or_unavailable(_UNAVAILABLE):
            return list(self._plans())

    def make(self, partner_id: str, name: str, plan: str, value: str) -> PartnerKey:
        title = f"{self._named_for(partner_id)}{uuid.uuid4().hex[:8]}"
        with or_unavailable(_UNAVAILABLE):
            # Disabled until it is on its plan: a crash between the two leaves no key that works.
            create = partial(self.client.create_api_key, name=title, description=name, enabled=False, value=value)
            made = unless(_THERE, create) or self._named(title)  # our own, whose answer was lost
            on_plan = partial(
                self.client.create_usage_plan_key, usagePlanId=self._plans()[plan], keyId=made["id"], keyType="API_KEY"
            )
            unless(_THERE, on_plan)
            enabled = self._enable(made["id"], True)
        return self._key({**made, **enabled}, plan)

    def disable(self, key_id: str) -> None:
        with or_unavailable(_UNAVAILABLE):
            unless(_GONE, partial(self._enable, key_id, False))

    def _enable(self, key_id: str, enabled: bool) -> Mapping[str, Any]:
        change = {"op": "replace", "path": "/enabled", "value": str(enabled).lower()}
        answer: Mapping[str, Any] = self.client.update_api_key(apiKey=key_id, patchOperations=[change])
        return answer

    def _named(self, title: str) -> Mapping[str, Any]:
        return next(iter(_items(self.client.get_paginator("get_api_keys"), nameQuery=title, includeValues=False)))

    def _plans(self) -> dict[str, str]:
        """Ids by names, without the stage's prefix."""
        own = {
            plan["name"].removeprefix(self.prefix): plan["id"]
            for plan in _items(self.client.get_paginator("get_usage_plans"))
            if plan["name"].startswith(self.prefix)
        }
        return {name: plan_id for name, plan_id in own.items() if name != PUBLISHABLE_PLAN}

    def _keys_on(self, plan_id: str) -> list[str]:
        return [key["id"] for key in _items(self.client.get_paginator("get_usage_plan_keys"), usagePlanId=plan_id)]

    def _named_for(self, partner_id: str) -> str:
        return f"{self.prefix}key-{partner_id}-"

    def _key(self, key: Mapping[str, Any], plan: str) -> PartnerKey:
        named = re.fullmatch(rf"{re.escape(self.prefix)}key-([a-z0-9-]+)-[0-9a-f]{{8}}", key["name"])
        return PartnerKey(
            key["id"],
            named[1] if named else key["id"],
            key.get("description") or key["name"].removeprefix(self.prefix),
            _is_true(key.get("enabled")),
            to_iso(key["createdDate"].astimezone(UTC)),
            plan,
        )


def _items(paginator: Any, **asked: Any) -> Iterator[Any]:
    for page in paginator.paginate(**asked):
        yield from page["items"]


def _is_true(value: Any) -> bool:
    return str(value).lower() == "true"
