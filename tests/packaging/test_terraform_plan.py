"""What Terraform would make of an empty account, with every guard: planned against a server that knows only who is
asking. tests/e2e applies it. A plan shows what no other test does cheaply: that keys of `for_each` are known before
anything is there, that the values fit together, and the tags of everything."""

import json
import re
import shutil
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs

import boto3
import pytest

from infra.deploy.terraform import binary, older_provider, workspace
from infra.paths import BUILD, TEMPLATES
from infra.target import Target
from tests.packaging import cloudformation
from tools.terraform.tables import TERRAFORM

pytestmark = pytest.mark.slow  # runs Terraform, which the quick tests do without

ACCOUNT = "123456789012"
GUARDS = {
    "customer_key": True,
    "private_network": True,
    "firewall": True,
    "deletion_protection": True,
    "staff_mfa": "OPTIONAL",
    "api_access_logs": "on",
    "catalogue_cache_seconds": 60,
    "rest_api_id": "abc123",
    "api_domain": "abc123.execute-api.us-east-1.amazonaws.com",
    "warm_instances": 1,
    "alarm_email": "oncall@example.com",
    "dashboard_body": "{}",
    "kept_workflow_types": ["EXPRESS"],
}
TAGS = {"orderproc:stage": "plan", "orderproc:region": "us-east-1", "orderproc:deployment": "d-1"}
_ZONES = "".join(f"<item>us-east-1{zone}</item>" for zone in "cab")
_ANSWERS = {
    "GetCallerIdentity": f"""<GetCallerIdentityResponse><GetCallerIdentityResult><Account>{ACCOUNT}</Account>
        <Arn>arn:aws:iam::{ACCOUNT}:root</Arn><UserId>{ACCOUNT}</UserId></GetCallerIdentityResult>
        </GetCallerIdentityResponse>""",
    "DescribeVpcEndpointServices": f"""<DescribeVpcEndpointServicesResponse><serviceDetailSet><item>
        <serviceName>{{name}}</serviceName><availabilityZoneSet>{_ZONES}</availabilityZoneSet>
        <serviceType><item><serviceType>Interface</serviceType></item></serviceType></item></serviceDetailSet>
        <serviceNameSet><item>{{name}}</item></serviceNameSet></DescribeVpcEndpointServicesResponse>""",
    "DescribeManagedPrefixLists": """<DescribeManagedPrefixListsResponse><prefixListSet><item>
        <prefixListId>pl-1</prefixListId><prefixListName>{name}</prefixListName><ownerId>AWS</ownerId></item>
        </prefixListSet></DescribeManagedPrefixListsResponse>""",
    "GetManagedPrefixListEntries": """<GetManagedPrefixListEntriesResponse><entrySet/>
        </GetManagedPrefixListEntriesResponse>""",
}


class _Aws(BaseHTTPRequestHandler):
    """Answers what data sources ask."""

    def do_POST(self) -> None:
        asked = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        answer = _ANSWERS.get(asked.get("Action", [""])[0], "")
        name = next((values[0] for key, values in asked.items() if values[0].startswith("com.amazonaws.")), "")
        self.send_response(200 if answer else 404)
        self.end_headers()
        self.wfile.write(answer.format(name=name).encode())

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def target() -> Iterator[Target]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Aws)
    Thread(target=server.serve_forever, daemon=True).start()
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name="us-east-1")
    yield Target("plan", "us-east-1", ACCOUNT, "aws", f"http://127.0.0.1:{server.server_port}", session, "d-1")
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def planned(target: Target, tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The resources of a plan with every guard."""
    folder = tmp_path_factory.mktemp("plan") / TERRAFORM.name
    shutil.copytree(TERRAFORM, folder, ignore=shutil.ignore_patterns(".terraform*", "examples"))
    shutil.copytree(TEMPLATES, folder.parent / TEMPLATES.name)
    older_provider.adapt(folder, older_provider.schema(target, BUILD))
    provider = workspace.provider_of(target, is_old=True)
    provider["endpoints"] = [{**provider["endpoints"][0], "ec2": target.endpoint_url}]
    override = {"terraform": {"backend": {"local": {}}}, "provider": {"aws": provider}}
    (folder / "here_override.tf.json").write_text(json.dumps(override), encoding="utf-8")
    given = {**GUARDS, "stage": target.stage, "region": target.region, "deployment": target.deployment}
    (folder / "given.auto.tfvars.json").write_text(json.dumps(given), encoding="utf-8")
    binary.run(target, folder, "init", "-input=false", "-no-color")
    changes = binary.planned(target, folder)["resource_changes"]
    return [one for one in changes if one["mode"] == "managed"]


def test_an_empty_account_gets_everything_in_one_plan(planned: list[dict[str, Any]]) -> None:
    assert {tuple(one["change"]["actions"]) for one in planned} == {("create",)}
    modules = {one["address"].split(".")[1].partition("[")[0] for one in planned}

    assert modules == {entry.name for entry in (TERRAFORM / "modules").iterdir()} - {"bucket", "secret", "firewall"} | {
        "api_firewall",
        "site_firewall",
    }


def test_everything_that_takes_tags_says_whose_it_is(planned: list[dict[str, Any]]) -> None:
    tagged = [one for one in planned if "tags_all" in one["change"]["after"]]

    assert len(tagged) > 140
    for one in tagged:
        assert one["change"]["after"]["tags_all"].items() >= TAGS.items(), one["address"]


def test_the_subnets_are_in_two_zones_that_have_all_endpoints(planned: list[dict[str, Any]]) -> None:
    zones = [one["change"]["after"]["availability_zone"] for one in planned if one["type"] == "aws_subnet"]

    assert zones == ["us-east-1a", "us-east-1b"]


@pytest.mark.parametrize(
    ("template", "resource", "document", "address", "argument"),
    [
        ("keys", "DataKey", "KeyPolicy", "module.key[0].aws_kms_key.data", "policy"),
        *(
            (
                "network",
                f"{name}Endpoint",
                "PolicyDocument",
                f'module.network[0].aws_vpc_endpoint.{kind}["{key}"]',
                "policy",
            )
            for kind, key, name in (
                ("gateways", "dynamodb", "DynamoDb"),
                ("gateways", "s3", "S3"),
                ("interfaces", "sqs", "Sqs"),
                ("interfaces", "monitoring", "CloudWatch"),
            )
        ),
        (
            *("workflow", "OrderStateMachineRole", "AssumeRolePolicyDocument"),
            *('module.workflow.aws_iam_role.this["STANDARD"]', "assume_role_policy"),
        ),
    ],
)
def test_a_policy_is_cloudformations(
    planned: list[dict[str, Any]], template: str, resource: str, document: str, address: str, argument: str
) -> None:
    wanted = cloudformation.load(TEMPLATES / f"{template}.yaml")["Resources"][resource]["Properties"][document]
    after = next(one["change"]["after"] for one in planned if one["address"] == address)

    assert json.loads(after[argument]) == _filled_in(wanted)


_VALUES = {
    "AWS::Partition": "aws",
    "AWS::Region": "us-east-1",
    "AWS::AccountId": ACCOUNT,
    "Stage": "plan",
    "Name": "orders",
}


def _filled_in(value: Any) -> Any:
    """What CloudFormation makes of the references in it."""
    if isinstance(value, list):
        return [_filled_in(one) for one in value]
    if not isinstance(value, dict):
        return value
    if "Ref" in value:
        return _VALUES[value["Ref"]]
    if (text := value.get("Fn::Sub")) is not None:
        text = text if isinstance(text, str) else text[0]
        return re.sub(r"\$\{([\w:]+)}", lambda found: _VALUES[found[1]], text)
    return {name: _filled_in(one) for name, one in value.items()}
