"""A stage by Terraform beside one by CloudFormation: it works, both are the same, and nothing of it is left.

Comes first, by its name and in the Makefile: what other tests leave in the stage that it is compared with is no
difference."""

from __future__ import annotations

import platform
import subprocess
import sys
import uuid
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest
import requests

from infra.comparison import __main__ as comparison
from infra.comparison import emulator
from infra.deploy import foundation, ownership
from infra.deploy import names as stage_names
from infra.deploy.deploy import Deployment, deploy, tracked_config
from infra.deploy.destroy import destroy
from infra.deploy.terraform import foundation as by_terraform
from infra.deploy.terraform import remote
from infra.deploy.terraform.plan import plan
from infra.errors import Refusal
from infra.progress import Steps
from infra.target import Target, connect
from local.provision import provision
from local.run import describe
from tests.e2e.shop import Shop, until
from tests.e2e.test_deploy_destroy import names
from tests.e2e.test_events import announce, flat
from tests.e2e.test_orders import body_for

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.skipif(
        (sys.platform, platform.machine()) != ("linux", "x86_64"),
        reason="no package has the provider for other machines",
    ),
]
STAGE = "tf"
ORDERS_RULE = "orderproc-local-order-created"
ONE_RULE = 'module.messaging.aws_cloudwatch_event_rule.this["inventory"]'


@pytest.fixture(scope="module")
def settings() -> Iterator[pytest.MonkeyPatch]:
    """This stage takes the bus's orders and logs requests, as the one beside it does."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ORDERS_FROM_BUS", "true")
        patch.setenv("ACCESS_LOGS", "on")
        yield patch


@pytest.fixture(scope="module")
def target(shop: Shop) -> Target:
    return connect(STAGE, session=shop.session, endpoint_url=shop.described["endpoint_url"])


@pytest.fixture(scope="module")
def deployed(shop: Shop, target: Target, settings: pytest.MonkeyPatch) -> Iterator[Deployment]:
    """Two stages would charge each order of the bus twice, so the other does not take them in the meantime."""
    events = shop.client("events")
    events.disable_rule(Name=ORDERS_RULE)
    try:
        yield deploy(target, Steps(quiet=True), iac="terraform")
    finally:
        events.enable_rule(Name=ORDERS_RULE)
        if ownership.find(target, stage_names.planned(target, tracked_config())):
            destroy(target, Steps(quiet=True))


@pytest.fixture(scope="module")
def other_shop(shop: Shop, target: Target, deployed: Deployment) -> Shop:
    here: Any = SimpleNamespace(endpoint_url=shop.described["endpoint_url"])
    described = describe(here, target, deployed)
    provision(target, described)
    return Shop(described)


def test_an_order_by_each_workflow_ends_well(other_shop: Shop) -> None:
    product = other_shop.new_product(10)
    by_queue = other_shop.partner("POST", "/orders", body_for(product)).json()["orderId"]
    event = flat(product)
    announce(other_shop, event)
    customer = other_shop.signed_in("customer")
    customer("PUT", f"/cart/items/{product}", {"quantity": 1})
    by_machine = customer("POST", "/checkout", {"total": 25}).json()["orderId"]

    until(lambda: other_shop.partner("GET", f"/orders/{event['OrderId']}").ok, seconds=60)
    ended = [
        other_shop.partner.ended(f"/orders/{by_queue}", 60),
        other_shop.partner.ended(f"/orders/{event['OrderId']}", 60),
        customer.ended(f"/me/orders/{by_machine}", 60),
    ]

    assert [order["workflow"] for order in ended] == ["queue", "events", "stepfunctions"]
    assert [order["status"] for order in ended] == ["COMPLETED", "COMPLETED", "CONFIRMED"]
    assert other_shop.stock(product) == (7, 0)


def test_what_stands_is_what_cloudformation_makes(shop: Shop, target: Target, deployed: Deployment) -> None:
    beside = connect("local", session=shop.session, endpoint_url=shop.described["endpoint_url"])
    events = shop.client("events")
    events.enable_rule(Name=ORDERS_RULE)
    try:
        left, right = comparison.look(target), comparison.look(beside)
    finally:
        events.disable_rule(Name=ORDERS_RULE)

    found = list(comparison.differences(left, right))

    assert [one for one in found if not emulator.reason(one.kind, one.path)] == []
    assert len(left) > 400
    reasons = {emulator.pattern(one.kind, one.path) for one in found}
    assert reasons == emulator.patterns(), "each is needed still"


def test_a_stage_is_not_deployed_by_the_other(target: Target, deployed: Deployment) -> None:
    with pytest.raises(Refusal, match="was made by Terraform"):
        deploy(target, Steps(quiet=True), iac="cloudformation")


def test_a_second_plan_changes_nothing_and_one_setting_one_resource(
    target: Target, deployed: Deployment, settings: pytest.MonkeyPatch
) -> None:
    assert plan(target, Steps(quiet=True)) == {}

    settings.setenv("ORDERS_FROM_BUS", "false")
    found = ownership.must_find(target, tracked_config())
    assert by_terraform.planned(found) == {ONE_RULE: ["update"]}

    by_terraform.apply(found)
    assert target.events.describe_rule(Name=f"{target.prefix}-order-created")["State"] == "DISABLED"
    assert foundation.of(found).chosen(found).get("ORDERS_FROM_BUS") in (None, "false")
    assert by_terraform.planned(found) == {}


def test_a_key_that_is_switched_off_again_leaves_nothing_to_change(
    target: Target, deployed: Deployment, settings: pytest.MonkeyPatch
) -> None:
    found = ownership.must_find(target, tracked_config())
    settings.setenv("CUSTOMER_KEY", "true")
    secret = by_terraform.apply(found)["CarrierSecretArn"]
    assert target.client("secretsmanager").describe_secret(SecretId=secret)["KmsKeyId"]

    settings.delenv("CUSTOMER_KEY")
    by_terraform.apply(found)

    assert by_terraform.planned(found) == {}


def test_two_deployments_do_not_run_at_once(target: Target, deployed: Deployment) -> None:
    found = ownership.must_find(target, tracked_config())
    key = f"{remote.key(remote.FOUNDATION)}.tflock"
    body = f'{{"ID": "{uuid.uuid4()}", "Who": "ann@desk", "Path": "{remote.bucket(found)}/{key}"}}'
    target.s3.put_object(Bucket=remote.bucket(found), Key=key, Body=body.encode())

    try:
        with pytest.raises(
            Refusal, match=r"by ann@desk .*aws s3 rm s3://orderproc-tf-terraform-\d+/foundation.tfstate.tflock"
        ):
            by_terraform.apply(found)
    finally:
        target.s3.delete_object(Bucket=remote.bucket(found), Key=key)


def test_destroying_leaves_nothing(shop: Shop, target: Target, deployed: Deployment) -> None:
    assert names(shop.session, shop.described["endpoint_url"], STAGE)

    said = subprocess.run(
        [sys.executable, "-m", "infra.deploy.destroy", STAGE, "--yes"],
        env=target.environment(),
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.returncode == 0, said.stdout + said.stderr
    assert "Nothing is left." in said.stdout
    assert "Terraform" in said.stdout
    assert names(shop.session, shop.described["endpoint_url"], STAGE) == set()
    assert requests.get(f"{shop.described['api_url']}/health", timeout=30).status_code == 200
