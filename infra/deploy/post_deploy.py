"""What Chalice leaves undone after `chalice deploy`: partners' keys, the gateway's own answers, the mail
function's DLQ, logs.
"""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from infra.deploy import gateway_responses, render, stacks, stream_mapping, throttles
from infra.paths import TEMPLATES
from infra.target import API_STAGE, Target

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import PatchOperationTypeDef

STEPS = (
    "validate_order",
    "save_order",
    "reserve_inventory",
    "process_payment",
    "update_inventory",
    "confirm_order",
    "fulfil_order",
    "complete_order",
    "send_notification",
    "generate_receipt",
    "release_inventory",
    "refund_payment",
    "fail_order",
    "needs_attention",
)
WORKERS = ("inventory_worker", "payment_worker", "shipping_worker")
IMPORTS = ("import_orders", "import_products")
"""Invoked by S3, as the mail function is."""
METRICS = ("count_orders", "publish_metrics", "hourly_metrics")
FUNCTIONS = (
    *("api_handler", "process_orders", "notify", "mail_receipt", "housekeeper", "redrive", "reconciler", "import_rows"),
    *(*WORKERS, *IMPORTS, *METRICS, *STEPS),
)


MAILERS = ("mail_receipt", "notify")
"""Write the mails, with links to pages of the API in them."""
KNOW_THE_URL = (*MAILERS, "api_handler")
"""The API writes where it is into every problem."""


class ApiKeys(NamedTuple):
    """The values of the partners' keys: secrets."""

    partner: str
    other: str


def function_name(target: Target, function: str) -> str:
    """The name Chalice gives the function in Lambda: the API's is the stage's prefix alone."""
    return target.prefix if function == "api_handler" else f"{target.prefix}-{function}"


def api_stack(target: Target) -> str:
    """The name of the stack with the keys and plans."""
    return f"{target.prefix}-api"


def finish_api(target: Target, rest_api_id: str, partner_key_id: str) -> ApiKeys:
    """See that the gateway's answers name the API's address, set its limits, and give the partners their keys."""
    if gateway_responses.settle(target.apigateway, rest_api_id, render.public_url(target.api_url(rest_api_id))):
        target.apigateway.create_deployment(
            restApiId=rest_api_id, stageName=API_STAGE, description="with gateway responses"
        )
    settings: list[PatchOperationTypeDef] = [
        {"op": "replace", "path": "/tracingEnabled", "value": str(render.traced()).lower()},
        *throttles.patches(throttles.routes(target.apigateway, rest_api_id)),
    ]
    throttles.put(target.apigateway, rest_api_id, API_STAGE, settings)
    parameters = {"Stage": target.stage, "RestApiId": rest_api_id, "ApiStage": API_STAGE}
    parameters["PartnerKeyId"] = partner_key_id
    outputs = stacks.apply(target, api_stack(target), TEMPLATES / "api.yaml", parameters)
    return ApiKeys(_key_value(target, partner_key_id), _key_value(target, outputs["OtherPartnerKeyId"]))


def finish_functions(target: Target, outputs: Mapping[str, str]) -> None:
    """Send what functions that S3 or a stream invokes give up on to their DLQs, and make every function's logs JSON
    without the platform's chatter.
    """
    dead_letters = {"mail_receipt": outputs["MailDlqArn"], **dict.fromkeys(IMPORTS, outputs["ImportFilesDlqArn"])}
    for function, queue_arn in dead_letters.items():
        target.functions.put_function_event_invoke_config(
            FunctionName=function_name(target, function),
            MaximumRetryAttempts=2,
            MaximumEventAgeInSeconds=3600,
            DestinationConfig={"OnFailure": {"Destination": queue_arn}},
        )
    stream_mapping.settle(target.functions, function_name(target, "count_orders"), outputs)
    for function in FUNCTIONS:
        name = function_name(target, function)
        logging = target.functions.get_function_configuration(FunctionName=name).get("LoggingConfig", {})
        if (logging.get("LogFormat"), logging.get("SystemLogLevel")) != ("JSON", "WARN"):
            target.functions.get_waiter("function_updated_v2").wait(FunctionName=name)
            target.functions.update_function_configuration(
                FunctionName=name,
                LoggingConfig={"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "SystemLogLevel": "WARN"},
            )


def tell_public_url(target: Target, url: str) -> None:
    """Tell the functions that write links where the API is: at the first deployment they are there before it is."""
    for function in KNOW_THE_URL:
        name = function_name(target, function)
        environment = target.functions.get_function_configuration(FunctionName=name).get("Environment", {})
        told = environment.get("Variables", {})
        if told.get("PUBLIC_URL") != url:
            target.functions.get_waiter("function_updated_v2").wait(FunctionName=name)
            target.functions.update_function_configuration(
                FunctionName=name, Environment={"Variables": {**told, "PUBLIC_URL": url}}
            )


def _key_value(target: Target, key_id: str) -> str:
    return target.apigateway.get_api_key(apiKey=key_id, includeValue=True)["value"]
