"""Orders that other systems put on the default bus belong to one stage in an account and region."""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from infra.deploy import templates
from infra.target import Target

_RULE = re.compile(r"orderproc-(?P<stage>[a-z][a-z0-9]{0,19})-order-created")
"""OrderCreatedRule in resources.yaml."""


def conflicts(target: Target) -> Iterator[str]:
    """A sentence for each other stage that processes them: each order would be charged in both."""
    if templates.parameters("resources", target.stage, {}).get("OrdersFromBus") != "true":
        return
    for page in target.events.get_paginator("list_rules").paginate(NamePrefix="orderproc-"):
        for stage in filter(None, map(_consuming, page["Rules"])):
            if stage != target.stage:
                yield (
                    f"Stage {stage} takes the orders of the bus, and if two stages did, each order would be charged"
                    f" twice: deploy {stage} with ORDERS_FROM_BUS=false first, or this one without ORDERS_FROM_BUS."
                )


def _consuming(rule: Mapping[str, Any]) -> str:
    """The stage whose rule it is, if the rule is on."""
    named = _RULE.fullmatch(rule["Name"])
    pattern = json.loads(rule.get("EventPattern") or "{}")
    on = rule.get("State", "ENABLED") != "DISABLED" and "ecommerce.orders" in pattern.get("source", ())
    return named["stage"] if named and on else ""
