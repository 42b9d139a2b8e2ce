"""What API Gateway is asked when a key is made, and what a lost answer does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from botocore.stub import ANY, Stubber
from chalicelib.access.api_keys import GatewayKeys

VALUE = f"op_acme_{'0' * 40}"
CREATED = datetime(2026, 11, 21, 14, 30, 25, tzinfo=UTC)
PLANS = {"items": [{"id": "p1", "name": "orderproc-x-partner"}, {"id": "p9", "name": "orderproc-x-publishable"}]}
CREATE = {"name": ANY, "description": "ACME Ltd", "enabled": False, "value": VALUE}
ON_PLAN = {"usagePlanId": "p1", "keyId": "k1", "keyType": "API_KEY"}


def enabling(enabled: str) -> dict[str, Any]:
    return {"apiKey": "k1", "patchOperations": [{"op": "replace", "path": "/enabled", "value": enabled}]}


def key(name: str = "orderproc-x-key-acme-01234567", *, enabled: bool = False) -> dict[str, Any]:
    return {"id": "k1", "name": name, "description": "ACME Ltd", "enabled": enabled, "createdDate": CREATED}


@pytest.fixture
def client() -> Any:
    return boto3.client("apigateway", region_name="eu-west-1")


@pytest.fixture
def gateway(client: Any) -> Iterator[Stubber]:
    with Stubber(client) as stub:
        yield stub
        stub.assert_no_pending_responses()


@pytest.fixture
def keys(client: Any) -> GatewayKeys:
    return GatewayKeys(client, "orderproc-x-", "page")


def test_a_key_is_enabled_only_once_it_is_on_its_plan(gateway: Stubber, keys: GatewayKeys) -> None:
    gateway.add_response("create_api_key", key(), CREATE)
    gateway.add_response("get_usage_plans", PLANS)
    gateway.add_response("create_usage_plan_key", {}, ON_PLAN)
    gateway.add_response("update_api_key", key(enabled=True), enabling("true"))

    made = keys.make("acme", "ACME Ltd", "partner", VALUE)

    assert (made.key_id, made.partner_id, made.enabled) == ("k1", "acme", True)
    assert made.created_at == "2026-11-21T14:30:25.000Z"


def test_a_key_whose_plan_refuses_it_opens_nothing(gateway: Stubber, keys: GatewayKeys) -> None:
    gateway.add_response("create_api_key", key(), CREATE)
    gateway.add_response("get_usage_plans", PLANS)
    gateway.add_client_error("create_usage_plan_key", "LimitExceededException", http_status_code=400)

    with pytest.raises(ClientError):
        keys.make("acme", "ACME Ltd", "partner", VALUE)


def test_our_own_key_whose_answer_was_lost_is_found(gateway: Stubber, keys: GatewayKeys) -> None:
    gateway.add_client_error("create_api_key", "ConflictException", expected_params=CREATE)
    gateway.add_response("get_api_keys", {"items": [key()]}, {"nameQuery": ANY, "includeValues": False})
    gateway.add_response("get_usage_plans", PLANS)
    gateway.add_client_error(
        "create_usage_plan_key", "ConflictException", http_status_code=409, expected_params=ON_PLAN
    )
    gateway.add_response("update_api_key", key(enabled=True), enabling("true"))

    assert keys.make("acme", "ACME Ltd", "partner", VALUE).enabled


def test_no_values_are_read(gateway: Stubber, keys: GatewayKeys) -> None:
    gateway.add_response("get_usage_plans", PLANS)
    gateway.add_response("get_usage_plan_keys", {"items": [{"id": "k1"}]}, {"usagePlanId": "p1"})
    gateway.add_response(
        "get_api_keys",
        {"items": [key(), {**key("orderproc-x-publishable"), "id": "page"}]},
        {"nameQuery": "orderproc-x-", "includeValues": False},
    )

    [found] = keys.all()

    assert (found.partner_id, found.plan) == ("acme", "partner")
