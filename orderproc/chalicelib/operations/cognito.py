"""Whether the user of an ID token is still signed in, by Cognito.

API Gateway judges a token by signature and time. An identity pool with `ServerSideTokenCheck` also asks the user
pool whether the user has signed out everywhere since, or was disabled or deleted
(https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_CognitoIdentityProvider.html). `GetId` costs
nothing and needs no permission: the token is what it is authorised by."""

from __future__ import annotations

from functools import partial
from typing import Any

from ..kit.aws import or_unavailable, unless
from ..kit.wiring import service


@service
class CognitoSessions:
    client: Any
    identity_pool: str

    def is_open(self, id_token: str, issuer: str) -> bool:
        logins = {issuer.removeprefix("https://"): id_token}
        with or_unavailable("Whether you are still signed in can't be asked now."):
            call = partial(self.client.get_id, IdentityPoolId=self.identity_pool, Logins=logins)
            return unless(["NotAuthorizedException"], call) is not None
