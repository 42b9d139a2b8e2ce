"""What Chalice leaves undone after `chalice deploy`: partners' keys, the gateway's own answers, the mail
function's DLQ, logs.
"""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from infra.deploy import (
    access_logs,
    catalogue_cache,
    concurrency,
    foundation,
    gateway_responses,
    names,
    permissions,
    render,
    stream_mapping,
    templates,
    throttles,
    warm,
)
from infra.target import API_STAGE, Target

if TYPE_CHECKING:
    from mypy_boto3_apigateway.type_defs import PatchOperationTypeDef

FUNCTIONS = tuple(permissions.FUNCTIONS)
IMPORTS = ("import_orders", "import_products")
"""Invoked by S3, as the mail function is."""
MAILERS = ("mail_receipt", "notify")
"""Write the mails, with links to pages of the API in them."""
KNOW_THE_URL = (*MAILERS, "api_handler")
"""The API writes where it is into every problem."""


class ApiKeys(NamedTuple):
    """The values of the partners' keys, which are secrets, and of the page's, which is none."""

    partner: str
    other: str
    publishable: str


class Api(NamedTuple):
    """What came of it."""

    keys: ApiKeys
    catalogue_url: str | None
    """Where pages read the catalogue, if not from the API itself."""


def finish_api(target: Target, rest_api_id: str, outputs: Mapping[str, str], variables: Mapping[str, str]) -> Api:
    """See that the gateway's answers name the API's address and the pages that may read them, set the API's limits,
    log and cache, and give partners and page their keys. `variables` are the functions'."""
    origin = variables.get("SITE_ORIGIN", "").rstrip("/")
    url = render.public_url(target.api_url(rest_api_id))
    if gateway_responses.apply(target.apigateway, rest_api_id, url, origin):
        target.apigateway.create_deployment(
            restApiId=rest_api_id, stageName=API_STAGE, description="with gateway responses"
        )
    settings: list[PatchOperationTypeDef] = [
        {"op": "replace", "path": "/tracingEnabled", "value": str(render.traced()).lower()},
        *throttles.patches(throttles.routes(target.apigateway, rest_api_id)),
    ]
    throttles.put(target.apigateway, rest_api_id, API_STAGE, settings)
    access_logs.apply(target, rest_api_id, templates.parameters("logs", target.stage, {}).get("ApiAccessLogs", "off"))
    stage_arn = f"arn:{target.partition}:apigateway:{target.region}::/restapis/{rest_api_id}/stages/{API_STAGE}"
    target.apigateway.tag_resource(resourceArn=stage_arn, tags=target.tags)
    made = foundation.of(target).connect_api(target, parameters_of_api(target, rest_api_id, outputs, variables))
    ids = (outputs["PartnerKeyId"], made["OtherPartnerKeyId"], outputs["PublishableKeyId"])
    keys = ApiKeys(*(key_value(target, key_id) for key_id in ids))
    return Api(keys, catalogue_cache.url(target, made))


def parameters_of_api(
    target: Target, rest_api_id: str, outputs: Mapping[str, str], variables: Mapping[str, str]
) -> dict[str, str]:
    """What is given to what needs the API, as api.yaml declares it. `variables` are the functions'."""
    return {
        "Stage": target.stage,
        "RestApiId": rest_api_id,
        "ApiStage": API_STAGE,
        "PartnerKeyId": outputs["PartnerKeyId"],
        "PublishableKeyId": outputs["PublishableKeyId"],
        "FirewallArn": outputs.get("ApiFirewallArn", ""),
        "SiteFirewallArn": outputs.get("SiteFirewallArn", ""),
        **warm.parameters(target, variables),
        **catalogue_cache.parameters(target, rest_api_id, variables.get(catalogue_cache.VARIABLE, "0")),
    }


def finish_functions(target: Target, outputs: Mapping[str, str]) -> None:
    """Send what functions that S3 or a stream invokes give up on to their DLQs, limit the queues' mappings, and make
    every function's logs JSON without the platform's chatter.
    """
    dead_letters = {"mail_receipt": outputs["MailDlqArn"], **dict.fromkeys(IMPORTS, outputs["ImportFilesDlqArn"])}
    for function, queue_arn in dead_letters.items():
        target.functions.put_function_event_invoke_config(
            FunctionName=names.function(target, function),
            MaximumRetryAttempts=2,
            MaximumEventAgeInSeconds=3600,
            DestinationConfig={"OnFailure": {"Destination": queue_arn}},
        )
    concurrency.apply(target)
    for function in stream_mapping.DEAD_LETTERS:
        stream_mapping.apply(target.functions, names.function(target, function), function, outputs)
    logged = {"LogFormat": "JSON", "ApplicationLogLevel": "INFO", "SystemLogLevel": "WARN"}
    for function in FUNCTIONS:
        _set(target, function, "LoggingConfig", lambda now: {**now, **logged})


def set_public_url(target: Target, url: str) -> None:
    """Give the functions that write links the API's address: at the first deployment they are there before it is."""
    for function in KNOW_THE_URL:
        _set(
            target, function, "Environment", lambda now: {"Variables": {**now.get("Variables", {}), "PUBLIC_URL": url}}
        )


def _set(target: Target, function: str, setting: str, wanted: Callable[[Mapping[str, Any]], Any]) -> None:
    """Change one setting of the function, if it is not as wanted."""
    name = names.function(target, function)
    now: Any = target.functions.get_function_configuration(FunctionName=name).get(setting, {})
    if now != wanted(now):
        target.functions.get_waiter("function_updated_v2").wait(FunctionName=name)
        target.functions.update_function_configuration(FunctionName=name, **{setting: wanted(now)})


def key_value(target: Target, key_id: str) -> str:
    """What is sent as X-API-Key."""
    return target.apigateway.get_api_key(apiKey=key_id, includeValue=True)["value"]
