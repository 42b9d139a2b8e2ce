"""Staff, roles and partners' keys on the deployed stack: with real tokens and keys, by the functions' own rights."""

from __future__ import annotations

import time
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

from tests.e2e.shop import Caller, Shop, until

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

PASSWORD = "Changed-it-2026"
ROLES = ["admin", "finance", "support", "viewer", "warehouse"]


class Member(NamedTuple):
    """Somebody who was invited and has signed in."""

    user_id: str
    email: str

    def caller(self, shop: Shop) -> Caller:
        client = shop.described["user_pool_client_id"]
        return Caller(shop, Authorization=shop.tokens(client, self.email, PASSWORD)["IdToken"])


@pytest.fixture
def member(shop: Shop) -> Iterator[Member]:
    email = f"sam-{uuid.uuid4().hex[:8]}@shop.example"
    answer = shop.staff("POST", "/admin/staff", {"email": email, "roles": ["support"]})
    assert answer.status_code == 201, answer.text
    user_id = answer.json()["userId"]
    of_user = {"UserPoolId": shop.described["user_pool_id"], "Username": user_id}
    shop.cognito.admin_set_user_password(**of_user, Password=PASSWORD, Permanent=True)
    yield Member(user_id, email)
    shop.cognito.admin_delete_user(**of_user)


@pytest.mark.parametrize("role", ROLES)
def test_each_demo_user_has_its_role(shop: Shop, role: str) -> None:
    me = shop.signed_in(role)("GET", "/admin/me").json()

    assert me["roles"] == [role]
    assert "read" in me["permissions"]


def test_a_customer_is_no_staff(shop: Shop) -> None:
    answer = shop.signed_in("customer")("GET", "/admin/me")

    assert (answer.status_code, answer.json()["code"]) == (403, "NOT_STAFF")


def test_a_role_may_what_it_may(shop: Shop) -> None:
    product, stock = shop.new_product(stock=1), {"delta": 1, "reason": "A test"}

    statuses = {role: shop.signed_in(role)("POST", f"/products/{product}/stock", stock).status_code for role in ROLES}

    assert {role for role, status in statuses.items() if status == 200} == {"admin", "warehouse"}
    assert set(statuses.values()) == {200, 403}
    assert shop.stock(product) == (3, 0)


def test_who_is_invited_is_staff_and_listed(shop: Shop, member: Member) -> None:
    listed = {one["userId"]: one for one in shop.staff("GET", "/admin/staff").json()["staff"]}

    assert listed[member.user_id]["roles"] == ["support"]
    assert member.caller(shop)("GET", "/admin/me").json()["roles"] == ["support"]


def test_a_changed_role_ends_what_an_old_token_may_change(shop: Shop, member: Member) -> None:
    before = member.caller(shop)

    changed = shop.staff("PUT", f"/admin/staff/{member.user_id}/roles", {"roles": ["viewer"]})
    old = before("PUT", f"/admin/orders/{uuid.uuid4()}/tags", {"tags": []})
    new = member.caller(shop)("PUT", f"/admin/orders/{uuid.uuid4()}/tags", {"tags": []})

    assert changed.json()["roles"] == ["viewer"]
    assert (old.status_code, new.status_code) == (401, 403)


def test_who_is_disabled_can_not_sign_in_until_enabled(shop: Shop, member: Member) -> None:
    shop.staff("POST", f"/admin/staff/{member.user_id}/disable")
    with pytest.raises(ClientError):
        member.caller(shop)

    shop.staff("POST", f"/admin/staff/{member.user_id}/enable")
    assert member.caller(shop)("GET", "/admin/me").json()["roles"] == ["support"]


def test_an_admin_does_not_lock_themselves_out(shop: Shop) -> None:
    me = shop.staff("GET", "/admin/me").json()["userId"]

    statuses = [
        shop.staff("PUT", f"/admin/staff/{me}/roles", {"roles": ["viewer"]}).status_code,
        shop.staff("POST", f"/admin/staff/{me}/disable").status_code,
    ]

    assert statuses == [409, 409]
    assert shop.staff("GET", "/admin/me").json()["roles"] == ["admin"]


class Partner(NamedTuple):
    partner_id: str
    key_id: str
    key: str

    def caller(self, shop: Shop) -> Caller:
        return Caller(shop, X_API_Key=self.key)


def made(answer: Any) -> Partner:
    assert answer.status_code == 201, answer.text
    body = answer.json()
    return Partner(body["partnerId"], body["keyId"], body["key"])


@pytest.fixture
def partner(shop: Shop) -> Partner:
    partner_id = f"t{uuid.uuid4().hex[:10]}"
    return made(shop.staff("POST", "/admin/partners", {"partnerId": partner_id, "name": "ACME Ltd"}))


def ordered(shop: Shop, caller: Caller) -> str:
    sent = {
        "customerId": "c",
        "customerEmail": "c@example.com",
        "items": [{"productId": shop.new_product(stock=1), "quantity": 1}],
        "shippingAddress": {"street": "1 Test Street", "city": "Town", "zipCode": "1", "country": "NL"},
    }
    answer = caller("POST", "/orders", sent)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["orderId"])


def test_a_partners_orders_stay_theirs_when_the_key_is_rotated(shop: Shop, partner: Partner) -> None:
    order = ordered(shop, partner.caller(shop))

    new = made(shop.staff("POST", f"/admin/partners/{partner.partner_id}/keys", {"endOthersAfterHours": 1}))

    for caller in (partner.caller(shop), new.caller(shop)):
        assert caller("GET", f"/orders/{order}").status_code == 200
    assert shop.partner("GET", f"/orders/{order}").status_code == 404


def test_a_key_of_the_deployment_is_rotated_too(shop: Shop) -> None:
    order = ordered(shop, shop.partner)
    listed = shop.staff("GET", "/admin/partners").json()["partners"]
    [own] = [one["partnerId"] for one in listed if one["name"] == "partner"]

    new = made(shop.staff("POST", f"/admin/partners/{own}/keys", {"endOthersAfterHours": 720}))

    assert new.caller(shop)("GET", f"/orders/{order}").status_code == 200
    shop.staff("DELETE", f"/admin/partners/{own}/keys/{new.key_id}")
    assert shop.partner("GET", f"/orders/{order}").status_code == 200


def test_a_revoked_key_opens_nothing_and_the_others_do(shop: Shop, partner: Partner) -> None:
    new = made(shop.staff("POST", f"/admin/partners/{partner.partner_id}/keys", {}))

    shop.staff("DELETE", f"/admin/partners/{partner.partner_id}/keys/{partner.key_id}")

    until(lambda: partner.caller(shop)("GET", "/orders").status_code, lambda status: status == 403, 60)
    assert new.caller(shop)("GET", "/orders").status_code == 200


def test_the_housekeeper_ends_a_key_whose_time_has_come(shop: Shop, partner: Partner) -> None:
    at = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    end = {"scope": "key-ends", "item": f"{at}#{partner.key_id}", "partnerId": partner.partner_id}
    shop.client("dynamodb").put_item(
        TableName=f"orderproc-{shop.described['stage']}-operations",
        Item={name: {"S": value} for name, value in end.items()},
    )

    until(lambda: partner.caller(shop)("GET", "/orders").status_code, lambda status: status == 403, 150)

    [listed] = [
        one for one in shop.staff("GET", "/admin/partners").json()["partners"] if one["partnerId"] == partner.partner_id
    ]
    assert [(key["enabled"], key["endsAt"]) for key in listed["keys"]] == [(False, None)]


def test_an_orders_timeline_says_who_did_what(shop: Shop, partner: Partner) -> None:
    order = ordered(shop, partner.caller(shop))
    partner.caller(shop).ended(f"/orders/{order}", 60)
    seen = shop.staff("GET", f"/admin/orders/{order}").headers["ETag"]

    support = shop.signed_in("support")
    assert support("POST", f"/admin/orders/{order}/notes", {"text": "Hm."}).status_code == 201
    assert support("PUT", f"/admin/orders/{order}/tags", {"tags": ["vip"]}, If_Match=seen).status_code == 200
    late = support("PUT", f"/admin/orders/{order}/tags", {"tags": []}, If_Match=seen)
    entries = shop.staff("GET", f"/admin/orders/{order}/timeline").json()["entries"]

    assert (late.status_code, late.json()["code"]) == (409, "CHANGED_MEANWHILE")
    assert {(one["what"], one["by"]["email"]) for one in entries if one["by"]} == {
        ("note", "support@example.com"),
        ("add_note", "support@example.com"),
        ("set_tags", "support@example.com"),
    }
    assert "COMPLETED" in [one["what"] for one in entries if one["kind"] == "status"]


def test_a_withdrawn_product_is_neither_listed_nor_sold(shop: Shop) -> None:
    product = shop.new_product(stock=3)
    sent = {"productId": product, "quantity": 1, "customerEmail": "c@example.com"}

    withdrawn = shop.staff("DELETE", f"/products/{product}")

    assert (withdrawn.status_code, withdrawn.json()["withdrawn"]) == (200, True)
    assert shop.partner("POST", "/place-order", sent).status_code == 404
    assert shop.call("GET", f"/products/{product}").json()["stock"] == 0
    again = shop.staff("PUT", f"/products/{product}", {"name": "Test product", "price": 25.0, "currency": "EUR"})
    assert again.json()["stock"] == 3
    assert shop.partner("POST", "/place-order", sent).status_code == 202


def test_a_confirmation_is_mailed_once_more(shop: Shop, partner: Partner) -> None:
    order = ordered(shop, partner.caller(shop))
    partner.caller(shop).ended(f"/orders/{order}", 60)
    until(lambda: len(shop.mails(order)), lambda count: count == 1, 60)

    assert shop.staff("POST", f"/admin/orders/{order}/resend", {"what": "confirmation"}).status_code == 202

    until(lambda: len(shop.mails(order)), lambda count: count == 2, 60)
    time.sleep(3)
    assert len(shop.mails(order)) == 2
