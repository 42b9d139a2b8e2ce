"""What each way into the system says of itself: measures, steps, and which requests leave a line."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from typing import Any

import pytest
from chalice.app import Chalice
from chalice.test import Client
from chalicelib.api.shared import access_log
from chalicelib.bootstrap import Services
from chalicelib.kit import observability
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.kit.observability import log, telemetry
from chalicelib.kit.sqs_batch import BatchFailed
from chalicelib.orders.discrepancies import Kind
from chalicelib.reconciliation.metrics import Metrics

from tests.api.test_failures import Failing
from tests.support.api.gateway import Gateway, recorded, sqs_event
from tests.support.builders import discrepancies as inspected
from tests.support.builders.examples import MAX_RECEIVES, body, command
from tests.support.fakes.adapters import FakeAdapters

Lines = Callable[[], list[Any]]


@pytest.fixture
def measures(monkeypatch: pytest.MonkeyPatch) -> Lines:
    """The lines in the embedded metric format since the test began, of a process that told all it knew before."""
    monkeypatch.setattr(telemetry, "_cold", False)
    monkeypatch.setattr(telemetry, "_last_line", telemetry.clock())
    telemetry._begin_again()
    written = io.StringIO()
    for handler in log._logger._logger.handlers:
        monkeypatch.setattr(handler, "stream", written)

    def read() -> list[Any]:
        return [line for line in map(json.loads, written.getvalue().splitlines()) if "_aws" in line]

    return read


@pytest.fixture
def each_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chalicelib.kit.telemetry.INTERVAL", -1.0)


def placed(services: Services, **changes: Any) -> str:
    return services.orders.accept(command(**changes)).order_id


def worked(client: Client, order_id: str, tries: int = 1) -> None:
    client.lambda_.invoke("process_orders", sqs_event([{"orderId": order_id, "correlationId": "c-1"}], receives=tries))


@pytest.mark.usefixtures("each_is_told")
def test_every_trigger_is_measured(api: Gateway, client: Client, services: Services, measures: Lines) -> None:
    api.get("/products")
    worked(client, placed(services))
    client.lambda_.invoke("housekeeper", recorded("schedule"))
    client.lambda_.invoke("validate_order", {"orderId": placed(services)})

    assert [line["invocations"]["n"] for line in measures()] == [1, 1, 1, 1]


@pytest.mark.usefixtures("each_is_told")
def test_an_order_on_its_way_tells_how_long_each_step_took(client: Client, services: Services, measures: Lines) -> None:
    worked(client, placed(services))

    [line] = measures()
    assert list(line["steps"]) == ["validate", "reserve", "charge", "complete", "publish"]
    assert {step["n"] for step in line["steps"].values()} == {1}


def test_an_orders_one_line_says_how_long_each_step_took(client: Client, services: Services, lines: Lines) -> None:
    worked(client, placed(services))

    [line] = lines()
    assert line["message"] == "order_completed"
    assert list(line["ms"]) == ["validate", "reserve", "charge", "complete"]
    assert all(isinstance(ms, int) for ms in line["ms"].values())


def test_two_orders_of_a_batch_have_durations_of_their_own(client: Client, services: Services, lines: Lines) -> None:
    ids = [placed(services), placed(services)]
    client.lambda_.invoke("process_orders", sqs_event([{"orderId": i, "correlationId": "c"} for i in ids]))

    assert [list(line["ms"]) for line in lines()] == [["validate", "reserve", "charge", "complete"]] * 2


def test_a_retry_is_counted_and_a_dead_letter_told_at_once(
    client: Client, services: Services, adapters: FakeAdapters, measures: Lines
) -> None:
    order_id = placed(services)
    adapters.orders.reserve = _down  # type: ignore[method-assign]

    for tries in range(1, MAX_RECEIVES + 1):
        with pytest.raises(BatchFailed):
            worked(client, order_id, tries)

    before = MAX_RECEIVES - 1
    assert [line["StepRetries"] for line in measures()] == [0] + [1] * before
    assert [line.get("gaveUp") for line in measures()] == [None] * before + [1]
    assert [line["steps"]["reserve"]["errors"] for line in measures()] == [1] * MAX_RECEIVES


def test_the_line_of_a_message_that_failed_says_where_and_whether_it_was_given_up(
    client: Client, services: Services, adapters: FakeAdapters, lines: Lines
) -> None:
    order_id = placed(services)
    adapters.orders.reserve = _down  # type: ignore[method-assign]

    for tries in (1, MAX_RECEIVES):
        with pytest.raises(BatchFailed):
            worked(client, order_id, tries)

    first, last = lines()
    assert (first["message"], first["step"], first["tries"], first["reason"]) == (
        *("message_failed", "reserve", 1, "TemporarilyUnavailable"),
    )
    assert first["durationMs"] >= 0
    assert ("gaveUp" in first, last["gaveUp"]) == (False, 1)


def _down(*_: Any) -> Any:
    raise TemporarilyUnavailable("the table does not answer")


def test_a_payment_provider_that_is_silent_is_named(client: Client, services: Services, lines: Lines) -> None:
    order_id = placed(services, payment_method="pm_sim_unavailable")

    with pytest.raises(BatchFailed):
        worked(client, order_id)

    [line] = lines()
    assert (line["step"], line["dependency"], line["reason"]) == ("charge", "payment_gateway", "GatewayTimeout")


def test_a_step_of_the_state_machine_that_fails_says_which(
    client: Client, services: Services, adapters: FakeAdapters, lines: Lines
) -> None:
    order_id = placed(services)
    adapters.catalogue.readable = _down  # type: ignore[method-assign]

    with pytest.raises(TemporarilyUnavailable):
        client.lambda_.invoke("validate_order", {"orderId": order_id})

    [line] = lines()
    assert (line["message"], line["step"], line["orderId"]) == ("step_failed", "validate", order_id)


def test_a_request_that_was_refused_leaves_a_line(api: Gateway, lines: Lines) -> None:
    answer = api.get("/orders/nobody", headers={"X-Correlation-Id": "c-9"})

    [line] = lines()
    assert (line["message"], line["method"], line["route"], line["status"], line["orderId"]) == (
        *("request", "GET", "/orders/{order_id}", 404, "nobody"),
    )
    assert (line["requestId"], line["correlation_id"]) == (answer.json["requestId"], "c-9")


def test_one_that_went_well_leaves_none(api: Gateway, lines: Lines) -> None:
    api.get("/products")

    assert lines() == []


def test_one_that_was_slow_leaves_a_line(api: Gateway, lines: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(access_log, "SLOW_MS", 0)

    api.get("/products")

    [line] = lines()
    assert (line["route"], line["status"], "oneIn" in line) == ("/products", 200, False)


def test_of_the_others_one_in_so_many_leaves_a_line_that_says_so(
    api: Gateway, lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access_log, "ONE_IN", 1)

    api.get("/products")

    [line] = lines()
    assert (line["status"], line["oneIn"]) == (200, 1)


def test_what_stands_in_the_path_for_an_id_and_is_none_stays_out_of_the_log(api: Gateway, lines: Lines) -> None:
    api.get("/orders/petra.geheim%40private.example")

    [line] = lines()
    assert (line["route"], "orderId" in line) == ("/orders/{order_id}", False)


def test_a_bug_in_a_view_counts_as_an_error(api: Gateway, adapters: FakeAdapters, measures: Lines) -> None:
    adapters.orders = Failing(RuntimeError("a bug"))

    assert api.post("/orders", body()).status == 500

    [line] = measures()
    assert line["errors"] == 1


@pytest.mark.parametrize("full", [False, True])
def test_discrepancies_become_one_metric_of_the_stage_and_in_the_full_profile_one_of_each_kind(
    app: Chalice, services: Services, adapters: FakeAdapters, measures: Lines, full: bool
) -> None:
    adapters.metrics = Metrics("prod", log.measures, full)
    inspected.forgotten(services, adapters)
    adapters.clock.advance(3 * inspected.HOUR)

    Client(app).lambda_.invoke("reconciler", recorded("schedule"))

    whole, *kinds = measures()
    [directive] = whole["_aws"]["CloudWatchMetrics"]
    assert (directive["Dimensions"], whole["Stage"], whole["Discrepancies"]) == ([["Stage"]], "prod", 1)
    assert whole["kinds"] == {"STUCK": 1}
    assert {line["Kind"]: line["Discrepancies"] for line in kinds} == (
        {kind.value: int(kind is Kind.STUCK) for kind in Kind} if full else {}
    )


def test_the_app_measures_in_the_profile_that_its_environment_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STAGE", "prod")
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", "orderproc-prod-process_orders")
    monkeypatch.setenv("METRICS_PROFILE", "full")

    assert tuple(observability.config.runtime()) == ("prod", "process_orders", True)


@pytest.mark.parametrize(("name", "function"), [("orderproc-prod", "api_handler"), ("orderproc-prod-notify", "notify")])
def test_a_function_goes_by_its_name_in_the_app(monkeypatch: pytest.MonkeyPatch, name: str, function: str) -> None:
    monkeypatch.setenv("STAGE", "prod")
    monkeypatch.setenv("AWS_LAMBDA_FUNCTION_NAME", name)

    assert observability.config.runtime().function == function
