"""What each function may do, held against what it was seen to do in all the tests before this one.

Comes last by its name. Alone it would find that nothing was used, so it needs the other modules to have run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any, NamedTuple

import pytest
import requests

from tests.e2e.interruptions import WITHOUT_RIGHTS
from tests.e2e.people import Shop

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

# What no run can show: the emulator does it itself, or only what went wrong needs it.
UNSEEN = {
    "Logs": "Lambda writes the logs, not our code",
    "Traces": "Lambda sends the traces; the emulator has none",
    "PollQueue": "Lambda polls; ours are only the deletes and the hiding of a batch that failed in part",
    "TellMissingFromForbidden": "with the right to list, S3 answers 404 for a missing object and not 403",
    "GiveUp": "Lambda sends what it gave up on to the function's dead-letter queue",
    "Stream": "Lambda reads the stream",
    "Streams": "Lambda reads the stream",
}
# Needed only after something broke at the wrong moment. tests/reliability breaks it there, over the same adapters.
_DEBT = "an order of a hundred products pays what it owes the stock with its next write"
_REFUSED = "SES or SNS refused a message: its claim is given back"
_CALLED_OFF = "money of an order that was called off while it was being charged"
_DIED = "an execution that died half-way is looked after"
_LATE = "orders that may have been lost on the way to their driver"
RARE = {
    **{
        (function, "dynamodb:UpdateItem", "orderproc-local-inventory"): _DEBT
        for function in (
            *("save_order", "confirm_order", "fulfil_order", "complete_order", "send_notification"),
            *("generate_receipt", "needs_attention", "fail_order", "shipping_worker"),
        )
    },
    ("count_orders", "dynamodb:Query", "orderproc-local-metrics"): "a fact of an hour that nobody adds up any more",
    ("notify", "dynamodb:DeleteItem", "orderproc-local-claims"): _REFUSED,
    ("mail_receipt", "dynamodb:DeleteItem", "orderproc-local-claims"): _REFUSED,
    ("notify", "dynamodb:BatchGetItem", "orderproc-local-claims"): "an event that came twice: was its message sent?",
    ("api_handler", "dynamodb:GetItem", "orderproc-local-gateway"): _CALLED_OFF,
    ("refund_payment", "dynamodb:PutItem", "orderproc-local-gateway"): _CALLED_OFF,
    **{
        (function, f"dynamodb:{action}", f"orderproc-local-{table}"): _CALLED_OFF
        for function in ("fail_order", "send_notification", "housekeeper")
        for action in ("GetItem", "PutItem")
        for table in ("payments", "gateway")
    },
    ("send_notification", "dynamodb:PutItem", "orderproc-local-orders"): _CALLED_OFF,
    ("needs_attention", "dynamodb:GetItem", "orderproc-local-orders"): _DIED,
    ("needs_attention", "dynamodb:PutItem", "orderproc-local-orders"): _DIED,
    ("housekeeper", "states:StartExecution", "orderproc-local-orders"): _DIED,
    ("housekeeper", "dynamodb:GetItem", "orderproc-local-orders"): _DIED,
    ("housekeeper", "dynamodb:UpdateItem", "orderproc-local-inventory"): _DIED,
    ("housekeeper", "dynamodb:GetItem", "orderproc-local-carts"): _DIED,
    ("housekeeper", "dynamodb:UpdateItem", "orderproc-local-carts"): _DIED,
    ("housekeeper", "dynamodb:PutItem", "orderproc-local-claims"): _DIED,
    ("publish_metrics", "dynamodb:BatchGetItem", "orderproc-local-orders"): "orders that are open for over a minute",
    **{
        ("process_orders", f"dynamodb:{action}", f"orderproc-local-{table}"): "an order of a cart in the order queue"
        for action, table in (("GetItem", "carts"), ("UpdateItem", "carts"), ("PutItem", "claims"))
    },
    ("process_payment", "dynamodb:GetItem", "orderproc-local-payments"): "a charge whose answer was lost",
    **{
        (function, f"dynamodb:{action}", "orderproc-local-operations"): "a message that came again, or was given up"
        for function in (
            *("process_orders", "notify", "inventory_worker", "payment_worker", "shipping_worker", "import_rows"),
            "redrive",
        )
        for action in ("BatchGetItem", "GetItem", "PutItem", "UpdateItem")
    },
    **{
        (function, "dynamodb:PutItem", "orderproc-local-operations"): "an item that can't be read, or a mail in doubt"
        for function in ("housekeeper", "publish_metrics", "hourly_metrics", "mail_receipt", "inspector")
    },
    ("housekeeper", "dynamodb:Query", "by-day"): _LATE,
    ("housekeeper", "states:DescribeExecution", "*"): _LATE,
    **{
        ("housekeeper", "sqs:GetQueueAttributes", f"orderproc-local-{queue}"): _LATE
        for queue in ("orders", "inventory", "payment", "shipping", "imports")
    },
    ("housekeeper", "sqs:SendMessage", "orderproc-local-imports"): "an import whose messages were given up",
    ("housekeeper", "dynamodb:Query", "orderproc-local-operations"): "an import whose messages were given up",
    ("import_rows", "sqs:SendMessage", "orderproc-local-imports"): "rows that let live orders go first",
    ("inspector", "sqs:SendMessage", "orderproc-local-notifications"): "a mail that was never tried",
    ("inspector", "dynamodb:BatchGetItem", "orderproc-local-claims"): "a mail that was never tried",
    ("mail_receipt", "sqs:SendMessage", "orderproc-local-notifications"): _REFUSED,
    ("api_handler", "sqs:SendMessage", "orderproc-local-notifications"): _REFUSED,
    ("api_handler", "dynamodb:BatchGetItem", "orderproc-local-claims"): _REFUSED,
    ("api_handler", "dynamodb:PutItem", "orderproc-local-claims"): "an older order's cart, of a cancelled order",
}


class Right(NamedTuple):
    """One action on one resource (with wildcards), that a function's role is given."""

    function: str
    sid: str
    action: str
    resource: str


@pytest.fixture(scope="module")
def shop(stack: dict[str, Any]) -> Shop:
    return Shop(stack)


@pytest.fixture(scope="module")
def rights(shop: Shop) -> list[Right]:
    """Of all roles that Chalice made, read back from IAM."""
    return list(_rights(shop))


@pytest.fixture(scope="module")
def calls(shop: Shop) -> list[dict[str, Any]]:
    answer = requests.get(f"{shop.described['endpoint_url']}/_orderproc/iam-calls", timeout=30)
    found: list[dict[str, Any]] = answer.json()
    return found


def _rights(shop: Shop) -> Iterator[Right]:
    iam, prefix = shop.client("iam"), f"orderproc-{shop.described['stage']}-"
    for role in iam.list_roles()["Roles"]:
        name = role["RoleName"]
        if not name.startswith(prefix) or "states.amazonaws.com" in str(role["AssumeRolePolicyDocument"]):
            continue
        for policy in iam.list_role_policies(RoleName=name)["PolicyNames"]:
            document = iam.get_role_policy(RoleName=name, PolicyName=policy)["PolicyDocument"]
            for statement in document["Statement"]:
                for action in _listed(statement["Action"]):
                    for resource in _listed(statement.get("Resource", "*")):
                        yield Right(name.removeprefix(prefix), statement.get("Sid", ""), action, resource)


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _is_use_of(call: dict[str, Any], right: Right, prefix: str) -> bool:
    return (
        call["role"] == prefix + right.function
        and call["action"].lower() == right.action.lower()
        and (fnmatchcase(call["resource"], right.resource) or call["resource"] == "*")
    )


def _is_rare(right: Right) -> bool:
    # Each dead-letter queue's own: test_dead_letters.py has one of them redriven by itself.
    redriven = right.function == "redrive" and right.action.startswith(("sqs:", "lambda:"))
    return redriven or (right.function, right.action, right.resource.replace("/", ":").rpartition(":")[2]) in RARE


def _is_all_of_a_kind(resource: str) -> bool:
    """Whether it names no resource, but at most a service, an account or a type."""
    return bool(re.fullmatch(r"\*|arn(:[^/:]*){4,5}:\*", resource))


@pytest.mark.parametrize(
    ("resource", "broad"),
    [
        ("*", True),
        ("arn:aws:s3:::*", True),
        ("arn:aws:sqs:us-east-1:000000000000:*", True),
        ("arn:aws:states:us-east-1:000000000000:execution:*", True),
        ("arn:aws:states:us-east-1:000000000000:execution:orderproc-local-orders:*", False),
        ("arn:aws:s3:::orderproc-local-documents-000000000000/*", False),
    ],
)
def test_a_wildcard_behind_a_name_is_not_broad(resource: str, broad: bool) -> None:
    assert _is_all_of_a_kind(resource) is broad


def test_the_suite_used_the_functions(rights: list[Right], calls: list[dict[str, Any]]) -> None:
    assert len(calls) > 50, "run the other end-to-end tests before this one"
    assert len({right.function for right in rights}) >= 19


def test_nobody_was_refused_what_he_needs(calls: list[dict[str, Any]]) -> None:
    # test_state_failures.py sends functions to a table that is none, so that they raise; test_state_outages.py takes
    # the rights of one away, whose first call is a read of its order.
    refused = {
        (call["role"], call["action"], call["resource"].rpartition("/")[2]) for call in calls if not call["allowed"]
    }
    meant = (f"orderproc-local-{WITHOUT_RIGHTS}", "dynamodb:GetItem", "orderproc-local-orders")
    assert {call for call in refused if call != meant and call[2] != "orderproc-none"} == set()


def test_nobody_may_do_what_he_never_does(shop: Shop, rights: list[Right], calls: list[dict[str, Any]]) -> None:
    prefix = f"orderproc-{shop.described['stage']}-"

    unused = [
        f"{right.function}: {right.action} on {right.resource.rpartition(':')[2]}"
        for right in rights
        if right.sid not in UNSEEN
        and not _is_rare(right)
        and not any(_is_use_of(call, right, prefix) for call in calls)
    ]

    assert not unused, "allowed, but never seen:\n" + "\n".join(unused)


def test_rights_are_for_named_actions_on_named_resources(rights: list[Right]) -> None:
    broad = [r for r in rights if "*" in r.action or (_is_all_of_a_kind(r.resource) and "logs" not in r.action)]

    assert {(right.action, right.resource) for right in broad} <= {
        ("xray:PutTraceSegments", "*"),  # AWS knows no resource for these
        ("xray:PutTelemetryRecords", "*"),
        ("cloudwatch:PutMetricData", "*"),  # nor for this; a condition names the namespace
        ("dynamodb:ListStreams", "*"),  # nor for this
        ("sns:Publish", "*"),  # an SMS goes to a number, and numbers are no resources
    }
