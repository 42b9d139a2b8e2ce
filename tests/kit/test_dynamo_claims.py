"""Claims over a client that answers as it is told to: what a refused condition means."""

from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError
from chalicelib.kit.dynamodb import to_dynamodb
from chalicelib.kit.dynamodb_claims import DynamoClaims
from chalicelib.kit.errors import Damaged

NOW = 1_800_000_000.0


class Client:
    """Refuses each put with the error, and with what it says is there: `there` is given what was put."""

    def __init__(self, code: str = "", there: Any = lambda _: None) -> None:
        self._code, self._there = code, there
        self.puts: list[dict[str, Any]] = []

    def put_item(self, **put: Any) -> None:
        self.puts.append(put)
        if self._code:
            answer: Any = {"Error": {"Code": self._code}, "Item": self._there(put["Item"])}
            raise ClientError(answer, "PutItem")


def claims(client: Client) -> DynamoClaims:
    found: Any = client
    return DynamoClaims(found, "claims", lambda: NOW)


@pytest.mark.parametrize(
    ("there", "ours"),
    [
        (lambda put: put, True),
        (lambda put: {**put, **to_dynamodb({"token": "another"})}, False),
        (lambda put: to_dynamodb({"claim": "c", "claimState": "SENT"}), False),
        (lambda put: None, False),
    ],
    ids=["our own put, repeated by the SDK", "another's", "one that was sent", "one that is gone again"],
)
@pytest.mark.parametrize("asked_at", [None, "2027-01-15T07:00:00.000Z"])
def test_a_refused_claim_is_ours_only_if_it_carries_our_token(there: Any, ours: bool, asked_at: str | None) -> None:
    assert claims(Client("ConditionalCheckFailedException", there)).claim("c", asked_at) is ours


def test_what_is_no_refusal_is_raised() -> None:
    with pytest.raises(ClientError):
        claims(Client("ThrottlingException")).claim("c")


def test_each_claim_has_a_token_of_its_own() -> None:
    client = Client()

    assert [claims(client).claim("c") for _ in range(2)] == [True, True]

    assert len({put["Item"]["token"]["S"] for put in client.puts}) == 2


def test_only_a_request_may_take_over() -> None:
    client = Client()

    claims(client).claim("c")
    claims(client).claim("c", "2027-01-15T07:00:00.000Z")

    plain, asked = client.puts
    assert "claimState" not in plain["ConditionExpression"]
    assert "claimState IN (:claimed, :refused) AND expiresAt < :old" in asked["ConditionExpression"]


def test_a_damaged_claim_hides_no_other_and_is_reported() -> None:
    whole = {"claim": {"S": "b#mail-notice"}, "expiresAt": {"N": "9999999999"}, "claimState": {"S": "SENT"}}
    bad = [{**whole, "claim": {"S": "a"}, "claimState": {"S": "X"}}, {"claim": {"S": "c"}}]
    reported: list[Damaged] = []

    class Client:
        def batch_get_item(self, **_: Any) -> dict[str, Any]:
            return {"Responses": {"claims": [*bad, whole]}}

    claims = DynamoClaims(Client(), "claims", lambda: 0.0, reported.append)  # type: ignore[arg-type]

    assert list(claims.look_up(["a", "b#mail-notice", "c"])) == ["b#mail-notice"]
    assert [error.key for error in reported] == ["a", "c"]
