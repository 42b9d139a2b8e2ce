"""Looks whether every way into the functions is really there and switched on, since a missing one loses
orders silently.
"""

import json
from collections.abc import Mapping

from infra.deploy import stream_mapping
from infra.deploy.post_deploy import function_name
from infra.errors import Refusal
from infra.target import Target


def triggers(target: Target, outputs: Mapping[str, str]) -> None:
    """Refuses if a queue's mapping, the bucket's notification or the schedule is missing, doubled or off."""
    problems = [
        *_mapping(target, "process_orders", outputs["OrdersQueueArn"]),
        *_mapping(target, "notify", outputs["NotificationsQueueArn"]),
        *_mapping(target, "inventory_worker", outputs["InventoryQueueArn"]),
        *_mapping(target, "payment_worker", outputs["PaymentQueueArn"]),
        *_mapping(target, "shipping_worker", outputs["ShippingQueueArn"]),
        *_mapping(target, "import_rows", outputs["ImportsQueueArn"]),
        *_mapping(target, "count_orders", outputs["OrdersStreamArn"]),
        *stream_mapping.problems(target.functions, function_name(target, "count_orders"), outputs),
        *_notification(target, "mail_receipt", outputs["DocumentsBucketName"]),
        *_notification(target, "import_orders", outputs["ImportsBucketName"]),
        *_notification(target, "import_products", outputs["ImportsBucketName"]),
        *_schedule(target, "housekeeper"),
        *_schedule(target, "redrive"),
        *_schedule(target, "reconciler"),
        *_schedule(target, "publish_metrics"),
        *_schedule(target, "hourly_metrics"),
    ]
    if problems:
        raise Refusal(f"Deployed, but {'; '.join(problems)}: deploy again, or look at the triggers in AWS's console.")


def _mapping(target: Target, function: str, queue_arn: str) -> list[str]:
    name = function_name(target, function)
    found = target.functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]
    states = [mapping["State"] for mapping in found if mapping["EventSourceArn"] == queue_arn]
    # A mapping made a moment ago may still be on its way.
    if len(states) == 1 and states[0] in ("Enabled", "Enabling", "Creating", "Updating"):
        return []
    queue = queue_arn.rpartition(":")[2]
    return [f"{name} has {states or 'no'} mapping(s) from {queue} instead of one that is enabled"]


def _notification(target: Target, function: str, bucket: str) -> list[str]:
    name = function_name(target, function)
    found = target.s3.get_bucket_notification_configuration(Bucket=bucket).get("LambdaFunctionConfigurations", [])
    mine = [item for item in found if item["LambdaFunctionArn"].endswith(f":function:{name}")]
    return [] if len(mine) == 1 else [f"the bucket {bucket} notifies {name} {len(mine)} times instead of once"]


def _schedule(target: Target, function: str) -> list[str]:
    name = function_name(target, function)
    rule = f"{name}-event"
    try:
        state = target.events.describe_rule(Name=rule)["State"]
        targets = target.events.list_targets_by_rule(Rule=rule)["Targets"]
        policy = json.loads(target.functions.get_policy(FunctionName=name)["Policy"])
    except (
        target.events.exceptions.ResourceNotFoundException,
        target.functions.exceptions.ResourceNotFoundException,
    ):
        return [f"the schedule {rule} is not complete"]
    may = any("events" in str(statement.get("Principal")) for statement in policy["Statement"])
    whole = state == "ENABLED" and len(targets) == 1 and may
    return [] if whole else [f"the schedule {rule} is {state} with {len(targets)} target(s)"]
