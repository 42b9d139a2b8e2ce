"""What Chalice knows of a stage. Chalice writes its record only after a whole success, so a deployment that died
before its end would be made a second time beside the first. Therefore:

1. Before Chalice runs, the names of all that it is about to make are stored as the stage's *intent*. What has such a
   name and no tags is the stage's own afterwards: it was made by a deployment that died before tagging it.
2. Chalice's record is completed from what exists. What exists twice is removed but for one.
3. When Chalice is done, what it made is tagged. After a failure, the record is completed again.
"""

import uuid
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from infra.deploy import inventory, names, ownership, removal, stacks, state, tags, templates
from infra.deploy.inventory import MAPPING, Inventory, Thing
from infra.deploy.names import Names
from infra.errors import Refusal
from infra.target import Target

Item = dict[str, Any]
_KINDS = ("iam_role", "lambda_function", "sqs_event", "dynamodb_event", "s3_event", "cloudwatch_event", "rest_api")


def claim(target: Target, tracked: Mapping[str, Any]) -> Target:
    """The stage with its deployment's id, a new one if it has none. Refuses before anything is made: a stage that is in
    another region, and a new one that needs a name in use."""
    if target.deployment:
        return target
    planned = names.planned(target, tracked)
    found = ownership.find(target, planned)
    if found is None:
        if region := ownership.elsewhere(target, planned):
            raise Refusal(
                f"Stage {target.stage} of account {target.account} is in {region}, not in {target.region}, and a name"
                f" can be used once: deploy with AWS_DEFAULT_REGION={region}, or choose another stage's name."
            )
        _refuse_taken(target, inventory.look(target, planned), Names())
    for name in templates.foreign_stacks(found or target):
        raise Refusal(stacks.not_ours(target, name))
    return found if found and found.deployment else replace(target, deployment=uuid.uuid4().hex[:12])


@contextmanager
def kept(target: Target, outputs: Mapping[str, str], staged: Path, tracked: Mapping[str, Any]) -> Iterator[None]:
    """A complete record where Chalice reads it, while the body runs Chalice. Refuses when a name is in use."""
    bucket, planned = outputs["DocumentsBucketName"], names.planned(target, tracked)
    before = _complete(target, outputs, staged, planned)
    try:
        yield
    except Exception:
        with suppress(BotoCoreError, ClientError, Refusal):  # the next deployment does it anyway
            _complete(target, outputs, staged, planned)
            state.save(target, bucket, staged)
        raise
    _mark_all(target, state.load_local(target, staged), before)
    state.save_intent(target, bucket, planned.to_json())


def known(target: Target, bucket: str) -> tuple[dict[str, Any], Names]:
    """Chalice's record, and the names of all that this stage made or was about to make."""
    values = state.load(target, bucket) or {}
    return values, names.recorded(values) | names.of_json(state.load(target, bucket, state.INTENT) or {})


def api_ids(values: Mapping[str, Any]) -> frozenset[str]:
    """Of the APIs in the record."""
    return frozenset(item["rest_api_id"] for item in _items(values) if item["resource_type"] == "rest_api")


def is_own(target: Target, thing: Thing, known: Names) -> bool:
    """Whether the stage made it: it is tagged so, or it has no tags and a name that the stage is known to have used."""
    if tags.is_marked(thing.tags):
        return tags.is_ours(target, thing.tags)
    used = {"function": known.functions, "role": known.roles, "rule": known.rules}.get(thing.kind)
    return bool(known) if used is None else thing.name in used


def complete(target: Target, outputs: Mapping[str, str], staged: Path, tracked: Mapping[str, Any]) -> None:
    """Write the record where Chalice would, from what exists: for functions that Chalice itself did not make."""
    _complete(target, outputs, staged, names.planned(target, tracked))


def _complete(target: Target, outputs: Mapping[str, str], staged: Path, planned: Names) -> Inventory:
    bucket = outputs["DocumentsBucketName"]
    values, used = known(target, bucket)
    found = inventory.look(target, planned | used, api_ids(values))
    _refuse_taken(target, found, used)
    _wait_until_idle(target, found.functions)
    state.save_intent(target, bucket, (planned | used).to_json())
    gone = (planned | used).functions - {function.name for function in found.functions}
    state.put_local(target, staged, {**_EMPTY, **values, "resources": _resources(target, outputs, values, found, gone)})
    return found


def _wait_until_idle(target: Target, functions: Iterable[Thing]) -> None:
    """Wait for functions that Lambda still makes or changes, for a deployment that died: it refuses other changes."""
    for function in functions:
        if function.busy:
            target.functions.get_waiter("function_updated_v2").wait(FunctionName=function.name)


_EMPTY: dict[str, Any] = {"resources": [], "schema_version": "2.0", "backend": "api"}


def _refuse_taken(target: Target, found: Inventory, used: Names) -> None:
    for thing in found.things:
        if is_own(target, thing, used):
            continue
        if not tags.is_marked(thing.tags):
            raise Refusal(
                f"The {thing.kind} {thing.name} was there before stage {target.stage} made one: remove it, or choose"
                " another stage's name."
            )
        owner = (thing.tags.get(tag, "?") for tag in (tags.DEPLOYMENT, tags.STAGE, tags.REGION))
        raise Refusal(
            f"The {thing.kind} {thing.name} belongs to {'deployment {} of stage {} in {}'.format(*owner)}, not to this"
            f" one in {target.region}: destroy that one, or choose another stage's name."
        )


def _resources(
    target: Target, outputs: Mapping[str, str], values: Mapping[str, Any], found: Inventory, gone: frozenset[str]
) -> list[Item]:
    """In the order in which Chalice makes them: it removes what it no longer plans from the end. `gone` are functions
    that the stage had or will have, and that do not exist."""
    return [
        *(_item(target, one, "iam_role", "_role", role_arn=one.arn, role_name=one.name) for one in found.roles),
        *(_item(target, one, "lambda_function", lambda_arn=one.arn) for one in found.functions),
        *_mappings(target, outputs, values, found),
        *_notifications(target, outputs, found, gone),
        *(_item(target, one, "cloudwatch_event", rule_name=one.name) for one in found.rules),
        *(_api(target, api) for api in _only_api(target, values, found)),
        *(item for item in _items(values) if item["resource_type"] not in _KINDS),
    ]


def _item(target: Target, of: Thing, kind: str, suffix: str = "", **more: str) -> Item:
    """What Chalice records of the thing, or of what leads to it."""
    return {"name": f"{names.in_chalice(target, of.name)}{suffix}", "resource_type": kind, **more}


def _api(target: Target, api: Thing) -> Item:
    url = f"{target.api_url(api.name)}/"
    return {"name": "rest_api", "resource_type": "rest_api", "rest_api_id": api.name, "rest_api_url": url}


def _only_api(target: Target, values: Mapping[str, Any], found: Inventory) -> list[Thing]:
    """The recorded one, or else the first; the others are removed."""
    recorded = api_ids(values)
    apis = sorted(found.apis, key=lambda api: api.name not in recorded)
    for api in apis[1:]:
        removal.remove(target, api)
    return apis[:1]


def _mappings(
    target: Target, outputs: Mapping[str, str], values: Mapping[str, Any], found: Inventory
) -> Iterator[Item]:
    """One for each function, none of a function that is gone. A mapping from a queue or stream that is not of the stage
    is not Chalice's, and stays."""
    recorded = {item["event_uuid"] for item in _items(values) if "event_uuid" in item}
    sources = set(outputs.values())
    unmarked = [one for one in found.mappings if tags.is_ours(target, one.tags) or not tags.is_marked(one.tags)]
    own = [mapping for mapping in unmarked if mapping.name in recorded or mapping.source_arn in sources]
    kept = []
    for function in found.functions:
        if mine := [mapping for mapping in own if mapping.function_arn == function.arn]:
            kept.append(_only_mapping(mine, recorded))
            yield _mapping(target, function, kept[-1])
    for mapping in own:
        if mapping not in kept:
            removal.remove(target, mapping)


def _only_mapping(own: list[Thing], recorded: set[str]) -> Thing:
    """One from a source that no recorded one has was made by a deployment that died before it removed the old one."""
    old = [mapping for mapping in own if mapping.name in recorded]
    old_sources = {mapping.source_arn for mapping in old}
    return next((mapping for mapping in own if mapping.source_arn not in old_sources), *old[:1])


def _mapping(target: Target, function: Thing, mapping: Thing) -> Item:
    source, item = mapping.source_arn, {"lambda_arn": function.arn, "event_uuid": mapping.name}
    if source.split(":")[2] == "sqs":
        queue = {"queue_arn": source, "queue": source.rpartition(":")[2]}
        return _item(target, function, "sqs_event", "-sqs-event-source", **queue, **item)
    return _item(target, function, "dynamodb_event", "-dynamodb-event-source", stream_arn=source, **item)


def _notifications(
    target: Target, outputs: Mapping[str, str], found: Inventory, gone: frozenset[str]
) -> Iterator[Item]:
    """Those to functions that are gone are removed: S3 refuses any change to a bucket's notifications that has one."""
    functions = {function.arn: function for function in found.functions}
    dead = {inventory.arn(target, "function", name) for name in gone}
    for bucket in (outputs["DocumentsBucketName"], outputs["ImportsBucketName"]):
        answer = target.s3.get_bucket_notification_configuration(Bucket=bucket)
        all_of_them = answer.get("LambdaFunctionConfigurations", [])
        alive = [one for one in all_of_them if one["LambdaFunctionArn"] not in dead]
        if len(alive) < len(all_of_them):
            wanted: Any = {**answer, "LambdaFunctionConfigurations": alive}
            del wanted["ResponseMetadata"]
            target.s3.put_bucket_notification_configuration(Bucket=bucket, NotificationConfiguration=wanted)
        for arn in (one["LambdaFunctionArn"] for one in alive):
            if arn in functions:
                yield _item(target, functions[arn], "s3_event", "-s3event", bucket=bucket, lambda_arn=arn)


_MARKED = {
    "iam_role": ("role", "role_name"),
    "cloudwatch_event": ("rule", "rule_name"),
    "rest_api": ("REST API", "rest_api_id"),
    **dict.fromkeys(("sqs_event", "dynamodb_event"), (MAPPING, "event_uuid")),
}
"""What has tags that Chalice does not set: it sets those of functions."""


def _mark_all(target: Target, values: Mapping[str, Any], before: Inventory) -> None:
    """Tag what has no tags yet."""
    marked = {thing[:2] for thing in (*before.things, *before.mappings) if tags.is_ours(target, thing.tags)}
    for item in _items(values):
        kind, name = _MARKED.get(item["resource_type"], ("", ""))
        if kind and (kind, item[name]) not in marked:
            inventory.mark(target, kind, item[name])


def _items(values: Mapping[str, Any]) -> list[Item]:
    items: list[Item] = values.get("resources", [])
    return items
