"""What a log line carries beside the event."""

from __future__ import annotations

import io
import json
import re

import pytest
from chalicelib.kit.observability import log


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> io.StringIO:
    stream = io.StringIO()
    for handler in log._logger._logger.handlers:
        monkeypatch.setattr(handler, "stream", stream)
    return stream


def test_a_line_carries_the_trace_id_that_x_ray_gave_the_function(
    monkeypatch: pytest.MonkeyPatch, written: io.StringIO
) -> None:
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1")

    log.info("order_completed", orderId="o-1")

    assert json.loads(written.getvalue())["xray_trace_id"] == "1-5759e988-bd862e3fe1be46a994272793"


def test_without_tracing_a_line_has_no_trace_id(monkeypatch: pytest.MonkeyPatch, written: io.StringIO) -> None:
    monkeypatch.delenv("_X_AMZN_TRACE_ID", raising=False)

    log.info("order_completed", orderId="o-1")

    assert "xray_trace_id" not in json.loads(written.getvalue())


@pytest.mark.parametrize(
    "said",
    [
        "a@b.example is not verified",
        "+31612345678 opted out",
        "token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln expired",
        "https://b.s3.amazonaws.com/r.pdf?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20261121&X-Amz-Signature=0a1b2c3d",
        "X-Amz-Security-Token=IQoJb3JpZ2luX2VjEJr%2F%2F",
        "AKIAIOSFODNN7EXAMPLE is unknown",
        "Max retries exceeded with url: /v1/customers?email=a%40b.example",
        "+31 6 1234 5678 is no valid number",
        "401 for Bearer IQoJb3JpZ2luX2VjEJr",
        "Invalid API Key provided: sk_live_IQoJ0a1b2c3d",
        "404 for /feedback/aTE1IQoJb3JpZ2luX2VjEJr-0a1b2c3d4e5f",
        "Invalid type for parameter street, value: 316 IQoJ Street, type: str, valid types: dict",
    ],
)
def test_what_others_say_is_logged_without_persons_and_secrets(written: io.StringIO, said: str) -> None:
    log.info("planted", detail=said, inner={"said": said, said: 1})

    line = written.getvalue()
    for private in ("a@b", "a%40b", "316", "31 6", "eyJ", "c2ln", "AKIA", "0a1b", "IQoJ"):
        assert private not in line
    assert re.search(r"\[(personal|secret)\]", json.loads(line)["detail"])


@pytest.mark.parametrize("unfit", ["", "two words", "x" * 65, 'quote"', "line\nbreak", "ünï"])
def test_a_correlation_id_that_is_no_harmless_word_is_replaced(unfit: str) -> None:
    assert log.correlate(unfit) not in ("", unfit)
