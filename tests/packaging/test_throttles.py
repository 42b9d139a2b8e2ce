"""Requests a second: of all methods that anyone may call one limit, a lower one for a few, and room for the plans and
for those who are signed in."""

from __future__ import annotations

from typing import Any

import pytest
from app import app

from infra.deploy import throttles
from infra.deploy.throttles import CAREFUL, Route, patches
from infra.errors import Refusal
from infra.paths import TEMPLATES
from tests.packaging.cloudformation import load, of_type

ROUTES = [
    Route(path, method, bool(route.api_key_required or route.authorizer))
    for path, methods in app.routes.items()
    for method, route in methods.items()
]


@pytest.fixture(autouse=True)
def _nothing_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PUBLIC_RATE", raising=False)


def limits(found: list[Route]) -> dict[str, str]:
    assert all(patch["op"] == "replace" for patch in patches(found))
    return {patch["path"]: patch["value"] for patch in patches(found)}


def test_what_no_route_names_has_a_limit_on_every_method() -> None:
    assert limits([]) == {"/*/*/throttling/rateLimit": "100", "/*/*/throttling/burstLimit": "200"}


def test_a_path_is_spelt_as_a_json_pointer() -> None:
    found = limits([Route("/feedback/{token}", "POST", False)])

    assert found["/~1feedback~1{token}/POST/throttling/rateLimit"] == "20"
    assert found["/~1feedback~1{token}/POST/throttling/burstLimit"] == "40"


def test_a_route_for_anyone_is_limited_by_the_stage_alone() -> None:
    assert limits([Route("/products", "GET", False)]) == limits([])


def test_partners_are_limited_by_their_plans_before_their_routes_are() -> None:
    plans = of_type(load(TEMPLATES / "api.yaml"), "AWS::ApiGateway::UsagePlan").values()
    found = limits(ROUTES)

    assert sum(route.is_guarded for route in ROUTES) >= 30
    for route in ROUTES:
        if route.is_guarded:
            where = f"/{route.path.replace('/', '~1')}/{route.method}/throttling"
            assert int(found[f"{where}/rateLimit"]) > sum(plan["Throttle"]["RateLimit"] for plan in plans)
            assert int(found[f"{where}/burstLimit"]) > sum(plan["Throttle"]["BurstLimit"] for plan in plans)


def test_routes_with_a_limit_of_their_own_are_there() -> None:
    assert {(route.path, route.method) for route in ROUTES if not route.is_guarded} >= CAREFUL


def test_strangers_can_use_up_only_what_is_for_anyone() -> None:
    limited_with_strangers = {route.path for route in ROUTES if not limits([route]).keys() - limits([]).keys()}
    catalogue, documents = {"/products", "/products/{product_id}"}, {"/openapi.json", "/problems"}
    # The function looks at a guest's token: the gateway can't tell guests from strangers.
    guests = {"/guest/order", *(f"/guest/order/{action}" for action in ("cancel", "receipt", "feedback", "chatbot"))}

    assert limited_with_strangers == {*catalogue, *documents, *guests, "/webhooks/carrier", "/", "/{proxy+}"}


class Client:
    """Answers as API Gateway does, and notes the calls."""

    def __init__(self, *methods: dict[str, Any]) -> None:
        self.methods = {f"M{n}": method for n, method in enumerate(methods)}
        self.calls: list[list[Any]] = []

    def get_paginator(self, _name: str) -> Client:
        return self

    def paginate(self, **_asked: Any) -> list[Any]:
        return [{"items": [{"path": "/x", "resourceMethods": self.methods}, {"path": "/"}]}]

    def update_stage(self, *, restApiId: str, stageName: str, patchOperations: list[Any]) -> None:  # noqa: N803
        assert (restApiId, stageName) == ("id", "api")
        self.calls.append(patchOperations)


def test_a_key_a_token_or_any_other_authorizer_guards_a_route() -> None:
    guarded = [
        {"apiKeyRequired": True, "authorizationType": "NONE"},
        {"apiKeyRequired": False, "authorizationType": "COGNITO_USER_POOLS"},
        {"authorizationType": "AWS_IAM"},
    ]
    client: Any = Client(*guarded, {"authorizationType": "NONE"}, {"apiKeyRequired": False}, {})

    assert [route.is_guarded for route in throttles.routes(client, "id")] == [True] * 3 + [False] * 3


def test_many_operations_are_set_in_several_calls() -> None:
    client: Any = Client()
    operations = patches(ROUTES)
    throttles.put(client, "id", "api", operations)

    assert [operation for call in client.calls for operation in call] == operations
    assert max(map(len, client.calls)) <= 40


def test_a_big_shop_may_allow_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_RATE", "900")

    assert limits([])["/*/*/throttling/burstLimit"] == "1800"


@pytest.mark.parametrize("chosen", ["0", "-1", "many", "1.5"])
def test_a_rate_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, chosen: str) -> None:
    monkeypatch.setenv("PUBLIC_RATE", chosen)

    with pytest.raises(Refusal, match="PUBLIC_RATE"):
        throttles.patches([])
