"""When it is not the caller's fault: 500 for a bug, 503 for what may work in a moment."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    ParamValidationError,
    ReadTimeoutError,
)
from chalicelib.kit.aws import code_of
from chalicelib.kit.errors import GatewayTimeout, IllegalTransition, OrderProcError, StaleOrder, TemporarilyUnavailable

from tests.support.api.gateway import Gateway
from tests.support.api.refusals import SECRET, refused
from tests.support.builders.examples import body
from tests.support.combinations import each_value
from tests.support.fakes.adapters import FakeAdapters

URL = f"https://dynamodb.{SECRET}.amazonaws.com"


class Failing:
    """A port of which every method raises."""

    def __init__(self, error: Exception) -> None:
        self._error = error

    def __getattr__(self, name: str) -> Any:
        def fail(*_: Any, **__: Any) -> Any:
            raise self._error

        return fail


def refusal(code: str, status: int = 400, operation: str = "PutItem") -> ClientError:
    """An error as AWS answers it."""
    response: Any = {
        "Error": {"Code": code, "Message": f"{SECRET} arn:aws:dynamodb:eu-west-1:123456789012:table/{SECRET}"},
        "ResponseMetadata": {"HTTPStatusCode": status, "RequestId": "R"},
    }
    return ClientError(response, operation)


def cancelled(*reasons: str) -> ClientError:
    """A transaction that DynamoDB did not do, with its reason per item."""
    error = refusal("TransactionCanceledException", operation="TransactWriteItems")
    error.response["CancellationReasons"] = [{"Code": reason} for reason in reasons]  # type: ignore[typeddict-unknown-key]
    return error


def _named(error: Exception) -> str:
    return code_of(error) if isinstance(error, ClientError) else type(error).__name__


BUGS = [
    RuntimeError(SECRET),
    KeyError(SECRET),
    RecursionError(SECRET),
    OrderProcError(SECRET),
    IllegalTransition(SECRET),
    StaleOrder(SECRET),
    refusal("ValidationException"),
    refusal("AccessDeniedException"),
    refusal("ResourceNotFoundException"),
    ParamValidationError(report=SECRET),
    cancelled("None", "ValidationError"),
    cancelled("TransactionConflict", "ConditionalCheckFailed"),
    cancelled(),
]
PASSING = [
    refusal("ProvisionedThroughputExceededException"),
    refusal("ThrottlingException"),
    refusal("RequestLimitExceeded"),
    refusal("TransactionConflictException"),
    refusal("TransactionInProgressException"),
    cancelled("None", "TransactionConflict"),
    cancelled("ThrottlingError", "None"),
    refusal("InternalServerError", 500),
    refusal("ServiceUnavailable", 503),
    refusal("SomethingNew", 502),
    EndpointConnectionError(endpoint_url=URL),
    ConnectTimeoutError(endpoint_url=URL),
    ReadTimeoutError(endpoint_url=URL),
    NoCredentialsError(),
    TemporarilyUnavailable("The order is being worked on; try again in a moment."),
    GatewayTimeout("The payment provider did not answer."),
]
CALLS = [
    ("POST", "/orders", body()),
    ("GET", "/orders", None),
    ("GET", "/orders/1", None),
    ("POST", "/orders/1/cancel", None),
    ("GET", "/orders/1/receipt", None),
    ("GET", "/products", None),
    ("GET", "/products/1", None),
    ("PUT", "/products/1", {"name": "x", "price": 1}),
    ("POST", "/products/1/stock", {"delta": 1, "reason": "x"}),
]


@pytest.fixture
def failing(adapters: FakeAdapters) -> Callable[[Exception], None]:
    """Let the storage fail with this error from now on."""

    def fail(error: Exception) -> None:
        adapters.orders = Failing(error)
        adapters.catalogue = Failing(error)

    return fail


@each_value
@pytest.mark.parametrize(("method", "path", "sent"), CALLS)
@pytest.mark.parametrize("error", BUGS, ids=_named)
def test_a_bug_is_a_500_that_tells_nothing_but_where_to_look(
    api: Gateway,
    failing: Callable[[Exception], None],
    lines: Callable[[], list[Any]],
    method: str,
    path: str,
    sent: Any,
    error: Exception,
) -> None:
    failing(error)

    answer = api.call(method, path, sent, groups="admin")

    refused(answer, status=500)
    [line] = lines()
    assert (line["level"], line["message"]) == ("ERROR", "unexpected_error")
    assert line["requestId"] == answer.json["requestId"]
    assert line["exception_name"] == type(error).__name__
    assert line["correlation_id"] == answer.headers["x-correlation-id"]


@each_value
@pytest.mark.parametrize(("method", "path", "sent"), CALLS)
@pytest.mark.parametrize("error", PASSING, ids=_named)
def test_what_may_work_in_a_moment_is_a_503_that_says_when(
    api: Gateway, failing: Callable[[Exception], None], method: str, path: str, sent: Any, error: Exception
) -> None:
    failing(error)

    answer = api.call(method, path, sent, groups="admin")

    refused(answer, status=503)
    assert answer.headers["retry-after"] == "1"


def test_an_order_that_is_stored_is_accepted_though_the_queue_fails(api: Gateway, adapters: FakeAdapters) -> None:
    adapters.hand_over = Failing(TemporarilyUnavailable("The order queue did not take the message."))

    answer = api.post("/orders", body())

    assert answer.status == 201
    assert adapters.store.orders[answer.json["orderId"]].open  # the housekeeper will find it


def test_a_crash_outside_the_view_is_a_problem_too(
    api: Gateway, monkeypatch: pytest.MonkeyPatch, lines: Callable[[], list[Any]]
) -> None:
    def crash(*_: Any) -> Any:
        raise RuntimeError(SECRET)

    monkeypatch.setattr("chalicelib.api.shared.http._answered", crash)

    answer = api.get("/products")

    refused(answer, status=500)
    assert [line["requestId"] for line in lines() if "requestId" in line] == [answer.json["requestId"]]
    (told,) = (line["exception"] for line in lines() if "exception" in line)
    assert "Traceback" in told  # Chalice's own line, in our form


@pytest.mark.parametrize(("down", "status"), [(None, 200), ("topic", 503), ("orders/by-day", 503)])
def test_health_tells_which_part_does_not_answer(
    api: Gateway, monkeypatch: pytest.MonkeyPatch, down: str | None, status: int
) -> None:
    checks = {part: part != down for part in ("orders", "orders/by-day", "queue", "topic")}
    monkeypatch.setattr("chalicelib.operations.health.check", lambda settings, few: checks)

    answer = api.get("/health", key=None)

    assert answer.status == status
    assert answer.json == {"status": "unavailable" if down else "ok", "checks": checks}


def test_a_closed_shop_answers_503_to_all_but_health_and_says_when_to_come_back(
    api: Gateway, adapters: FakeAdapters, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chalicelib.api.shared.http.CLOSED", True)
    monkeypatch.setattr("chalicelib.operations.health.check", lambda settings, few: {"orders": True})

    answer = api.post("/orders", body())

    refused(answer, status=503)
    assert answer.json["code"] == "TEMPORARILY_UNAVAILABLE"
    assert answer.headers["retry-after"] == "120"
    assert not adapters.store.orders
    assert api.call("GET", "/products").status == 503
    assert api.get("/health", key=None).status == 200
