"""What API Gateway itself answers when a request never reaches our code, as problem details (RFC 9457)."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from mypy_boto3_apigateway.client import APIGatewayClient
    from mypy_boto3_apigateway.literals import GatewayResponseTypeType


FILE = "gateway-responses.json"
"""In the staged app's `.chalice` folder, from where they get into the API document (chalice_entry.py)."""
EXTENSION = "x-amazon-apigateway-gateway-responses"
"""https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-swagger-extensions-gateway-responses.html"""


class Problem(NamedTuple):
    """One gateway response: its type in API Gateway, the status, the code (chalicelib/api/shared/problems.py), and the
    words for the caller."""

    response_type: "GatewayResponseTypeType"
    status: int
    title: str
    code: str
    detail: str


_KEY = "Send an API key as X-API-Key; this one is missing or unknown. Authorization is not read here."
_SIGN_IN = (
    "Send a customer's or a member of staff's ID token in Authorization; it is missing, expired or not ours: sign in"
    " again. API keys belong in X-API-Key, and this route takes none."
)
_OUR_FAULT = "Something went wrong on our side. Tell us the requestId."
_BUG = (500, "Internal Server Error", "INTERNAL_ERROR", _OUR_FAULT)
_NO_TOKEN = (401, "Unauthorized", "INVALID_TOKEN", _SIGN_IN)

PROBLEMS = (
    Problem("DEFAULT_4XX", 400, "Bad Request", "INVALID_REQUEST", "The request could not be accepted."),
    Problem("DEFAULT_5XX", *_BUG),
    Problem("ACCESS_DENIED", 403, "Forbidden", "FORBIDDEN", "You may not use this route."),
    Problem("API_CONFIGURATION_ERROR", *_BUG),
    Problem("AUTHORIZER_CONFIGURATION_ERROR", *_BUG),
    Problem("AUTHORIZER_FAILURE", *_BUG),
    Problem("BAD_REQUEST_BODY", 400, "Bad Request", "INVALID_REQUEST", "The body is not valid."),
    Problem("BAD_REQUEST_PARAMETERS", 400, "Bad Request", "INVALID_REQUEST", "The parameters are not valid."),
    Problem("EXPIRED_TOKEN", *_NO_TOKEN),
    Problem("INTEGRATION_FAILURE", 502, "Bad Gateway", "BAD_GATEWAY", _OUR_FAULT),
    Problem(
        "INTEGRATION_TIMEOUT",
        504,
        "Gateway Timeout",
        "GATEWAY_TIMEOUT",
        "The request took too long. Ask for its outcome before trying again.",
    ),
    Problem("INVALID_API_KEY", 403, "Forbidden", "INVALID_API_KEY", _KEY),
    Problem("INVALID_SIGNATURE", *_NO_TOKEN),
    # Paths and methods that no route has are answered by our code (api/shared/completion.py). What is left are methods
    # that API Gateway does not know.
    Problem(
        "MISSING_AUTHENTICATION_TOKEN", 405, "Method Not Allowed", "METHOD_NOT_ALLOWED", "No path takes this method."
    ),
    Problem("QUOTA_EXCEEDED", 429, "Too Many Requests", "QUOTA_EXCEEDED", "The plan's quota is used up."),
    Problem("REQUEST_TOO_LARGE", 413, "Content Too Large", "BODY_TOO_LARGE", "The request is too large."),
    Problem("RESOURCE_NOT_FOUND", 404, "Not Found", "ROUTE_NOT_FOUND", "There is no such route."),
    Problem("THROTTLED", 429, "Too Many Requests", "RATE_EXCEEDED", "Too many requests: wait a second and try again."),
    Problem("UNAUTHORIZED", *_NO_TOKEN),
    Problem(
        "UNSUPPORTED_MEDIA_TYPE", 415, "Unsupported Media Type", "UNSUPPORTED_MEDIA_TYPE", "Send application/json."
    ),
    Problem("WAF_FILTERED", 403, "Forbidden", "FORBIDDEN", "The request was refused."),
)
# As api/shared/http.py has them.
_HEADERS = {
    "Content-Type": "'application/problem+json'",
    "Access-Control-Expose-Headers": (
        "'Location,ETag,X-Correlation-Id,Retry-After,Allow,Content-Disposition,x-amzn-RequestId'"
    ),
    "Cache-Control": "'no-store'",
    "X-Content-Type-Options": "'nosniff'",
    "Strict-Transport-Security": "'max-age=31536000'",
    # The caller's own can't be preferred here: there is no "or else", and without one the header would be missing.
    "X-Correlation-Id": "context.requestId",
}
_FOR_STATUS = {
    401: {"WWW-Authenticate": "'Bearer'"},
    405: {"Allow": "'GET, HEAD, POST, PUT, DELETE, OPTIONS'"},
    429: {"Retry-After": "'1'"},
}


def body(problem: Problem, api_url: str) -> str:
    """The body's template; API Gateway fills in the request's id."""
    fields = {
        "type": f"{api_url}/problems#{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
    }
    return json.dumps({**fields, "requestId": "$context.requestId", "code": problem.code})


def headers(problem: Problem, origin: str = "") -> dict[str, str]:
    """The headers, as API Gateway calls and quotes them. `origin` is whose pages may read them; empty for all."""
    allowed = {"Access-Control-Allow-Origin": f"'{origin or '*'}'"}
    found = {**_HEADERS, **allowed, **_FOR_STATUS.get(problem.status, {})}
    return {f"gatewayresponse.header.{name}": value for name, value in found.items()}


def document(api_url: str, origin: str = "") -> dict[str, Any]:
    """All of them, as an API document has them. `api_url` is where callers reach the API; before the first deployment
    it is unknown, and the problems' types are relative. `origin` is that of the shop's pages (SITE_ORIGIN)."""
    return {problem.response_type: response(problem, api_url, origin) for problem in PROBLEMS}


def response(problem: Problem, api_url: str, origin: str = "") -> dict[str, Any]:
    """One of them, as documents and API Gateway's calls have it."""
    return {
        "statusCode": str(problem.status),
        "responseParameters": headers(problem, origin),
        "responseTemplates": {"application/json": body(problem, api_url)},
    }


def read(folder: Path) -> dict[str, Any]:
    """What was written to FILE in the folder."""
    found: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
    return found


def apply(client: "APIGatewayClient", rest_api_id: str, api_url: str, origin: str = "") -> bool:
    """Set every response that is not as it should be, as after the first deployment, when the API's address was not
    known before; whether there was one. They count from the next deployment of the API."""
    items = client.get_gateway_responses(restApiId=rest_api_id)["items"]
    current = {str(item["responseType"]): item for item in items}
    outdated = [p for p in PROBLEMS if not _is(current.get(p.response_type), response(p, api_url, origin))]
    for problem in outdated:
        client.put_gateway_response(
            restApiId=rest_api_id, responseType=problem.response_type, **response(problem, api_url, origin)
        )
    return bool(outdated)


def _is(found: Mapping[str, Any] | None, wanted: Mapping[str, Any]) -> bool:
    return found is not None and all(found.get(name) == value for name, value in wanted.items())
