"""What is no body at all, for every route that takes one: 400, and nothing happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from chalicelib.kit.jsonio import dumps

from tests.support.api.gateway import Gateway
from tests.support.api.refusals import SECRET, refused
from tests.support.api.routes import ORDERS, WITH_BODY, Route, changed, fields_of, without

NO_OBJECTS = {
    "nothing": None,
    "empty": "",
    "spaces": "  \n",
    "no JSON": f"{{{SECRET}",
    "cut off": dumps(ORDERS.body)[:-1],
    "followed by more": dumps(ORDERS.body) + SECRET,
    "single quotes": "{'a': 1}",
    "trailing comma": '{"a": 1,}',
    "an array": f'["{SECRET}"]',
    "an empty array": "[]",
    "a string": f'"{SECRET}"',
    "a number": "7",
    "true": "true",
    "null": "null",
    "NaN": '{"totalAmount": NaN}',
    "Infinity": '{"totalAmount": Infinity}',
    "-Infinity": '{"totalAmount": -Infinity}',
    "a number that is too long": '{"totalAmount": ' + "9" * 5000 + "}",
    "a fraction that is too long": '{"totalAmount": 0.' + "9" * 5000 + "}",
    "an exponent that no computer holds": '{"items": [{"quantity": 1e999999999}]}',
    "a tiny exponent": '{"totalAmount": 1e-999999999}',
    "an exponent that is no number": '{"totalAmount": 1e99999999999999999999}',
    "a raw control character": '{"name": "a\nb"}',
    "a lone surrogate": '{"name": "\\ud800"}',
    "a lone surrogate, not escaped": '{"name": "\ud800"}',
    "half a pair": '{"name": "\\ude00\\ud83d"}',
    "a lone surrogate as a name": '{"\\ud800": 1}',
    "10,000 deep, lists": "[" * 10_000 + "]" * 10_000,
    "10,000 deep, objects": '{"a":' * 10_000 + "1" + "}" * 10_000,
    "34 deep": '{"a":' * 34 + "1" + "}" * 34,
    "300 KB": '{"a": "' + "x" * 300 * 1024 + '"}',
    "invalid UTF-8": b'{"name": "\xff\xfe"}',
    "Latin-1": '{"name": "Zoë"}'.encode("latin-1"),
    "UTF-16": '{"name": "x"}'.encode("utf-16"),
    "only a byte order mark": b"\xef\xbb\xbf",
    "a key twice": f'{{"a": 1, "b": 2, "a": "{SECRET}"}}',
    "a key twice, further in": '{"items": [{"quantity": 1, "\\u0071uantity": 2}]}',
    "a null byte": b'{"a": 1}\x00',
}


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
@pytest.mark.parametrize("sent", NO_OBJECTS.values(), ids=NO_OBJECTS.keys())
def test_what_is_no_json_object_is_refused(
    api: Gateway, untouched: Callable[[], bool], route: Route, sent: str | bytes | None
) -> None:
    answer = route.call(api, sent)

    refused(answer)
    assert answer.json["detail"] != "The request is not valid."  # it says what is wrong instead
    assert untouched()


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_an_object_in_other_bytes_is_taken_too(api: Gateway, route: Route) -> None:
    text = dumps(route.body)

    assert route.call(api, text.encode()).status in {200, 201}  # base64 on its way
    assert route.call(api, "\r\n\t " + text + "\n").status in {200, 201}
    assert route.call(api, "\ufeff" + text).status in {200, 201}  # as Windows' editors save it


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_an_empty_object_is_told_of_all_that_is_missing(
    api: Gateway, untouched: Callable[[], bool], route: Route
) -> None:
    answer = route.call(api, {})

    refused(answer, *[field for field in route.required if "." not in field])
    assert {error["message"] for error in answer.json["errors"]} == {"is required"}
    assert untouched()


@pytest.mark.parametrize(("route", "field"), [(r, f) for r in WITH_BODY for f in r.required], ids=str)
def test_each_required_field_is_missed(api: Gateway, untouched: Callable[[], bool], route: Route, field: str) -> None:
    answer = route.call(api, without(route.body, field))

    refused(answer, field)
    assert untouched()


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
@pytest.mark.parametrize("value", [True, [], {}, [SECRET], {SECRET: 1}], ids=str)
def test_wrong_types_everywhere_are_all_named(
    api: Gateway, untouched: Callable[[], bool], route: Route, value: Any
) -> None:
    answer = route.call(api, dict.fromkeys(route.body, value))

    named = {field.split(".")[0].split("[")[0] for field in answer.fields}
    assert answer.status == 400
    assert named == set(route.body)
    assert untouched()


@pytest.mark.parametrize(("route", "field"), [(r, f) for r in WITH_BODY for f in fields_of(r.body)], ids=str)
@pytest.mark.parametrize("value", [True, False, [SECRET], {SECRET: SECRET}], ids=str)
def test_each_field_refuses_what_is_of_another_type(
    api: Gateway, untouched: Callable[[], bool], route: Route, field: str, value: Any
) -> None:
    answer = route.call(api, changed(route.body, field, value))

    assert answer.status == 400
    assert any(name.startswith(field) for name in answer.fields)
    assert untouched()


@pytest.mark.parametrize(("route", "field"), [(r, f) for r in WITH_BODY for f in fields_of(r.body)], ids=str)
def test_null_is_a_field_that_is_left_out(
    api: Gateway, untouched: Callable[[], bool], route: Route, field: str
) -> None:
    is_optional = field not in route.required and not field.endswith("]")

    answer = route.call(api, changed(route.body, field, None))

    if is_optional:
        assert answer.status in {200, 201}
    else:
        refused(answer, field)
        assert untouched()


LEVELS = [(ORDERS, "surprise"), (ORDERS, "items[0].surprise"), (ORDERS, "shippingAddress.surprise")]
LEVELS += [(ORDERS, "status"), (ORDERS, "orderId"), (ORDERS, "owner"), (ORDERS, "workflow"), (ORDERS, "__proto__")]
LEVELS += [(route, "surprise") for route in WITH_BODY[1:]] + [(WITH_BODY[1], "productId"), (WITH_BODY[2], "stock")]


@pytest.mark.parametrize(("route", "field"), LEVELS, ids=str)
def test_a_field_that_is_not_known_is_refused(
    api: Gateway, untouched: Callable[[], bool], route: Route, field: str
) -> None:
    answer = route.call(api, changed(route.body, field, SECRET))

    refused(answer, field)
    assert answer.json["errors"][0]["message"] == "is not a known field"
    assert untouched()


@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_ten_thousand_unknown_fields_make_no_ten_thousand_errors(api: Gateway, route: Route) -> None:
    answer = route.call(api, {**route.body, **{f"f{n}": n for n in range(10_000)}})

    assert answer.status == 400
    assert len(answer.json["errors"]) == 101
    assert answer.json["errors"][-1] == {"field": "", "message": "has 10000 unknown fields"}


@pytest.mark.parametrize("media_type", ["text/plain", "application/xml", f"application/{SECRET}", "", "nonsense", "*"])
@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_another_media_type_is_refused(
    api: Gateway, untouched: Callable[[], bool], route: Route, media_type: str
) -> None:
    answer = route.call(api, route.body, headers={"Content-Type": media_type})

    refused(answer, status=415)
    assert untouched()


@pytest.mark.parametrize("media_type", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
@pytest.mark.parametrize("route", WITH_BODY, ids=str)
def test_json_is_taken_however_it_is_spelt(api: Gateway, route: Route, media_type: str) -> None:
    assert route.call(api, route.body, headers={"Content-Type": media_type}).status in {200, 201}
