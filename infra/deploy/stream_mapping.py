"""How the orders' stream reaches count_orders and index_orders. Chalice makes the mappings without these settings:
which changes are worth an invocation, and what happens to a batch that keeps failing.

Lambda halves a failing batch until the failing record is alone, retries that, writes its position in the stream into
the dead-letter queue, and continues. That also happens to records that an outage keeps from being read for as many
retries, or for a day: `make metrics` counts them again, `make search` indexes them. A record that can't be read fails
nothing: count_orders makes a dead letter of it."""

import json
import os
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from infra.errors import Refusal
from infra.paths import make_importable

if TYPE_CHECKING:
    from mypy_boto3_lambda.client import LambdaClient
    from mypy_boto3_lambda.type_defs import EventSourceMappingConfigurationTypeDef

RETRIES = 300
"""AWS does not say how long they take together. A try that meets a silent DynamoDB or S3 takes ten seconds, so they
outlast three quarters of an hour of that, where twenty were over in minutes and left numbers too low for good. But what
fails for ever, by a bug, keeps all behind it waiting as long: at a try a minute five hours, far from the day after
which those would be lost."""
_PATIENCE = 60
SECONDS = 23 * 3600
"""The stream itself forgets after 24 hours, silently."""


DEAD_LETTERS = {"count_orders": "MetricsDlqArn", "index_orders": "SearchDlqArn"}
"""Where failures go, by the function that reads the stream. Two readers are as many as a stream of DynamoDB serves."""


def settings(function: str, outputs: Mapping[str, str]) -> dict[str, Any]:
    """What the function's mapping must say, as Lambda's API takes it."""
    patterns = _counted() if function == "count_orders" else _indexed()
    return {
        "BisectBatchOnFunctionError": True,
        "MaximumRetryAttempts": RETRIES,
        "MaximumRecordAgeInSeconds": SECONDS,
        "DestinationConfig": {"OnFailure": {"Destination": outputs[DEAD_LETTERS[function]]}},
        "FilterCriteria": {"Filters": [{"Pattern": json.dumps(pattern)} for pattern in patterns]},
    }


def apply(functions: "LambdaClient", name: str, function: str, outputs: Mapping[str, str]) -> None:
    """Set what is not set yet of the function's mapping; `name` is the function's in Lambda. Refused by nothing that
    is: a deployment may be repeated."""
    wanted = settings(function, outputs)
    for mapping in _mappings(functions, name, outputs):
        if not _is_set(mapping, wanted):
            update(functions, mapping["UUID"], wanted)


def problems(functions: "LambdaClient", name: str, function: str, outputs: Mapping[str, str]) -> list[str]:
    """What would lose records, or stop the function for good. `verify` checks that the mapping is there."""
    wanted = settings(function, outputs)
    stream = outputs["OrdersStreamArn"].rpartition(":")[2]
    return [
        f"{name}'s mapping from {stream} does not say where failed batches go and which changes to read"
        for mapping in _mappings(functions, name, outputs)
        if not _is_set(mapping, wanted, ("DestinationConfig", "FilterCriteria", "MaximumRecordAgeInSeconds"))
    ]


def update(functions: "LambdaClient", uuid: str, wanted: Mapping[str, Any]) -> None:
    """Change a mapping, of a queue as well. One made a moment ago is not ready to be changed for some seconds."""
    for _ in range(_PATIENCE):
        try:
            functions.update_event_source_mapping(UUID=uuid, **wanted)
        except functions.exceptions.ResourceInUseException:
            time.sleep(1)
        else:
            return
    raise Refusal(f"The event source mapping {uuid} can't be changed yet: deploy again in a minute.")


def _mappings(
    functions: "LambdaClient", function: str, outputs: Mapping[str, str]
) -> "list[EventSourceMappingConfigurationTypeDef]":
    found = functions.list_event_source_mappings(FunctionName=function)["EventSourceMappings"]
    return [mapping for mapping in found if mapping["EventSourceArn"] == outputs["OrdersStreamArn"]]


def _is_set(mapping: Mapping[str, Any], wanted: Mapping[str, Any], names: tuple[str, ...] = ()) -> bool:
    return all(_plain(mapping.get(name)) == _plain(wanted[name]) for name in names or wanted)


def _plain(setting: Any) -> Any:
    """Patterns are JSON in a string, which AWS may write in its own way; and it adds an empty OnSuccess."""
    if not isinstance(setting, Mapping):
        return setting
    if "Filters" in setting:
        return sorted((json.loads(each["Pattern"]) for each in setting["Filters"]), key=json.dumps)
    return setting.get("OnFailure")


def _counted() -> list[dict[str, Any]]:
    """New orders, and changes to a status that brings something to count (chalicelib/reporting/facts.py)."""
    make_importable()
    from chalicelib.reporting.facts import COUNTED

    counted = sorted(status.value for status in COUNTED)
    return [
        {"eventName": ["INSERT"]},
        {"eventName": ["MODIFY"], "dynamodb": {"NewImage": {"status": {"S": counted}}}},
    ]


def _indexed() -> list[dict[str, Any]]:
    """Every change: a claim, a correction by hand and an erasure move no status, and the changes of an order's first
    second come in one batch. None where the search is switched off: what is filtered out costs nothing."""
    off = os.environ.get("ORDER_SEARCH") == "off"
    return [{"eventName": ["NONE"] if off else ["INSERT", "MODIFY", "REMOVE"]}]
