"""What each function may do, held against what it was seen to do in all the tests before this one.

Comes last by its name. Alone it would find that nothing was used, so it needs the other modules to have run."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from fnmatch import fnmatchcase
from itertools import product
from typing import Any, NamedTuple

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from tests.e2e.interruptions import WITHOUT_RIGHTS
from tests.e2e.shop import Shop

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

# What no run can show: the emulator does it itself, or only what went wrong needs it.
UNSEEN = {
    "Logs": "Lambda writes the logs, not our code",
    "Traces": "Lambda sends the traces; the emulator has none",
    "PollQueue": "Lambda polls; ours are only the deletes and the hiding of a batch that failed in part",
    "GiveUp": "Lambda sends what it gave up on to the function's dead-letter queue",
    "Stream": "Lambda reads the stream",
    "Streams": "Lambda reads the stream",
}
LISTS = "s3:ListBucket"
"""With the right to list, S3 answers 404 for a missing object and not 403. The reconciler lists."""
# Needed only after something broke at the wrong moment. tests/reliability breaks it there, over the same adapters.
_DEBT = "an order of a hundred products pays what it owes the stock with its next write"
_REFUSED = "SES or SNS refused a message: its claim is given back"
_CANCELLED = "money of an order that was cancelled while it was being charged"
_DIED = "an execution that died in a step is finished"
_LATE = "orders that may have been lost on the way to their driver"
_LOST_EXPORT = "an export whose message was lost"
_LARGE_EXPORT = "an export of more than 5 MB, or one whose parts are gone"
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
    ("api_handler", "dynamodb:GetItem", "orderproc-local-gateway"): _CANCELLED,
    ("api_handler", "dynamodb:GetItem", "export-keys"): "an Idempotency-Key of an export that came twice",
    ("refund_payment", "dynamodb:PutItem", "orderproc-local-gateway"): _CANCELLED,
    **{
        (function, f"dynamodb:{action}", f"orderproc-local-{table}"): _CANCELLED
        for function in ("fail_order", "send_notification", "housekeeper")
        for action in ("GetItem", "PutItem")
        for table in ("payments", "gateway")
    },
    ("send_notification", "dynamodb:PutItem", "orderproc-local-orders"): _CANCELLED,
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
        (function, action, resource): "a signed-in customer's payment that does not answer"
        for function in ("process_payment", "process_orders", "payment_worker")
        for action, resource in (("dynamodb:Query", "by-customer"), ("dynamodb:BatchGetItem", "orderproc-local-orders"))
    },
    **{
        (function, f"dynamodb:{action}", "orderproc-local-operations"): "a message that came again, or was given up"
        for function in (
            *("process_orders", "notify", "inventory_worker", "payment_worker", "shipping_worker", "import_rows"),
            *("write_export", "redrive"),
        )
        for action in ("BatchGetItem", "GetItem", "PutItem", "UpdateItem")
    },
    **{
        (function, "dynamodb:PutItem", "orderproc-local-operations"): "an item that can't be read, or a mail in doubt"
        for function in (
            *("housekeeper", "publish_metrics", "hourly_metrics", "mail_receipt", "reconciler"),
            "process_payment",
        )
    },
    **{
        (
            function,
            "secretsmanager:GetSecretValue",
            "orderproc-local-links-??????",
        ): "a customer's id that is an address"
        for function in (
            *("process_orders", "inventory_worker", "payment_worker", "shipping_worker", "housekeeper", "fail_order"),
        )
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
    ("housekeeper", "sqs:SendMessage", "orderproc-local-exports"): _LOST_EXPORT,
    ("housekeeper", "dynamodb:GetItem", "exports"): _LOST_EXPORT,
    ("housekeeper", "dynamodb:PutItem", "exports"): _LOST_EXPORT,
    ("write_export", "sqs:SendMessage", "orderproc-local-exports"): _LARGE_EXPORT,
    ("write_export", "s3:AbortMultipartUpload", "*"): _LARGE_EXPORT,
    ("write_export", "s3:GetObject", "*"): _LARGE_EXPORT,
    ("reconciler", "sqs:SendMessage", "orderproc-local-notifications"): "a mail that was never tried",
    ("reconciler", "dynamodb:BatchGetItem", "orderproc-local-claims"): "a mail that was never tried",
    ("mail_receipt", "sqs:SendMessage", "orderproc-local-notifications"): _REFUSED,
    ("api_handler", "sqs:SendMessage", "orderproc-local-notifications"): _REFUSED,
    ("api_handler", "dynamodb:BatchGetItem", "orderproc-local-claims"): _REFUSED,
    ("api_handler", "dynamodb:PutItem", "orderproc-local-claims"): "an older order's cart, of a cancelled order",
    ("api_handler", "dynamodb:PutItem", "inconsistencies"): "an item that can't be read",
    **{
        (function, f"states:{action}", "orderproc-local-orders-express"): "a stage with WORKFLOW_TYPE=EXPRESS"
        for function, action in (
            ("api_handler", "StartExecution"),
            ("api_handler", "DescribeStateMachine"),
            ("housekeeper", "StartExecution"),
        )
    },
}


class Right(NamedTuple):
    """One action on one resource (with wildcards), that a function's role is given, for one of the keys that a
    condition names: partition keys of a table, sources of events."""

    function: str
    sid: str
    action: str
    resource: str
    key: str = "*"


@pytest.fixture(scope="module")
def rights(shop: Shop) -> list[Right]:
    """Of all roles that Chalice made, read back from IAM."""
    return list(_rights(shop))


@pytest.fixture(scope="module")
def calls(shop: Shop) -> list[dict[str, Any]]:
    answer = requests.get(f"{shop.described['endpoint_url']}/_emulator/iam-calls", timeout=30)
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
                for action, resource, key in product(
                    _listed(statement["Action"]), _listed(statement.get("Resource", "*")), _keys(statement)
                ):
                    yield Right(name.removeprefix(prefix), statement.get("Sid", ""), action, resource, key)


def _keys(statement: dict[str, Any]) -> list[str]:
    conditions = statement.get("Condition", {})
    named = {**conditions.get("ForAllValues:StringEquals", {}), **conditions.get("ForAllValues:StringLike", {})}
    return [key for keys in named.values() for key in _listed(keys)] or ["*"]


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value)


def _is_use_of(call: dict[str, Any], right: Right, prefix: str) -> bool:
    return (
        call["role"] == prefix + right.function
        and call["action"].lower() == right.action.lower()
        and (fnmatchcase(call["resource"], right.resource) or call["resource"] == "*")
        and (right.key == "*" or any(fnmatchcase(key, right.key) for key in call["keys"]))
    )


def _is_rare(right: Right) -> bool:
    # Each dead-letter queue's own: test_dead_letters.py has one of them redriven by itself.
    redriven = right.function == "redrive" and right.action.startswith(("sqs:", "lambda:"))
    names = right.resource.replace("/", ":").rpartition(":")[2], right.key
    return redriven or any((right.function, right.action, name) in RARE for name in names)


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
        f"{right.function}: {right.action} on {right.resource.rpartition(':')[2]}, {right.key}"
        for right in rights
        if right.sid not in UNSEEN
        and not (right.action == LISTS and right.function != "reconciler")
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
        ("cloudwatch:DescribeAlarms", "*"),  # which by a prefix looks among all alarms
        ("dynamodb:ListStreams", "*"),  # nor for this
        ("sns:Publish", "*"),  # an SMS goes to a number, and numbers are no resources
    }


# Last, since what they try would count as refused.


@pytest.fixture(scope="module")
def shipping_worker(shop: Shop) -> boto3.Session:
    """What code that got into this function could call AWS with."""
    name = f"orderproc-{shop.described['stage']}-shipping_worker"
    role = shop.client("iam").get_role(RoleName=name)["Role"]["Arn"]
    keys = shop.client("sts").assume_role(RoleArn=role, RoleSessionName="test")["Credentials"]
    return boto3.Session(
        keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"], region_name=shop.described["region"]
    )


def _refused(call: Callable[..., Any], **request: Any) -> bool:
    with pytest.raises(ClientError) as raised:
        call(**request)
    return raised.value.response["Error"]["Code"] in ("AccessDenied", "AccessDeniedException")


@pytest.mark.parametrize("sources", [["ecommerce.orders"], ["orderproc", "ecommerce.orders"]])
def test_a_function_cannot_place_an_order_through_the_bus(
    shop: Shop, shipping_worker: boto3.Session, sources: list[str]
) -> None:
    events = shipping_worker.client("events", endpoint_url=shop.described["endpoint_url"])
    entries = [{"Source": source, "DetailType": "OrderCreated", "Detail": "{}"} for source in sources]

    assert _refused(events.put_events, Entries=entries)


def test_a_function_publishes_the_shops_own_events(shop: Shop, shipping_worker: boto3.Session) -> None:
    events = shipping_worker.client("events", endpoint_url=shop.described["endpoint_url"])

    assert events.put_events(Entries=[{"Source": "orderproc", "DetailType": "Test", "Detail": "{}"}])["Entries"]


@pytest.mark.parametrize("scope", ["audit#2026-11-28", "inconsistencies", "dead-letters#orders", "imports"])
def test_a_function_cannot_write_into_others_parts_of_the_table_of_operations(
    shop: Shop, shipping_worker: boto3.Session, scope: str
) -> None:
    dynamodb = shipping_worker.client("dynamodb", endpoint_url=shop.described["endpoint_url"])
    table, item = f"orderproc-{shop.described['stage']}-operations", {"scope": {"S": scope}, "item": {"S": "forged"}}
    own = {"scope": {"S": "dead-letters#shipping"}, "item": {"S": "test"}}

    assert _refused(dynamodb.put_item, TableName=table, Item=item)
    assert _refused(
        dynamodb.transact_write_items, TransactItems=[{"Put": {"TableName": table, "Item": one}} for one in (own, item)]
    )
    dynamodb.put_item(TableName=table, Item=own)
    shop.client("dynamodb").delete_item(TableName=table, Key=own)
