"""Limits of concurrency: what may be chosen, that no consumer of a queue is starved by them, and that the account has
as much."""

from __future__ import annotations

import re
from typing import Any

import boto3
import pytest

from infra.deploy import concurrency, render, settings_check
from infra.deploy.deploy import tracked_config
from infra.deploy.settings_check import NotYet
from infra.errors import Refusal
from infra.target import Target

QUEUES = [
    "process_orders",
    "notify",
    "inventory_worker",
    "payment_worker",
    "shipping_worker",
    "import_rows",
    "write_export",
]


class Missing(Exception):
    """As boto3 raises it for a function that is not there."""


class Lambda:
    """The account's limit, functions with their own, and one mapping for each function that is asked for."""

    class exceptions:  # noqa: N801 - boto3's name
        ResourceNotFoundException = Missing

    def __init__(self, limit: int = 1000, reserved: dict[str, int] | None = None, others: int = 0) -> None:
        self.limit, self.others = limit, others
        self.reserved = reserved or {}
        self.mappings: dict[str, dict[str, Any]] = {}
        self.updates: list[tuple[str, Any]] = []

    def get_account_settings(self) -> Any:
        used = sum(self.reserved.values()) + self.others
        return {
            "AccountLimit": {"ConcurrentExecutions": self.limit, "UnreservedConcurrentExecutions": self.limit - used}
        }

    def get_function_concurrency(self, FunctionName: str) -> Any:  # noqa: N803
        if FunctionName not in self.reserved:
            raise Missing
        return {"ReservedConcurrentExecutions": self.reserved[FunctionName]}

    def list_event_source_mappings(self, FunctionName: str) -> Any:  # noqa: N803
        return {"EventSourceMappings": [{"UUID": FunctionName, **self.mappings.get(FunctionName, {})}]}

    def update_event_source_mapping(self, UUID: str, ScalingConfig: Any) -> None:  # noqa: N803
        self.updates.append((UUID, ScalingConfig))
        self.mappings[UUID] = {"ScalingConfig": ScalingConfig}


def target(functions: Lambda | None = None, endpoint_url: str | None = None) -> Target:
    made = Target("blue", "eu-west-1", "111122223333", "aws", endpoint_url, boto3.Session("a", "b"))
    vars(made)["functions"] = functions or Lambda()
    return made


@pytest.fixture(autouse=True)
def _nothing_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CONCURRENCY_LIMITS", raising=False)
    monkeypatch.setenv("MAIL_SENDER", "orders@your.shop")


def chosen(monkeypatch: pytest.MonkeyPatch, value: str) -> dict[str, int]:
    monkeypatch.setenv("CONCURRENCY_LIMITS", value)
    return concurrency.limits()


@pytest.mark.parametrize("value", ["", "off"])
def test_nothing_is_limited_unless_it_is_chosen(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    assert chosen(monkeypatch, value) == {}


def test_every_function_has_a_default_and_all_of_them_fit_into_a_usual_account(monkeypatch: pytest.MonkeyPatch) -> None:
    found = chosen(monkeypatch, "on")

    assert found.keys() == tracked_config()["stages"]["local"]["lambda_functions"].keys()
    assert min(found.values()) >= 2
    assert sum(found.values()) <= 1000 - concurrency.UNRESERVED


def test_single_limits_stand_alone_or_change_the_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen(monkeypatch, "api_handler=300 process_orders=7") == {"api_handler": 300, "process_orders": 7}
    for value in ("on,api_handler=300", "api_handler=300, on"):
        assert chosen(monkeypatch, value) == {**concurrency.DEFAULTS, "api_handler": 300}


@pytest.mark.parametrize(
    "value",
    ["yes", "api_handler", "api_handler=0", "api_handler=-1", "api=5", "process_orders=1", "on,off", "notify=x"],
)
def test_what_would_stop_a_function_or_limits_none_is_refused(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv("CONCURRENCY_LIMITS", value)

    with pytest.raises(Refusal, match=re.escape(f"CONCURRENCY_LIMITS is '{value}', but")):
        settings_check.check(target(), tracked_config())


def test_chalice_gets_them_and_the_tracked_configuration_stays_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONCURRENCY_LIMITS", "api_handler=300")
    tracked = tracked_config()

    config = render.config(tracked, target(), NotYet())

    functions = config["stages"]["blue"]["lambda_functions"]
    assert functions["api_handler"]["reserved_concurrency"] == 300
    assert [name for name, one in functions.items() if "reserved_concurrency" in one] == ["api_handler"]
    assert tracked == tracked_config()


def test_all_consumers_of_queues_are_known_with_what_app_py_says() -> None:
    assert list(concurrency.queues()) == QUEUES
    assert concurrency.queues()["write_export"] == 2
    assert concurrency.queues()["process_orders"] is None


@pytest.mark.parametrize("value", ["on", "process_orders=3", "import_rows=2", "notify=2000", "off"])
def test_no_mapping_fetches_more_than_its_function_may_take(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    """What is fetched and throttled counts as a try, and would end as a dead letter."""
    limits, functions = chosen(monkeypatch, value), Lambda()

    concurrency.apply(target(functions))

    for name in QUEUES:
        declared = concurrency.queues()[name]
        found = (
            (functions.mappings.get(f"orderproc-blue-{name}") or {}).get("ScalingConfig", {}).get("MaximumConcurrency")
        )
        if name in limits:
            assert 2 <= found <= min(limits[name], 1000)
        if declared:
            assert found <= declared


def test_again_no_mapping_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONCURRENCY_LIMITS", "on")
    functions = Lambda()
    concurrency.apply(target(functions))
    functions.updates.clear()

    concurrency.apply(target(functions))

    assert functions.updates == []


def test_without_limits_mappings_are_as_app_py_says_again(monkeypatch: pytest.MonkeyPatch) -> None:
    functions = Lambda()
    monkeypatch.setenv("CONCURRENCY_LIMITS", "process_orders=5,inventory_worker=4")
    concurrency.apply(target(functions))

    monkeypatch.delenv("CONCURRENCY_LIMITS")
    concurrency.apply(target(functions))

    assert functions.mappings["orderproc-blue-process_orders"] == {"ScalingConfig": {}}
    assert functions.mappings["orderproc-blue-inventory_worker"] == {"ScalingConfig": {"MaximumConcurrency": 10}}


def test_an_account_with_too_little_is_a_sentence_before_anything_is_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONCURRENCY_LIMITS", "on")

    with pytest.raises(Refusal) as refusal:
        settings_check.check(target(Lambda(limit=500)), tracked_config())

    said = str(refusal.value)
    assert "reserves 707 concurrent executions, but the account has 500 in eu-west-1" in said
    assert "of which 400 can be reserved" in said
    assert said.endswith("Nothing was changed.")


def test_what_the_stage_has_reserved_before_counts_as_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    limits = chosen(monkeypatch, "on")
    before = {f"orderproc-blue-{name}".removesuffix("-api_handler"): number for name, number in limits.items()}

    assert concurrency.problems(target(Lambda(1000, before))) == []
    assert concurrency.problems(target(Lambda(1000, before, others=193))) == []
    assert len(concurrency.problems(target(Lambda(1000, before, others=194)))) == 1


@pytest.mark.parametrize(("value", "endpoint_url"), [("off", None), ("on", "http://127.0.0.1:1")])
def test_the_account_is_asked_only_if_it_matters(
    monkeypatch: pytest.MonkeyPatch, value: str, endpoint_url: str | None
) -> None:
    monkeypatch.setenv("CONCURRENCY_LIMITS", value)

    assert concurrency.problems(target(Lambda(limit=0), endpoint_url)) == []
