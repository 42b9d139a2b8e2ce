"""What a stage's guards cost in a month, counted from their templates and from the functions' permissions."""

from __future__ import annotations

from typing import Any

from bench import bill
from bench.drive import ACCEPT
from bench.prices import MINUTES_A_MONTH, price_list
from bench.report import markdown
from infra.deploy import concurrency, policies, runtime
from infra.deploy.permissions import FUNCTIONS
from infra.paths import TEMPLATES
from tests.packaging.cloudformation import load, of_type

_WARM_PRICE = f"lambda.provisioned.{runtime.ARCHITECTURE}"
_HOURS = MINUTES_A_MONTH // 60
_DATA_KEYS_A_MONTH = MINUTES_A_MONTH // 5
"""The services ask KMS again after five minutes:
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-key-management.html,
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/encryption.usagenotes.html"""
_ENCRYPTED = ("dynamodb", "s3", "secretsmanager", "sns", "sqs")
Row = tuple[str, str, float, str]
WARM, WARM_HOURS, DAYS = 5, 12, 30
"""Instances of the example, and for how long: API_WARM_HOURS as it is by default."""
_LINE_BYTES = 330
"""Of a line of the access log, roughly: its names, and values as long as they usually are."""


def rows() -> list[Row]:
    """The guard, what of it, how much of it a month, the price's name. None of it depends on orders."""
    firewall = of_type(load(TEMPLATES / "firewall.yaml"), "AWS::WAFv2::WebACL")["Firewall"]
    endpoints = without_model(interfaces())
    return [
        ("FIREWALL", "web ACLs, of API and site", 2, "waf.acl"),
        ("FIREWALL", "their rules and groups of rules", 2 * len(firewall["Rules"]), "waf.rule"),
        ("PRIVATE_NETWORK", f"hours of {len(endpoints)} endpoints in two zones", _hours(endpoints), "vpc.endpoint"),
        ("CUSTOMER_KEY", "keys", 1, "kms.key"),
        (
            "CUSTOMER_KEY",
            "requests, if every role is busy all the time",
            used_by_roles() * _DATA_KEYS_A_MONTH,
            "kms.request",
        ),
        ("API_WARM", f"GB-seconds of {WARM} instances, {WARM_HOURS} hours a day", _warm(), _WARM_PRICE),
    ]


def _warm() -> float:
    return WARM * WARM_HOURS * DAYS * 3600 * bill.memory_of(ACCEPT) / 1024


def slots() -> dict[str, Any]:
    """Of `pages/costs.md`."""
    prices = price_list()
    table = []
    for guard in dict.fromkeys(row[0] for row in rows()):
        mine = [row for row in rows() if row[0] == guard]
        total = sum(prices[price].of(quantity) for _, _, quantity, price in mine)
        for _, what, quantity, price in mine:
            usd = prices[price].of(quantity)
            table.append((f"`{guard}`", what, f"{quantity:,.0f}", str(prices[price]), f"{usd:.2f}"))
        table.append(("", "", "", "", f"**{total:.2f}**"))
    every = interfaces()
    return {
        "guards": markdown("guard", "what", ">a month", ">× USD", ">= USD", rows=table),
        "inspected": prices["waf.request"].of(1e6),
        "carried": prices["vpc.endpoint_data"].of(1e9),
        "access_log": prices["logs.ingested"].of((_LINE_BYTES + bill.LOG_EVENT_BYTES) * bill.MILLION),
        "logs_kept": prices["logs.stored"].of(1e9),
        "most_an_hour": prices[bill.GB_SECOND].of(
            concurrency.DEFAULTS["api_handler"] * 3600 * bill.memory_of(ACCEPT) / 1024
        ),
        "of_model": prices["vpc.endpoint"].of(_hours(every) - _hours(without_model(every))),
    }


def interfaces() -> dict[str, Any]:
    """The endpoints that are paid for, whole: gateways are free."""
    found = load(TEMPLATES / "network.yaml")["Resources"]
    return {name: one for name, one in found.items() if one.get("Properties", {}).get("VpcEndpointType") == "Interface"}


def without_model(found: dict[str, Any]) -> dict[str, Any]:
    """Those of a stage whose chatbot asks no language model."""
    return {name: one for name, one in found.items() if one.get("Condition") != "HasLanguageModel"}


def used_by_roles() -> int:
    """How many tables, queues, topics, buckets and secrets the functions' roles may use, each pair counted."""
    pairs = set()
    for function in FUNCTIONS:
        for statement in policies.policy(function)["Statement"]:
            found = statement.get("Resource", [])
            for arn in found if isinstance(found, list) else [found]:
                service, name = (arn.split(":") + [""] * 3)[2], arn.rpartition(":")[2]
                if service in _ENCRYPTED:
                    pairs.add((function, service, _whole(service, name)))
    return len(pairs)


def _whole(service: str, name: str) -> str:
    """A table without its index, a bucket without its keys."""
    return "/".join(name.split("/")[:2]) if service == "dynamodb" else name.split("/", maxsplit=1)[0]


def _hours(endpoints: dict[str, Any]) -> int:
    return 2 * _HOURS * len(endpoints)
