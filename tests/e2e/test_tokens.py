"""Which tokens the deployed API takes: the shop's own ID tokens, as long as they are good, and nothing else."""

from __future__ import annotations

import base64
import json
import subprocess
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

from local import cloud
from tests.e2e.shop import Shop

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
PASSWORD = "Somebody-else-2026"
_SIGN = """
import sys
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
sys.stdout.buffer.write(key.sign(sys.stdin.buffer.read(), padding.PKCS1v15(), hashes.SHA256()))
"""


@pytest.fixture(scope="module")
def good(shop: Shop) -> str:
    return shop.sign_in("customer")["IdToken"]


def status(shop: Shop, authorization: str | None) -> int:
    headers = {} if authorization is None else {"Authorization": authorization}
    statuses = {shop.call("GET", path, **headers).status_code for path in ("/cart", "/me/orders", "/admin/orders/x")}
    # Staff's route refuses the good customer, too, but for another reason.
    assert statuses in ({200, 403}, {401}), statuses
    return 401 if statuses == {401} else 200


def unpadded(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def part(token: str, n: int) -> dict[str, Any]:
    text = token.split(".")[n]
    decoded: dict[str, Any] = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
    return decoded


def joined(header: dict[str, Any], claims: dict[str, Any]) -> str:
    return f"{unpadded(json.dumps(header).encode())}.{unpadded(json.dumps(claims).encode())}"


def test_a_good_token_passes_with_and_without_bearer(shop: Shop, good: str) -> None:
    assert status(shop, good) == 200
    assert status(shop, f"Bearer {good}") == 200


@pytest.mark.parametrize("token", [None, "garbage", "Bearer", "a.b.c", "Basic dXNlcjpwYXNzd29yZA==", "Bearer a.b.c"])
def test_no_token_and_garbage_do_not(shop: Shop, token: str | None) -> None:
    assert status(shop, token) == 401


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256"])
def test_a_token_that_needs_no_key_does_not(shop: Shop, good: str, algorithm: str) -> None:
    unsigned = joined({**part(good, 0), "alg": algorithm}, part(good, 1))

    assert status(shop, f"{unsigned}.") == 401
    assert status(shop, f"{unsigned}.{good.split('.')[2]}") == 401


def test_a_token_signed_by_another_key_does_not(shop: Shop, good: str) -> None:
    signed = ".".join(good.split(".")[:2])
    made = subprocess.run(
        [cloud.PYTHON, "-c", _SIGN], input=signed.encode(), capture_output=True, check=True, timeout=60
    )

    assert status(shop, f"{signed}.{unpadded(made.stdout)}") == 401


def test_a_token_whose_claims_were_changed_does_not(shop: Shop, good: str) -> None:
    changed = joined(part(good, 0), {**part(good, 1), "cognito:groups": ["admin"], "sub": str(uuid.uuid4())})

    assert status(shop, f"{changed}.{good.split('.')[2]}") == 401


def test_an_access_token_does_not(shop: Shop) -> None:
    token = shop.sign_in("admin")["AccessToken"]

    assert status(shop, token) == 401
    assert status(shop, f"Bearer {token}") == 401


def test_an_expired_token_does_not(shop: Shop) -> None:
    """The stack's client gives out a token good for a second, then those of an hour again."""
    of_client = {"UserPoolId": shop.described["user_pool_id"], "ClientId": shop.described["user_pool_client_id"]}
    before = shop.cognito.describe_user_pool_client(**of_client)["UserPoolClient"]
    validities = ("IdTokenValidity", "AccessTokenValidity", "RefreshTokenValidity", "TokenValidityUnits")
    kept = {name: before[name] for name in (*validities, "ExplicitAuthFlows")}
    units = {**kept["TokenValidityUnits"], "IdToken": "seconds"}
    try:
        shop.cognito.update_user_pool_client(**of_client, **{**kept, "IdTokenValidity": 1, "TokenValidityUnits": units})
        token = shop.sign_in("customer")["IdToken"]
    finally:
        shop.cognito.update_user_pool_client(**of_client, **kept)
    time.sleep(2.5)

    assert part(token, 1)["exp"] < time.time()
    assert status(shop, token) == 401


def test_a_token_of_another_client_of_the_pool_does_not(shop: Shop) -> None:
    client = shop.cognito.create_user_pool_client(
        UserPoolId=shop.described["user_pool_id"],
        ClientName="another",
        ExplicitAuthFlows=["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
    )["UserPoolClient"]["ClientId"]
    try:
        assert status(shop, shop.sign_in("customer", client)["IdToken"]) == 401
    finally:
        shop.cognito.delete_user_pool_client(UserPoolId=shop.described["user_pool_id"], ClientId=client)


@pytest.fixture
def another_pool(shop: Shop) -> Iterator[str]:
    """The ID token of a user of another pool, who is an admin there."""
    pool = shop.cognito.create_user_pool(PoolName=f"another-{uuid.uuid4().hex[:6]}")["UserPool"]["Id"]
    flows = ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"]
    client = shop.cognito.create_user_pool_client(UserPoolId=pool, ClientName="c", ExplicitAuthFlows=flows)
    name = {"UserPoolId": pool, "Username": "customer@example.com"}
    address = [{"Name": "email", "Value": "customer@example.com"}]
    shop.cognito.admin_create_user(**name, MessageAction="SUPPRESS", UserAttributes=address)
    shop.cognito.admin_set_user_password(**name, Password=PASSWORD, Permanent=True)
    shop.cognito.create_group(UserPoolId=pool, GroupName="admin")
    shop.cognito.admin_add_user_to_group(**name, GroupName="admin")
    yield shop.tokens(client["UserPoolClient"]["ClientId"], "customer@example.com", PASSWORD)["IdToken"]
    shop.cognito.delete_user_pool(UserPoolId=pool)


def test_a_token_of_another_pool_does_not(shop: Shop, another_pool: str) -> None:
    assert status(shop, another_pool) == 401
    assert status(shop, f"Bearer {another_pool}") == 401


@pytest.fixture
def anna(shop: Shop) -> Iterator[dict[str, str]]:
    """A member of the staff of her own: who signs out everywhere ends all of her sessions."""
    user = {"UserPoolId": shop.described["user_pool_id"], "Username": f"anna-{uuid.uuid4().hex[:8]}@example.com"}
    address = [{"Name": "email", "Value": user["Username"]}, {"Name": "email_verified", "Value": "true"}]
    shop.cognito.admin_create_user(**user, MessageAction="SUPPRESS", UserAttributes=address)
    shop.cognito.admin_set_user_password(**user, Password=PASSWORD, Permanent=True)
    shop.cognito.admin_add_user_to_group(**user, GroupName="admin")
    yield user
    shop.cognito.admin_delete_user(**user)


@pytest.mark.parametrize("client", ["user_pool_client_id", "staff_client_id"])
@pytest.mark.parametrize("how", ["herself", "by an operator", "disabled"])
def test_a_token_from_before_its_user_signed_out_everywhere_changes_nothing(
    shop: Shop, anna: dict[str, str], client: str, how: str
) -> None:
    def put(token: str) -> int:
        sent = {"name": "Test product", "price": 5, "currency": "EUR"}
        return shop.call("PUT", f"/products/T{uuid.uuid4().hex[:10].upper()}", sent, Authorization=token).status_code

    def sign_in() -> dict[str, str]:
        return shop.tokens(shop.described[client], anna["Username"], PASSWORD)

    before, another = sign_in(), sign_in()
    assert put(before["IdToken"]) == put(f"Bearer {another['IdToken']}") == 201

    if how == "herself":
        shop.cognito.global_sign_out(AccessToken=before["AccessToken"])
    elif how == "by an operator":
        shop.cognito.admin_user_global_sign_out(**anna)
    else:
        shop.cognito.admin_disable_user(**anna)
    assert [put(tokens["IdToken"]) for tokens in (before, another)] == [401, 401]
    assert shop.call("GET", "/admin/orders", Authorization=before["IdToken"]).status_code == 200

    shop.cognito.admin_enable_user(**anna)
    assert put(sign_in()["IdToken"]) == 201


def test_a_token_of_the_staffs_client_is_none_of_a_customers(shop: Shop) -> None:
    token = shop.sign_in("admin", shop.described["staff_client_id"])["IdToken"]
    paths = ("/admin/orders", "/cart", "/me/orders")

    assert [shop.call("GET", path, Authorization=token).status_code for path in paths] == [200, 401, 401]
