"""What API Gateway itself answers when a request never reaches our code, as problem details (RFC 9457)."""

import json
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from mypy_boto3_apigateway.client import APIGatewayClient
    from mypy_boto3_apigateway.literals import GatewayResponseTypeType


class Problem(NamedTuple):
    """One gateway response: its type in API Gateway, the status, and the words for the caller."""

    response_type: "GatewayResponseTypeType"
    status: int
    title: str
    detail: str


_FORBIDDEN = "This API key is missing or unknown, or may not use this API."
_SIGN_IN = "The token is missing, expired or not ours: sign in again."
_OUR_FAULT = "Something went wrong on our side. Tell us the requestId."

PROBLEMS = (
    Problem("DEFAULT_4XX", 400, "Bad Request", "The request could not be accepted."),
    Problem("DEFAULT_5XX", 500, "Internal Server Error", _OUR_FAULT),
    Problem("ACCESS_DENIED", 403, "Forbidden", "You may not use this route."),
    Problem("API_CONFIGURATION_ERROR", 500, "Internal Server Error", _OUR_FAULT),
    Problem("AUTHORIZER_CONFIGURATION_ERROR", 500, "Internal Server Error", _OUR_FAULT),
    Problem("AUTHORIZER_FAILURE", 500, "Internal Server Error", _OUR_FAULT),
    Problem("BAD_REQUEST_BODY", 400, "Bad Request", "The body is not valid."),
    Problem("BAD_REQUEST_PARAMETERS", 400, "Bad Request", "The parameters are not valid."),
    Problem("EXPIRED_TOKEN", 401, "Unauthorized", _SIGN_IN),
    Problem("INTEGRATION_FAILURE", 502, "Bad Gateway", _OUR_FAULT),
    Problem(
        "INTEGRATION_TIMEOUT",
        504,
        "Gateway Timeout",
        "The request took too long. Ask for its outcome before trying again.",
    ),
    Problem("INVALID_API_KEY", 403, "Forbidden", _FORBIDDEN),
    Problem("INVALID_SIGNATURE", 401, "Unauthorized", _SIGN_IN),
    # API Gateway's name for a path or method that no route has.
    Problem("MISSING_AUTHENTICATION_TOKEN", 404, "Not Found", "There is no such route."),
    Problem("QUOTA_EXCEEDED", 429, "Too Many Requests", "The plan's quota is used up."),
    Problem("REQUEST_TOO_LARGE", 413, "Content Too Large", "The request is too large."),
    Problem("RESOURCE_NOT_FOUND", 404, "Not Found", "There is no such route."),
    Problem("THROTTLED", 429, "Too Many Requests", "The plan's rate is exceeded: wait a second and try again."),
    Problem("UNAUTHORIZED", 401, "Unauthorized", _SIGN_IN),
    Problem("UNSUPPORTED_MEDIA_TYPE", 415, "Unsupported Media Type", "Send application/json."),
    Problem("WAF_FILTERED", 403, "Forbidden", "The request was refused."),
)
_HEADERS = {
    "gatewayresponse.header.Content-Type": "'application/problem+json'",
    "gatewayresponse.header.Access-Control-Allow-Origin": "'*'",
}
_FOR_STATUS = {
    401: {"gatewayresponse.header.WWW-Authenticate": "'Bearer'"},
    429: {"gatewayresponse.header.Retry-After": "'1'"},
}


def body(problem: Problem) -> str:
    """The body's template; API Gateway fills in the request's id."""
    fields = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
    }
    return json.dumps({**fields, "requestId": "$context.requestId"})


def put_all(client: "APIGatewayClient", rest_api_id: str) -> None:
    """Set every response. They count from the next deployment of the API; an import of its routes removes
    them.
    """
    for problem in PROBLEMS:
        client.put_gateway_response(
            restApiId=rest_api_id,
            responseType=problem.response_type,
            statusCode=str(problem.status),
            responseParameters={**_HEADERS, **_FOR_STATUS.get(problem.status, {})},
            responseTemplates={"application/json": body(problem)},
        )
