"""A user pool in memory, behind the part of Cognito's JSON protocol that the pages use. Codes are those of the
local cloud: 123456 for new accounts, 654321 for forgotten passwords."""

from __future__ import annotations

import base64
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

CODE = "123456"
RESET_CODE = "654321"
TOKEN_SECONDS = 3600


class Refused(Exception):
    """What Cognito answers with 400: `code` is the name of its exception."""

    def __init__(self, code: str, message: str = "") -> None:
        super().__init__(message or code)
        self.code = code


@dataclass
class _User:
    email: str
    password: str
    confirmed: bool = False
    groups: tuple[str, ...] = ()
    sub: str = field(default_factory=lambda: str(uuid.uuid4()))


class UserPool:
    """Tokens are not signed: their reader asks `claims` whether they were made here."""

    def __init__(self, client_id: str) -> None:
        self._client_id = client_id
        self._users: dict[str, _User] = {}
        self._refresh: dict[str, _User] = {}
        self._good: dict[str, dict[str, Any]] = {}

    def add(self, email: str, password: str, *groups: str) -> None:
        self._users[email] = _User(email, password, confirmed=True, groups=groups)

    def sub_of(self, email: str) -> str:
        return self._users[email].sub

    def claims(self, token: str) -> dict[str, Any] | None:
        """Of a token that is good now."""
        claims = self._good.get(token)
        return claims if claims and claims["exp"] > time.time() else None

    def expire_tokens(self) -> None:
        self._good.clear()

    def end_sessions(self) -> None:
        """Nothing is renewed any more either, as after a sign-out everywhere."""
        self._good.clear()
        self._refresh.clear()

    def answer(self, operation: str, asked: dict[str, Any]) -> dict[str, Any]:
        """Raises Refused."""
        return {
            "SignUp": self._sign_up,
            "ConfirmSignUp": self._confirm,
            "ResendConfirmationCode": lambda _: {},
            "InitiateAuth": self._sign_in,
            "ForgotPassword": lambda _: {},
            "ConfirmForgotPassword": self._new_password,
            "RevokeToken": self._revoke,
        }[operation](asked)

    def _sign_up(self, asked: dict[str, Any]) -> dict[str, Any]:
        email = asked["Username"].lower()
        if email in self._users:
            raise Refused("UsernameExistsException")
        self._users[email] = _User(email, asked["Password"])
        return {"UserConfirmed": False}

    def _confirm(self, asked: dict[str, Any]) -> dict[str, Any]:
        user = self._with_code(asked, CODE)
        user.confirmed = True
        return {}

    def _new_password(self, asked: dict[str, Any]) -> dict[str, Any]:
        self._with_code(asked, RESET_CODE).password = asked["Password"]
        return {}

    def _with_code(self, asked: dict[str, Any], code: str) -> _User:
        user = self._users.get(asked["Username"].lower())
        if user is None or asked["ConfirmationCode"] != code:
            raise Refused("CodeMismatchException")
        return user

    def _sign_in(self, asked: dict[str, Any]) -> dict[str, Any]:
        given = asked["AuthParameters"]
        if asked["AuthFlow"] == "REFRESH_TOKEN_AUTH":
            user = self._refresh.get(given["REFRESH_TOKEN"])
            if user is None:
                raise Refused("NotAuthorizedException")
            return {"AuthenticationResult": {"IdToken": self._token(user)}}
        user = self._users.get(given["USERNAME"].lower())
        if user is None or user.password != given["PASSWORD"]:
            raise Refused("NotAuthorizedException")
        if not user.confirmed:
            raise Refused("UserNotConfirmedException")
        refresh = uuid.uuid4().hex
        self._refresh[refresh] = user
        return {"AuthenticationResult": {"IdToken": self._token(user), "RefreshToken": refresh}}

    def _revoke(self, asked: dict[str, Any]) -> dict[str, Any]:
        self._refresh.pop(asked["Token"], None)
        return {}

    def _token(self, user: _User) -> str:
        now = int(time.time())
        claims = {
            "sub": user.sub,
            "email": user.email,
            "email_verified": True,
            "aud": self._client_id,
            "token_use": "id",
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "jti": uuid.uuid4().hex,
            **({"cognito:groups": list(user.groups)} if user.groups else {}),
        }
        token = ".".join(
            base64.urlsafe_b64encode(part).rstrip(b"=").decode()
            for part in (b'{"alg":"none"}', json.dumps(claims).encode(), b"-")
        )
        self._good[token] = claims
        return token
