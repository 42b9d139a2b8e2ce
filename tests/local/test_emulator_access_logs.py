"""What the local cloud writes into an API's access log."""

from __future__ import annotations

import json
from typing import Any

from infra.deploy import access_logs
from local.emulator.access_logs import line, values_of

REQUEST = {"request_id": "of-the-gateway", "method": "GET", "resource_path": "/orders/{id}", "stage_name": "api"}
ANSWER: dict[str, Any] = {"status": 200, "bytes": 12, "started": 1_795_900_000.0, "ended": 1_795_900_000.0421}


def written(event: dict[str, Any], **answer: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(line(access_logs.line("addresses"), values_of(REQUEST, event, ANSWER | answer)))
    return found


def test_a_partners_request_has_its_keys_id_and_times() -> None:
    identity = {"apiKeyId": "k1", "apiKey": "secret", "sourceIp": "192.0.2.7"}

    found = written({"requestContext": {"requestId": "of-the-function", "identity": identity}})

    assert (found["requestId"], found["keyId"], found["address"]) == ("of-the-function", "k1", "192.0.2.7")
    assert (found["status"], found["bytes"], found["latencyMs"], found["functionMs"]) == (200, 12, 42, "42")
    assert (found["resource"], found["time"]) == ("/orders/{id}", "28/Nov/2026:21:06:40 +0000")
    assert "secret" not in str(found)


def test_a_customers_request_has_the_users_id() -> None:
    claims = {"sub": "u1", "email": "petra@example.com"}

    found = written({"requestContext": {"requestId": "r", "authorizer": {"claims": claims}}})

    assert (found["userId"], found["keyId"]) == ("u1", "-")
    assert "petra" not in str(found)


def test_what_the_gateway_refused_reached_no_function() -> None:
    found = written({}, status=403, refused="INVALID_API_KEY")

    assert (found["requestId"], found["refused"], found["functionMs"]) == ("of-the-gateway", "INVALID_API_KEY", "-")
