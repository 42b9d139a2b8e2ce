"""Looks whether every way into the functions is really there and switched on, since a missing one loses
orders silently.
"""

import json
from collections.abc import Mapping

from infra.deploy import names, stream_mapping
from infra.errors import Refusal
from infra.target import Target

MAPPINGS = {
    "process_orders": "OrdersQueueArn",
    "notify": "NotificationsQueueArn",
    "inventory_worker": "InventoryQueueArn",
    "payment_worker": "PaymentQueueArn",
    "shipping_worker": "ShippingQueueArn",
    "import_rows": "ImportsQueueArn",
    "write_export": "ExportsQueueArn",
    "count_orders": "OrdersStreamArn",
    "index_orders": "OrdersStreamArn",
}
NOTIFICATIONS = {
    "mail_receipt": "DocumentsBucketName",
    "import_orders": "ImportsBucketName",
    "import_products": "ImportsBucketName",
}
SCHEDULED = ("housekeeper", "redrive", "reconciler", "publish_metrics", "hourly_metrics")


def triggers(target: Target, outputs: Mapping[str, str]) -> None:
    """Refuses if a queue's mapping, the bucket's notification or the schedule is missing, doubled or off."""
    problems = [
        *(_mapping(target, function, outputs[source]) for function, source in MAPPINGS.items()),
        *(problem for function in stream_mapping.DEAD_LETTERS for problem in _stream(target, function, outputs)),
        *(_notification(target, function, outputs[bucket]) for function, bucket in NOTIFICATIONS.items()),
        *(_schedule(target, function) for function in SCHEDULED),
    ]
    if found := [problem for problem in problems if problem]:
        raise Refusal(f"Deployed, but {'; '.join(found)}: deploy again, or look at the triggers in AWS's console.")


def _mapping(target: Target, function: str, queue_arn: str) -> str:
    name = names.function(target, function)
    found = target.functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    states = [mapping["State"] for mapping in found if mapping["EventSourceArn"] == queue_arn]
    # A mapping made a moment ago may still be on its way.
    if len(states) == 1 and states[0] in ("Enabled", "Enabling", "Creating", "Updating"):
        return ""
    queue = queue_arn.rpartition(":")[2]
    return f"{name} has {states or 'no'} mapping(s) from {queue} instead of one that is enabled"


def _stream(target: Target, function: str, outputs: Mapping[str, str]) -> list[str]:
    return stream_mapping.problems(target.functions, names.function(target, function), function, outputs)


def _notification(target: Target, function: str, bucket: str) -> str:
    name = names.function(target, function)
    found = target.s3.get_bucket_notification_configuration(Bucket=bucket).get("LambdaFunctionConfigurations", [])
    mine = [item for item in found if item["LambdaFunctionArn"].endswith(f":function:{name}")]
    return "" if len(mine) == 1 else f"the bucket {bucket} notifies {name} {len(mine)} times instead of once"


def _schedule(target: Target, function: str) -> str:
    name = names.function(target, function)
    rule = f"{name}-event"
    try:
        state = target.events.describe_rule(Name=rule)["State"]
        targets = target.events.list_targets_by_rule(Rule=rule)["Targets"]
        policy = json.loads(target.functions.get_policy(FunctionName=name)["Policy"])
    except (
        target.events.exceptions.ResourceNotFoundException,
        target.functions.exceptions.ResourceNotFoundException,
    ):
        return f"the schedule {rule} is not complete"
    may = any("events" in str(statement.get("Principal")) for statement in policy["Statement"])
    whole = state == "ENABLED" and len(targets) == 1 and may
    return "" if whole else f"the schedule {rule} is {state} with {len(targets)} target(s)"
