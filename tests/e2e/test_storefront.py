"""The storefront as it is served: its pages with their headers, pictures of products, and what a browser may call."""

from __future__ import annotations

import re
import uuid
from typing import Any

import pytest
import requests

from tests.e2e.shop import Shop, until
from tests.support.builders.pictures import png

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


@pytest.fixture(scope="module")
def url(shop: Shop) -> str:
    found: str = shop.described["storefront_url"]
    return found


def get(url: str, path: str = "") -> requests.Response:
    return requests.get(url + path, timeout=30)


def form(shop: Shop, product_id: str = "MOUSE001") -> dict[str, Any]:
    path = f"/admin/products/{product_id}/image"
    answer = shop.call("POST", path, {"contentType": "image/png"}, Authorization=shop.sign_in("admin")["IdToken"])
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def upload(form: dict[str, Any], content: bytes, **changed: str) -> requests.Response:
    return requests.post(form["url"], {**form["fields"], **changed}, files={"file": content}, timeout=30)


def record(shop: Shop, form: dict[str, Any]) -> requests.Response:
    path, token = "/admin/products/MOUSE001/image", shop.sign_in("admin")["IdToken"]
    return shop.call("PUT", path, {"uploadId": form["uploadId"]}, Authorization=token)


@pytest.mark.parametrize("path", ["", "index.html", "no/such/page"])
def test_every_path_leads_to_the_page_which_is_never_kept_and_strict(url: str, path: str) -> None:
    answer = get(url, path)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert '<div id="root">' in answer.text
    assert answer.headers["Cache-Control"] == "no-cache"
    assert answer.headers["Content-Encoding"] == "gzip"
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_hashed_files_are_kept_for_a_year(url: str) -> None:
    [script] = re.findall(r'<script type="module"[^>]* src="\./(assets/[^"]+\.js)"', get(url).text)
    answer = get(url, script)

    assert (answer.status_code, answer.headers["Content-Type"]) == (200, "text/javascript; charset=utf-8")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["Content-Encoding"] == "gzip"


def test_a_browser_that_has_a_file_is_not_sent_it_again(url: str) -> None:
    etag = get(url, "config.json").headers["ETag"]

    assert requests.get(f"{url}config.json", headers={"If-None-Match": etag}, timeout=30).status_code == 304


def test_the_pages_find_their_stage(shop: Shop, url: str) -> None:
    answer = get(url, "config.json")

    assert answer.headers["Cache-Control"] == "no-cache"
    config, described = answer.json(), shop.described
    assert config["apiUrl"] == described["api_url"]
    assert config["userPoolId"] == described["user_pool_id"]
    assert config["userPoolClientId"] == described["user_pool_client_id"]
    assert config["cognitoUrl"] == f"{described['endpoint_url']}/"
    assert f"connect-src 'self' {described['endpoint_url']};" in get(url).headers["Content-Security-Policy"]


def test_a_browser_may_call_the_api_and_cognito_from_there(shop: Shop, url: str) -> None:
    origin = url.rstrip("/")
    asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    checkout = requests.options(
        f"{shop.described['api_url']}/checkout",
        headers={**asked, "Access-Control-Request-Headers": "authorization,content-type,idempotency-key"},
        timeout=30,
    )
    cognito = requests.options(
        shop.described["endpoint_url"],
        headers={**asked, "Access-Control-Request-Headers": "content-type,x-amz-target"},
        timeout=30,
    )

    assert checkout.headers["Access-Control-Allow-Origin"] == origin
    assert cognito.headers["Access-Control-Allow-Origin"] in ("*", origin)
    cart = shop.call("GET", "/cart", Authorization=shop.sign_in("customer")["IdToken"], Origin=origin)
    assert cart.headers["Access-Control-Allow-Origin"] == origin


def test_the_reference_of_the_api_is_beside_it(url: str) -> None:
    answer = get(url, "api.html")

    assert "<title>API reference</title>" in answer.text
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


def test_the_demo_products_have_pictures_on_the_site(shop: Shop, url: str) -> None:
    products = shop.call("GET", "/products?q=laptop").json()["products"]

    assert len(products) == 2
    for product in products:
        picture = requests.get(product["imageUrl"], timeout=30)
        assert product["imageUrl"].startswith(f"{url}pictures/")
        assert (picture.status_code, picture.headers["Content-Type"]) == (200, "image/webp")
        assert picture.headers["Cache-Control"] == "public, max-age=31536000, immutable"


def test_an_upload_is_shown_only_once_it_is_recorded(shop: Shop, url: str) -> None:
    made = form(shop)
    content = png(8, 6)
    assert upload(made, content).status_code == 204
    assert '<div id="root">' in get(url, f"uploads/{made['uploadId']}").text  # the page for unknown paths

    product = record(shop, made).json()

    assert get("", product["imageUrl"]).content == content
    assert shop.call("GET", "/products/MOUSE001").json()["imageUrl"] == product["imageUrl"]


def test_the_form_takes_what_it_was_made_for_and_nothing_else(shop: Shop) -> None:
    made = form(shop)

    assert upload(made, png() + bytes(made["maxBytes"])).status_code == 400
    assert upload(made, png(), key="site/index.html").status_code == 403
    assert upload(made, png(), **{"Content-Type": "text/html"}).status_code == 403
    assert upload(made, png(), **{"Cache-Control": "max-age=1"}).status_code == 403


def test_what_is_no_picture_is_not_recorded(shop: Shop) -> None:
    made = form(shop)
    assert upload(made, b"<script>alert(1)</script>").status_code == 204

    assert record(shop, made).status_code == 400


def test_the_bucket_itself_shows_nothing(shop: Shop) -> None:
    bucket = shop.described["resources"]["site_bucket"]

    assert get(shop.described["endpoint_url"], f"/{bucket}/site/index.html").status_code == 403


def test_a_new_account_gets_its_codes_in_the_shops_words(shop: Shop) -> None:
    email, client_id = f"new-{uuid.uuid4().hex[:8]}@example.com", shop.described["user_pool_client_id"]

    shop.cognito.sign_up(ClientId=client_id, Username=email, Password="Long-Enough-Password-1")
    shop.cognito.resend_confirmation_code(ClientId=client_id, Username=email)

    assert until(lambda: shop.mails(email), lambda mails: len(mails) == 2) == ["Orderproc Demo Shop: your code"] * 2
