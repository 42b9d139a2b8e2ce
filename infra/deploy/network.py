"""The network that a stage's functions run in, if PRIVATE_NETWORK chooses it: infra/cloudformation/network.yaml.

Lambda puts interfaces into the network's subnets, in the functions' names, and removes them some time after the last
function left: https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html."""

import os
import time
from collections.abc import Iterator, Mapping
from typing import Any

from infra.deploy.stack_events import Say, quietly
from infra.errors import Refusal
from infra.target import Target

GATEWAYS = frozenset({"dynamodb", "s3"})
"""Services that are reached by routes, for nothing."""
ENDPOINTS = {
    "apigateway": "apigateway",
    "bedrock-runtime": "bedrock-runtime",
    "cloudwatch": "monitoring",
    "cognito-identity": "cognito-identity",
    "cognito-idp": "cognito-idp",
    "events": "events",
    "lambda": "lambda",
    "secretsmanager": "secretsmanager",
    "ses": "email",
    "sns": "sns",
    "sqs": "sqs",
    "stepfunctions": "states",
}
"""What PrivateLink calls the services that functions call, by the SDK's names:
https://docs.aws.amazon.com/vpc/latest/privatelink/aws-services-privatelink-support.html"""
INTERFACES = {
    "Effect": "Allow",
    "Action": [
        "ec2:*ssignPrivateIpAddresses",
        "ec2:CreateNetworkInterface",
        "ec2:DeleteNetworkInterface",
        "ec2:DescribeNetworkInterfaces",
        "ec2:DescribeSubnets",
    ],
    "Resource": "*",
    "Condition": {"Null": {"lambda:SourceFunctionArn": "true"}},
}
"""What Lambda does in a function's name. It wants all resources; the key is in requests of its own code only.
`*ssign` is for assigning and unassigning: the API's role has few characters left."""
NOT_EMPTY = "Lambda still has interfaces in the stage's network: run it again later, and it goes on."
_PATIENCE, _PAUSE = 30 * 60, 10.0
"""Seconds: AWS speaks of up to 20 minutes until Lambda removes an interface."""


def parameters(target: Target, before: Mapping[str, str]) -> dict[str, str]:
    """What the template is given besides choices. `before` is what the stack that is there was given: zones stay, since
    a subnet can't move. Refuses a region that lacks an endpoint."""
    model = {"LanguageModel": str(_has_model()).lower()}
    kept = {name: before[name] for name in _LOOKED_UP if name in before}
    if len(kept) == len(_LOOKED_UP):
        return {**kept, **model}
    first, second, *_ = _zones(target)
    lists = {name: _prefix_list(target, service) for name, service in _PREFIX_LISTS.items()}
    return {"FirstZone": first, "SecondZone": second, **lists, **model}


_PREFIX_LISTS = {"S3PrefixList": "s3", "DynamoDbPrefixList": "dynamodb"}
_LOOKED_UP = ("FirstZone", "SecondZone", *_PREFIX_LISTS)


def problems(target: Target, before: Mapping[str, str], *, is_chosen: bool = True) -> Iterator[str]:
    """Why the network can't be made here, or be as it shall while functions are in it, as sentences."""
    cidr = os.environ.get(CIDR_VARIABLE) or CIDR
    if before.get("Cidr", cidr) != cidr:
        yield (
            f"{CIDR_VARIABLE} is {cidr!r}, but the stage's network is {before['Cidr']}: a network can't change its"
            f" addresses while functions run in it. Deploy with PRIVATE_NETWORK=false {CIDR_VARIABLE}={before['Cidr']}"
            " first, then with the new one."
        )
    if not is_chosen:
        return
    try:
        parameters(target, before)
    except Refusal as refusal:
        yield str(refusal)


CIDR_VARIABLE = "NETWORK_CIDR"
CIDR = "10.0.0.0/24"
"""Without a choice."""


def place(outputs: Mapping[str, str]) -> dict[str, list[str]]:
    """Where functions run, as Chalice's configuration has it; empty outside of any network of the stage's."""
    if "FirstSubnetId" not in outputs:
        return {}
    return {
        "subnet_ids": [outputs["FirstSubnetId"], outputs["SecondSubnetId"]],
        "security_group_ids": [outputs["FunctionsSecurityGroupId"]],
    }


def statements(outputs: Mapping[str, str]) -> list[dict[str, Any]]:
    """Of each function's policy, as long as there is a network: Lambda needs them to remove its interfaces, too."""
    return [INTERFACES] if "NetworkId" in outputs else []


def wait_until_empty(target: Target, outputs: Mapping[str, str], say: Say = quietly) -> bool:
    """Whether Lambda has removed its interfaces, which may take it some time. A group can't be deleted before."""
    group = outputs.get("FunctionsSecurityGroupId")
    end = time.monotonic() + _PATIENCE
    told = False
    while group and (left := _interfaces(target, group)):
        if time.monotonic() > end:
            return False
        if not told:
            say(f"Lambda still has {len(left)} interfaces in the network; it may take 20 minutes to remove them")
            told = True
        time.sleep(_PAUSE)
    return True


def _has_model() -> bool:
    return bool(os.environ.get("BEDROCK_MODEL_ID"))


def _interfaces(target: Target, group: str) -> list[str]:
    pages = target.client("ec2").get_paginator("describe_network_interfaces").paginate()
    return [
        found["NetworkInterfaceId"]
        for page in pages
        for found in page["NetworkInterfaces"]
        if group in {one["GroupId"] for one in found.get("Groups", ())}
    ]


def _zones(target: Target) -> list[str]:
    """Those that have all endpoints, sorted."""
    wanted = {name: service for service, name in ENDPOINTS.items() if service != "bedrock-runtime" or _has_model()}
    found: dict[str, set[str]] = {}
    for page in target.client("ec2").get_paginator("describe_vpc_endpoint_services").paginate():
        for one in page["ServiceDetails"]:
            name = one["ServiceName"].removeprefix(f"com.amazonaws.{target.region}.")
            if name in wanted and "Interface" in {kind["ServiceType"] for kind in one["ServiceType"]}:
                found[name] = set(one["AvailabilityZones"])
    if missing := sorted(wanted.keys() - found.keys()):
        raise Refusal(
            f"PRIVATE_NETWORK=true is not possible in {target.region}: it has no endpoints for"
            f" {', '.join(missing)}, which functions call."
        )
    zones = sorted(set.intersection(*found.values()))
    if len(zones) < 2:
        raise Refusal(f"PRIVATE_NETWORK=true is not possible in {target.region}: no two zones have all endpoints.")
    return zones


def _prefix_list(target: Target, service: str) -> str:
    """The id of AWS's list of the service's addresses."""
    name = f"com.amazonaws.{target.region}.{service}"
    for page in target.client("ec2").get_paginator("describe_managed_prefix_lists").paginate():
        for one in page["PrefixLists"]:
            if one["PrefixListName"] == name:
                return str(one["PrefixListId"])
    raise Refusal(f"PRIVATE_NETWORK=true is not possible in {target.region}: AWS lists no addresses of {service}.")
