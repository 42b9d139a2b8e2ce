"""The configuration: complete, or loud about all that is missing."""

from __future__ import annotations

import pytest
from chalicelib.config import ConfigurationError, Names, Settings

REQUIRED = [
    "STAGE",
    "ORDERS_TABLE_NAME",
    "PRODUCTS_TABLE_NAME",
    "INVENTORY_TABLE_NAME",
    "PAYMENTS_TABLE_NAME",
    "CLAIMS_TABLE_NAME",
    "GATEWAY_TABLE_NAME",
    "ORDER_QUEUE_URL",
    "NOTIFICATIONS_QUEUE_URL",
    "SNS_TOPIC_ARN",
    "EVENT_BUS_NAME",
    "DOCUMENTS_BUCKET",
    "SHOP_NAME",
    "MAIL_SENDER",
    "CARTS_TABLE_NAME",
    "ORDER_STATE_MACHINE_ARN",
    "USER_POOL_CLIENT_ID",
    "STAFF_CLIENT_IDS",
    "STAFF_SESSIONS_ID",
    "INVENTORY_QUEUE_URL",
    "PAYMENT_QUEUE_URL",
    "SHIPPING_QUEUE_URL",
    "IMPORTS_QUEUE_URL",
    "IMPORTS_BUCKET",
    "OPERATIONS_TABLE_NAME",
    "CARRIER_SECRET_ARN",
    "OUTSIDE_OWNER",
    "METRICS_TABLE_NAME",
    "LINK_SECRET_ARN",
]
WHOLE = {name: f"value of {name}" for name in REQUIRED}


def test_a_whole_environment_is_read() -> None:
    settings = Settings.from_env({**WHOLE, "SHOP_ADDRESS": "1 Market Square", "DEFAULT_CURRENCY": "JPY"})

    assert settings.orders_table == "value of ORDERS_TABLE_NAME"
    assert (settings.shop_address, settings.default_currency) == ("1 Market Square", "JPY")


def test_staff_may_sign_in_by_several_clients() -> None:
    assert Settings.from_env({**WHOLE, "STAFF_CLIENT_IDS": "one two"}).staff_client_ids == ("one", "two")


def test_what_is_optional_has_its_default() -> None:
    settings = Settings.from_env(WHOLE)

    assert (settings.handover_after, settings.give_up_after) == (60, 3600)
    assert (settings.retry_base, settings.retry_most) == (2, 400)
    assert (settings.default_currency, settings.shop_url, settings.trust_api_key_header) == ("EUR", "", False)


def test_everything_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(ConfigurationError) as error:
        Settings.from_env({})

    assert all(name in str(error.value) for name in REQUIRED)


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("how", ["absent", "empty"])
def test_each_single_one_that_is_missing_is_named_alone(name: str, how: str) -> None:
    env = {key: value for key, value in WHOLE.items() if key != name} | ({name: ""} if how == "empty" else {})

    with pytest.raises(ConfigurationError, match=f"^{name} is missing") as error:
        Settings.from_env(env)

    assert not [other for other in REQUIRED if other != name and other in str(error.value)]


@pytest.mark.parametrize(
    "name",
    [
        *("HANDOVER_AFTER_SECONDS", "GIVE_UP_AFTER_SECONDS", "INSPECTION_MARGIN_SECONDS"),
        *("RETRY_BASE_SECONDS", "RETRY_MOST_SECONDS"),
        *("ABANDONED_AFTER_SECONDS", "LOW_STOCK_AT", "MAILS_PER_DAY", "SMS_PER_DAY"),
    ],
)
@pytest.mark.parametrize("value", ["", "soon", "-1", "1.5", "1e3", " 5", "²"])
def test_times_that_are_no_whole_seconds_are_refused_by_name(name: str, value: str) -> None:
    with pytest.raises(ConfigurationError, match=name):
        Settings.from_env({**WHOLE, name: value})


def test_times_are_read_in_seconds() -> None:
    settings = Settings.from_env(
        {**WHOLE, "HANDOVER_AFTER_SECONDS": "5", "RETRY_BASE_SECONDS": "0", "RETRY_MOST_SECONDS": "9"}
    )

    assert (settings.handover_after, settings.retry_base, settings.retry_most) == (5, 0, 9)


def test_a_cart_is_left_behind_before_it_is_emptied() -> None:
    assert Settings.from_env({**WHOLE, "ABANDONED_AFTER_SECONDS": "2591999"}).abandoned_after == 2591999
    with pytest.raises(ConfigurationError, match="ABANDONED_AFTER_SECONDS is 2592000, but must be less than 2592000"):
        Settings.from_env({**WHOLE, "ABANDONED_AFTER_SECONDS": "2592000"})


def test_a_days_messages_fit_into_one_item() -> None:
    settings = Settings.from_env({**WHOLE, "MAILS_PER_DAY": "999999", "SMS_PER_DAY": "0"})

    assert (settings.mails_per_day, settings.sms_per_day) == (999_999, 0)
    with pytest.raises(ConfigurationError, match="MAILS_PER_DAY is 1000000, but must be less than 1000000"):
        Settings.from_env({**WHOLE, "MAILS_PER_DAY": "1000000"})


def test_the_public_address_is_one_and_has_no_slash_at_its_end() -> None:
    assert Settings.from_env(WHOLE).public_url == ""
    assert Settings.from_env({**WHOLE, "PUBLIC_URL": "https://api.my.shop/"}).public_url == "https://api.my.shop"
    with pytest.raises(ConfigurationError, match="PUBLIC_URL"):
        Settings.from_env({**WHOLE, "PUBLIC_URL": "api.my.shop"})


def test_the_api_key_header_is_trusted_only_when_told() -> None:
    assert Settings.from_env({**WHOLE, "TRUST_API_KEY_HEADER": "true"}).trust_api_key_header
    assert not Settings.from_env({**WHOLE, "TRUST_API_KEY_HEADER": "1"}).trust_api_key_header


def test_trusted_outside_lambda_the_header_is_nothing_inside() -> None:
    env = {**WHOLE, "TRUST_API_KEY_HEADER": "outside-lambda"}

    assert Settings.from_env(env).trust_api_key_header
    assert not Settings.from_env({**env, "AWS_LAMBDA_FUNCTION_NAME": "orderproc-local"}).trust_api_key_header


def test_in_lambda_the_api_key_header_is_never_trusted() -> None:
    env = {**WHOLE, "TRUST_API_KEY_HEADER": "true", "AWS_LAMBDA_FUNCTION_NAME": "orderproc-local"}

    with pytest.raises(ConfigurationError, match="TRUST_API_KEY_HEADER"):
        Settings.from_env(env)


def test_the_names_that_decorators_need_have_defaults_so_that_the_app_can_be_imported() -> None:
    names = Names.from_env({})

    assert names.order_queue == "orderproc-local-orders"
    assert names.notifications_queue == "orderproc-local-notifications"
    assert names.documents_bucket.startswith("orderproc-local-documents-")
