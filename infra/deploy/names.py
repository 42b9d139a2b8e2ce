"""The exact names of what `chalice deploy` makes for a stage. A stage's things are looked up by these, never by a
prefix: an operator's `orderproc-<stage>-deployer` is none of them."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from infra.target import Target

API_HANDLER = "api_handler"


class Names(NamedTuple):
    """Of functions, roles and rules. Mappings and APIs have ids instead, and are found by their functions."""

    functions: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    rules: frozenset[str] = frozenset()

    def __or__(self, other: "Names") -> "Names":
        return Names(*(mine | theirs for mine, theirs in zip(self, other, strict=True)))

    def __bool__(self) -> bool:
        return any(self[:])

    def to_json(self) -> dict[str, list[str]]:
        """As `of_json` reads it."""
        return {kind: sorted(names) for kind, names in self._asdict().items()}


def of_json(content: Mapping[str, Iterable[str]]) -> Names:
    """What `to_json` wrote."""
    return Names(*(frozenset(content.get(kind, ())) for kind in Names._fields))


def planned(target: Target, tracked: Mapping[str, Any]) -> Names:
    """Of all that a deployment of this configuration may make: which functions have a rule is in app.py."""
    functions = stage_of(target, tracked)["lambda_functions"]
    return Names(
        frozenset(function(target, name) for name in functions),
        frozenset(f"{target.prefix}-{name}" for name in functions),
        frozenset(f"{target.prefix}-{name}-event" for name in functions),
    )


def recorded(values: Mapping[str, Any]) -> Names:
    """Of all that Chalice's record names."""
    items = values.get("resources", ())

    def named(kind: str, key: str) -> frozenset[str]:
        return frozenset(item[key].rpartition(":")[2] for item in items if item["resource_type"] == kind)

    return Names(
        named("lambda_function", "lambda_arn"), named("iam_role", "role_name"), named("cloudwatch_event", "rule_name")
    )


def function(target: Target, name: str) -> str:
    """The name Chalice gives the function in Lambda: the API's is the stage's prefix alone."""
    return target.prefix if name == API_HANDLER else f"{target.prefix}-{name}"


def in_chalice(target: Target, name: str) -> str:
    """What Chalice's record calls the function, role or rule of this name."""
    return name.removeprefix(target.prefix).removeprefix("-") or API_HANDLER


def stage_of(target: Target, tracked: Mapping[str, Any]) -> dict[str, Any]:
    """The stage's part of the tracked configuration; that of stage `local` where it has none."""
    stages = tracked["stages"]
    return dict(stages.get(target.stage) or stages["local"])
