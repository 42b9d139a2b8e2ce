"""What destroying a stage would remove, and the question whether it shall."""

import sys
from collections import Counter
from collections.abc import Container
from typing import NamedTuple

from rich.table import Table

from infra.backups import backups
from infra.deploy import foundation, inventory, names, record, tags, templates
from infra.deploy.deploy import tracked_config
from infra.deploy.inventory import Inventory, Thing
from infra.deploy.names import Names
from infra.errors import Refusal
from infra.progress import Steps
from infra.target import Target

_MOST_PAGES = 10
"""Of the orders table, a megabyte each, until "at least" is said."""


class Plan(NamedTuple):
    """What there is: `own` goes, with the stacks and all that is in them; `others` have a name that this stage uses,
    but belong to others, and stay."""

    target: Target
    outputs: dict[str, str]
    names: Names
    own: tuple[Thing, ...]
    others: tuple[Thing, ...]
    mappings: tuple[Thing, ...]
    stacks: tuple[str, ...]
    other_stacks: tuple[str, ...]
    orders: int
    more_orders: bool
    backups: tuple[str, ...] = ()

    @property
    def functions(self) -> frozenset[str]:
        """Whose log groups are the stage's."""
        return self.names.functions - {thing.name for thing in self.others if thing.kind == "function"}


def make(target: Target) -> Plan:
    """Look at all of it; changes nothing."""
    outputs = foundation.outputs(target)
    bucket = outputs.get("DocumentsBucketName", "")
    values, known = record.known(target, bucket) if bucket else ({}, Names())
    wanted = names.planned(target, tracked_config()) | known
    found = inventory.look(target, wanted, record.api_ids(values))
    own = tuple(thing for thing in found.things if record.is_own(target, thing, known))
    others = tuple(thing for thing in found.things if thing not in own)
    theirs = {thing.arn for thing in others}
    orders, more = _orders(target, outputs.get("OrdersTableName", ""))
    return Plan(
        target,
        outputs,
        wanted,
        own,
        others,
        tuple(own_mappings(target, found, theirs)),
        tuple(foundation.of(target).parts(target)),
        tuple(templates.foreign_stacks(target)),
        orders,
        more,
        _backups(target, bucket),
    )


def own_mappings(target: Target, found: Inventory, theirs: Container[str]) -> list[Thing]:
    """Those of the stage's functions that are not tagged as another's."""
    return [
        mapping
        for mapping in found.mappings
        if mapping.function_arn not in theirs
        and (tags.is_ours(target, mapping.tags) or not tags.is_marked(mapping.tags))
    ]


def show(plan: Plan, steps: Steps) -> None:
    """A table of it, and what stays."""
    table = Table(title=f"Stage {plan.target.stage} in account {plan.target.account}, {plan.target.region}")
    for column in ("what", "how many", "which"):
        table.add_column(column, justify="right" if column == "how many" else "left")
    for kind, count in Counter(thing.kind for thing in plan.own).items():
        table.add_row(f"{kind}s", str(count), f"{plan.target.prefix}…")
    table.add_row("event source mappings", str(len(plan.mappings)), "of these functions")
    held = "with their tables, queues, buckets, users, keys, alarms, logs"
    by_terraform = foundation.is_by_terraform(plan.target)
    parts = "Terraform's states" if by_terraform else "stacks"
    table.add_row(parts, str(len(plan.stacks)), f"{', '.join(plan.stacks)}, {held}")
    table.add_row("orders", how_many(plan), plan.outputs.get("OrdersTableName", ""))
    if plan.backups:
        table.add_row("backups", str(len(plan.backups)), ", ".join(plan.backups))
    steps.console.print(table)
    for other in plan.others:
        steps.say(f"The {other.kind} {other.name} is not tagged as this deployment's and stays.")
    for name in plan.other_stacks:
        steps.say(f"The stack {name} is not tagged as this deployment's and stays.")


def ask(plan: Plan) -> None:
    """Let the person at the terminal agree. Refuses if they do not, or if there is none."""
    if not sys.stdin.isatty():
        raise Refusal("Nothing was removed: run it in a terminal, which asks, or with YES=1 (--yes).")
    try:
        if plan.orders:
            typed = input(f"It holds orders. Type the stage's name to remove it with all {how_many(plan)}: ")
            agreed = typed.strip() == plan.target.stage
        else:
            agreed = input("Remove all of this? [y/N] ").strip().lower() in ("y", "yes")
    except (EOFError, KeyboardInterrupt):
        agreed = False
    if not agreed:
        raise Refusal("Nothing was removed.")


def how_many(plan: Plan) -> str:
    """The number of orders, as people write it."""
    return f"at least {plan.orders:,}" if plan.more_orders else f"{plan.orders:,}"


def _orders(target: Target, table: str) -> tuple[int, bool]:
    """Counted, since DynamoDB's own ItemCount is up to six hours old. With whether there may be more."""
    if not table:
        return 0, False
    client = target.client("dynamodb")
    count = 0
    try:
        for number, page in enumerate(client.get_paginator("scan").paginate(TableName=table, Select="COUNT"), 1):
            count += page["Count"]
            if number == _MOST_PAGES and page.get("LastEvaluatedKey"):
                return count, True
    except client.exceptions.ResourceNotFoundException:
        return 0, False
    return count, False


def _backups(target: Target, bucket: str) -> tuple[str, ...]:
    """By name: they are in the bucket that goes."""
    try:
        return tuple(one.name for one in backups.all_of(target, bucket)) if bucket else ()
    except target.s3.exceptions.NoSuchBucket:
        return ()
