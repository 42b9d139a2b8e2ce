"""Pictures of products: uploaded past the API, judged when they are recorded."""

from __future__ import annotations

import re

import pytest

from tests.support.api.gateway import Gateway
from tests.support.api.refusals import refused
from tests.support.builders.pictures import png, webp
from tests.support.fakes.adapters import FakeAdapters

IMAGE = "/admin/products/MOUSE001/image"
NONE = "00000000-0000-4000-8000-000000000000"


def uploaded(api: Gateway, adapters: FakeAdapters, content: bytes) -> str:
    upload = api.post(IMAGE, {"contentType": "image/png"}, groups="admin").json
    adapters.images.uploads[upload["uploadId"]] = content
    upload_id: str = upload["uploadId"]
    return upload_id


def test_a_form_is_offered_for_one_upload(api: Gateway) -> None:
    answer = api.post(IMAGE, {"contentType": "image/webp"}, groups="admin")

    assert answer.status == 201
    assert answer.json["fields"] == {"key": f"uploads/{answer.json['uploadId']}", "Content-Type": "image/webp"}
    assert answer.json["expiresAt"] == "2026-11-21T14:40:25.123Z"


def test_an_uploaded_picture_is_shown_with_the_product(api: Gateway, adapters: FakeAdapters) -> None:
    upload_id = uploaded(api, adapters, webp())

    answer = api.put(IMAGE, {"uploadId": upload_id}, groups="admin")

    [(path, shown)] = adapters.images.shown.items()
    assert shown == (webp(), "image/webp")
    assert re.fullmatch(r"pictures/[0-9a-f]{32}\.webp", path)
    assert answer.json["imageUrl"] == f"https://site.test/{path}"
    assert api.get("/products/MOUSE001").json == answer.json
    assert api.get("/products?q=mouse").json["products"] == [answer.json]


def test_recording_it_twice_is_recording_it_once(api: Gateway, adapters: FakeAdapters) -> None:
    upload_id = uploaded(api, adapters, png())

    answers = [api.put(IMAGE, {"uploadId": upload_id}, groups="admin").json for _ in range(2)]

    assert answers[0] == answers[1]
    assert len(adapters.images.shown) == 1


def test_a_product_keeps_its_picture_when_it_is_put_again(api: Gateway, adapters: FakeAdapters) -> None:
    before = api.put(IMAGE, {"uploadId": uploaded(api, adapters, png())}, groups="admin").json

    after = api.put("/products/MOUSE001", {"name": "Mouse, new", "price": 1}, groups="admin").json

    assert after["imageUrl"] == before["imageUrl"]
    assert api.get("/products/MOUSE001").json["imageUrl"] == before["imageUrl"]


def test_a_picture_is_removed(api: Gateway, adapters: FakeAdapters) -> None:
    api.put(IMAGE, {"uploadId": uploaded(api, adapters, png())}, groups="admin")

    answer = api.call("DELETE", IMAGE, groups="admin")

    assert (answer.status, answer.json["imageUrl"]) == (200, None)


@pytest.mark.parametrize("content", [b"<svg onload='alert(1)'/>", b"\x89PNG\r\n\x1a\n", b""])
def test_what_is_no_picture_is_not_shown(api: Gateway, adapters: FakeAdapters, content: bytes) -> None:
    refused(api.put(IMAGE, {"uploadId": uploaded(api, adapters, content)}, groups="admin"), "uploadId")

    assert adapters.images.shown == {}
    assert api.get("/products/MOUSE001").json["imageUrl"] is None


def test_what_was_not_uploaded_is_not_found(api: Gateway) -> None:
    answer = api.put(IMAGE, {"uploadId": NONE}, groups="admin")

    refused(answer, status=404)
    assert answer.json["code"] == "UPLOAD_NOT_FOUND"


@pytest.mark.parametrize("upload_id", ["", "../site/index.html", NONE + "/x", 1, NONE.replace("0", "G")])
def test_an_upload_has_the_id_that_the_form_has(api: Gateway, upload_id: object) -> None:
    refused(api.put(IMAGE, {"uploadId": upload_id}, groups="admin"), "uploadId")


def test_other_types_are_not_offered(api: Gateway) -> None:
    refused(api.post(IMAGE, {"contentType": "image/svg+xml"}, groups="admin"), "contentType")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_only_staff_may(api: Gateway, method: str) -> None:
    assert api.call(method, IMAGE, {}, groups="other").status == 403


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE"])
def test_what_is_no_product_has_no_picture(api: Gateway, method: str) -> None:
    body = {"POST": {"contentType": "image/png"}, "PUT": {"uploadId": NONE}}.get(method)

    assert api.call(method, "/admin/products/NOTHING/image", body, groups="admin").json["code"] == "PRODUCT_NOT_FOUND"


def test_it_is_on_record(api: Gateway, adapters: FakeAdapters) -> None:
    api.put(IMAGE, {"uploadId": uploaded(api, adapters, png())}, groups="admin")
    api.call("DELETE", IMAGE, groups="admin")

    actions = [record["action"] for record in api.get("/admin/audit", groups="admin").json["records"]]
    assert sorted(actions) == ["remove_product_image", "set_product_image"]
