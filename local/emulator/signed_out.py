"""Has identity pools ask whether a user is still signed in, where they say `ServerSideTokenCheck`.

AWS refuses the token of a user who has signed out everywhere, was disabled or deleted; MiniStack checks its signature
and time alone: https://docs.aws.amazon.com/cognitoidentity/latest/APIReference/API_CognitoIdentityProvider.html.
"""

from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import cognito

from .replacing import replaces


def install() -> None:
    """Look further once MiniStack has found nothing wrong."""

    @replaces(cognito, "_identity_logins_error")
    def identity_logins_error(
        original: Any, pool: dict[str, Any], identity_id: str | None, logins: dict[str, str]
    ) -> Any:
        error = original(pool, identity_id, logins)
        if error is None and any(_is_over(pool, provider, token) for provider, token in (logins or {}).items()):
            return error_response_json("NotAuthorizedException", "Token is not valid: its user signed out.", 400)
        return error


def _is_over(pool: dict[str, Any], provider: str, token: str) -> bool:
    claims = cognito._token_claims(token)
    checked = any(
        (known.get("ProviderName"), known.get("ClientId")) == (provider, claims.get("aud"))
        and str(known.get("ServerSideTokenCheck")).lower() == "true"
        for known in pool.get("CognitoIdentityProviders") or []
    )
    if not checked:
        return False
    users = (cognito._user_pools.get(provider.rpartition("/")[2]) or {}).get("_users", {})
    user = users.get(claims.get("cognito:username"))
    return not user or not user.get("Enabled", True) or claims.get("origin_jti") in cognito._revoked_tokens
