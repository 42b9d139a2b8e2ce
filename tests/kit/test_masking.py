"""What staff see of a message names nobody, and still says what it was about."""

from __future__ import annotations

import json
from typing import Any

import pytest
from chalicelib.kit.jsonio import dumps, loads
from chalicelib.kit.redaction import MASK, masked, masked_text, reason_of
from hypothesis import given
from hypothesis import strategies as st

from tests.support.builders.examples import body

PERSONAL = [
    "customer@example.com",
    "+31612345678",
    "123 Main St",
    "Anytown",
    "12345",
    "USA",
    "John Smith",
    "CA-1",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
    "wh-secret-9",
]

ORDER = body(
    shippingAddress={
        "street": "123 Main St",
        "city": "Anytown",
        "state": "CA-1",
        "zipCode": "12345",
        "country": "USA",
        "name": "John Smith",
    }
)


def nobody_in(shown: Any) -> None:
    text = json.dumps(shown, default=str)
    assert [value for value in PERSONAL if value in text] == []


@pytest.mark.parametrize(
    "payload",
    [
        ORDER,
        {"detail": ORDER},
        {"detail": {"rows": [{"row": 2, "order": ORDER}, {"row": 3, "order": ORDER}]}},
        [[[ORDER]]],
        {"Message": dumps(ORDER)},
        {"requestPayload": {"body": dumps({"inner": dumps(ORDER)})}},
        dumps(ORDER)[:-1],
        dumps(ORDER)[:300],
        "street=123 Main St; email: customer@example.com, phone=+31 6 1234-5678",
        "Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
        {"Authorization": "anything", "X-API-Key": "wh-secret-9", "webhook_secret": "wh-secret-9"},
        {"customerName": "John Smith", "name": "John Smith", "Name": "John Smith"},
        {"note": "write to customer@example.com or call +1 (555) 010-9999 99"},
        {"customer@example.com": 1},
        {"phone": 31612345678, "zip": 12345},
    ],
    ids=lambda payload: repr(payload)[:40],
)
def test_nobody_is_named_at_any_depth(payload: Any) -> None:
    nobody_in(masked(payload))


@pytest.mark.parametrize(
    "name",
    [
        *("hashedPassword", "hasToken", "hashed_password", "HASHED_PASSWORD", "hash-of-password", "passwordHash"),
        *("tokenValid", "passwordPaid", "secretQueueToken", "sessionTokenId", "secretId", "accessKeyId", "apiKeyId"),
        *("pwd", "passcode", "privateKey", "access_key", "sessionId", "csrfToken", "otp", "loginOtp", "pin"),
        *("creditCard", "cardNumber", "pan", "IBAN", "accountNumber", "cvc", "securityCode"),
        *("ssn", "socialSecurityNumber", "passportId", "nationalId", "taxId", "vatId", "vat_number"),
        *("hasEmailAddress", "addressGrid", "recipientPaid", "phonesInvalid", "hasStreet"),
    ],
)
def test_a_secret_or_a_persons_number_is_masked_whatever_its_name_begins_or_ends_with(name: str) -> None:
    assert masked({name: "wh-value-9", "inner": [{name: {"value": "wh-value-9"}}]}) == {
        name: MASK,
        "inner": [{name: {"value": MASK}}],
    }
    assert "wh-value-9" not in masked_text(f"it was {name}=wh-value-9; it was {name}: 'wh-value-9'")
    assert "wh-value-9" not in reason_of(ValueError("not wh-value-9"), {name: "wh-value-9"})


@pytest.mark.parametrize("name", ["hasToken", "hasPhoneNumber", "isPasswordSet", "tokenValid"])
@pytest.mark.parametrize("value", [True, False, None, "true", "false", ""])
def test_yes_and_no_identify_nobody(name: str, value: Any) -> None:
    assert masked({name: value}) == {name: value}
    assert masked_text(f"{name}={value};") == f"{name}={value};"


@pytest.mark.parametrize(
    "name",
    [
        *("orderId", "customerId", "emailId", "phoneStatus", "addressId", "email_id", "mailQueue", "paymentMethod"),
        *("secretArn", "CARRIER_SECRET_ARN", "tokenStatus", "authorizationMethod", "idempotencyKey", "productId"),
        *("hash", "hasStock", "hashTag", "shipping", "description", "spin", "japan", "company"),
    ],
)
def test_what_is_about_it_or_only_sounds_like_it_stays(name: str) -> None:
    assert masked({name: "value-9"}) == {name: "value-9"}
    assert masked_text(f"{name}=value-9") == f"{name}=value-9"


@pytest.mark.parametrize(
    "text",
    [
        "bearer abcdefgh12345678",
        "BASIC dXNlcjpwYXNz",
        "$2b$12$abcdefghijklmnopqrstuv",
        "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA",
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA\n",
    ],
)
def test_what_has_the_form_of_a_secret_is_masked_under_any_name(text: str) -> None:
    assert masked({"said": f"it was {text}"}) == {"said": f"it was {MASK}"}


def test_what_one_looks_for_stays_as_it_is() -> None:
    shown = masked({"orderId": "o-1", "correlationId": "c-1", "eventType": "OrderPlaced", **ORDER})

    assert shown["orderId"] == "o-1"
    assert shown["customerId"] == "customer123"
    assert shown["items"] == ORDER["items"]
    assert shown["totalAmount"] == ORDER["totalAmount"]
    assert shown["paymentMethod"] == "pm_card_visa"
    assert shown["customerEmail"] == MASK
    assert set(shown["shippingAddress"]) == set(ORDER["shippingAddress"])
    assert set(shown["shippingAddress"].values()) == {MASK}


@pytest.mark.parametrize(
    "order",
    [
        body(note="For John", metadata={"channel": "John"}),
        {"Product": "Mouse", "Quantity": 1, "Note": "For John", "Metadata": {"channel": "John"}},
        {"customerId": "c-1", "items[0].productId": "M", "note": "For John", "metadata.channel": "John"},
    ],
    ids=["full", "flat", "a row of a file"],
)
def test_what_the_sender_of_an_order_wrote_freely_is_masked(order: dict[str, Any]) -> None:
    shown = masked({"detail": order})

    assert "John" not in dumps(shown)
    assert "channel" in dumps(shown)
    assert "John" not in reason_of(ValueError("no John"), order)


@pytest.mark.parametrize(
    "payload",
    [
        {"hasPhoneNumber": True, "fulfilment": "auto", "occurredAt": "2026-11-21T14:30:25.123+00:00"},
        {"OrderId": "12345", "Product": "Laptop", "Quantity": 1, "Price": 1200},
        {"s3": {"bucket": {"name": "orderproc-local-imports", "arn": "arn:aws:s3:::x"}, "object": {"key": "a.csv"}}},
        {"capacity": 7, "status": "FAILED", "error": {"code": "OUT_OF_STOCK", "message": "Not enough stock."}},
        {"phoneNumber": None, "customerEmail": ""},
        [],
        "no JSON at all",
        None,
    ],
    ids=lambda payload: repr(payload)[:40],
)
def test_what_names_nobody_is_shown_whole(payload: Any) -> None:
    assert masked(payload) == payload


def test_amounts_inside_of_texts_keep_their_digits() -> None:
    assert masked({"Message": '{"price":20.00,"email":"a@b.test"}'}) == {
        "Message": '{"price":20.00,"email":"[personal]"}'
    }


def test_what_is_nested_without_end_is_cut_off() -> None:
    deep = loads('{"a":' * 500 + "1" + "}" * 500)

    assert "nested too deeply" in json.dumps(masked(deep))
    assert "nested too deeply" in json.dumps(masked({"address": deep}))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_anything_can_be_masked_and_again(payload: Any) -> None:
    assert masked(masked(payload)) == masked(payload)


def test_a_reason_says_which_error_and_nothing_of_whom() -> None:
    error = ValueError("'123 Main St' in Anytown of customer@example.com is not known")

    assert reason_of(error, ORDER) == f"ValueError: '{MASK}' in {MASK} of {MASK} is not known"


@pytest.mark.parametrize("words", ["", "two\nlines\x00", "x" * 10_000, "\ud800"])
def test_a_reason_is_one_line_of_bearable_length(words: str) -> None:
    reason = reason_of(RuntimeError(words))

    assert reason.startswith("RuntimeError")
    assert len(reason) <= 500
    assert reason.isprintable()
    reason.encode()


def test_a_long_text_is_masked_in_time() -> None:
    assert masked_text("street " * 100_000)


def test_json_with_repeated_keys_is_masked_by_its_names_all_the_same() -> None:
    shown = str(masked({"body": '{"street": "1 Main St", "street": "2 Main St", "orderId": "a"}'}))

    assert "Main St" not in shown
    assert '"orderId":"a"' in shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("BSN 111222333 is wrong", "BSN [personal] is wrong"),
        ("the bsn no. 111.222.333", "the bsn no. [personal]"),
        ("passport NL1234567, gsm 0612345678", "passport [personal], gsm [personal]"),
        ("call tel. 020 794 6095 now", "call tel. [personal] now"),
        ("Name: Anna Jansen, status: PENDING", "Name: [personal], status: PENDING"),
        ("nom=Anna Jansen; Kunde: Anna Jansen", "nom=[personal]; Kunde: [personal]"),
    ],
)
def test_what_stands_after_its_name_is_masked_without_a_colon_too(text: str, shown: str) -> None:
    assert masked_text(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        '{"productId": "P1", "name": "Gaming Laptop", "quantity": 1',
        "Function name: orderproc-local, table name: orders",
        "phone 5, mobile 2026, tel 12345",
    ],
)
def test_the_name_of_a_thing_stays_in_a_text(text: str) -> None:
    assert masked_text(text) == text


def test_of_a_customer_the_id_is_readable_and_no_more() -> None:
    sent = {"customer": {"id": "c-1", "customerId": "c-1", "taxId": "9", "who": "Anna", "more": [{"x": "Jansen"}]}}

    assert masked(sent) == {
        "customer": {"id": "c-1", "customerId": "c-1", "taxId": MASK, "who": MASK, "more": [{"x": MASK}]}
    }
    assert reason_of(ValueError("id-7 of it"), {"address": {"id": "id-7"}}) == f"ValueError: {MASK} of it"
    assert reason_of(ValueError("no Anna Jansen of c-1"), sent) == f"ValueError: no {MASK} {MASK} of c-1"
