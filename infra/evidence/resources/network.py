"""What a stage may have around it: firewalls, a network of its own, a key of its own."""

from collections.abc import Iterator
from typing import Any

from infra.evidence.kinds import EDGE, Found, Looks
from infra.evidence.model import Cell, Group, lines
from infra.evidence.reading import Reader

ACLS, NETWORK, KEYS = "Web ACLs", "Network", "KMS keys"
_SCOPES = (("Web ACLs", "wafv2", "REGIONAL"), ("Web ACLs of the site", f"wafv2@{EDGE}", "CLOUDFRONT"))


def groups(reader: Reader, looks: Looks) -> list[Group]:
    """Of guards that are switched on; the others have no rows."""
    return [
        Group(ACLS, ("Web ACL", "For", "Unless a rule says otherwise", "Rules"), list(_acls(reader, looks))),
        Group(NETWORK, ("Id", "Kind", "Settings"), list(_network(looks))),
        Group(
            KEYS,
            ("Alias", "State", "Rotation"),
            [_key(reader, found) for found in looks["KMS keys by alias"]],
        ),
    ]


def rules(reader: Reader, looks: Looks) -> int:
    """Of all web ACLs: each is billed."""
    return sum(len(acl.get("Rules", ())) for _, _, acl in _read(reader, looks))


def zones(looks: Looks) -> int:
    """In how many subnets interface endpoints are, each counted: that is what is billed by the hour."""
    endpoints = (found.raw for found in looks["VPC endpoints"])
    return sum(len(one.get("SubnetIds", ())) for one in endpoints if one.get("VpcEndpointType") == "Interface")


def _read(reader: Reader, looks: Looks) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for title, service, scope in _SCOPES:
        for found in looks[title]:
            answer = reader.call(ACLS, service, "get_web_acl", Name=found.name, Scope=scope, Id=found.raw["Id"])
            yield found.name, scope, answer.get("WebACL", {})


def _acls(reader: Reader, looks: Looks) -> Iterator[list[Cell]]:
    for name, scope, acl in _read(reader, looks):
        named = sorted(acl.get("Rules", ()), key=lambda rule: int(rule["Priority"]))
        what = "the API" if scope == "REGIONAL" else "the site"
        yield [name, what, ", ".join(acl.get("DefaultAction", {})).lower(), [rule["Name"] for rule in named]]


def _network(looks: Looks) -> Iterator[list[Cell]]:
    for found in looks["VPCs"]:
        yield [_id(found), "VPC", found.raw.get("CidrBlock")]
    for found in looks["Subnets"]:
        yield [_id(found), "subnet", f"{found.raw.get('CidrBlock')} in {found.raw.get('AvailabilityZone')}"]
    for found in looks["VPC endpoints"]:
        kind = found.raw.get("VpcEndpointType", "").lower()
        yield [_id(found), f"{kind} endpoint".strip(), f"{found.raw.get('ServiceName')}, {found.raw.get('State')}"]
    for found in looks["Security groups"]:
        yield [_id(found), "security group", _allowed(found.raw)]
    for kind, title in (("network ACL", "Network ACLs"), ("route table", "Route tables")):
        for found in looks[title]:
            yield [_id(found), kind, None]


def _id(found: Found) -> str:
    return found.name.partition("/")[0]


def _allowed(raw: Any) -> list[str]:
    """What it lets in and out, port by port."""
    return lines(
        f"{way} {rule.get('IpProtocol')} {rule.get('FromPort', 'all')}: {', '.join(_peers(rule)) or 'no peer'}"
        for way, key in (("in", "IpPermissions"), ("out", "IpPermissionsEgress"))
        for rule in raw.get(key, ())
    )


def _peers(rule: Any) -> list[str]:
    return [
        *(one["CidrIp"] for one in rule.get("IpRanges", ())),
        *(one["GroupId"] for one in rule.get("UserIdGroupPairs", ())),
        *(one["PrefixListId"] for one in rule.get("PrefixListIds", ())),
    ]


def _key(reader: Reader, found: Found) -> list[Cell]:
    key = found.raw.get("TargetKeyId", "")
    told = reader.call(KEYS, "kms", "describe_key", KeyId=key).get("KeyMetadata", {}) if key else {}
    rotation = reader.call(KEYS, "kms", "get_key_rotation_status", KeyId=key) if key else {}
    return [found.name, told.get("KeyState", "").lower(), "every year" if rotation.get("KeyRotationEnabled") else "off"]
