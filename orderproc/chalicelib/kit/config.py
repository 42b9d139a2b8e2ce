"""The only reader of the environment: one frozen `Settings`, loud about what is missing, and the names that decorators
need while `app.py` is being imported."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import field, fields
from typing import Any, NamedTuple

from .locales import LOCALES
from .readings import Readings, has_zone
from .shop import Shop
from .wiring import service

_LOG_LEVELS = ("INFO", "DEBUG", "WARNING", "ERROR", "CRITICAL")


class ConfigurationError(RuntimeError):
    """The environment lacks something or contradicts itself: a sentence for each thing that is wrong."""

    def __init__(self, *problems: str) -> None:
        super().__init__(" ".join(problems))
        self.problems = problems


# How a setting is read: the metadata of its field.


def required(variable: str) -> dict[str, Any]:
    return {"required": variable}


def reads(how: Callable[..., Any], *args: Any) -> dict[str, Any]:
    return {"read": lambda read, _: how(read, *args)}


def whole(variable: str, unit: str, **limits: int) -> dict[str, Any]:
    return {"read": lambda read, default: read.whole(variable, default, unit, **limits)}


def seconds(variable: str, **limits: int) -> dict[str, Any]:
    return {"read": lambda read, default: read.seconds(variable, default, **limits)}


def _currency(read: Readings, _: Any) -> str:
    from .money import is_currency

    code = read.text("DEFAULT_CURRENCY") or "EUR"
    if not is_currency(code):
        read.problems.append(f"DEFAULT_CURRENCY is {code!r}, but must be an active ISO 4217 currency, as in EUR.")
    return code


@service
class Settings:
    """Everything that differs between one deployment and another. Times are in seconds."""

    stage: str = field(metadata=required("STAGE"))
    orders_table: str = field(metadata=required("ORDERS_TABLE_NAME"))
    products_table: str = field(metadata=required("PRODUCTS_TABLE_NAME"))
    inventory_table: str = field(metadata=required("INVENTORY_TABLE_NAME"))
    payments_table: str = field(metadata=required("PAYMENTS_TABLE_NAME"))
    claims_table: str = field(metadata=required("CLAIMS_TABLE_NAME"))
    gateway_table: str = field(metadata=required("GATEWAY_TABLE_NAME"))
    order_queue_url: str = field(metadata=required("ORDER_QUEUE_URL"))
    notifications_queue_url: str = field(metadata=required("NOTIFICATIONS_QUEUE_URL"))
    topic_arn: str = field(metadata=required("SNS_TOPIC_ARN"))
    event_bus: str = field(metadata=required("EVENT_BUS_NAME"))
    documents_bucket: str = field(metadata=required("DOCUMENTS_BUCKET"))
    shop_name: str = field(metadata=required("SHOP_NAME"))
    shop_address: str = field(metadata=reads(Readings.text, "SHOP_ADDRESS"))
    shop_url: str = field(metadata=reads(Readings.url, "SHOP_URL"))
    mail_sender: str = field(metadata=required("MAIL_SENDER"))
    default_currency: str = field(metadata={"read": _currency})
    carts_table: str = field(metadata=required("CARTS_TABLE_NAME"))
    state_machine_arn: str = field(metadata=required("ORDER_STATE_MACHINE_ARN"))
    user_pool_client_id: str = field(metadata=required("USER_POOL_CLIENT_ID"))
    staff_client_ids: tuple[str, ...] = field(metadata=required("STAFF_CLIENT_IDS"))
    """The clients of the user pool whose tokens open staff's routes."""
    staff_sessions_id: str = field(metadata=required("STAFF_SESSIONS_ID"))
    inventory_queue_url: str = field(metadata=required("INVENTORY_QUEUE_URL"))
    payment_queue_url: str = field(metadata=required("PAYMENT_QUEUE_URL"))
    shipping_queue_url: str = field(metadata=required("SHIPPING_QUEUE_URL"))
    imports_queue_url: str = field(metadata=required("IMPORTS_QUEUE_URL"))
    imports_bucket: str = field(metadata=required("IMPORTS_BUCKET"))
    exports_queue_url: str = field(metadata=required("EXPORTS_QUEUE_URL"))
    site_bucket: str = field(metadata=required("SITE_BUCKET"))
    operations_table: str = field(metadata=required("OPERATIONS_TABLE_NAME"))
    carrier_secret_arn: str = field(metadata=required("CARRIER_SECRET_ARN"))
    outside_owner: str = field(metadata=required("OUTSIDE_OWNER"))
    publishable_key_id: str = field(metadata=required("PUBLISHABLE_KEY_ID"))
    """The id of the key that the shop's page carries. Required: without it that key, which anyone can read, would
    count as a partner's."""
    metrics_table: str = field(metadata=required("METRICS_TABLE_NAME"))
    link_secret_arn: str = field(metadata=required("LINK_SECRET_ARN"))
    search_table: str = field(metadata=required("SEARCH_TABLE_NAME"))
    handover_after: int = field(default=60, metadata=seconds("HANDOVER_AFTER_SECONDS", least=1))
    give_up_after: int = field(default=3600, metadata=seconds("GIVE_UP_AFTER_SECONDS"))
    max_receives: int = field(default=10, metadata=whole("MAX_RECEIVES", "receives", least=1, below=1001))
    retry_base: int = field(default=2, metadata=seconds("RETRY_BASE_SECONDS"))
    retry_most: int = field(default=400, metadata=seconds("RETRY_MOST_SECONDS", below=12 * 3600 - 900))
    reconciliation_margin: int = field(default=3600, metadata=seconds("RECONCILIATION_MARGIN_SECONDS"))
    shop_time_zone: str = "UTC"
    default_locale: str = field(default=LOCALES[0], metadata=reads(Readings.one_of, "DEFAULT_LOCALE", *LOCALES))
    bedrock_model_id: str = ""
    order_search: str = field(default="on", metadata=reads(Readings.one_of, "ORDER_SEARCH", "on", "off"))
    """`off`: no order is indexed, and staff filter what they can't search."""
    metrics_profile: str = field(default="free", metadata=reads(Readings.one_of, "METRICS_PROFILE", "free", "full"))
    public_url: str = field(default="", metadata=reads(Readings.url, "PUBLIC_URL"))
    """The API's address as customers reach it, without a slash at its end; empty where it is not configured."""
    site_url: str = field(default="", metadata=reads(Readings.url, "SITE_URL"))
    """The storefront's address, without a slash at its end."""
    catalogue_cache_seconds: int = field(default=0, metadata=seconds("CATALOGUE_CACHE_SECONDS", below=301))
    """For how long a cache in front of the API may answer for the catalogue; 0 for none."""
    low_stock_at: int = field(default=5, metadata=whole("LOW_STOCK_AT", "units"))
    abandoned_after: int = field(default=86400, metadata=seconds("ABANDONED_AFTER_SECONDS", below=30 * 86400))
    mails_per_day: int = field(default=50, metadata=whole("MAILS_PER_DAY", "mails", below=1_000_000))
    sms_per_day: int = field(default=20, metadata=whole("SMS_PER_DAY", "text messages", below=1_000_000))
    site_origin: str = field(default="", metadata=reads(Readings.origin, "SITE_ORIGIN"))
    """Of the only pages that may call with keys and tokens from a browser; empty for those of every origin."""
    trust_api_key_header: bool = False

    @classmethod
    def from_env(cls, env: Mapping[str, str], *, thorough: bool = False) -> Settings:
        """Read all settings at once. Raises ConfigurationError naming every variable that is missing or wrong. A
        deployment is `thorough`: it also looks up what would cost every start of a function time."""
        read = Readings(env)
        known = {f.name: f for f in fields(cls)}
        variables = {name: f.metadata["required"] for name, f in known.items() if "required" in f.metadata}
        texts = read.require(tuple(variables.values()))
        read.one_of("LOG_LEVEL", *_LOG_LEVELS)
        values: dict[str, Any] = {name: texts[variable] for name, variable in variables.items()}
        values |= {name: f.metadata["read"](read, f.default) for name, f in known.items() if "read" in f.metadata}
        values["staff_client_ids"] = tuple(values["staff_client_ids"].split())
        found = cls(
            **values,
            shop_time_zone=env.get("SHOP_TIME_ZONE") or "UTC",
            bedrock_model_id=env.get("BEDROCK_MODEL_ID", ""),
            trust_api_key_header=_trusts_header(env, read.problems),
        )
        found._compare(read, thorough=thorough)
        if read.problems:
            raise ConfigurationError(*read.problems)
        return found

    def _compare(self, read: Readings, *, thorough: bool) -> None:
        """Note what only a look at the value, or at several together, can tell."""
        read.text("SHOP_NAME", most=100)
        read.mail_address("MAIL_SENDER")
        read.less("HANDOVER_AFTER_SECONDS", self.handover_after, "GIVE_UP_AFTER_SECONDS", self.give_up_after)
        read.less("RETRY_BASE_SECONDS", self.retry_base, "RETRY_MOST_SECONDS", self.retry_most, equal=True)
        if self.retry_most * self.max_receives >= _QUEUES_KEEP:
            read.problems.append(
                f"MAX_RECEIVES times RETRY_MOST_SECONDS is {self.retry_most * self.max_receives}, but must be less than"
                f" {_QUEUES_KEEP}: SQS keeps a message for 14 days, and one that is still tried then is lost."
            )
        if thorough and not has_zone(self.shop_time_zone):
            read.problems.append(
                f"SHOP_TIME_ZONE is {self.shop_time_zone!r}, but there is no such time zone: name one as in"
                " Europe/Amsterdam."
            )

    @property
    def shop(self) -> Shop:
        """Who sells, as customers see it."""
        return Shop(self.shop_name, self.shop_address, self.shop_url, self.default_locale)


_QUEUES_KEEP = 14 * 86400


@service
class Names:
    """What the decorators of `app.py` and `api/` need at import, when only the stage's own variables are set."""

    app: str
    order_queue: str
    notifications_queue: str
    inventory_queue: str
    payment_queue: str
    shipping_queue: str
    imports_queue: str
    exports_queue: str
    documents_bucket: str
    imports_bucket: str
    user_pool_arn: str
    orders_stream: str
    site_origin: str
    closed: bool
    """Whether an operator closed the API (infra/backups/standstill.py)."""

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Names:
        """Missing names fall back to those of stage `local`, so that the app can be imported to be looked at."""
        stage = env.get("STAGE", "local")

        def queue_of(what: str, otherwise: str) -> str:
            """The name in the queue's address."""
            return env.get(f"{what}_QUEUE_URL", otherwise).rpartition("/")[2]

        return cls(
            app=f"orderproc-{stage}",
            order_queue=queue_of("ORDER", f"orderproc-{stage}-orders"),
            notifications_queue=queue_of("NOTIFICATIONS", f"orderproc-{stage}-notifications"),
            inventory_queue=queue_of("INVENTORY", f"orderproc-{stage}-inventory"),
            payment_queue=queue_of("PAYMENT", f"orderproc-{stage}-payment"),
            shipping_queue=queue_of("SHIPPING", f"orderproc-{stage}-shipping"),
            imports_queue=queue_of("IMPORTS", f"orderproc-{stage}-imports"),
            exports_queue=queue_of("EXPORTS", f"orderproc-{stage}-exports"),
            documents_bucket=env.get("DOCUMENTS_BUCKET", f"orderproc-{stage}-documents-000000000000"),
            imports_bucket=env.get("IMPORTS_BUCKET", f"orderproc-{stage}-imports-000000000000"),
            user_pool_arn=env.get("USER_POOL_ARN", "arn:aws:cognito-idp:us-east-1:000000000000:userpool/none"),
            orders_stream=env.get(
                "ORDERS_STREAM_ARN",
                f"arn:aws:dynamodb:us-east-1:000000000000:table/orderproc-{stage}-orders/stream/none",
            ),
            site_origin=env.get("SITE_ORIGIN", "").rstrip("/"),
            closed=env.get("SHOP_CLOSED") == "true",
        )


def _trusts_header(env: Mapping[str, str], problems: list[str]) -> bool:
    trust, in_lambda = env.get("TRUST_API_KEY_HEADER", ""), "AWS_LAMBDA_FUNCTION_NAME" in env
    if trust == "true" and in_lambda:
        problems.append("TRUST_API_KEY_HEADER is for `chalice local` and tests; in Lambda anybody could claim any key.")
    return trust == "true" or (trust == "outside-lambda" and not in_lambda)


def names() -> Names:
    return Names.from_env(os.environ)


def settings() -> Settings:
    return Settings.from_env(os.environ)


class Runtime(NamedTuple):
    """Where this process runs. `function` is its name in app.py; `full` says whether METRICS_PROFILE is that."""

    stage: str
    function: str
    full: bool


def runtime() -> Runtime:
    stage, function = os.environ.get("STAGE", "local"), os.environ.get("AWS_LAMBDA_FUNCTION_NAME", "")
    prefix = f"orderproc-{stage}"
    name = function.removeprefix(prefix).lstrip("-") if function.startswith(prefix) else function
    return Runtime(stage, name or "api_handler", os.environ.get("METRICS_PROFILE") == "full")


def log_level() -> str:
    return os.environ.get("LOG_LEVEL", "INFO")
