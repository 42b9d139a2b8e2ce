"""What Cognito's answer about a token means."""

from __future__ import annotations

from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.stub import Stubber
from chalicelib.kit.errors import TemporarilyUnavailable
from chalicelib.operations.cognito import CognitoSessions

POOL = "eu-west-1:00000000-1111-2222-3333-444444444444"
ISSUER = "https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E"
ASKED = {"IdentityPoolId": POOL, "Logins": {"cognito-idp.eu-west-1.amazonaws.com/eu-west-1_Ab12Cd34E": "token"}}


@pytest.fixture
def client() -> Any:
    return boto3.client("cognito-identity", region_name="eu-west-1")


def test_a_user_to_whom_cognito_gives_an_identity_is_signed_in(client: Any) -> None:
    with Stubber(client) as cognito:
        cognito.add_response("get_id", {"IdentityId": f"{POOL[:10]}00000000-0000-0000-0000-000000000000"}, ASKED)

        assert CognitoSessions(client, POOL).is_open("token", ISSUER)


def test_a_token_that_cognito_does_not_take_any_more_is_over(client: Any) -> None:
    with Stubber(client) as cognito:
        cognito.add_client_error("get_id", "NotAuthorizedException", http_status_code=400, expected_params=ASKED)

        assert not CognitoSessions(client, POOL).is_open("token", ISSUER)


@pytest.mark.parametrize(("code", "status"), [("TooManyRequestsException", 429), ("InternalErrorException", 500)])
def test_an_answer_that_is_none_is_neither(client: Any, code: str, status: int) -> None:
    with Stubber(client) as cognito:
        cognito.add_client_error("get_id", code, http_status_code=status)

        with pytest.raises(TemporarilyUnavailable):
            CognitoSessions(client, POOL).is_open("token", ISSUER)


def test_no_answer_at_all_is_neither() -> None:
    class Hanging:
        def get_id(self, **_: Any) -> Any:
            raise ReadTimeoutError(endpoint_url="https://cognito-identity.eu-west-1.amazonaws.com/")

    with pytest.raises(TemporarilyUnavailable):
        CognitoSessions(Hanging(), POOL).is_open("token", ISSUER)


def test_an_identity_pool_that_is_not_there_is_an_operators_affair(client: Any) -> None:
    with Stubber(client) as cognito:
        cognito.add_client_error("get_id", "ResourceNotFoundException", http_status_code=400)

        with pytest.raises(ClientError):
            CognitoSessions(client, POOL).is_open("token", ISSUER)
