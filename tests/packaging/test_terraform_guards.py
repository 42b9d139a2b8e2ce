"""Network, firewall and the catalogue's cache of Terraform are those of CloudFormation. The local cloud takes them
and does nothing with them, so only these tests, and an account, show them."""

import re
from typing import Any

from infra.paths import TEMPLATES
from tests.packaging import cloudformation, hcl_literals
from tools.terraform.tables import TERRAFORM

MODULES = TERRAFORM / "modules"
NETWORK = cloudformation.load(TEMPLATES / "network.yaml")
FIREWALL = cloudformation.load(TEMPLATES / "firewall.yaml")
API = cloudformation.load(TEMPLATES / "api.yaml")


def _written(value: str | list[str]) -> str:
    return f'"{value}"' if isinstance(value, str) else "[" + ", ".join(f'"{one}"' for one in value) + "]"


def test_the_network_has_the_same_endpoints() -> None:
    endpoints = cloudformation.of_type(NETWORK, "AWS::EC2::VPCEndpoint").values()
    text = (MODULES / "network" / "endpoints.tf").read_text(encoding="utf-8")
    given = {
        one["ServiceName"]["Fn::Sub"].rpartition(".")[2]: _action(one)
        for one in endpoints
        if one["VpcEndpointType"] == "Interface"
    }
    merged = re.search(r"interfaces = merge\((.*?)\n  \)\n", text, re.DOTALL)
    assert merged
    parts = [hcl_literals.parse(part) for part in re.findall(r"\{[^{}]*\w[^{}]*\}", merged[1])]

    assert {name: action for part in parts for name, action in part.items()} == given
    assert set(hcl_literals.local(MODULES / "network" / "endpoints.tf", "gateways")) == {"dynamodb", "s3"}


def _action(endpoint: dict[str, Any]) -> str | None:
    statements = endpoint.get("PolicyDocument", {}).get("Statement", [])
    return statements[0]["Action"].removesuffix(":*") if statements else None


def test_the_network_lets_through_the_same() -> None:
    entries = cloudformation.of_type(NETWORK, "AWS::EC2::NetworkAclEntry")
    text = (MODULES / "network" / "main.tf").read_text(encoding="utf-8")
    written = re.search(r'"aws_network_acl_rule" "this" \{.*?for_each = (\{.*?\n  \})', text, re.DOTALL)
    assert written

    assert hcl_literals.parse(written[1]) == {
        re.sub(r"(?<=[a-z])(?=[A-Z])", "-", name).lower(): {
            "egress": one["Egress"],
            "number": one["RuleNumber"],
            "from": one["PortRange"]["From"],
            "to": one["PortRange"]["To"],
            "cidr": "var.cidr" if one["CidrBlock"] == {"Ref": "Cidr"} else one["CidrBlock"],
        }
        for name, one in entries.items()
    }


def test_the_firewall_has_the_same_rules() -> None:
    path = MODULES / "firewall" / "main.tf"
    rules = {one["Name"]: one for one in FIREWALL["Resources"]["Firewall"]["Properties"]["Rules"]}
    text = path.read_text(encoding="utf-8")
    rates = re.findall(r'name     = "(rate[\w-]+)"\n    priority = (\d).*?limit\s+= (\S+)', text, re.DOTALL)

    assert {name: (int(priority), limit) for name, priority, limit in rates} == {
        name: (one["Priority"], _limit(one)) for name, one in rules.items() if "RateBasedStatement" in one["Statement"]
    }
    lists = {f"local.{name}": hcl_literals.local(path, name) for name in ("anonymous", "common")}
    groups = hcl_literals.local(path, "groups")
    assert {name: _group(one, lists) for name, one in groups.items()} == {
        name: _managed(one) for name, one in rules.items() if "ManagedRuleGroupStatement" in one["Statement"]
    }


def test_a_firewall_that_is_switched_off_goes_after_what_it_is_attached_to() -> None:
    """WAF refuses to delete one that CloudFront has, and Terraform deletes before it changes what refers to it; unless
    it would make a new one first."""
    assert hcl_literals.argument(MODULES / "firewall" / "main.tf", "  lifecycle", "create_before_destroy") is True


def _limit(rule: dict[str, Any]) -> str:
    limit = rule["Statement"]["RateBasedStatement"]["Limit"]
    return "var.rate" if limit == {"Ref": "Rate"} else str(limit)


def _group(written: dict[str, Any], lists: dict[str, Any]) -> tuple[int, str, bool, list[str]]:
    counted = lists.get(str(written["counted"]), written["counted"])
    return written["priority"], written["name"], written["counts"] is not False, counted


def _managed(rule: dict[str, Any]) -> tuple[int, str, bool, list[str]]:
    group = rule["Statement"]["ManagedRuleGroupStatement"]
    overrides = group.get("RuleActionOverrides", [])
    assert all(one["ActionToUse"] == {"Count": {}} for one in overrides)
    may_count = rule["OverrideAction"] != {"None": {}}
    return rule["Priority"], group["Name"], may_count, [one["Name"] for one in overrides]


def test_the_catalogues_cache_keeps_the_same() -> None:
    path = MODULES / "catalogue" / "main.tf"
    config = API["Resources"]["CatalogueDistribution"]["Properties"]["DistributionConfig"]
    policy = API["Resources"]["CatalogueCache"]["Properties"]["CachePolicyConfig"]
    asked = policy["ParametersInCacheKeyAndForwardedToOrigin"]["QueryStringsConfig"]["QueryStrings"]
    text = path.read_text(encoding="utf-8")

    assert hcl_literals.local(path, "errors_kept") == {
        str(one["ErrorCode"]): one["ErrorCachingMinTTL"] for one in config["CustomErrorResponses"]
    }
    assert set(hcl_literals.local(path, "origins")) == {one["Id"] for one in config["Origins"]}
    assert f"items = {_written(asked)}" in text
    assert f"for_each = {_written([one['PathPattern'] for one in config['CacheBehaviors']])}" in text
