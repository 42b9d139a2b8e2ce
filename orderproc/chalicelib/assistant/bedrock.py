"""A language model of Amazon Bedrock (https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html),
asked in time or not at all."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError, ConnectionClosedError, ConnectTimeoutError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from ..kit.aws import code_of
from ..kit.circuit_breaker import CircuitBreaker
from .context import Context, Intent
from .ports import Draft, NoAnswer, Prompt

MOST_TOKENS = 300
SECONDS = 7
"""For the answer; with a second to connect, and one more try of what failed at once, never more than about ten."""
QUICK_SECONDS = 1.0
FAILURES = 3
REST = 60.0
"""Seconds without a question after so many failures in a row: a model that hangs must not slow every answer down."""

_REASONS = {
    "ThrottlingException": "throttled",
    "TooManyRequestsException": "throttled",
    "ServiceQuotaExceededException": "throttled",
    "ModelTimeoutException": "slow",
    "AccessDeniedException": "absent",
    "UnrecognizedClientException": "absent",
    "ResourceNotFoundException": "absent",
    "ValidationException": "absent",  # also: no such model in this region, or only by an inference profile
    "ModelNotReadyException": "absent",
}
_TOOL = "answer"


class BedrockModel:
    """`client` is one of bedrock-runtime that does not try again by itself. `seconds` is a clock."""

    def __init__(
        self,
        client: Any,
        model_id: str,
        prompt: Callable[[str, Context], Prompt],
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client, self._model_id, self._prompt = client, model_id, prompt
        self._breaker = CircuitBreaker(FAILURES, REST, seconds)
        self._seconds = seconds

    def draft(self, question: str, context: Context) -> Draft:
        """What the model makes of it, by the one tool that it has. Raises NoAnswer: throttled, slow, absent, failing,
        nonsense; resting while it is not even asked."""
        if self._breaker.rests():
            raise NoAnswer("resting")
        prompt = self._prompt(question, context)
        try:
            reply = self._converse(prompt)
        except (ClientError, BotoCoreError) as error:
            self._breaker.failed()
            raise NoAnswer(reason_of(error)) from error
        except (ResponseParserError, AttributeError, TypeError, ValueError, LookupError, RecursionError) as error:
            # What the SDK raises for a body that is no answer. It is one, though: it says nothing about the next.
            raise NoAnswer("nonsense") from error
        self._breaker.answered()
        return draft_of(reply)

    def _converse(self, prompt: Prompt) -> Any:
        ask = partial(
            self._client.converse,
            modelId=self._model_id,
            system=[{"text": prompt.system}],
            messages=[{"role": "user", "content": [{"text": prompt.message}]}],
            inferenceConfig={"maxTokens": MOST_TOKENS, "temperature": 0},
            toolConfig={
                "tools": [{"toolSpec": {"name": _TOOL, "inputSchema": {"json": prompt.schema}}}],
                "toolChoice": {"tool": {"name": _TOOL}},
            },
        )
        began = self._seconds()
        try:
            return ask()
        except ConnectionClosedError:
            # A connection of before Lambda froze us is closed by now: the first to use it finds out.
            if self._seconds() - began > QUICK_SECONDS:
                raise
            return ask()


def reason_of(error: Exception) -> str:
    """One word for the log."""
    if isinstance(error, ClientError):
        return _REASONS.get(code_of(error), "failing")
    if isinstance(error, ReadTimeoutError | ConnectTimeoutError):
        return "slow"
    return "failing" if isinstance(error, ConnectionClosedError) else "absent"


def draft_of(reply: Any) -> Draft:
    """What the tool was called with. Raises NoAnswer if it was not called once, or not with what it takes."""
    try:
        blocks = reply["output"]["message"]["content"]
        (call,) = [block["toolUse"] for block in blocks if "toolUse" in block]  # others are thoughts
        given, usage = call["input"], reply.get("usage") or {}
        orders = tuple(int(number) for number in given["orders"]) if isinstance(given["orders"], list) else None
        text, language = given["text"].strip(), given["language"].lower()[:2]
        text.encode("utf-8")
        if reply["stopReason"] != "tool_use" or call["name"] != _TOOL or not text or orders is None:
            raise NoAnswer("nonsense")
        tokens = int(usage.get("inputTokens", 0)), int(usage.get("outputTokens", 0))
        return Draft(Intent(given["intent"]), language, orders, text, *tokens)
    except (LookupError, TypeError, AttributeError, ValueError, OverflowError) as error:
        raise NoAnswer("nonsense") from error
