"""Instances of the API's function that are warm at certain hours: provisioned concurrency by schedule.

Lambda provisions versions and aliases, never the function as such, which is what Chalice deploys and points the API at.
So with API_WARM the API calls the alias `live`: each deployment publishes what Chalice made as a version, and moves the
alias to it. api.yaml schedules the instances. Without API_WARM there is no alias, and all is as Chalice makes it.
https://docs.aws.amazon.com/lambda/latest/dg/provisioned-concurrency.html"""

import contextlib
import os
import re
from collections.abc import Mapping
from typing import NamedTuple

from infra.aws_errors import unless
from infra.deploy import concurrency
from infra.errors import Refusal
from infra.target import API_STAGE, Target

ALIAS = "live"
NUMBER, HOURS = "API_WARM", "API_WARM_HOURS"
DEFAULT_HOURS = "08:00-20:00"
_STATEMENT = "api-calls-live"
_MOST = 1000
_TIME = "([01][0-9]|2[0-3]):([0-5][0-9])"


class Warm(NamedTuple):
    """So many instances between two times of day, as cron has them (minute and hour)."""

    instances: int
    opens: str
    closes: str


def chosen() -> Warm | None:
    """What API_WARM and API_WARM_HOURS say; None for no instances. Refuses what is no number or no hours, and more than
    CONCURRENCY_LIMITS lets run at once."""
    number, hours, wrong = os.environ.get(NUMBER) or "0", os.environ.get(HOURS) or DEFAULT_HOURS, []
    if not re.fullmatch("[0-9]{1,4}", number) or int(number) > _MOST:
        wrong.append(f"{NUMBER} is {number!r}, but must be a whole number of instances from 0 to {_MOST}.")
    found = re.fullmatch(f"{_TIME}-{_TIME}", hours)
    if not found or found[1] + found[2] == found[3] + found[4]:
        wrong.append(f"{HOURS} is {hours!r}, but must be two times of day, as in {DEFAULT_HOURS}.")
    if wrong or not found:
        raise Refusal("\n".join(wrong))
    limit = concurrency.limits().get("api_handler")
    if limit is not None and int(number) > limit:
        raise Refusal(f"{NUMBER} is {number}, but {concurrency.VARIABLE} lets {limit} of api_handler run at once.")
    if not int(number):
        return None
    return Warm(int(number), f"{int(found[2])} {int(found[1])}", f"{int(found[4])} {int(found[3])}")


def parameters(target: Target, variables: Mapping[str, str]) -> dict[str, str]:
    """Of the API's stack; an emulator schedules nothing."""
    warm = chosen()
    if warm is None or target.is_emulator:
        return {}
    return {
        "WarmInstances": str(warm.instances),
        "WarmFrom": warm.opens,
        "WarmUntil": warm.closes,
        "WarmTimeZone": variables.get("SHOP_TIME_ZONE") or "UTC",
    }


def prepare(target: Target, rest_api_id: str) -> None:
    """Before the API is pointed at the alias: see that it is there, with what runs now behind it. Without a function
    there is no version yet, and no caller either."""
    if not chosen() or _version(target):
        return
    with contextlib.suppress(target.functions.exceptions.ResourceNotFoundException):
        target.functions.get_function_configuration(FunctionName=target.prefix)
        _point(target, rest_api_id)


def publish(target: Target, rest_api_id: str) -> None:
    """After the function was deployed: the alias is moved to it, and versions before the last one are removed."""
    if not chosen():
        return
    before = _version(target)
    now = _point(target, rest_api_id)
    _prune(target, {before, now})


def follow(target: Target) -> None:
    """After an earlier version of the function was put back: the alias, if there is one, is moved to that."""
    if _version(target):
        _move(target)


def retire(target: Target) -> None:
    """Once nothing calls the alias any more: remove it, its instances and all versions."""
    if chosen() or not _version(target):
        return
    client, name = target.functions, target.prefix
    with unless("ResourceNotFoundException"):
        client.delete_provisioned_concurrency_config(FunctionName=name, Qualifier=ALIAS)
    with unless("ResourceNotFoundException"):
        client.delete_alias(FunctionName=name, Name=ALIAS)
    _prune(target, set())


def _point(target: Target, rest_api_id: str) -> str:
    """Move the alias, or make it, and let the API call it; returns the version."""
    version = _move(target)
    arn = f"arn:{target.partition}:execute-api:{target.region}:{target.account}:{rest_api_id or '*'}/{API_STAGE}/*"
    with unless("ResourceConflictException"):  # it may already
        target.functions.add_permission(
            FunctionName=target.prefix,
            Qualifier=ALIAS,
            StatementId=f"{_STATEMENT}-{rest_api_id or 'first'}",
            Action="lambda:InvokeFunction",
            Principal="apigateway.amazonaws.com",
            SourceArn=arn,
        )
    return version


def _move(target: Target) -> str:
    client, name = target.functions, target.prefix
    client.get_waiter("function_updated_v2").wait(FunctionName=name)
    # The same code and configuration are the same version.
    version = client.publish_version(FunctionName=name)["Version"]
    if _version(target):
        client.update_alias(FunctionName=name, Name=ALIAS, FunctionVersion=version)
    else:
        client.create_alias(FunctionName=name, Name=ALIAS, FunctionVersion=version)
    return version


def _version(target: Target) -> str:
    """The alias's, empty if there is none."""
    try:
        return target.functions.get_alias(FunctionName=target.prefix, Name=ALIAS)["FunctionVersion"]
    except target.functions.exceptions.ResourceNotFoundException:
        return ""


def _prune(target: Target, kept: set[str]) -> None:
    """Each version is a copy of the package, and an account has room for 75 GB."""
    for page in target.functions.get_paginator("list_versions_by_function").paginate(FunctionName=target.prefix):
        for one in page["Versions"]:
            if one["Version"] not in kept | {"$LATEST"}:
                with unless("ResourceNotFoundException"):
                    target.functions.delete_function(FunctionName=target.prefix, Qualifier=one["Version"])
