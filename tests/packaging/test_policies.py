"""The functions' rights: few enough for IAM, and those about dead letters for the very queues that there are."""

from __future__ import annotations

import json
from fnmatch import fnmatchcase
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from chalicelib.orders.eventbridge import SOURCE

from infra.deploy import render
from infra.deploy.post_deploy import MAILERS
from infra.paths import APP, TEMPLATES
from infra.target import STAGE_NAME, Target
from tests.packaging.cloudformation import load, of_type

IAMS_LIMIT = 10_240
"""Characters of all inline policies of a role, white space not counted:
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html"""
LONGEST = cast(
    Target,
    SimpleNamespace(prefix=f"orderproc-{'s' * 20}", account="1" * 12, region="ap-southeast-7", partition="aws-us-gov"),
)
POLICIES = sorted((APP / ".chalice").glob("policy-*.json"))
DLQ_ACTIONS = {"sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"}


def queues() -> set[str]:
    found = of_type(load(TEMPLATES / "resources.yaml"), "AWS::SQS::Queue").values()
    return {queue["QueueName"]["Fn::Sub"].replace("${Stage}", "local") for queue in found}


def rights(function: str) -> list[tuple[str, str]]:
    """(action, name of the resource) of a function's policy."""
    return [
        (action, resource.rpartition(":")[2])
        for statement in statements(function)
        for action in statement["Action"]
        for resource in (_listed(statement.get("Resource", "*")))
    ]


def statements(function: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((APP / ".chalice" / f"policy-{function}.json").read_text())["Statement"]
    return found


def scopes(function: str) -> set[tuple[str, str]]:
    """(action, partition key, maybe a pattern) of what a function's policy grants in the table of operations."""
    return {
        (action.removeprefix("dynamodb:"), scope)
        for statement in statements(function)
        if any(name.endswith(":table/orderproc-local-operations") for name in _listed(statement.get("Resource", "")))
        for action in statement["Action"]
        for scope in values_of(statement, "dynamodb:LeadingKeys")
    }


def values_of(statement: dict[str, Any], key: str) -> list[str]:
    """What the key may be in a call that the statement allows; any, unless a condition names all of them: without the
    part on Null, ForAllValues is true of a call that has no such key."""
    conditions = statement.get("Condition", {})
    named = [
        v for how in ("Equals", "Like") for v in _listed(conditions.get(f"ForAllValues:String{how}", {}).get(key, []))
    ]
    return named if conditions.get("Null", {}).get(key) == "false" and named else ["*"]


def _listed(value: Any) -> list[str]:
    return value if isinstance(value, list) else [value]


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_a_policy_fits_into_a_role_whatever_the_stage_is_called(path: Path) -> None:
    identity = "orders@" + "a-shop-with-a-long-name." * 3 + "example.com"

    outputs = {"UserPoolId": "eu-central-1_" + "A" * 9}

    rendered: Any = render.policies(APP / ".chalice", LONGEST, outputs, identity, "shop@example.com")[path.name]

    assert len(json.dumps(rendered, separators=(",", ":"))) < IAMS_LIMIT


def on_queues(granted: set[str]) -> set[str]:
    """The queues that the names are, or fit. A stage's name has no hyphen, so none of another stage's does."""
    assert not STAGE_NAME.fullmatch("a-b")
    return {queue for queue in queues() if any(fnmatchcase(queue, name) for name in granted)}


def test_the_api_reads_and_empties_every_dead_letter_queue_and_no_other() -> None:
    dead = {name for name in queues() if name.endswith("-dlq")}

    for action in DLQ_ACTIONS:
        assert on_queues({resource for which, resource in rights("api_handler") if which == action}) == dead


def test_the_api_looks_at_every_queue_and_sends_to_those_that_are_worked_off() -> None:
    granted = rights("api_handler")

    assert on_queues({r for action, r in granted if action == "sqs:GetQueueAttributes"}) == queues()
    assert on_queues({r for action, r in granted if action == "sqs:SendMessage"}) == {
        q for q in queues() if not q.endswith("-dlq")
    }


def test_the_api_invokes_only_what_s3_invokes() -> None:
    invoked = {r for action, r in rights("api_handler") if action == "lambda:InvokeFunction"}

    assert invoked == {f"orderproc-local-{name}" for name in ("mail_receipt", "import_orders", "import_products")}


@pytest.mark.parametrize(
    ("function", "buckets"),
    [
        *(("api_handler", ["documents", "site"]), ("mail_receipt", ["documents"]), ("reconciler", ["documents"])),
        *(("import_orders", ["imports"]), ("import_products", ["imports"])),
    ],
)
def test_a_function_that_asks_for_what_may_be_missing_can_tell_it_from_the_forbidden(
    function: str, buckets: list[str]
) -> None:
    """S3 answers 404 only to those who may list the bucket, and a request for one object has no prefix to judge."""
    policy = json.loads((APP / ".chalice" / f"policy-{function}.json").read_text())
    (listing,) = [statement for statement in policy["Statement"] if "s3:ListBucket" in statement["Action"]]
    resources = listing["Resource"] if isinstance(listing["Resource"], list) else [listing["Resource"]]

    assert resources == [f"arn:aws:s3:::orderproc-local-{bucket}-000000000000" for bucket in buckets]
    assert "Condition" not in listing


def test_the_api_may_look_at_all_that_its_health_depends_on() -> None:
    granted = rights("api_handler")

    assert {
        ("sns:GetTopicAttributes", "orderproc-local-orders"),
        ("states:DescribeStateMachine", "orderproc-local-orders"),
        ("sqs:GetQueueAttributes", "orderproc-local-orders"),
        ("dynamodb:Query", "table/orderproc-local-metrics"),
        ("dynamodb:Scan", "table/orderproc-local-orders/index/by-day"),
        *(("dynamodb:BatchGetItem", f"table/orderproc-local-{table}") for table in ("products", "inventory")),
        *(
            ("dynamodb:GetItem", f"table/orderproc-local-{table}")
            for table in ("orders", "carts", "payments", "operations")
        ),
        *(
            ("dynamodb:Query", f"table/orderproc-local-orders/index/{index}")
            for index in ("by-customer", "by-owner", "by-day", "open")
        ),
    } <= set(granted)


QUEUES = {
    "process_orders": "orders",
    "notify": "notifications",
    "inventory_worker": "inventory",
    "payment_worker": "payment",
    "shipping_worker": "shipping",
    "import_rows": "imports",
    "write_export": "exports",
}
_DAMAGED = ("PutItem", "inconsistencies")
_NUMBERS = ("UpdateItem", "order-numbers")
BESIDES = {
    "process_orders": {_DAMAGED},
    "notify": {_DAMAGED},
    "inventory_worker": {_DAMAGED, _NUMBERS},
    "payment_worker": {_DAMAGED},
    "import_rows": {_DAMAGED, _NUMBERS, ("PutItem", "import#*"), ("GetItem", "imports"), ("UpdateItem", "imports")},
    **{f: {(a, "imports") for a in ("GetItem", "PutItem", "UpdateItem")} for f in ("import_orders", "import_products")},
    **{f: {_DAMAGED} for f in ("mail_receipt", "publish_metrics", "hourly_metrics", "process_payment")},
    "write_export": {_DAMAGED, ("GetItem", "exports"), ("PutItem", "exports")},
    "housekeeper": {
        *(("Query", "imports"), ("Query", "key-ends"), ("DeleteItem", "key-ends"), _DAMAGED),
        *((a, "exports") for a in ("GetItem", "PutItem", "Query")),
    },
    "reconciler": {
        *((action, "inconsistencies") for action in ("PutItem", "DeleteItem", "Query")),
        *((action, "inspector") for action in ("GetItem", "PutItem")),
    },
    "redrive": {
        *(("BatchGetItem", scope) for scope in ("tries#*", "dead-letters#*")),
        *((action, "redriven") for action in ("GetItem", "PutItem")),
        ("PutItem", "audit#*"),
        _DAMAGED,
    },
    "api_handler": {
        *(("GetItem", scope) for scope in ("health", "imports", "inspector", "parcel#*", "exports", "export-keys")),
        ("BatchGetItem", "dead-letters#*"),
        *((action, scope) for action in ("Query", "PutItem") for scope in ("audit#*", "audit-order#*", "notes#*")),
        *(("Query", scope) for scope in ("imports", "inconsistencies", "exports", "key-ends")),
        *(("PutItem", scope) for scope in ("parcel#*", "exports", "export-keys", "access", "key-ends")),
        *(_DAMAGED, _NUMBERS),
    },
}
"""What functions do in the table of operations, beside counting the tries of their own queue's messages."""


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_a_function_sees_its_own_part_of_the_table_of_operations_and_a_consumer_counts_its_own_tries(
    path: Path,
) -> None:
    """The audit trail is in it: only the API and the redriver write there, and no function changes or deletes it."""
    function = path.stem.removeprefix("policy-")
    granted = scopes(function)

    expected = set(BESIDES.get(function, set()))
    if queue := QUEUES.get(function):
        expected |= {("BatchGetItem", f"tries#{queue}"), ("UpdateItem", f"tries#{queue}")}
        expected |= {("PutItem", f"dead-letters#{queue}")}
    assert granted == expected


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_a_function_publishes_events_of_the_shop_and_none_in_the_name_of_others(path: Path) -> None:
    """An `OrderCreated` of `ecommerce.orders` would place an order."""
    sources = {
        source
        for statement in statements(path.stem.removeprefix("policy-"))
        if "events:PutEvents" in statement["Action"]
        for source in values_of(statement, "events:source")
    }

    assert sources <= {SOURCE}


def test_the_redriver_empties_the_dead_letter_queues_that_can_be_sent_back_and_no_other() -> None:
    granted = rights("redrive")
    others = {f"orderproc-local-{reader}-dlq" for reader in ("metrics", "search")}
    dead = {name for name in queues() if name.endswith("-dlq")} - others

    for action in DLQ_ACTIONS | {"sqs:GetQueueAttributes"}:
        assert {resource for which, resource in granted if which == action} == dead
    for action in ("sqs:SendMessage", "lambda:InvokeFunction"):
        assert {r for which, r in granted if which == action} == {
            r for which, r in rights("api_handler") if which == action
        }


@pytest.mark.parametrize(
    "function",
    [
        "process_payment",
        "payment_worker",
        "process_orders",
        "api_handler",
        "housekeeper",
        "reconciler",
        "publish_metrics",
        "hourly_metrics",
        "import_rows",
        "write_export",
    ],
)
def test_a_function_that_reads_many_items_may_list_a_damaged_one(function: str) -> None:
    assert ("dynamodb:PutItem", "table/orderproc-local-operations") in rights(function)


def test_only_the_api_reads_the_carriers_secret_and_with_those_who_mail_or_publish_the_one_of_links() -> None:
    links = ("secretsmanager:GetSecretValue", "orderproc-local-links-??????")
    granted = {
        path.stem.removeprefix("policy-"): [r for r in rights(path.stem.removeprefix("policy-")) if "secrets" in r[0]]
        for path in POLICIES
    }

    assert granted.pop("api_handler") == [
        ("secretsmanager:GetSecretValue", "orderproc-local-carrier-webhook-??????"),
        links,
    ]
    publishers = {function for function in granted if any(a == "events:PutEvents" for a, _ in rights(function))}
    for function in {*MAILERS, *publishers}:
        assert granted.pop(function) == [links]
    assert not any(granted.values())


@pytest.mark.parametrize("function", ["notify", "mail_receipt"])
def test_who_sends_messages_may_say_how_they_ended_and_show_staff_what_is_in_doubt(function: str) -> None:
    granted = rights(function)

    assert {a for a, r in granted if r == "table/orderproc-local-claims"} == {
        "dynamodb:PutItem",
        "dynamodb:DeleteItem",
        "dynamodb:BatchGetItem",
        "dynamodb:UpdateItem",
    }
    assert ("dynamodb:PutItem", "table/orderproc-local-operations") in granted


def test_a_mail_that_is_postponed_goes_to_the_queue_of_notifications() -> None:
    assert ("sqs:SendMessage", "orderproc-local-notifications") in rights("mail_receipt")


def test_the_reconciler_looks_at_claims_and_asks_for_messages_and_sends_none() -> None:
    granted = rights("reconciler")

    assert {a for a, r in granted if r == "table/orderproc-local-claims"} == {"dynamodb:BatchGetItem"}
    assert {r for a, r in granted if a.startswith("sqs:")} == {"orderproc-local-notifications"}
    assert not any(a.startswith(("ses:", "sns:")) for a, _ in granted)


@pytest.mark.parametrize("function", ["process_payment", "payment_worker", "process_orders"])
def test_who_charges_may_look_at_what_else_a_customer_left_unpaid(function: str) -> None:
    assert {
        ("dynamodb:Query", "table/orderproc-local-orders/index/by-customer"),
        ("dynamodb:BatchGetItem", "table/orderproc-local-orders"),
    } <= set(rights(function))


@pytest.mark.parametrize(
    "function", ["process_payment", "update_inventory", "confirm_order", "complete_order", "shipping_worker"]
)
def test_who_goes_on_with_a_payment_may_see_whether_it_went_back(function: str) -> None:
    """Also the one that charges: a try whose answer was lost finds its capture in the ledger."""
    assert ("dynamodb:GetItem", "table/orderproc-local-payments") in rights(function)
