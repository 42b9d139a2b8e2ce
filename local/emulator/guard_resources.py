"""CloudFormation's resources of network ACLs and of web ACLs' associations and logs, and the endpoints that EC2 offers:
MiniStack has their API in part, but not these types. They are stored and listed; as with all of EC2 and WAF there,
nothing is refused by them.
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_EC2.html
https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_WAFv2.html"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

_SERVICES = ("states", "email", "cognito-idp", "cognito-identity", "apigateway", "bedrock-runtime")
_NUMBERS = ("EvaluationWindowSec", "Limit", "Priority", "Size")
Properties = dict[str, Any]


def install() -> None:
    """Know the types."""
    from ministack.services import ec2, waf
    from ministack.services.cloudformation import provisioners

    ec2._VPCE_INTERFACE_SERVICES = (*ec2._VPCE_INTERFACE_SERVICES, *_SERVICES)
    waf._get_web_acl_for_resource = _of_resource(waf._get_web_acl_for_resource)
    provisioners._RESOURCE_HANDLERS |= {
        "AWS::EC2::NetworkAcl": {**_handlers(_make_acl, _delete_acl), "update": _leave},
        "AWS::EC2::NetworkAclEntry": _handlers(_make_entry, _delete_entry),
        "AWS::EC2::SubnetNetworkAclAssociation": _handlers(_make_association, _delete_association),
        "AWS::WAFv2::WebACLAssociation": _handlers(_associate, _dissociate),
        "AWS::WAFv2::LoggingConfiguration": _handlers(lambda properties: str(properties["ResourceArn"]), _forget),
    }


def _of_resource(answer: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """With numbers where CloudFormation's parameters left texts, which Terraform's provider can't read."""

    def answered(data: Any) -> Any:
        from ministack.services import waf

        acl, _ = waf._resolve_local_web_acl(waf._associations.get(data.get("ResourceArn", "")) or "")
        if acl:
            acl["Rules"] = _numbers(acl.get("Rules", []))
        return answer(data)

    return answered


def _numbers(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: int(one) if key in _NUMBERS else _numbers(one) for key, one in value.items()}
    return [_numbers(one) for one in value] if isinstance(value, list) else value


def _handlers(make: Callable[[Properties], str], delete: Callable[[str, Properties], None]) -> dict[str, Any]:
    """As MiniStack calls them; a change is a new one."""

    def change(made: str, old: Properties, new: Properties, _: str) -> tuple[str, Properties]:
        delete(made, old)
        return make(new), {}

    return {"create": lambda _, properties, __: (make(properties), {}), "update": change, "delete": delete}


def _leave(made: str, *_: Any) -> tuple[str, Properties]:
    return made, {}


def _forget(_: str, __: Properties) -> None:
    pass


def _new(prefix: str) -> str:
    return f"{prefix}-{secrets.token_hex(9)[:17]}"


def _make_acl(properties: Properties) -> str:
    from ministack.core.responses import get_account_id
    from ministack.services import ec2

    made = _new("acl")
    ec2._network_acls[made] = {
        "NetworkAclId": made,
        "VpcId": properties["VpcId"],
        "IsDefault": False,
        "Entries": [],
        "Associations": [],
        "OwnerId": get_account_id(),
    }
    ec2._tags[made] = list(properties.get("Tags", ()))
    return made


def _delete_acl(made: str, _: Properties) -> None:
    from ministack.services import ec2

    ec2._network_acls.pop(made, None)
    ec2._tags.pop(made, None)


def _is_out(properties: Properties) -> bool:
    return str(properties.get("Egress", "false")).lower() == "true"


def _make_entry(properties: Properties) -> str:
    from ministack.services import ec2

    ec2._network_acls[properties["NetworkAclId"]]["Entries"].append(
        {
            "RuleNumber": int(properties["RuleNumber"]),
            "Protocol": str(properties["Protocol"]),
            "RuleAction": properties["RuleAction"],
            "Egress": _is_out(properties),
            "CidrBlock": properties["CidrBlock"],
        }
    )
    return _new("entry")


def _delete_entry(_: str, properties: Properties) -> None:
    from ministack.services import ec2

    acl = ec2._network_acls.get(properties["NetworkAclId"])
    which = (int(properties["RuleNumber"]), _is_out(properties))
    if acl:
        acl["Entries"] = [one for one in acl["Entries"] if (one["RuleNumber"], one["Egress"]) != which]


def _make_association(properties: Properties) -> str:
    from ministack.services import ec2

    made = _new("aclassoc")
    ec2._network_acls[properties["NetworkAclId"]]["Associations"].append(
        {"NetworkAclAssociationId": made, "SubnetId": properties["SubnetId"]}
    )
    return made


def _delete_association(made: str, properties: Properties) -> None:
    from ministack.services import ec2

    acl = ec2._network_acls.get(properties["NetworkAclId"])
    if acl:
        acl["Associations"] = [one for one in acl["Associations"] if one["NetworkAclAssociationId"] != made]


def _associate(properties: Properties) -> str:
    from ministack.services import waf

    firewall, resource = properties["WebACLArn"], properties["ResourceArn"]
    status, _, body = waf._associate_web_acl({"WebACLArn": firewall, "ResourceArn": resource})
    if status != 200:
        raise ValueError(body)
    return f"{firewall}|{resource}"


def _dissociate(_: str, properties: Properties) -> None:
    from ministack.services import waf

    waf._disassociate_web_acl({"ResourceArn": properties["ResourceArn"]})
