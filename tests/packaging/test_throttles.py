"""Requests a second: of all methods without a key one limit, a lower one for a few, and room for the plans."""

from __future__ import annotations

import pytest
from app import app

from infra.deploy import throttles
from infra.deploy.throttles import CAREFUL, Route, patches
from infra.errors import Refusal
from infra.paths import TEMPLATES
from tests.packaging.cloudformation import load, of_type

ROUTES = [
    Route(path, method, bool(route.api_key_required))
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


def test_a_route_without_a_key_is_limited_by_the_stage_alone() -> None:
    assert limits([Route("/products", "GET", False)]) == limits([])


def test_partners_are_limited_by_their_plans_before_their_routes_are() -> None:
    plans = of_type(load(TEMPLATES / "api.yaml"), "AWS::ApiGateway::UsagePlan").values()
    found = limits(ROUTES)

    assert sum(route.needs_key for route in ROUTES) >= 8
    for route in ROUTES:
        if route.needs_key:
            where = f"/{route.path.replace('/', '~1')}/{route.method}/throttling"
            assert int(found[f"{where}/rateLimit"]) > sum(plan["Throttle"]["RateLimit"] for plan in plans)
            assert int(found[f"{where}/burstLimit"]) > sum(plan["Throttle"]["BurstLimit"] for plan in plans)


def test_routes_with_a_limit_of_their_own_are_there() -> None:
    assert {(route.path, route.method) for route in ROUTES if not route.needs_key} >= CAREFUL


def test_a_big_shop_may_allow_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_RATE", "900")

    assert limits([])["/*/*/throttling/burstLimit"] == "1800"


@pytest.mark.parametrize("chosen", ["0", "-1", "many", "1.5"])
def test_a_rate_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, chosen: str) -> None:
    monkeypatch.setenv("PUBLIC_RATE", chosen)

    with pytest.raises(Refusal, match="PUBLIC_RATE"):
        throttles.patches([])
