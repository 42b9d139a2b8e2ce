"""The configuration: complete, or loud about all that is missing."""

from __future__ import annotations

import pytest
from chalicelib.bootstrap.reporting import zone_of
from chalicelib.kit.config import ConfigurationError, Names, Settings

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
    "EXPORTS_QUEUE_URL",
    "SITE_BUCKET",
    "PUBLISHABLE_KEY_ID",
    "OPERATIONS_TABLE_NAME",
    "CARRIER_SECRET_ARN",
    "OUTSIDE_OWNER",
    "METRICS_TABLE_NAME",
    "LINK_SECRET_ARN",
    "SEARCH_TABLE_NAME",
]
WHOLE = {name: f"value of {name}" for name in REQUIRED} | {"MAIL_SENDER": "orders@your.shop"}


def problems(**given: str) -> tuple[str, ...]:
    """What a deployment with these settings is told."""
    with pytest.raises(ConfigurationError) as error:
        Settings.from_env({**WHOLE, **given}, thorough=True)
    return error.value.problems


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
@pytest.mark.parametrize("how", ["absent", "", "  "])
def test_each_single_one_that_is_missing_is_named_alone(name: str, how: str) -> None:
    env = {key: value for key, value in WHOLE.items() if key != name} | ({} if how == "absent" else {name: how})

    with pytest.raises(ConfigurationError, match=f"^{name} is missing") as error:
        Settings.from_env(env)

    assert not [other for other in REQUIRED if other != name and other in str(error.value)]


@pytest.mark.parametrize(
    "name",
    [
        *("HANDOVER_AFTER_SECONDS", "GIVE_UP_AFTER_SECONDS", "RECONCILIATION_MARGIN_SECONDS"),
        *("RETRY_BASE_SECONDS", "RETRY_MOST_SECONDS"),
        *("ABANDONED_AFTER_SECONDS", "LOW_STOCK_AT", "MAILS_PER_DAY", "SMS_PER_DAY"),
        "CATALOGUE_CACHE_SECONDS",
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


def test_each_mistake_is_a_sentence_and_all_are_named_at_once() -> None:
    wrong = {
        "METRICS_PROFILE": "ful",
        "DEFAULT_CURRENCY": "EURO",
        "SHOP_TIME_ZONE": "Europe",
        "GIVE_UP_AFTER_SECONDS": "1h",
        "MAIL_SENDER": "Your Shop <orders@your.shop>",
        "PUBLIC_URL": "api.your.shop",
        "SHOP_URL": "https://",
        "LOG_LEVEL": "LOUD",
    }

    found = problems(**wrong)

    assert sorted(sentence.partition(" is ")[0] for sentence in found) == sorted(wrong)
    assert all(sentence.endswith(".") for sentence in found)


@pytest.mark.parametrize("code", ["EURO", "eur", "DEM", "XXXX"])
def test_prices_are_in_a_currency_that_is_in_use(code: str) -> None:
    assert problems(DEFAULT_CURRENCY=code) == (
        f"DEFAULT_CURRENCY is {code!r}, but must be an active ISO 4217 currency, as in EUR.",
    )


@pytest.mark.parametrize("zone", ["Europe", "Amsterdam", "europe/amsterdam", "/etc/passwd", "../UTC", "CEST"])
def test_a_time_zone_is_one_that_functions_find(zone: str) -> None:
    assert [sentence.startswith(f"SHOP_TIME_ZONE is {zone!r}") for sentence in problems(SHOP_TIME_ZONE=zone)] == [True]


@pytest.mark.parametrize("zone", ["Europe", "Amsterdam", "../UTC"])
def test_a_function_that_was_given_another_says_so(zone: str) -> None:
    with pytest.raises(ConfigurationError, match="there is no such time zone"):
        zone_of(zone)


@pytest.mark.parametrize("zone", ["UTC", "Europe/Amsterdam", "America/Argentina/Buenos_Aires"])
def test_time_zones_that_there_are_are_taken(zone: str) -> None:
    assert Settings.from_env({**WHOLE, "SHOP_TIME_ZONE": zone}, thorough=True).shop_time_zone == zone


def test_a_sender_with_a_name_is_told_its_address() -> None:
    assert problems(MAIL_SENDER="Your Shop <orders@your.shop>") == (
        "MAIL_SENDER is 'Your Shop <orders@your.shop>', but must be an e-mail address alone, as in orders@your.shop;"
        " the name beside it in mails is SHOP_NAME.",
    )


NO_SENDERS = [
    *("orders", "orders@shop", "orders@", "a@b.c d", "ørder@your.shop", "a..b@your.shop", "a@-.-", "a@127.0.0.1"),
    *("*@your.shop", "o?r@your.shop"),  # in IAM policies, where the address stands, all senders of the domain
]


@pytest.mark.parametrize("sender", NO_SENDERS)
def test_what_mail_can_not_come_from_is_no_sender(sender: str) -> None:
    (found,) = problems(MAIL_SENDER=sender)

    assert found.startswith(f"MAIL_SENDER is {sender!r}")


@pytest.mark.parametrize(
    ("given", "blamed"),
    [
        ({"HANDOVER_AFTER_SECONDS": "0"}, "HANDOVER_AFTER_SECONDS is 0, but must be at least 1."),
        (
            {"HANDOVER_AFTER_SECONDS": "3600"},
            "HANDOVER_AFTER_SECONDS is 3600, but must be less than GIVE_UP_AFTER_SECONDS, which is 3600.",
        ),
        (
            {"RETRY_BASE_SECONDS": "10", "RETRY_MOST_SECONDS": "9"},
            "RETRY_BASE_SECONDS is 10, but must be at most RETRY_MOST_SECONDS, which is 9.",
        ),
        ({"GIVE_UP_AFTER_SECONDS": "9" * 5000}, f"GIVE_UP_AFTER_SECONDS is {'9' * 20}, but must be less than 2678400."),
        ({"LOW_STOCK_AT": "1000000000"}, "LOW_STOCK_AT is 1000000000, but must be less than 1000000000."),
        ({"CATALOGUE_CACHE_SECONDS": "301"}, "CATALOGUE_CACHE_SECONDS is 301, but must be less than 301."),
        ({"SHOP_NAME": "x" * 101}, "SHOP_NAME has 101 characters, but must have at most 100."),
        ({"SHOP_NAME": "K\udcf6ln"}, "SHOP_NAME is not in UTF-8: set it in a shell with a UTF-8 locale."),
        (
            {"MAX_RECEIVES": "\N{ARABIC-INDIC DIGIT EIGHT}"},
            "MAX_RECEIVES is '٨', but must be a whole number of receives.",
        ),
        ({"RETRY_MOST_SECONDS": "42300"}, "RETRY_MOST_SECONDS is 42300, but must be less than 42300."),
        (
            {"RETRY_MOST_SECONDS": "12096", "MAX_RECEIVES": "100"},
            "MAX_RECEIVES times RETRY_MOST_SECONDS is 1209600, but must be less than 1209600: SQS keeps a message for"
            " 14 days, and one that is still tried then is lost.",
        ),
    ],
)
def test_numbers_have_bounds_and_fit_together(given: dict[str, str], blamed: str) -> None:
    assert problems(**given) == (blamed,)


NO_URLS = [
    *("your.shop", "https://", "https:/your.shop", "ftp://your.shop", "https://a b.c", "https://your.shop/?a=1"),
    *("https://_", "https://1.2.3.999", "https://your.shop/\x01", "https://your.shop/\u202e", "https://-a.shop"),
    *("https://your.shop:0", "https://your.shop:65536"),
]


@pytest.mark.parametrize("url", NO_URLS)
@pytest.mark.parametrize("name", ["PUBLIC_URL", "SHOP_URL"])
def test_what_can_not_begin_a_link_is_no_address(name: str, url: str) -> None:
    assert [sentence.partition(" is ")[0] for sentence in problems(**{name: url})] == [name]


def test_the_public_address_is_one_and_has_no_slash_at_its_end() -> None:
    assert Settings.from_env(WHOLE).public_url == ""
    assert Settings.from_env({**WHOLE, "PUBLIC_URL": "https://api.my.shop/"}).public_url == "https://api.my.shop"
    with pytest.raises(ConfigurationError, match="PUBLIC_URL"):
        Settings.from_env({**WHOLE, "PUBLIC_URL": "api.my.shop"})


@pytest.mark.parametrize(
    "origin",
    ["https://shop.test/en", "https://Shop.test", "https://shop.test:443", "http://shop.test:80", "shop.test", "*"],
)
def test_the_sites_origin_is_as_browsers_name_it(origin: str) -> None:
    assert [sentence.partition(" is ")[0] for sentence in problems(SITE_ORIGIN=origin)] == ["SITE_ORIGIN"]


@pytest.mark.parametrize("origin", ["", "https://shop.test", "http://127.0.0.1:5180", "https://shop.test:8443"])
def test_the_sites_origin_may_be_left_open(origin: str) -> None:
    for sent in (origin, origin and f"{origin}/"):
        assert Settings.from_env({**WHOLE, "SITE_ORIGIN": sent}).site_origin == origin
        assert Names.from_env({"SITE_ORIGIN": sent}).site_origin == origin


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
