"""How many invocations of each function may run at once (reserved concurrency): a limit of what a loop or an attack can
cost, and of what one function can take from the others.

A consumer of a queue needs its mapping limited, too: pollers that fetch more than the function takes are throttled,
each such fetch counts as a try, and good messages would end as dead letters.
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html"""

import os
import re
from collections.abc import Mapping
from functools import cache

from infra.deploy import names, permissions, stream_mapping, verify
from infra.errors import Refusal
from infra.paths import APP
from infra.target import Target

VARIABLE = "CONCURRENCY_LIMITS"
_STEP = 20
"""Of a step of the state machine: an order a second needs one of each for a fraction of it."""
DEFAULTS = {
    **dict.fromkeys(permissions.FUNCTIONS, _STEP),
    "api_handler": 200,
    "process_orders": 50,
    "notify": 50,
    "mail_receipt": 50,
    **dict.fromkeys(("inventory_worker", "payment_worker", "shipping_worker"), 10),
    "import_rows": 5,
    "write_export": 2,
    "import_orders": 5,
    "import_products": 5,
    # Never one: a run that hangs until its time-out would keep out the next one.
    **dict.fromkeys(verify.SCHEDULED, 2),
    # A shard of the orders' stream is one invocation, and a busy table has more shards than the four of a new one.
    "count_orders": 10,
    "index_orders": 10,
}
UNRESERVED = 100
"""AWS keeps so many of an account for functions without a limit."""
_LEAST, _MOST = 2, 1000
"""Of a queue's mapping."""


def limits() -> dict[str, int]:
    """By function, as CONCURRENCY_LIMITS says: `off` (none), `on` (the defaults), `name=number` for single ones, or
    `on` and some of these. Refuses unknown functions and what would stop one for good."""
    found: dict[str, int] = {}
    parts = re.split(r"[,\s]+", (os.environ.get(VARIABLE) or "off").strip(", "))
    for part in parts:
        if part == "on":
            found = {**DEFAULTS, **found}
        elif part != "off" or len(parts) > 1:
            name, _, number = part.partition("=")
            found[name] = _number(part, name, number)
    return found


def _number(part: str, name: str, number: str) -> int:
    if name not in DEFAULTS:
        raise _wrong(f"{part!r} names no function")
    least = _LEAST if name in queues() else 1
    if not re.fullmatch("[0-9]{1,5}", number) or int(number) < least:
        raise _wrong(f"{part!r} must be a whole number from {least}, since none would stop the function")
    return int(number)


def _wrong(why: str) -> Refusal:
    chosen = os.environ.get(VARIABLE)
    return Refusal(f"{VARIABLE} is {chosen!r}, but {why}: say `on`, `off`, or as in `on,api_handler=300`.")


@cache
def queues() -> dict[str, int | None]:
    """The consumers of queues, each with the limit that app.py sets for its mapping, None without one."""
    app = (APP / "app.py").read_text(encoding="utf-8")
    found = re.findall(r"^@app\.on_sqs_message\((.*)\)\ndef (\w+)", app, flags=re.MULTILINE)
    declared = {name: re.search(r"maximum_concurrency=(\d+)", arguments) for arguments, name in found}
    return {name: int(limit[1]) if limit else None for name, limit in declared.items()}


def mapping_limit(function: str, chosen: Mapping[str, int]) -> int | None:
    """Of the consumer's mapping: what app.py declares, but not more than the function may have."""
    some = [limit for limit in (queues()[function], chosen.get(function)) if limit is not None]
    return min(*some, _MOST) if some else None


def problems(target: Target) -> list[str]:
    """A sentence if the account has too little concurrency for the limits. Asks AWS only if there are any."""
    wanted = limits()
    if not wanted or target.is_emulator:  # an emulator's account has what this machine has
        return []
    account = target.functions.get_account_settings()["AccountLimit"]
    own = sum(_reserved(target, name) for name in DEFAULTS)
    free = account["UnreservedConcurrentExecutions"] + own - UNRESERVED
    total = sum(wanted.values())
    if total <= free:
        return []
    return [
        f"{VARIABLE} reserves {total:,} concurrent executions, but the account has {account['ConcurrentExecutions']:,}"
        f" in {target.region}, of which {max(free, 0):,} can be reserved for this stage (AWS keeps {UNRESERVED}): lower"
        " single limits as in `on,api_handler=50`, or ask AWS for a higher quota (Concurrent executions)."
    ]


def _reserved(target: Target, function: str) -> int:
    try:
        found = target.functions.get_function_concurrency(FunctionName=names.function(target, function))
    except target.functions.exceptions.ResourceNotFoundException:
        return 0
    return found.get("ReservedConcurrentExecutions", 0)


def apply(target: Target) -> None:
    """Limit the queues' mappings, or free them again; Chalice sets the functions' own limits from its configuration."""
    chosen = limits()
    for function in queues():
        limit = mapping_limit(function, chosen)
        wanted = {"MaximumConcurrency": limit} if limit else {}
        name = names.function(target, function)
        for mapping in target.functions.list_event_source_mappings(FunctionName=name)["EventSourceMappings"]:
            if (mapping.get("ScalingConfig") or {}).get("MaximumConcurrency") != limit:
                stream_mapping.update(target.functions, mapping["UUID"], {"ScalingConfig": wanted})
