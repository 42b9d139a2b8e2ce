"""Fills a local stack: a verified sender, demo users, the demo catalogue with its pictures by the API itself. What
is there already stays as it is: its stock may have been sold.
"""

import contextlib
import time
from typing import Any

import requests

from infra.deploy.deploy import tracked_config
from infra.deploy.render import BASE_STAGE
from infra.errors import Refusal
from infra.target import Target
from local.back_office import Staff
from local.catalogue import PRODUCTS, USERS, Product, User


def provision(target: Target, described: dict[str, Any]) -> None:
    """Do all three in the stack that is described. Refuses when the API does not take a product."""
    sender = tracked_config()["stages"][BASE_STAGE]["environment_variables"]["MAIL_SENDER"]
    target.client("ses").verify_email_identity(EmailAddress=sender)
    for user in USERS.values():
        create_user(target.client("cognito-idp"), described["user_pool_id"], user)
    staff = Staff(described)
    for product in PRODUCTS:
        found = staff.find(f"/products/{product.product_id}")
        if found is None:
            _put(staff, product)
        if not (found and found["imageUrl"]):
            staff.put_image(product.product_id, product.picture.read_bytes(), "image/webp")


def create_user(cognito: Any, pool: str, user: User) -> None:
    """With its password and its group; one that is there gets both."""
    name, password = user.username, user.password
    attributes = [{"Name": "email", "Value": name}, {"Name": "email_verified", "Value": "true"}]
    with contextlib.suppress(cognito.exceptions.UsernameExistsException):
        cognito.admin_create_user(UserPoolId=pool, Username=name, MessageAction="SUPPRESS", UserAttributes=attributes)
    cognito.admin_set_user_password(UserPoolId=pool, Username=name, Password=password, Permanent=True)
    if user.group:
        cognito.admin_add_user_to_group(UserPoolId=pool, Username=name, GroupName=user.group)


def _put(staff: Staff, product: Product) -> None:
    with contextlib.suppress(requests.HTTPError):  # a first call may time out on a busy machine; a PUT can be repeated
        staff.put_product(product)
        return
    time.sleep(1)
    try:
        staff.put_product(product)
    except requests.HTTPError as error:
        said = error.response.text[:200] if error.response is not None else ""
        raise Refusal(
            f"The API did not take the demo products ({error}: {said}): look into .local/functions.log for the reason."
        ) from error
