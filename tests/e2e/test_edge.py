"""What the deployed gateway answers where no route of ours is meant, or none is reached; and what buckets refuse."""

from __future__ import annotations

import json
import re
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
import pytest
import requests
from botocore.exceptions import ClientError

from tests.e2e.shop import Shop

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
EXPOSED = {"Location", "ETag", "X-Correlation-Id", "Retry-After", "Allow", "Content-Disposition", "x-amzn-RequestId"}


def refusal(answer: requests.Response, status: int, code: str) -> str:
    """Its detail, if it is this problem, as private, secure and readable from a browser as all of them."""
    assert answer.status_code == status, answer.text
    headers, problem = answer.headers, answer.json()
    assert headers["Content-Type"] == "application/problem+json"
    assert (headers["Cache-Control"], headers["X-Content-Type-Options"]) == ("no-store", "nosniff")
    assert headers["Strict-Transport-Security"]
    assert re.fullmatch(r"\*|http://127\.0\.0\.1:\d+", headers["Access-Control-Allow-Origin"])  # anybody, or the site
    assert set(headers["Access-Control-Expose-Headers"].split(",")) == EXPOSED
    assert headers["X-Correlation-Id"]
    assert headers["x-amzn-RequestId"] == problem["requestId"]
    assert (problem["status"], problem["code"]) == (status, code)
    explained = requests.get(problem["type"], timeout=60)
    assert f'id="{problem["type"].partition("#")[2]}"' in explained.text
    return str(problem["detail"])


def test_head_is_get_without_a_body_and_needs_what_get_needs(shop: Shop) -> None:
    head = shop.call("HEAD", "/products")
    get = shop.call("GET", "/products")

    assert (head.status_code, head.text, head.headers["Content-Type"]) == (200, "", get.headers["Content-Type"])
    assert shop.call("HEAD", "/orders").status_code == 403
    assert shop.partner("HEAD", "/orders").status_code == 200
    assert shop.call("HEAD", "/cart").status_code == 401
    assert shop.call("HEAD", "/no-such-path").status_code == 404


def test_a_wrong_method_is_405_with_the_right_ones(shop: Shop) -> None:
    for method, path, allowed in (
        ("DELETE", "/orders", {"GET", "HEAD", "POST", "OPTIONS"}),
        ("POST", "/health", {"GET", "HEAD", "OPTIONS"}),
        ("GET", "/orders/x/cancel", {"POST", "OPTIONS"}),
        ("PUT", "/webhooks/carrier", {"POST", "OPTIONS"}),
        ("PATCH", "/products/x", {"DELETE", "GET", "HEAD", "PUT", "OPTIONS"}),
    ):
        answer = shop.call(method, path)

        refusal(answer, 405, "METHOD_NOT_ALLOWED")
        assert set(answer.headers["Allow"].split(", ")) == allowed


@pytest.mark.parametrize("path", ["/no-such-path", "/orders/x/y/z", "/", "/admin"])
def test_a_browser_sees_that_a_path_is_not_there(shop: Shop, path: str) -> None:
    asked = {"Origin": "https://shop.test", "Access-Control-Request-Method": "POST"}
    preflight = shop.call("OPTIONS", path, **asked, Access_Control_Request_Headers="x-api-key,content-type")

    assert preflight.status_code == 200
    assert preflight.headers["Access-Control-Allow-Origin"] == shop.described["storefront_url"].rstrip("/")
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"].split(",")
    allowed = preflight.headers["Access-Control-Allow-Headers"].lower().split(",")
    assert {"x-api-key", "content-type"} <= set(allowed)
    refusal(shop.call("POST", path, {}), 404, "ROUTE_NOT_FOUND")


def test_an_api_key_as_bearer_token_is_told_where_it_belongs(shop: Shop) -> None:
    bearer = f"Bearer {shop.described['api_key']}"

    for method, path, status, code in (
        ("GET", "/orders", 403, "INVALID_API_KEY"),
        ("POST", "/place-order", 403, "INVALID_API_KEY"),
        ("GET", "/cart", 401, "INVALID_TOKEN"),
        ("GET", "/admin/orders", 401, "INVALID_TOKEN"),
    ):
        assert "X-API-Key" in refusal(shop.call(method, path, Authorization=bearer), status, code)


def test_who_is_too_fast_gets_the_headers_that_all_get(shop: Shop) -> None:
    def ask(_: int) -> requests.Response:
        return shop.call("GET", "/orders?limit=1", X_API_Key=shop.described["api_key_other"])

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(ask, range(40)))

    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    refusal(refused[0], 429, "RATE_EXCEEDED")
    assert refused[0].headers["Retry-After"] == "1"


def test_our_own_answers_have_the_id_that_the_gateway_gave_them(shop: Shop) -> None:
    refusal(shop.partner("GET", "/orders/none"), 404, "ORDER_NOT_FOUND")


def test_buckets_refuse_plain_http(shop: Shop, stack: dict[str, Any]) -> None:
    """The account's root is above policies, so a user who may do everything tries."""
    iam = shop.client("iam")
    name = f"reader-{uuid.uuid4().hex[:8]}"
    iam.create_user(UserName=name)
    everything = {"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
    iam.put_user_policy(UserName=name, PolicyName="all", PolicyDocument=json.dumps(everything))
    key = iam.create_access_key(UserName=name)["AccessKey"]
    reader = boto3.Session(key["AccessKeyId"], key["SecretAccessKey"], region_name=stack["region"])
    s3 = reader.client("s3", endpoint_url=stack["endpoint_url"])
    bucket = stack["resources"]["documents_bucket"]
    assert "Contents" in s3.list_objects_v2(Bucket=bucket)

    def say_plain_http(request: Any, **_: Any) -> None:
        request.headers["X-Forwarded-Proto"] = "http"

    s3.meta.events.register("before-send.s3", say_plain_http)
    with pytest.raises(ClientError, match="AccessDenied"):
        s3.list_objects_v2(Bucket=bucket)
