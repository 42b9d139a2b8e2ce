"""Turns the tracked configuration, concrete for stage `local`, into another stage's: names, account, region,
addresses.
"""

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.deploy import chat_model, concurrency, names, network
from infra.deploy.runtime import ARCHITECTURE
from infra.errors import Refusal
from infra.target import Target

BASE_STAGE = "local"
_BASE_ACCOUNT = "000000000000"
_BASE_REGION = "us-east-1"
# What a stage's owner may choose by setting a variable of the same name when deploying.
CHOSEN = (
    *("SHOP_NAME", "SHOP_ADDRESS", "SHOP_URL", "SHOP_TIME_ZONE", "DEFAULT_CURRENCY", "DEFAULT_LOCALE"),
    *("PUBLIC_URL", "SITE_ORIGIN", "MAIL_SENDER", "MAILS_PER_DAY", "SMS_PER_DAY", "BEDROCK_MODEL_ID", "LOW_STOCK_AT"),
    *("ABANDONED_AFTER_SECONDS", "HANDOVER_AFTER_SECONDS", "GIVE_UP_AFTER_SECONDS", "RETRY_BASE_SECONDS"),
    *("RETRY_MOST_SECONDS", "RECONCILIATION_MARGIN_SECONDS", "LOG_LEVEL", "METRICS_PROFILE", "ORDER_SEARCH"),
    "CATALOGUE_CACHE_SECONDS",
)
CHOSEN_FOR_ROLES = ("MAIL_IDENTITY",)
# There retries need not take minutes, and no message leaves the machine: samples and tests send many to the same
# address.
_ON_AN_EMULATOR = {
    "RETRY_BASE_SECONDS": "1",
    "RETRY_MOST_SECONDS": "5",
    "MAILS_PER_DAY": "100000",
    "SMS_PER_DAY": "100000",
}
_TABLES = (
    "Orders",
    "Products",
    "Inventory",
    "Payments",
    "Claims",
    "Gateway",
    "Carts",
    "Operations",
    "Metrics",
    "Search",
)
_QUEUES = ("Notifications", "Inventory", "Payment", "Shipping", "Imports", "Exports")
_FROM_OUTPUTS = {
    **{f"{name.upper()}_TABLE_NAME": f"{name}TableName" for name in _TABLES},
    **{f"{name.upper()}_QUEUE_URL": f"{name}QueueUrl" for name in _QUEUES},
    "ORDER_QUEUE_URL": "OrdersQueueUrl",
    "ORDER_STATE_MACHINE_ARN": "OrderStateMachineArn",
    "SNS_TOPIC_ARN": "OrdersTopicArn",
    "EVENT_BUS_NAME": "EventBusName",
    "MAX_RECEIVES": "MaxReceives",
    "DOCUMENTS_BUCKET": "DocumentsBucketName",
    "IMPORTS_BUCKET": "ImportsBucketName",
    "SITE_BUCKET": "SiteBucketName",
    "CARRIER_SECRET_ARN": "CarrierSecretArn",
    "LINK_SECRET_ARN": "LinkSecretArn",
    "ORDERS_STREAM_ARN": "OrdersStreamArn",
    "USER_POOL_ARN": "UserPoolArn",
    "USER_POOL_CLIENT_ID": "UserPoolClientId",
    "STAFF_SESSIONS_ID": "StaffSessionsId",
    "PUBLISHABLE_KEY_ID": "PublishableKeyId",
}


def config(tracked: Mapping[str, Any], target: Target, outputs: Mapping[str, str], api_url: str = "") -> dict[str, Any]:
    """Chalice's config.json with this stage alone in it. `api_url` is where the API is, if there is one already.
    Refuses to deploy to AWS without a sender."""
    if missing := sender_is_missing(target):
        raise Refusal(missing)
    stage, limits = names.stage_of(target, tracked), concurrency.limits()
    known = {"PUBLIC_URL": url} if (url := public_url(api_url)) else {}
    stage["environment_variables"] = environment({**stage.get("environment_variables", {}), **known}, target, outputs)
    if not target.is_emulator:
        # An emulator runs functions on this machine's processor.
        stage.setdefault("lambda_architecture", ARCHITECTURE)
    stage |= network.place(outputs)
    stage["tags"] = {**stage.get("tags", {}), **target.tags}
    stage["lambda_functions"] = {
        name: {**function, **({"reserved_concurrency": limits[name]} if name in limits else {})}
        for name, function in stage["lambda_functions"].items()
    }
    return {**tracked, "xray": traced(), "stages": {target.stage: stage}}


def traced() -> bool:
    """Whether X-Ray shall record requests. Refuses a TRACING that is neither `true` nor `false`."""
    chosen = os.environ.get("TRACING") or "true"
    if chosen not in ("true", "false"):
        raise Refusal(f"TRACING is {chosen!r}: say `true` or `false`.")
    return chosen == "true"


def public_url(api_url: str) -> str:
    """Where customers reach the API: the one chosen when deploying, or else the API's own address."""
    return os.environ.get("PUBLIC_URL") or api_url


def environment(base: Mapping[str, str], target: Target, outputs: Mapping[str, str]) -> dict[str, str]:
    """The functions' environment variables: the tracked ones, then the deployer's choice, then what the stack
    was given.
    """
    chosen = {name: os.environ[name] for name in CHOSEN if os.environ.get(name)}
    quicker = _ON_AN_EMULATOR if target.is_emulator else {}
    made = from_stack(target, outputs)
    return {**base, **quicker, "SITE_ORIGIN": made["SITE_URL"], **chosen, **made}


def variables(tracked: Mapping[str, Any], target: Target, outputs: Mapping[str, str]) -> dict[str, str]:
    """The functions' environment variables, from the tracked configuration."""
    return environment(names.stage_of(target, tracked).get("environment_variables", {}), target, outputs)


def site_origin(tracked: Mapping[str, Any], target: Target, outputs: Mapping[str, str]) -> str:
    """Of the pages that may call the API with keys and tokens; empty for all."""
    return variables(tracked, target, outputs).get("SITE_ORIGIN", "").rstrip("/")


def sender_is_missing(target: Target) -> str:
    """A sentence if there is no sender: on AWS every mail would bounce off SES. Empty if there is one."""
    if target.is_emulator or os.environ.get("MAIL_SENDER"):
        return ""
    return (
        "MAIL_SENDER is not set: name the address, verified in SES, that mails come from, as in"
        f" `make deploy STAGE={target.stage} MAIL_SENDER=orders@your.shop`."
    )


def from_stack(target: Target, outputs: Mapping[str, str]) -> dict[str, str]:
    """The variables that say where everything of the stage is."""
    made = {name: outputs[output] for name, output in _FROM_OUTPUTS.items()}
    made["SITE_URL"] = target.site_url(outputs["SiteDomainName"])
    made["OUTSIDE_OWNER"] = f"p-{outputs['PartnerKeyId']}"
    # On a machine of one's own, one client signs in customers and staff alike: stack.json's `user_pool_client_id`.
    clients = ("StaffClientId", "UserPoolClientId") if target.is_emulator else ("StaffClientId",)
    made["STAFF_CLIENT_IDS"] = " ".join(outputs[client] for client in clients)
    return {**made, "STAGE": target.stage}


def policies(
    folder: Path, target: Target, outputs: Mapping[str, str], sender: str, base_sender: str, model_id: str = ""
) -> dict[str, Any]:
    """Every policy-<function>.json of the folder, by file name, naming this stage's resources only. The API may ask
    the language model `model_id`, if there is one.

    Where SES knows the sender's domain and not the address, MAIL_IDENTITY names what SES knows.
    """
    identity = os.environ.get("MAIL_IDENTITY") or sender

    def localise(text: str) -> str:
        text = re.sub(rf"\borderproc-{BASE_STAGE}\b", target.prefix, text)
        text = text.replace(_BASE_ACCOUNT, target.account).replace(_BASE_REGION, target.region)
        text = text.replace("userpool/none", f"userpool/{outputs['UserPoolId']}")
        text = text.replace(f"identity/{base_sender}", f"identity/{identity}")
        return text.replace("arn:aws:", f"arn:{target.partition}:")

    found = {
        path.name: json.loads(localise(path.read_text(encoding="utf-8")))
        for path in sorted(folder.glob("policy-*.json"))
    }
    found["policy-api_handler.json"]["Statement"] += chat_model.statements(model_id, target)
    for policy in found.values():
        policy["Statement"] += network.statements(outputs)
    return found
