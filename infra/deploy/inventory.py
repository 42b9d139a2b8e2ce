"""What of a stage's functions, roles, rules, APIs and event source mappings exists, looked up by exact names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from infra.deploy import ownership
from infra.deploy import tags as marks
from infra.deploy.names import Names
from infra.target import Target


class Thing(NamedTuple):
    """One that has tags to tell whose it is. `name` is an API's id."""

    kind: str
    name: str
    arn: str
    tags: Mapping[str, str]
    busy: bool = False
    """A function that Lambda is still making or changing, and so refuses to change."""


class Subscription(NamedTuple):
    """An event source mapping, which belongs to its function, and outlives it."""

    uuid: str
    arn: str
    function_arn: str
    source_arn: str
    tags: Mapping[str, str]


@dataclass(frozen=True)
class Inventory:
    """All that was found."""

    functions: tuple[Thing, ...]
    roles: tuple[Thing, ...]
    rules: tuple[Thing, ...]
    apis: tuple[Thing, ...]
    mappings: tuple[Subscription, ...]

    @property
    def things(self) -> tuple[Thing, ...]:
        """Those that have tags, in an order in which they can be removed."""
        return (*self.apis, *self.rules, *self.functions, *self.roles)


def look(target: Target, wanted: Names, api_ids: frozenset[str] = frozenset()) -> Inventory:
    """Everything of these names, and the APIs of these ids; also APIs and mappings of these functions."""
    return Inventory(
        tuple(_functions(target, wanted)),
        tuple(_roles(target, wanted)),
        tuple(_rules(target, wanted)),
        tuple(_apis(target, api_ids)),
        tuple(_mappings(target, {function_arn(target, name) for name in wanted.functions})),
    )


def tags(target: Target, thing: Thing) -> Mapping[str, str] | None:
    """Its tags now; None if it is gone."""
    if thing.kind == "role":
        return ownership.role_tags(target, thing.name)
    if thing.kind == "function":
        found = _function(target, thing.name)
        return found.tags if found else None
    if thing.kind == "rule":
        try:
            listed = target.events.list_tags_for_resource(ResourceARN=thing.arn)["Tags"]
        except target.events.exceptions.ResourceNotFoundException:
            return None
        return {tag["Key"]: tag["Value"] for tag in listed}
    try:
        return target.apigateway.get_tags(resourceArn=thing.arn).get("tags", {})
    except target.apigateway.exceptions.NotFoundException:
        return None


def mark(target: Target, kind: str, arn: str) -> None:
    """Tag it as this deployment's."""
    listed = [{"Key": key, "Value": value} for key, value in target.tags.items()]
    if kind == "role":
        target.iam.tag_role(RoleName=arn.rpartition("/")[2], Tags=listed)  # type: ignore[arg-type]
    elif kind == "rule":
        target.events.tag_resource(ResourceARN=arn, Tags=listed)  # type: ignore[arg-type]
    elif kind == "REST API":
        target.apigateway.tag_resource(resourceArn=arn, tags=target.tags)
    else:
        target.functions.tag_resource(Resource=arn, Tags=target.tags)


def role_arn(target: Target, name: str) -> str:
    """Of a role without a path."""
    return f"arn:{target.partition}:iam::{target.account}:role/{name}"


def api_arn(target: Target, api_id: str) -> str:
    """As API Gateway's tags want it."""
    return f"arn:{target.partition}:apigateway:{target.region}::/restapis/{api_id}"


def rule_arn(target: Target, name: str) -> str:
    """Of a rule on the default bus."""
    return f"arn:{target.partition}:events:{target.region}:{target.account}:rule/{name}"


def function_arn(target: Target, name: str) -> str:
    """Without a version."""
    return f"arn:{target.partition}:lambda:{target.region}:{target.account}:function:{name}"


def mapping_arn(target: Target, uuid: str) -> str:
    """As Lambda's tags want it."""
    return f"arn:{target.partition}:lambda:{target.region}:{target.account}:event-source-mapping:{uuid}"


def _functions(target: Target, wanted: Names) -> Iterator[Thing]:
    for name in sorted(wanted.functions):
        if found := _function(target, name):
            yield found


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
            yield Thing("role", name, role_arn(target, name), found)


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
            thing = Thing("REST API", api["id"], api_arn(target, api["id"]), {})
            if api["id"] not in ids and api.get("name") != target.prefix:
                continue
            thing = thing._replace(tags=tags(target, thing) or {})
            if api["id"] in ids or marks.is_marked(thing.tags) or _calls_ours(target, api["id"]):
                yield thing


def _calls_ours(target: Target, api_id: str) -> bool:
    uri = f"{function_arn(target, target.prefix)}/invocations"
    resources = target.apigateway.get_resources(restApiId=api_id, embed=["methods"], limit=500)["items"]
    methods = (method for resource in resources for method in resource.get("resourceMethods", {}).values())
    return any(uri in (method.get("methodIntegration") or {}).get("uri", "") for method in methods)


def _mappings(target: Target, functions: set[str]) -> Iterator[Subscription]:
    for page in target.functions.get_paginator("list_event_source_mappings").paginate():
        for mapping in page["EventSourceMappings"]:
            function = mapping.get("FunctionArn", "")
            if function in functions and mapping.get("State") != "Deleting":
                uuid, source = mapping["UUID"], mapping.get("EventSourceArn", "")
                arn = mapping_arn(target, uuid)
                found = target.functions.list_tags(Resource=arn).get("Tags", {})
                yield Subscription(uuid, arn, function, source, found)
