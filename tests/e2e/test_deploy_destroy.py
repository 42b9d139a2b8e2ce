"""A second stage beside the first: deployed with all guards, deployed again, destroyed, and nothing of it left in any
listing. Of the guards it shows that they are made, fit together and go; the local cloud enforces none of them."""

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
import requests

from infra.deploy import access_logs, choices, ownership, stacks, state, templates, warm
from infra.deploy import names as stage_names
from infra.deploy.deploy import Deployment, deploy, tracked_config
from infra.deploy.destroy import destroy
from infra.deploy.post_deploy import KNOW_THE_URL
from infra.evidence import kinds, report
from infra.evidence.reading import Reader
from infra.paths import APP
from infra.progress import Steps
from infra.target import API_STAGE, Target, connect
from local import chalice_script, provision
from local.catalogue import USERS, order_for
from tests.e2e.account import apis, names
from tests.e2e.shop import Shop

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
STAGE = "second"
GUARDS = {
    "FIREWALL": "true",
    "PRIVATE_NETWORK": "true",
    "CUSTOMER_KEY": "true",
    "ACCESS_LOGS": "addresses",
    "CONCURRENCY_LIMITS": "api_handler=20,process_orders=5",
    "CATALOGUE_CACHE_SECONDS": "30",
    "API_WARM": "2",
}
"""The second stage has what the first one has not."""


@pytest.fixture(scope="module")
def session(stack: dict[str, Any]) -> boto3.Session:
    return boto3.Session(stack["access_key_id"], stack["secret_access_key"], region_name=stack["region"])


@pytest.fixture(scope="module")
def target(stack: dict[str, Any], session: boto3.Session) -> Target:
    return connect(STAGE, session=session, endpoint_url=stack["endpoint_url"])


@pytest.fixture(scope="module")
def quiet() -> Steps:
    return Steps(quiet=True)


@pytest.fixture(scope="module")
def guarded(stack: dict[str, Any]) -> Iterator[None]:
    """What is deployed from now on is: the first stage is there already."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in GUARDS.items():
            environment.setenv(name, value)
        yield


@pytest.fixture(scope="module")
def deployed(
    target: Target, quiet: Steps, guarded: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Deployment, Path]]:
    build = tmp_path_factory.mktemp("build")
    yield deploy(target, quiet, build=build), build
    if ownership.find(target, stage_names.planned(target, tracked_config())):
        destroy(target, quiet)


def test_a_second_stage_answers_beside_the_first(stack: dict[str, Any], deployed: tuple[Deployment, Path]) -> None:
    for url in (stack["api_url"], deployed[0].api_url):
        assert requests.get(f"{url}/health", timeout=30).status_code == 200


def test_a_partner_of_one_stage_is_unknown_to_the_other(
    stack: dict[str, Any], deployed: tuple[Deployment, Path]
) -> None:
    answer = requests.get(f"{deployed[0].api_url}/orders", headers={"X-API-Key": stack["api_key"]}, timeout=30)

    assert answer.status_code == 403
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert answer.json().keys() >= {"type", "title", "status", "detail", "requestId"}


def test_what_no_route_has_is_a_problem_of_404(deployed: tuple[Deployment, Path]) -> None:
    answer = requests.get(f"{deployed[0].api_url}/no-such-route", timeout=30)

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_every_method_has_a_limit_and_partners_room_for_their_plans(
    target: Target, deployed: tuple[Deployment, Path]
) -> None:
    stage = target.apigateway.get_stage(restApiId=deployed[0].rest_api_id, stageName=API_STAGE)
    limits = {
        method.replace("~1", "/").lstrip("/"): (setting["throttlingRateLimit"], setting["throttlingBurstLimit"])
        for method, setting in stage["methodSettings"].items()
    }

    assert limits["*/*"] == (100, 200)
    assert limits["health/GET"] == (20, 40)
    assert limits["orders/POST"] == limits["orders/{order_id}/GET"] == (1000, 2000)
    assert limits["cart/GET"] == limits["checkout/POST"] == limits["admin/orders/GET"] == (1000, 2000)
    assert not limits.keys() & {"products/GET", "webhooks/carrier/POST"}


def test_requests_of_the_second_stage_are_logged_with_the_address_that_its_owner_asked_for(
    session: boto3.Session, stack: dict[str, Any], deployed: tuple[Deployment, Path]
) -> None:
    said = requests.get(f"{deployed[0].api_url}/products/NOTHING", headers={"User-Agent": "Petra's"}, timeout=30)

    logs = session.client("logs", endpoint_url=stack["endpoint_url"])
    group = f"/aws/apigateway/orderproc-{STAGE}"
    lines = [json.loads(event["message"]) for event in logs.filter_log_events(logGroupName=group)["events"]]
    [line] = [line for line in lines if line["requestId"] == said.headers["x-amzn-RequestId"]]
    assert (line["method"], line["resource"], line["status"]) == ("GET", "/products/{product_id}", 404)
    assert (line["address"], line["keyId"], line["refused"]) == ("127.0.0.1", "-", "-")
    assert "Petra" not in str(lines)
    assert "NOTHING" not in str(lines)
    [described] = logs.describe_log_groups(logGroupNamePrefix=group)["logGroups"]
    assert described["retentionInDays"] == 90


def test_the_account_has_a_role_to_log_with_however_often_a_stage_is_deployed(target: Target) -> None:
    role = target.apigateway.get_account()["cloudwatchRoleArn"]

    assert role.endswith(f":role/{access_logs.role_name(target)}")
    [policy] = target.iam.list_attached_role_policies(RoleName=access_logs.role_name(target))["AttachedPolicies"]
    assert policy["PolicyName"] == "AmazonAPIGatewayPushToCloudWatchLogs"


def test_what_runs_at_once_is_limited_with_what_a_queue_sends(
    target: Target, deployed: tuple[Deployment, Path]
) -> None:
    limits, mappings = {}, {}
    for name in ("api_handler", "process_orders", "notify"):
        function = stage_names.function(target, name)
        limits[name] = target.functions.get_function_concurrency(FunctionName=function).get(
            "ReservedConcurrentExecutions"
        )
        for mapping in target.functions.list_event_source_mappings(FunctionName=function)["EventSourceMappings"]:
            mappings[name] = mapping.get("ScalingConfig", {}).get("MaximumConcurrency")

    assert limits == {"api_handler": 20, "process_orders": 5, "notify": None}
    assert mappings == {"process_orders": 5, "notify": None}


def test_the_api_calls_what_the_last_deployment_published(target: Target, deployed: tuple[Deployment, Path]) -> None:
    functions, name = target.functions, target.prefix
    alias = functions.get_alias(FunctionName=name, Name=warm.ALIAS)["FunctionVersion"]
    published = functions.get_function_configuration(FunctionName=name, Qualifier=alias)
    resources = target.apigateway.get_resources(restApiId=deployed[0].rest_api_id, embed=["methods"], limit=500)
    uris = {
        method["methodIntegration"]["uri"]
        for resource in resources["items"]
        for verb, method in resource.get("resourceMethods", {}).items()
        if verb != "OPTIONS"
    }

    assert published["CodeSha256"] == functions.get_function_configuration(FunctionName=name)["CodeSha256"]
    assert published["Environment"]["Variables"]["PUBLIC_URL"] == deployed[0].api_url
    assert len(functions.list_versions_by_function(FunctionName=name)["Versions"]) <= 3
    assert {uri.rpartition(f":function:{name}")[2] for uri in uris} == {f":{warm.ALIAS}/invocations"}


def test_the_catalogue_can_be_read_through_its_distribution_and_nothing_else(
    stack: dict[str, Any], target: Target, deployed: tuple[Deployment, Path]
) -> None:
    made = stacks.outputs(templates.own_stacks(target)[f"{target.prefix}-api"])["CatalogueDomainName"]

    def ask(path: str) -> requests.Response:
        headers = {"Host": made, "X-Forwarded-Proto": "https", "X-API-Key": "none"}
        return requests.get(f"{stack['endpoint_url']}{path}", headers=headers, timeout=30)

    page = ask("/products?limit=2")
    assert (page.status_code, page.json()["products"]) == (200, [])
    assert page.headers["Cache-Control"] == "public, max-age=0, s-maxage=30, stale-if-error=0"
    assert page.headers["Access-Control-Allow-Origin"] == "*"
    assert "X-Correlation-Id" not in page.headers
    unknown = ask("/products/NOTHING")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "PRODUCT_NOT_FOUND")
    assert unknown.headers["Cache-Control"] == "no-store"
    for path in ("/openapi.json", "/orders"):
        assert (ask(path).status_code, ask(path).json()["code"]) == (404, "PRODUCT_NOT_FOUND")


def public_urls(target: Target) -> set[str]:
    """Where the functions that write links take the API to be."""
    called = (stage_names.function(target, name) for name in KNOW_THE_URL)
    found = [target.functions.get_function_configuration(FunctionName=name) for name in called]
    return {function["Environment"]["Variables"].get("PUBLIC_URL", "") for function in found}


def test_after_the_first_deployment_mails_know_where_the_api_is(
    target: Target, deployed: tuple[Deployment, Path]
) -> None:
    assert public_urls(target) == {deployed[0].api_url}


def test_an_order_is_completed_behind_all_guards(stack: dict[str, Any], deployed: tuple[Deployment, Path]) -> None:
    done = deployed[0]
    of_stage = {"api_url": done.api_url, "api_key": done.keys.partner}
    shop = Shop({**stack, **of_stage, "user_pool_client_id": done.outputs["UserPoolClientId"]})
    provision.create_user(shop.cognito, done.outputs["UserPoolId"], USERS["admin"])

    placed = shop.partner("POST", "/orders", order_for(shop.new_product(stock=5), "25.00"))

    assert placed.status_code == 201, placed.text
    assert shop.partner.ended(f"/orders/{placed.json()['orderId']}", 60)["status"] == "COMPLETED"


def test_functions_run_in_the_stages_network_and_its_key_encrypts(
    session: boto3.Session, stack: dict[str, Any], target: Target, deployed: tuple[Deployment, Path]
) -> None:
    outputs = deployed[0].outputs
    subnets = {outputs["FirstSubnetId"], outputs["SecondSubnetId"]}
    key = outputs["KeyArn"]

    for name in stage_names.planned(target, tracked_config()).functions:
        placed = target.functions.get_function_configuration(FunctionName=name)["VpcConfig"]
        assert set(placed["SubnetIds"]) == subnets
        assert placed["SecurityGroupIds"] == [outputs["FunctionsSecurityGroupId"]]
    queue = target.client("sqs").get_queue_attributes(QueueUrl=outputs["OrdersQueueUrl"], AttributeNames=["All"])
    secret = target.client("secretsmanager").describe_secret(SecretId=outputs["LinkSecretArn"])
    assert secret["KmsKeyId"] == key
    assert queue["Attributes"]["KmsMasterKeyId"] == key


def test_a_firewall_is_in_front_of_the_api_and_of_the_site(
    session: boto3.Session, target: Target, deployed: tuple[Deployment, Path]
) -> None:
    outputs = deployed[0].outputs
    stage = f"arn:aws:apigateway:{target.region}::/restapis/{deployed[0].rest_api_id}/stages/{API_STAGE}"
    of_api = target.client("wafv2").get_web_acl_for_resource(ResourceArn=stage)["WebACL"]
    of_site = target.client("cloudfront").get_distribution_config(Id=outputs["SiteDistributionId"])

    assert of_api["ARN"] == outputs["ApiFirewallArn"]
    assert of_site["DistributionConfig"]["WebACLId"] == outputs["SiteFirewallArn"]


def test_deploying_again_changes_nothing_and_doubles_nothing(
    stack: dict[str, Any],
    session: boto3.Session,
    target: Target,
    quiet: Steps,
    deployed: tuple[Deployment, Path],
) -> None:
    first, build = deployed
    before = names(session, stack["endpoint_url"], STAGE), apis(stack, session)

    again = deploy(target, quiet, build=build)

    assert (names(session, stack["endpoint_url"], STAGE), apis(stack, session)) == before
    assert again == first
    assert public_urls(target) == {first.api_url}
    assert requests.get(f"{again.api_url}/no-such-route", timeout=30).status_code == 404


def test_chalice_deploy_redeploys_the_stage_with_what_its_owner_chose(
    stack: dict[str, Any],
    session: boto3.Session,
    target: Target,
    deployed: tuple[Deployment, Path],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SHOP_NAME", "The Second Shop")
    state.put(target, deployed[0].outputs["DocumentsBucketName"], state.CHOICES, choices.made())
    monkeypatch.delenv("SHOP_NAME")
    before = apis(stack, session)
    script = tmp_path / "chalice"
    chalice_script.write(script, Path(sys.executable), tmp_path)

    said = subprocess.run(
        [str(script), "deploy", "--stage", STAGE],
        cwd=APP,
        env=target.environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == 0, said.stdout + said.stderr
    assert apis(stack, session) == before
    assert f"Rest API URL: {deployed[0].api_url}/" in said.stdout
    function = target.functions.get_function_configuration(FunctionName=f"{target.prefix}-notify")
    assert function["Environment"]["Variables"]["SHOP_NAME"] == "The Second Shop"


def test_another_machine_can_go_on_from_what_is_deployed(
    target: Target, quiet: Steps, deployed: tuple[Deployment, Path], tmp_path: Path
) -> None:
    assert deploy(target, quiet, build=tmp_path).rest_api_id == deployed[0].rest_api_id


def test_the_mail_functions_failures_end_in_its_dead_letter_queue(
    target: Target, deployed: tuple[Deployment, Path]
) -> None:
    config = target.functions.get_function_event_invoke_config(FunctionName=f"{target.prefix}-mail_receipt")

    assert config["DestinationConfig"]["OnFailure"]["Destination"] == deployed[0].outputs["MailDlqArn"]


def test_destroying_leaves_nothing_of_the_stage_and_all_of_the_other(
    stack: dict[str, Any],
    session: boto3.Session,
    target: Target,
    quiet: Steps,
    deployed: tuple[Deployment, Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    first = names(session, stack["endpoint_url"], "local")
    assert names(session, stack["endpoint_url"], STAGE)
    assert kinds.survey(Reader(target)).stands

    left = destroy(target, Steps())

    assert left == []
    said = capsys.readouterr().out
    assert re.search(r"functions\W+32\b", said)
    assert re.search(r"roles\W+32\b", said)
    assert re.search(r"event source mappings\W+9\b", said)
    assert re.search(r"orders\W+1\b", said)
    assert names(session, stack["endpoint_url"], STAGE) == set()
    assert deployed[0].rest_api_id not in apis(stack, session)
    assert names(session, stack["endpoint_url"], "local") == first
    assert requests.get(f"{stack['api_url']}/health", timeout=30).status_code == 200
    # The first stage logs as well.
    assert target.apigateway.get_account()["cloudwatchRoleArn"].endswith(access_logs.role_name(target))
    proof = report.collect(target, quiet).proof
    assert proof
    assert proof.left == []
    assert proof.unread == []
    assert proof.holds
