"""The only reader of the environment: one frozen `Settings`, loud about what is missing, and the names that decorators
need while `app.py` is being imported."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import NamedTuple

from .wiring import service


class ConfigurationError(RuntimeError):
    """The environment lacks something or contradicts itself; the message says what and where it is set."""


@service
class Settings:
    """Everything that differs between one deployment and another. Times are in seconds."""

    stage: str
    orders_table: str
    products_table: str
    inventory_table: str
    payments_table: str
    claims_table: str
    gateway_table: str
    order_queue_url: str
    notifications_queue_url: str
    topic_arn: str
    event_bus: str
    documents_bucket: str
    shop_name: str
    shop_address: str
    shop_url: str
    mail_sender: str
    default_currency: str
    carts_table: str
    state_machine_arn: str
    user_pool_client_id: str
    staff_client_ids: tuple[str, ...]
    """The clients of the user pool whose tokens open staff's routes."""
    staff_sessions_id: str
    inventory_queue_url: str
    payment_queue_url: str
    shipping_queue_url: str
    imports_queue_url: str
    imports_bucket: str
    operations_table: str
    carrier_secret_arn: str
    outside_owner: str
    metrics_table: str
    link_secret_arn: str
    handover_after: int = 60
    give_up_after: int = 3600
    max_receives: int = 10
    retry_base: int = 2
    retry_most: int = 400
    inspection_margin: int = 3600
    shop_time_zone: str = "UTC"
    bedrock_model_id: str = ""
    metrics_profile: str = "free"
    public_url: str = ""
    """The API's address as customers reach it, without a slash at its end; empty where nobody said."""
    low_stock_at: int = 5
    abandoned_after: int = 86400
    mails_per_day: int = 50
    sms_per_day: int = 20
    trust_api_key_header: bool = False

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Settings:
        """Read all settings at once. Raises ConfigurationError naming every variable that is missing or wrong."""
        missing = [name for name in (*_REQUIRED.values(), "STAFF_CLIENT_IDS") if not env.get(name)]
        if missing:
            raise ConfigurationError(
                f"{', '.join(missing)} {'is' if len(missing) == 1 else 'are'} missing: "
                "set in .chalice/config.json under the stage's environment_variables."
            )
        trust, in_lambda = env.get("TRUST_API_KEY_HEADER", ""), "AWS_LAMBDA_FUNCTION_NAME" in env
        if trust == "true" and in_lambda:
            raise ConfigurationError(
                "TRUST_API_KEY_HEADER is for `chalice local` and tests; in Lambda anybody could claim any key."
            )
        return cls(
            **{field: env[name] for field, name in _REQUIRED.items()},
            staff_client_ids=tuple(env["STAFF_CLIENT_IDS"].split()),
            shop_address=env.get("SHOP_ADDRESS", ""),
            shop_url=env.get("SHOP_URL", ""),
            default_currency=env.get("DEFAULT_CURRENCY", "EUR"),
            handover_after=_seconds(env, "HANDOVER_AFTER_SECONDS", 60),
            give_up_after=_seconds(env, "GIVE_UP_AFTER_SECONDS", 3600),
            max_receives=_whole(env, "MAX_RECEIVES", 10, "receives"),
            retry_base=_seconds(env, "RETRY_BASE_SECONDS", 2),
            retry_most=_seconds(env, "RETRY_MOST_SECONDS", 400, below=12 * 3600),
            inspection_margin=_seconds(env, "INSPECTION_MARGIN_SECONDS", 3600),
            shop_time_zone=env.get("SHOP_TIME_ZONE") or "UTC",
            bedrock_model_id=env.get("BEDROCK_MODEL_ID", ""),
            metrics_profile=_one_of(env, "METRICS_PROFILE", "free", "full"),
            public_url=_address(env, "PUBLIC_URL"),
            low_stock_at=_whole(env, "LOW_STOCK_AT", 5, "pieces"),
            abandoned_after=_seconds(env, "ABANDONED_AFTER_SECONDS", 86400, below=30 * 86400),
            mails_per_day=_whole(env, "MAILS_PER_DAY", 50, "mails", below=1_000_000),
            sms_per_day=_whole(env, "SMS_PER_DAY", 20, "text messages", below=1_000_000),
            trust_api_key_header=trust == "true" or (trust == "outside-lambda" and not in_lambda),
        )


_REQUIRED = {
    "stage": "STAGE",
    "orders_table": "ORDERS_TABLE_NAME",
    "products_table": "PRODUCTS_TABLE_NAME",
    "inventory_table": "INVENTORY_TABLE_NAME",
    "payments_table": "PAYMENTS_TABLE_NAME",
    "claims_table": "CLAIMS_TABLE_NAME",
    "gateway_table": "GATEWAY_TABLE_NAME",
    "order_queue_url": "ORDER_QUEUE_URL",
    "notifications_queue_url": "NOTIFICATIONS_QUEUE_URL",
    "topic_arn": "SNS_TOPIC_ARN",
    "event_bus": "EVENT_BUS_NAME",
    "documents_bucket": "DOCUMENTS_BUCKET",
    "shop_name": "SHOP_NAME",
    "mail_sender": "MAIL_SENDER",
    "carts_table": "CARTS_TABLE_NAME",
    "state_machine_arn": "ORDER_STATE_MACHINE_ARN",
    "user_pool_client_id": "USER_POOL_CLIENT_ID",
    "staff_sessions_id": "STAFF_SESSIONS_ID",
    "inventory_queue_url": "INVENTORY_QUEUE_URL",
    "payment_queue_url": "PAYMENT_QUEUE_URL",
    "shipping_queue_url": "SHIPPING_QUEUE_URL",
    "imports_queue_url": "IMPORTS_QUEUE_URL",
    "imports_bucket": "IMPORTS_BUCKET",
    "operations_table": "OPERATIONS_TABLE_NAME",
    "carrier_secret_arn": "CARRIER_SECRET_ARN",
    "outside_owner": "OUTSIDE_OWNER",
    "metrics_table": "METRICS_TABLE_NAME",
    "link_secret_arn": "LINK_SECRET_ARN",
}


@service
class Names:
    """What the decorators of `app.py` and `web/` need at import, when only the stage's own variables are set."""

    app: str
    order_queue: str
    notifications_queue: str
    inventory_queue: str
    payment_queue: str
    shipping_queue: str
    imports_queue: str
    documents_bucket: str
    imports_bucket: str
    user_pool_arn: str
    orders_stream: str

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Names:
        """Missing names fall back to those of stage `local`, so that the app can be imported to be looked at."""
        stage = env.get("STAGE", "local")
        return cls(
            app=f"orderproc-{stage}",
            order_queue=env.get("ORDER_QUEUE_NAME", f"orderproc-{stage}-orders"),
            notifications_queue=env.get("NOTIFICATIONS_QUEUE_NAME", f"orderproc-{stage}-notifications"),
            inventory_queue=env.get("INVENTORY_QUEUE_NAME", f"orderproc-{stage}-inventory"),
            payment_queue=env.get("PAYMENT_QUEUE_NAME", f"orderproc-{stage}-payment"),
            shipping_queue=env.get("SHIPPING_QUEUE_NAME", f"orderproc-{stage}-shipping"),
            imports_queue=env.get("IMPORTS_QUEUE_NAME", f"orderproc-{stage}-imports"),
            documents_bucket=env.get("DOCUMENTS_BUCKET", f"orderproc-{stage}-documents-000000000000"),
            imports_bucket=env.get("IMPORTS_BUCKET", f"orderproc-{stage}-imports-000000000000"),
            user_pool_arn=env.get("USER_POOL_ARN", "arn:aws:cognito-idp:us-east-1:000000000000:userpool/none"),
            orders_stream=env.get(
                "ORDERS_STREAM_ARN",
                f"arn:aws:dynamodb:us-east-1:000000000000:table/orderproc-{stage}-orders/stream/none",
            ),
        )


def _seconds(env: Mapping[str, str], name: str, default: int, below: int | None = None) -> int:
    return _whole(env, name, default, "seconds", below)


def _whole(env: Mapping[str, str], name: str, default: int, unit: str, below: int | None = None) -> int:
    text = env.get(name, str(default))
    if not text.isdecimal():  # `²` is a digit, too
        raise ConfigurationError(f"{name} is {text!r}, but must be a whole number of {unit}.")
    if below is not None and int(text) >= below:
        raise ConfigurationError(f"{name} is {text}, but must be less than {below}.")
    return int(text)


def _one_of(env: Mapping[str, str], name: str, *choices: str) -> str:
    """The first of the choices by default."""
    text = env.get(name) or choices[0]
    if text not in choices:
        raise ConfigurationError(f"{name} is {text!r}, but must be one of {', '.join(choices)}.")
    return text


def _address(env: Mapping[str, str], name: str) -> str:
    text = env.get(name, "").rstrip("/")
    if text and not text.startswith(("https://", "http://")):
        raise ConfigurationError(f"{name} is {text!r}, but must begin with https:// (or http://).")
    return text


def names() -> Names:
    return Names.from_env(os.environ)


def settings() -> Settings:
    return Settings.from_env(os.environ)


class Place(NamedTuple):
    """Where this process runs. `function` is its name in app.py; `full` says whether METRICS_PROFILE is that."""

    stage: str
    function: str
    full: bool


def place() -> Place:
    stage, function = os.environ.get("STAGE", "local"), os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "")
    prefix = f"orderproc-{stage}"
    name = function.removeprefix(prefix).lstrip("-") if function.startswith(prefix) else function
    return Place(stage, name or "api_handler", os.environ.get("METRICS_PROFILE") == "full")


def log_level() -> str:
    return os.environ.get("LOG_LEVEL", "INFO")
