"""What of a stage's functions, roles, rules, APIs and event source mappings exists, looked up by exact names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from botocore.exceptions import ClientError

from infra.deploy import ownership, warm
from infra.deploy import tags as marks
from infra.deploy.names import Names
from infra.target import Target

MAPPING = "event source mapping"


class Thing(NamedTuple):
    """One whose tags say whose it is. `name` is an API's or a mapping's id."""

    kind: str
    name: str
    arn: str
    tags: Mapping[str, str]
    busy: bool = False
    """A function that Lambda is still making or changing, and so refuses to change."""
    function_arn: str = ""
    source_arn: str = ""
    """Of an event source mapping, which belongs to its function, and outlives it."""


@dataclass(frozen=True)
class Inventory:
    """All that was found."""

    functions: tuple[Thing, ...]
    roles: tuple[Thing, ...]
    rules: tuple[Thing, ...]
    apis: tuple[Thing, ...]
    mappings: tuple[Thing, ...]

    @property
    def things(self) -> tuple[Thing, ...]:
        """Those that have tags, in an order in which they can be removed."""
        return (*self.apis, *self.rules, *self.functions, *self.roles)


def look(target: Target, wanted: Names, api_ids: frozenset[str] = frozenset()) -> Inventory:
    """Everything of these names, and the APIs of these ids; also APIs and mappings of these functions."""
    return Inventory(
        tuple(found for name in sorted(wanted.functions) if (found := _function(target, name))),
        tuple(_roles(target, wanted)),
        tuple(_rules(target, wanted)),
        tuple(_apis(target, api_ids)),
        tuple(_mappings(target, {arn(target, "function", name) for name in wanted.functions})),
    )


def tags(target: Target, thing: Thing) -> Mapping[str, str] | None:
    """Its tags now; None if it is gone."""
    if thing.kind == "role":
        return ownership.role_tags(target, thing.name)
    if thing.kind == "function":
        found = _function(target, thing.name)
        return found.tags if found else None
    try:
        if thing.kind == "rule":
            return marks.from_list(target.events.list_tags_for_resource(ResourceARN=thing.arn)["Tags"])
        if thing.kind == MAPPING:
            return target.functions.list_tags(Resource=thing.arn).get("Tags", {})
        return target.apigateway.get_tags(resourceArn=thing.arn).get("tags", {})
    except ClientError as error:
        if error.response["Error"]["Code"] not in ("NotFoundException", "ResourceNotFoundException"):
            raise
        return None


def mark(target: Target, kind: str, name: str) -> None:
    """Tag it as this deployment's."""
    listed = marks.to_list(target.tags)
    if kind == "role":
        target.iam.tag_role(RoleName=name, Tags=listed)
    elif kind == "rule":
        target.events.tag_resource(ResourceARN=arn(target, kind, name), Tags=listed)
    elif kind == "REST API":
        target.apigateway.tag_resource(resourceArn=arn(target, kind, name), tags=target.tags)
    else:
        target.functions.tag_resource(Resource=arn(target, kind, name), Tags=target.tags)


_ARNS = {
    "role": "iam::{0.account}:role/{1}",
    "REST API": "apigateway:{0.region}::/restapis/{1}",
    "rule": "events:{0.region}:{0.account}:rule/{1}",
    "function": "lambda:{0.region}:{0.account}:function:{1}",
    MAPPING: "lambda:{0.region}:{0.account}:event-source-mapping:{1}",
}


def arn(target: Target, kind: str, name: str) -> str:
    """As the service's tags want it: of a role without a path, a rule on the default bus, a function without a
    version."""
    return f"arn:{target.partition}:{_ARNS[kind].format(target, name)}"


def _function(target: Target, name: str) -> Thing | None:
    try:
        found = target.functions.get_function(FunctionName=name)
    except target.functions.exceptions.ResourceNotFoundException:
        return None
    made = found["Configuration"]
    busy = made.get("State") == "Pending" or made.get("LastUpdateStatus") == "InProgress"
    return Thing("function", name, made["FunctionArn"], found.get("Tags", {}), busy)


def _roles(target: Target, wanted: Names) -> Iterator[Thing]:
    for name in sorted(wanted.roles):
        found = ownership.role_tags(target, name)
        if found is not None:
            yield Thing("role", name, arn(target, "role", name), found)


def _rules(target: Target, wanted: Names) -> Iterator[Thing]:
    for page in target.events.get_paginator("list_rules").paginate(NamePrefix=f"{target.prefix}-"):
        for rule in page["Rules"]:
            thing = Thing("rule", rule["Name"], rule["Arn"], {})
            if rule["Name"] in wanted.rules:
                yield thing._replace(tags=tags(target, thing) or {})


def _apis(target: Target, ids: frozenset[str]) -> Iterator[Thing]:
    """Those with an id of `ids`, with our tags, or with our function behind their routes: one that was made a moment
    before a deployment died has no tags yet."""
    for page in target.apigateway.get_paginator("get_rest_apis").paginate():
        for api in page["items"]:
            thing = Thing("REST API", api["id"], arn(target, "REST API", api["id"]), {})
            if api["id"] not in ids and api.get("name") != target.prefix:
                continue
            thing = thing._replace(tags=tags(target, thing) or {})
            if api["id"] in ids or marks.is_marked(thing.tags) or _calls_ours(target, api["id"]):
                yield thing


def _calls_ours(target: Target, api_id: str) -> bool:
    function = arn(target, "function", target.prefix)
    uris = (f"{function}/invocations", f"{function}:{warm.ALIAS}/invocations")
    resources = target.apigateway.get_resources(restApiId=api_id, embed=["methods"], limit=500)["items"]
    methods = (method for resource in resources for method in resource.get("resourceMethods", {}).values())
    called = [(method.get("methodIntegration") or {}).get("uri", "") for method in methods]
    return any(uri in one for one in called for uri in uris)


def _mappings(target: Target, functions: set[str]) -> Iterator[Thing]:
    for page in target.functions.get_paginator("list_event_source_mappings").paginate():
        for mapping in page["EventSourceMappings"]:
            function = mapping.get("FunctionArn", "")
            if function in functions and mapping.get("State") != "Deleting":
                uuid, source = mapping["UUID"], mapping.get("EventSourceArn", "")
                thing = Thing(MAPPING, uuid, arn(target, MAPPING, uuid), {}, False, function, source)
                yield thing._replace(tags=tags(target, thing) or {})
