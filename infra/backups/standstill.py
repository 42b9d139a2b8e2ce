"""Stops a stage, so that nothing writes while its tables are set back, and lets it go on. What was on before is noted
first: a restoration that dies leaves the stage closed, and the next one knows what to switch on again."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from infra.deploy import inventory, names, record, warm
from infra.deploy.deploy import tracked_config
from infra.deploy.inventory import Inventory
from infra.errors import Refusal
from infra.target import Target

CLOSED = "SHOP_CLOSED"
"""The API's variable (chalicelib/kit/config.py): all but /health answers 503."""
_STREAM_READERS = ("count_orders", "index_orders")
_WRITE_NO_TABLE = ("import_orders", "import_products")
"""Of those that are set back, and may run for 15 minutes."""
_ON_AN_EMULATOR = 5.0
_PATIENCE = 120.0

Stopped = dict[str, Any]
"""As the stage's record keeps it."""


def look(target: Target, bucket: str) -> Stopped:
    """What is on now; changes nothing."""
    found = _inventory(target, bucket)
    functions = target.functions
    states = {one.name: functions.get_event_source_mapping(UUID=one.name)["State"] for one in found.mappings}
    limits = {
        one.name: functions.get_function_concurrency(FunctionName=one.name).get("ReservedConcurrentExecutions")
        for one in found.functions
        if one.name != target.prefix
    }
    readers = {inventory.arn(target, "function", names.function(target, name)) for name in _STREAM_READERS}
    on = [one for one in found.mappings if states[one.name] not in ("Disabled", "Disabling")]
    return {
        "queues": sorted(one.name for one in on if one.function_arn not in readers),
        "streams": sorted(one.name for one in on if one.function_arn in readers),
        "rules": [one.name for one in found.rules if target.events.describe_rule(Name=one.name)["State"] == "ENABLED"],
        "concurrency": limits,
    }


def stop(target: Target, stopped: Stopped) -> None:
    """The API answers 503, queues wait, schedules pause, executions end. Readers of the orders' stream go on: what
    happened until now is counted and indexed first."""
    _set_closed(target, closed=True)
    for rule in stopped["rules"]:
        target.events.disable_rule(Name=rule)
    _switch(target, stopped["queues"], on=False)
    readers = {names.function(target, name) for name in _STREAM_READERS}
    _limit(target, {name: 0 for name in stopped["concurrency"] if name not in readers})
    _stop_executions(target)


def settle(
    target: Target, stopped: Stopped, since: float, check: Callable[[], None] = lambda: None, clock: Any = time
) -> None:
    """Wait until what ran at that time (seconds of the epoch) must have ended, by its timeout; then stop the stream's
    readers, too. `check` is called after the waiting, and may raise."""
    left = since + _longest(target, stopped) - clock.time()
    clock.sleep(max(0.0, left))
    check()
    _stop_executions(target)  # a request that was under way may have begun one
    _switch(target, stopped["streams"], on=False)
    _limit(target, dict.fromkeys(stopped["concurrency"], 0))
    if not target.is_emulator:
        clock.sleep(60)  # a reader's own timeout


def go_on(target: Target, stopped: Stopped) -> None:
    """Everything that was on is on again."""
    _limit(target, stopped["concurrency"])
    _switch(target, [*stopped["streams"], *stopped["queues"]], on=True)
    for rule in stopped["rules"]:
        target.events.enable_rule(Name=rule)
    _set_closed(target, closed=False)


def _inventory(target: Target, bucket: str) -> Inventory:
    _, known = record.known(target, bucket)
    return inventory.look(target, names.planned(target, tracked_config()) | known)


def _longest(target: Target, stopped: Stopped) -> float:
    if target.is_emulator:  # what runs there takes a moment, and ends with it
        return _ON_AN_EMULATOR
    brief = [name for name in stopped["concurrency"] if names.in_chalice(target, name) not in _WRITE_NO_TABLE]
    described = (target.functions.get_function_configuration(FunctionName=name) for name in [target.prefix, *brief])
    return float(max(one["Timeout"] for one in described))


def _set_closed(target: Target, *, closed: bool) -> None:
    name = target.prefix
    found = target.functions.get_function_configuration(FunctionName=name)
    variables = dict(found.get("Environment", {}).get("Variables", {}))
    wanted = {key: value for key, value in variables.items() if key != CLOSED} | ({CLOSED: "true"} if closed else {})
    if wanted != variables:
        target.functions.get_waiter("function_updated_v2").wait(FunctionName=name)
        target.functions.update_function_configuration(FunctionName=name, Environment={"Variables": wanted})
    target.functions.get_waiter("function_updated_v2").wait(FunctionName=name)
    warm.follow(target)  # an alias would go on with the version from before


def _switch(target: Target, mappings: list[str], *, on: bool) -> None:
    for uuid in mappings:
        _when_free(target, uuid, on=on)


def _when_free(target: Target, uuid: str, *, on: bool) -> None:
    """A mapping that is being changed can be changed again some seconds later."""
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        try:
            target.functions.update_event_source_mapping(UUID=uuid, Enabled=on)
        except target.functions.exceptions.ResourceInUseException:
            time.sleep(1)
        else:
            return
    raise Refusal(f"The event source mapping {uuid} is still being changed: run this again in a minute.")


def _limit(target: Target, limits: Mapping[str, int | None]) -> None:
    for name, most in limits.items():
        if most is None:
            target.functions.delete_function_concurrency(FunctionName=name)
        else:
            target.functions.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=most)


def _stop_executions(target: Target) -> None:
    """Of the machine of type STANDARD: those of EXPRESS end within five minutes, with functions that take no calls."""
    client = target.client("stepfunctions")
    machine = f"arn:{target.partition}:states:{target.region}:{target.account}:stateMachine:{target.prefix}-orders"
    try:
        pages = client.get_paginator("list_executions").paginate(stateMachineArn=machine, statusFilter="RUNNING")
        running = [one["executionArn"] for page in pages for one in page["executions"]]
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("StateMachineDoesNotExist", "StateMachineTypeNotSupported"):
            raise
        return
    for arn in running:
        client.stop_execution(executionArn=arn, error="Restored", cause="The stage is being restored.")
