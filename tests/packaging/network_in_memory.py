"""EC2 as far as a stage's network asks it, and a stage that has one."""

from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any, cast

import boto3

from infra.deploy import network
from infra.target import Target

REGION = "eu-central-1"
OUTPUTS = {"NetworkId": "vpc-1", "FunctionsSecurityGroupId": "sg-1", "FirstSubnetId": "sn-1", "SecondSubnetId": "sn-2"}
CHOICES = ("CUSTOMER_KEY", "PRIVATE_NETWORK", "NETWORK_CIDR", "FIREWALL", "FIREWALL_RATE", "FIREWALL_ANONYMOUS")
LEFT = [{"NetworkInterfaceId": "eni-1", "Groups": [{"GroupId": "sg-1"}]}]
OTHERS = [{"NetworkInterfaceId": "eni-2", "Groups": [{"GroupId": "sg-9"}]}]


def target(partition: str = "aws", **clients: Any) -> Target:
    made = Target("blue", REGION, "111122223333", partition, None, cast(boto3.Session, None))
    vars(made).update(cloudformation=None)
    if clients:
        vars(made).update(client=lambda service: clients[service])
    return made


class Pages:
    """EC2's listings, a page each."""

    def __init__(self, **listed: Any) -> None:
        self.listed = listed
        self.interfaces: Iterator[Any] = iter(())

    def get_paginator(self, operation: str) -> Any:
        return SimpleNamespace(paginate=lambda: self._page(operation))

    def _page(self, operation: str) -> list[dict[str, Any]]:
        if operation == "describe_network_interfaces":
            return [{"NetworkInterfaces": next(self.interfaces)}]
        return [self.listed[operation]]


def ec2(without: str = "", zones: dict[str, list[str]] | None = None) -> Pages:
    every = ["a", "b", "c"]
    details = [
        {
            "ServiceName": f"com.amazonaws.{REGION}.{name}",
            "ServiceType": [{"ServiceType": "Interface"}],
            "AvailabilityZones": (zones or {}).get(name, every),
        }
        for name in network.ENDPOINTS.values()
        if name != without
    ]
    lists = [
        {"PrefixListName": f"com.amazonaws.{REGION}.{name}", "PrefixListId": f"pl-{name}"}
        for name in ("s3", "dynamodb")
    ]
    return Pages(
        describe_vpc_endpoint_services={"ServiceDetails": details},
        describe_managed_prefix_lists={"PrefixLists": lists},
    )
