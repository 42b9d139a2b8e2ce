"""Fills a local stack: a verified sender, three demo users, the demo catalogue by the API itself. What is there already
stays as it is: its stock may have been sold.
"""

import contextlib
import time
from typing import Any, NamedTuple

import boto3
import requests
from botocore.config import Config
from mypy_boto3_cognito_idp.client import CognitoIdentityProviderClient

from infra.deploy.deploy import Deployment, tracked_config
from infra.deploy.render import BASE_STAGE
from infra.errors import Refusal
from infra.target import Target
from local.catalogue import PRODUCTS, Product

ADMIN_GROUP = "admin"


class User(NamedTuple):
    """A demo user. The password is no secret: it opens nothing but the stack on this machine."""

    username: str
    password: str
    group: str | None = None


USERS = {
    "customer": User("customer@example.com", "Customer-demo-2026"),
    "other": User("other@example.com", "Other-demo-2026"),
    "admin": User("admin@example.com", "Admin-demo-2026", ADMIN_GROUP),
}


def provision(target: Target, deployment: Deployment) -> None:
    """Do all three. Refuses when the API does not take a product."""
    _verify_sender(target)
    cognito: CognitoIdentityProviderClient = _client(target, "cognito-idp")
    for user in USERS.values():
        _create_user(cognito, deployment.outputs["UserPoolId"], user)
    token = sign_in(cognito, deployment.outputs["UserPoolClientId"], USERS["admin"])
    with requests.Session() as http:
        http.headers["Authorization"] = token
        for product in PRODUCTS:
            if not _is_there(http, deployment.api_url, product):
                _put(http, deployment.api_url, product)


def sign_in(cognito: CognitoIdentityProviderClient, client_id: str, user: User) -> str:
    """The user's ID token, good for an hour."""
    answer = cognito.initiate_auth(
        ClientId=client_id,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": user.username, "PASSWORD": user.password},
    )
    return answer["AuthenticationResult"]["IdToken"]


def _verify_sender(target: Target) -> None:
    sender = tracked_config()["stages"][BASE_STAGE]["environment_variables"]["MAIL_SENDER"]
    _client(target, "ses").verify_email_identity(EmailAddress=sender)


def _create_user(cognito: CognitoIdentityProviderClient, pool: str, user: User) -> None:
    name, password = user.username, user.password
    with contextlib.suppress(cognito.exceptions.UsernameExistsException):
        cognito.admin_create_user(
            UserPoolId=pool,
            Username=name,
            MessageAction="SUPPRESS",
            UserAttributes=[
                {"Name": "email", "Value": name},
                {"Name": "email_verified", "Value": "true"},
            ],
        )
    cognito.admin_set_user_password(UserPoolId=pool, Username=name, Password=password, Permanent=True)
    if user.group:
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=user.group)


def _is_there(http: requests.Session, api_url: str, product: Product) -> bool:
    return http.get(f"{api_url}/products/{product.product_id}", timeout=30).status_code == 200


def _put(http: requests.Session, api_url: str, product: Product) -> None:
    body = product.body()
    answer = http.put(f"{api_url}/products/{product.product_id}", json=body, timeout=30)
    if answer.status_code >= 500:  # a first call may time out on a busy machine; a PUT is safe to repeat
        time.sleep(1)
        answer = http.put(f"{api_url}/products/{product.product_id}", json=body, timeout=30)
    if answer.status_code >= 300:
        raise Refusal(
            f"The API did not take the demo products ({answer.status_code}: {answer.text[:200]}):"
            " look into .local/functions.log for the reason."
        )


def _client(target: Target, service: Any) -> Any:
    config = Config(connect_timeout=5, read_timeout=30, retries={"mode": "standard", "total_max_attempts": 3})
    session: boto3.Session = target.session
    return session.client(service, region_name=target.region, endpoint_url=target.endpoint_url, config=config)
