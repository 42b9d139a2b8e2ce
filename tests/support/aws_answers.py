"""AWS for a command that reads many services: a boto3 session whose clients are answered by the test. All else is
boto3's own: parameters are checked, pages followed, errors raised. What is answered must fit the service's model; an
operation without an answer finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import boto3
from botocore.awsrequest import AWSResponse
from botocore.validate import validate_parameters

from infra.target import Target

Answer = dict[str, Any] | str | Callable[[dict[str, Any]], dict[str, Any]]
"""A text is the code of an error."""


_SESSION = boto3.Session("test", "test", region_name="eu-west-1")
"""One for all: it keeps the services' models, which take longest."""


class AwsAnswers:
    """`answers` by `service:Operation`. Calls are in `sent`."""

    def __init__(self, answers: dict[str, Answer] | None = None) -> None:
        self.answers = answers or {}
        self.sent: list[tuple[str, dict[str, Any]]] = []

    def target(self, stage: str = "blue", account: str = "123456789012") -> Target:
        return Target(stage, "eu-west-1", account, "aws", None, self)  # type: ignore[arg-type]

    def client(self, service: Any, **options: Any) -> Any:
        made: Any = _SESSION.client(service, config=options.get("config"))

        def note(params: dict[str, Any], model: Any, **_: Any) -> None:
            self.sent.append((f"{service}:{model.name}", dict(params)))

        def answer(model: Any, **_: Any) -> tuple[AWSResponse, dict[str, Any]]:
            found = self.answers.get(f"{service}:{model.name}", {})
            if isinstance(found, str):
                error = {"Error": {"Code": found, "Message": "no"}, "ResponseMetadata": {"HTTPStatusCode": 400}}
                return AWSResponse("", 400, {}, None), error
            told = found(self.sent[-1][1]) if callable(found) else found
            if model.output_shape and found:
                validate_parameters({key: one for key, one in told.items() if key != "Body"}, model.output_shape)
            return AWSResponse("", 200, {}, None), {**told, "ResponseMetadata": {"HTTPStatusCode": 200}}

        made.meta.events.register_first("provide-client-params", note)
        made.meta.events.register_last("before-call", answer)
        return made
