"""What becomes of Bedrock's answers and failures: a draft in time, or NoAnswer."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError
from botocore.stub import Stubber
from chalicelib.assistant.bedrock import FAILURES, REST, BedrockModel
from chalicelib.assistant.context import Intent
from chalicelib.assistant.ports import Draft, NoAnswer
from chalicelib.assistant.prompt import prompt

from tests.assistant.contexts import COMPLETED, context

ASKED = context(COMPLETED)


GIVEN = {"intent": "STATUS", "language": "en", "orders": [1], "text": "Here it is: {{summary}}"}


def reply(text: str = GIVEN["text"], **changes: Any) -> dict[str, Any]:  # type: ignore[assignment]
    return called({**GIVEN, "text": text}, **changes)


def called(given: Any, name: str = "answer", **changes: Any) -> dict[str, Any]:
    call = {"toolUse": {"toolUseId": "1", "name": name, "input": given}}
    return {
        "output": {"message": {"role": "assistant", "content": [call]}},
        "stopReason": "tool_use",
        "usage": {"inputTokens": 500, "outputTokens": 40, "totalTokens": 540},
        "metrics": {"latencyMs": 1},
        **changes,
    }


def content(*blocks: Any) -> dict[str, Any]:
    return reply(output={"message": {"role": "assistant", "content": list(blocks)}})


def error(code: str, status: int = 400) -> ClientError:
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "Converse")


class Scripted:
    """A client that answers with what it is given, in turn, the last one for ever."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.asked = list(answers), []  # type: ignore[var-annotated]

    def converse(self, **request: Any) -> Any:
        self.asked.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def model(client: Any, clock: Callable[[], float] = time.monotonic) -> BedrockModel:
    return BedrockModel(client, "amazon.nova-micro-v1:0", prompt, clock)


def reason(asked: BedrockModel) -> str:
    with pytest.raises(NoAnswer) as none:
        asked.draft("Where is it?", ASKED)
    return str(none.value)


def test_its_answer_is_what_the_tool_was_called_with() -> None:
    client = Scripted(called({**GIVEN, "language": "EN-gb", "text": "  {{summary}}\n"}))

    draft = model(client).draft("Where is it?", ASKED)

    assert draft == Draft(Intent.STATUS, "en", (1,), "{{summary}}", 500, 40)
    (asked,) = client.asked
    assert asked["modelId"] == "amazon.nova-micro-v1:0"
    assert asked["inferenceConfig"] == {"maxTokens": 300, "temperature": 0}
    (tool,) = asked["toolConfig"]["tools"]
    assert asked["toolConfig"]["toolChoice"] == {"tool": {"name": tool["toolSpec"]["name"]}}
    assert set(tool["toolSpec"]["inputSchema"]["json"]["required"]) == set(GIVEN)


def test_what_it_thinks_beside_the_call_is_left_out() -> None:
    thoughtful = content({"text": "I should call the tool."}, reply()["output"]["message"]["content"][0])

    assert model(Scripted(thoughtful)).draft("Where is it?", ASKED).text == GIVEN["text"]


def test_the_sdk_takes_the_request() -> None:
    client = real_client("http://127.0.0.1:9", 1)
    with Stubber(client) as stubber:
        stubber.add_response("converse", reply())
        assert model(client).draft("Where is it?", ASKED).intent is Intent.STATUS


def test_the_question_is_in_the_message_and_never_in_the_system_text() -> None:
    client = Scripted(reply())

    model(client).draft("xyzzy", ASKED)

    assert "xyzzy" in json.dumps(client.asked[0]["messages"])
    assert "xyzzy" not in json.dumps(client.asked[0]["system"])


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (error("ThrottlingException", 429), "throttled"),
        (error("ServiceQuotaExceededException"), "throttled"),
        (error("ModelTimeoutException", 408), "slow"),
        (ReadTimeoutError(endpoint_url="https://bedrock.test"), "slow"),
        (error("AccessDeniedException", 403), "absent"),
        (error("ResourceNotFoundException", 404), "absent"),
        (error("ValidationException"), "absent"),
        (error("ModelErrorException", 424), "failing"),
        (error("InternalServerException", 500), "failing"),
        (error("ServiceUnavailableException", 503), "failing"),
        (ConnectionClosedError(endpoint_url="https://bedrock.test"), "failing"),
        (reply(""), "nonsense"),
        (reply(" \n "), "nonsense"),
        (reply(stopReason="max_tokens"), "nonsense"),
        (reply(stopReason="guardrail_intervened"), "nonsense"),
        (reply(stopReason="content_filtered"), "nonsense"),
        (reply(stopReason="end_turn"), "nonsense"),
        (reply(stopReason="malformed_tool_use"), "nonsense"),
        (content({"text": "Your order has been shipped."}), "nonsense"),
        (content(*[reply()["output"]["message"]["content"][0]] * 2), "nonsense"),
        (called(GIVEN, name="refund"), "nonsense"),
        (called({**GIVEN, "orders": "12"}), "nonsense"),
        (called({**GIVEN, "orders": {"1": "2"}}), "nonsense"),
        (called({}), "nonsense"),
        (called([]), "nonsense"),
        (called({**GIVEN, "intent": "REFUND_IT"}), "nonsense"),
        (called({**GIVEN, "language": None}), "nonsense"),
        (called({**GIVEN, "orders": "all"}), "nonsense"),
        (called({**GIVEN, "orders": [{}]}), "nonsense"),
        (called({**GIVEN, "orders": [float("inf")]}), "nonsense"),
        (reply("half of a letter: \ud83d"), "nonsense"),
        (called({**GIVEN, "text": None}), "nonsense"),
        (reply(usage={"inputTokens": float("inf")}), "nonsense"),
        (KeyError("message"), "nonsense"),
        (RecursionError(), "nonsense"),
        (content("text"), "nonsense"),
        (reply(output={}), "nonsense"),
        (reply(output=None), "nonsense"),
        ({}, "nonsense"),
        (None, "nonsense"),
    ],
    ids=lambda value: value if isinstance(value, str) else repr(value)[:70],
)
def test_whatever_goes_wrong_is_no_answer_and_one_word(answer: Any, expected: str) -> None:
    assert reason(model(Scripted(answer))) == expected


def test_a_connection_that_was_closed_while_we_slept_is_made_anew() -> None:
    client = Scripted(ConnectionClosedError(endpoint_url="https://bedrock.test"), reply("Fine."))

    assert model(client).draft("Where is it?", ASKED).text == "Fine."
    assert len(client.asked) == 2


def test_after_three_failures_in_a_row_it_rests_for_a_minute() -> None:
    clock, client = Clock(), Scripted(error("ThrottlingException"))
    asked = model(client, clock)

    reasons = [reason(asked) for _ in range(FAILURES + 2)]

    assert reasons == ["throttled"] * 3 + ["resting"] * 2
    assert len(client.asked) == FAILURES


def test_after_its_rest_one_question_finds_out_whether_it_is_over() -> None:
    clock, client = Clock(), Scripted(error("ThrottlingException"))
    asked = model(client, clock)
    for _ in range(FAILURES):
        reason(asked)

    clock.now += REST
    again = [reason(asked), reason(asked)]
    clock.now += REST
    client.answers = [reply("Fine.")]
    recovered = [asked.draft("Where is it?", ASKED).text for _ in range(2)]

    assert again == ["throttled", "resting"]
    assert recovered == ["Fine.", "Fine."]


def test_failures_with_answers_between_them_do_not_add_up() -> None:
    client = Scripted(*[error("ThrottlingException"), error("ThrottlingException"), reply("Fine.")] * 3)
    asked = model(client)

    for _ in range(3):
        assert [reason(asked), reason(asked)] == ["throttled", "throttled"]
        assert asked.draft("Where is it?", ASKED).text == "Fine."


def test_nobody_can_silence_the_model_for_others_by_making_it_say_nothing() -> None:
    client = Scripted(reply(stopReason="content_filtered"))
    asked = model(client)

    assert [reason(asked) for _ in range(FAILURES + 1)] == ["nonsense"] * 4


@pytest.fixture
def endpoint() -> Iterator[tuple[str, dict[str, Any]]]:
    """A server in the place of Bedrock, that answers with `body` after `seconds`."""
    script: dict[str, Any] = {"body": json.dumps(reply()).encode(), "seconds": 0.0, "asked": 0}

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            script["asked"] += 1
            self.rfile.read(int(self.headers["Content-Length"]))
            script["leave"].wait(script["seconds"])
            self.send_response(200)
            self.send_header("Content-Length", str(len(script["body"])))
            self.end_headers()
            self.wfile.write(script["body"])

        def log_message(self, *_: Any) -> None:
            pass

    script["leave"] = threading.Event()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", script
    script["leave"].set()
    server.shutdown()
    server.server_close()


def real_client(url: str, seconds: float) -> Any:
    config = Config(connect_timeout=1, read_timeout=seconds, retries={"mode": "standard", "total_max_attempts": 1})
    return boto3.Session("a", "b", region_name="us-east-1").client("bedrock-runtime", endpoint_url=url, config=config)


def test_a_model_that_hangs_is_left_in_time_and_asked_once(endpoint: tuple[str, dict[str, Any]]) -> None:
    url, script = endpoint
    script["seconds"] = 5.0
    began = time.monotonic()

    found = reason(model(real_client(url, 0.3)))

    assert (found, script["asked"]) == ("slow", 1)
    assert time.monotonic() - began < 3


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"<html>", b"[]", b"null", b'{"output": "Fine."}'])
def test_a_body_that_is_no_answer_is_nonsense(endpoint: tuple[str, dict[str, Any]], body: bytes) -> None:
    url, script = endpoint
    script["body"] = body

    assert reason(model(real_client(url, 2))) == "nonsense"


def test_nobody_there_is_absent() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        url = f"http://127.0.0.1:{taken.getsockname()[1]}"

        assert reason(model(real_client(url, 2))) == "absent"
