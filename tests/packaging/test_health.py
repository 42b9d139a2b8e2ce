"""/health is asked with patience, and what it says at last, or the function's log, is said in words."""

import json
from typing import Any

import boto3
import pytest

from infra.deploy import health
from infra.target import Target
from tests.support.aws_stub import Stub, refused


def asked(*answers: health.Answer) -> tuple[str, int]:
    """What is made of these answers, the last of which is repeated, and how many there were."""
    left, count, seconds = list(answers), 0, 0.0

    def ask(_url: str) -> health.Answer:
        nonlocal count
        count += 1
        return left.pop(0) if len(left) > 1 else left[0]

    def pause(some: float) -> None:
        nonlocal seconds
        seconds += some

    return health.trouble("https://api.test", ask, lambda: seconds, pause), count


def test_an_api_that_is_ready_is_asked_once() -> None:
    assert asked(health.Answer(200, "{}")) == ("", 1)


def test_what_needs_a_moment_gets_it() -> None:
    assert asked(health.Answer(0, "refused"), health.Answer(503, "{}"), health.Answer(200, "{}")) == ("", 3)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (
            health.Answer(503, json.dumps({"status": "unavailable", "checks": {"orders": True, "queue": False}})),
            "503, as these do not answer: queue",
        ),
        (health.Answer(500, json.dumps({"detail": "Something went wrong."})), "500: Something went wrong."),
        (health.Answer(502, json.dumps({"message": "Internal server error"})), "502: Internal server error"),
        (health.Answer(500, '"text"'), '500: "text"'),
        (health.Answer(0, "Connection refused"), "nothing (Connection refused)"),
    ],
)
def test_the_last_answer_is_said_in_words(answer: health.Answer, said: str) -> None:
    found, times = asked(answer)

    assert found == said
    assert times > 10


def log(*lines: str) -> tuple[Target, Stub]:
    stub = Stub("logs")
    stub.answers({"events": [{"message": line, "timestamp": 1} for line in lines]})
    return _target(stub), stub


def _target(stub: Stub) -> Target:
    target = Target("blue", "eu-central-1", "111122223333", "aws", None, boto3.Session("a", "b"))
    vars(target)["logs"] = stub.client
    return target


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (
            json.dumps({"level": "ERROR", "exception": "Traceback …\n  File …\nConfigurationError: STAGE is missing"}),
            "ConfigurationError: STAGE is missing",
        ),
        (
            json.dumps({"level": "ERROR", "errorType": "ImportError", "errorMessage": "no module"}),
            "ImportError: no module",
        ),
        ("[ERROR] LookupError: a bug\nTraceback (most recent call last):", "[ERROR] LookupError: a bug"),
    ],
)
def test_an_error_is_found_in_each_form_that_logs_have(line: str, said: str) -> None:
    target, stub = log("[ERROR] an older one", line, json.dumps({"level": "ERROR", "message": "no exception"}))

    assert health.last_error(target, lambda: 1000.0) == said
    assert stub.sent[0]["logGroupName"] == "/aws/lambda/orderproc-blue"
    assert stub.sent[0]["startTime"] == 700_000


def test_a_log_that_can_not_be_read_is_no_reason_to_stop() -> None:
    stub = Stub("logs")
    stub.answers(refused("AccessDeniedException"))
    target: Any = _target(stub)

    assert health.last_error(target) == ""
