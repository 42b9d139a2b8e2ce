"""A subnet is always associated with a network ACL, at first with its network's default one: MiniStack associates
none, and forgets which subnet it was when the association is replaced. Terraform looks for the association of a subnet
to replace it. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceNetworkAclAssociation.html"""

from __future__ import annotations

import secrets
from typing import Any


def install() -> None:
    """Answer the three calls as AWS does."""
    from ministack.services import ec2

    ec2._ACTION_MAP |= {
        "CreateSubnet": _create_subnet,
        "DescribeNetworkAcls": _describe,
        "ReplaceNetworkAclAssociation": _replace,
    }


def _create_subnet(params: Any) -> Any:
    from ministack.services import ec2

    before = set(ec2._subnets)
    answer = ec2._create_subnet(params)
    for made in set(ec2._subnets) - before:
        network = ec2._subnets[made]["VpcId"]
        for acl in ec2._network_acls.values():
            if acl["VpcId"] == network and acl.get("IsDefault"):
                association = f"aclassoc-{secrets.token_hex(9)[:17]}"
                acl["Associations"].append({"NetworkAclAssociationId": association, "SubnetId": made})
    return answer


def _describe(params: Any) -> Any:
    from ministack.services import ec2

    subnets = ec2._parse_filters(params).get("association.subnet-id")
    if not subnets:
        return ec2._describe_network_acls(params)
    found = [
        name
        for name, acl in ec2._network_acls.items()
        if any(one["SubnetId"] in subnets for one in acl["Associations"])
    ]
    given = {f"NetworkAclId.{at}": [name] for at, name in enumerate(found or ["none"], 1)}
    return ec2._describe_network_acls({**params, **given})


def _replace(params: Any) -> Any:
    from ministack.services import ec2

    old = ec2._p(params, "AssociationId")
    every = [one for acl in ec2._network_acls.values() for one in acl["Associations"]]
    subnet = next((one["SubnetId"] for one in every if one["NetworkAclAssociationId"] == old), "")
    answer = ec2._replace_network_acl_association(params)
    for acl in ec2._network_acls.values():
        for one in acl["Associations"]:
            one["SubnetId"] = one["SubnetId"] or subnet
    return answer
