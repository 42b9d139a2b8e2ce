"""After `make destroy`: every kind was looked for, and what is left, or could not be looked for, is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from infra.evidence import __main__ as command
from infra.evidence import page, report
from infra.evidence.kinds import KINDS, kinds_of
from infra.evidence.proof import Proof
from infra.evidence.report import Report
from infra.progress import Steps
from tests.support.aws_answers import Answer, AwsAnswers

ACCOUNT = "123456789012"
AT = datetime(2026, 11, 29, tzinfo=UTC)
TAG = [
    {"Key": "orderproc:stage", "Value": "blue"},
    {"Key": "orderproc:region", "Value": "eu-west-1"},
]

SEEN = {"SampledRequestsEnabled": True, "CloudWatchMetricsEnabled": True, "MetricName": "rate"}
RULE = {"Name": "rate", "Priority": 0, "Statement": {}, "Action": {"Block": {}}, "VisibilityConfig": SEEN}
GUARD = {"ARN": f"arn:aws:wafv2:{ACCOUNT}", "DefaultAction": {"Allow": {}}, "Rules": [RULE], "VisibilityConfig": SEEN}


def look(**answers: Answer) -> tuple[Report, Proof]:
    made = report.collect(AwsAnswers(dict(answers)).target(), Steps(quiet=True))
    assert made.proof
    return made, made.proof


def tagged(*arns: str, region: str = "eu-west-1") -> Answer:
    tags = [TAG[0], {"Key": "orderproc:region", "Value": region}]
    return {"ResourceTagMappingList": [{"ResourceARN": arn, "Tags": tags} for arn in arns]}


def test_an_empty_account_proves_that_nothing_is_left() -> None:
    made, proof = look()
    html = page.render(made, ACCOUNT)

    assert proof.holds
    assert "nothing of it costs money" in html
    assert "0.00 USD a month" in html
    assert proof.bill.usd == 0
    for kind in KINDS:
        call = next(look.call for look in proof.looks if look.title == kind.title)
        assert made.calls[call] == sum(one.call == call for one in proof.looks)
        assert f'<th scope="row">{kind.title}</th><td>{call}</td>' in " ".join(html.split()).replace("> <", "><")


def test_the_calls_are_named_as_aws_does() -> None:
    """The name in the table is that of the call that was counted."""
    made, proof = look()

    assert {one.call for one in proof.looks} == set(made.calls)


def test_what_is_left_is_named_with_what_it_costs() -> None:
    made, proof = look(
        **{
            "secretsmanager:ListSecrets": {"SecretList": [{"Name": "orderproc-blue-links"}, {"Name": "of-others"}]},
            "logs:DescribeLogGroups": {"logGroups": [{"logGroupName": "/aws/lambda/orderproc-blue", "storedBytes": 7}]},
        }
    )
    html = page.render(made, ACCOUNT)

    assert not proof.holds
    assert [(look.title, found.name) for look, found in proof.left] == [
        ("Secrets", "orderproc-blue-links"),
        ("Log groups", "/aws/lambda/orderproc-blue"),
        ("Log groups at the edge", "/aws/lambda/orderproc-blue"),
    ]
    assert "3 things are left." in html
    assert "0.4 USD a month" in html
    assert {line.what: line.quantity for line in proof.bill.lines} == {"secrets": 1, "bytes of logs": 14}
    assert "of-others" not in html


def test_what_could_not_be_looked_for_is_not_proven_to_be_gone() -> None:
    made, proof = look(**{"iam:ListRoles": "AccessDenied", "sqs:ListQueues": "InternalError"})
    html = page.render(made, ACCOUNT)

    assert proof.left == []
    assert not proof.holds
    assert [one.title for one in proof.unread] == ["SQS queues", "Roles"]
    assert "Not allowed to read iam:ListRoles." in html
    assert "nothing of it costs money" not in html


def test_what_has_the_tag_is_found_whatever_it_is_called() -> None:
    key = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/abc"
    _, proof = look(**{"resourcegroupstaggingapi:GetResources": tagged(key)})

    assert [found.name for _, found in proof.left] == [key]


def test_a_key_that_awaits_its_deletion_is_named_and_not_left() -> None:
    key = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/abc"
    answers: dict[str, Answer] = {
        "resourcegroupstaggingapi:GetResources": tagged(key),
        "kms:DescribeKey": {"KeyMetadata": {"KeyId": "abc", "KeyState": "PendingDeletion", "DeletionDate": AT}},
    }

    made, proof = look(**answers)

    assert proof.holds
    html = page.render(made, ACCOUNT)
    assert "Keys that wait for their deletion" in html
    assert "2026-11-29 00:00:00 UTC" in html


def test_a_tag_that_aws_still_lists_of_something_deleted_is_nothing_left() -> None:
    table = f"arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/orderproc-blue-orders"
    _, proof = look(**{"resourcegroupstaggingapi:GetResources": tagged(table)})

    assert proof.holds


def test_what_is_there_with_the_tag_but_another_name_is_left() -> None:
    arn = "arn:aws:apigateway:eu-west-1::/restapis/a1b2"
    answers: dict[str, Answer] = {
        "resourcegroupstaggingapi:GetResources": tagged(arn),
        "apigateway:GetRestApis": {"items": [{"id": "a1b2", "name": "renamed"}]},
    }

    _, proof = look(**answers)

    assert [found.name for _, found in proof.left] == [arn]


def test_the_same_stage_of_another_region_is_not_this_one() -> None:
    role = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/abc"
    _, proof = look(**{"resourcegroupstaggingapi:GetResources": tagged(role, region="us-east-1")})

    assert proof.holds


@pytest.mark.parametrize(("left", "status"), [([], 0), ([{"Name": "orderproc-blue-[links]"}], 1)])
def test_the_command_fails_if_anything_is_left(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path_factory: pytest.TempPathFactory,
    capsys: pytest.CaptureFixture[str],
    left: list[dict[str, str]],
    status: int,
) -> None:
    aws = AwsAnswers({"secretsmanager:ListSecrets": {"SecretList": left}})
    monkeypatch.setattr("infra.ops.operate.connect", lambda _: aws.target())
    out = tmp_path_factory.mktemp("out") / "folder" / "proof.html"

    assert command.main(["blue", "--out", str(out)]) == status

    said = capsys.readouterr().out
    assert ("Nothing is left" in said) == (not left)
    assert ("left: Secrets: orderproc-blue-[links]" in said) == bool(left)
    assert out.read_text(encoding="utf-8").startswith("<!doctype html>")


def test_listings_that_botocore_does_not_page_are_read_to_their_end() -> None:
    def policies(sent: dict[str, Any]) -> dict[str, Any]:
        name = "orderproc-blue-site" if "Marker" in sent else "of-others"
        policy = {"Id": "1", "LastModifiedTime": AT, "CachePolicyConfig": {"Name": name, "MinTTL": 0}}
        items = {"MaxItems": 1, "Quantity": 1, "Items": [{"Type": "custom", "CachePolicy": policy}]}
        return {"CachePolicyList": items if "Marker" in sent else {**items, "NextMarker": "more"}}

    def acls(sent: dict[str, Any]) -> dict[str, Any]:
        name = "orderproc-blue-acl" if "NextMarker" in sent else "of-others"
        return {"WebACLs": [{"Name": name, "Id": "1"}], **({} if "NextMarker" in sent else {"NextMarker": "more"})}

    _, proof = look(**{"cloudfront:ListCachePolicies": policies, "wafv2:ListWebACLs": acls})

    assert [found.name for _, found in proof.left] == ["orderproc-blue-site", *["orderproc-blue-acl"] * 2]
    assert {line.what: line.quantity for line in proof.bill.lines} == {"web ACLs": 2}


def test_what_guards_a_stage_is_looked_for_where_it_is() -> None:
    """The site's firewall and its log are in us-east-1; a network has no names but tags."""
    acl = {"Name": "orderproc-blue-site", "Id": "1"}
    endpoint = {"VpcEndpointId": "vpce-1", "VpcEndpointType": "Interface", "SubnetIds": ["a", "b"], "Tags": TAG}
    _, proof = look(
        **{
            "wafv2:ListWebACLs": lambda sent: {"WebACLs": [acl] if sent["Scope"] == "CLOUDFRONT" else []},
            "wafv2:GetWebACL": {"WebACL": {**acl, **GUARD}},
            "logs:DescribeLogGroups": {"logGroups": [{"logGroupName": "aws-waf-logs-orderproc-blue-site"}]},
            "ec2:DescribeVpcEndpoints": {"VpcEndpoints": [endpoint]},
            "ec2:DescribeVpcs": {"Vpcs": []},
        }
    )

    assert {look.title for look, _ in proof.left} == {
        *("Log groups", "Log groups at the edge"),
        *("VPC endpoints", "Web ACLs of the site"),
    }
    assert {line.what: line.usd for line in proof.bill.lines} == {
        "web ACLs": 5,
        "their rules": 1,
        "hours of interface endpoints": pytest.approx(14.4),
    }


def test_a_stage_at_the_edge_is_not_looked_at_twice() -> None:
    target = replace(AwsAnswers().target(), region="us-east-1")

    assert {kind.title for kind in KINDS} - {kind.title for kind in kinds_of(target)} == {
        *("Log groups at the edge", "Stacks at the edge"),
    }
