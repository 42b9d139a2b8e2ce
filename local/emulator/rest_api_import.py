"""Stands in for ImportRestApi and PutRestApi, the two API Gateway calls of `chalice deploy` that MiniStack
lacks.

MiniStack has the OpenAPI reader (its CloudFormation uses it) but no route to it. The reader takes only type,
method and URI of an integration, so the rest is completed here: without it a MOCK `OPTIONS` answers without
its CORS headers. It knows nothing of the document's gateway responses either. And it keeps the API's list of binary
media types as no list once UpdateRestApi changed it, as Terraform does.
"""

import json
from collections.abc import Iterator
from typing import Any

from ministack.services import apigateway_v1 as gateway

from .replacing import replaces

Response = tuple[int, dict[str, str], bytes]
_HTTP_METHODS = frozenset({"get", "post", "put", "delete", "patch", "head", "options"})
_COPIED = ("requestTemplates", "requestParameters", "credentials", "timeoutInMillis", "cacheKeyParameters")


def install() -> None:
    """Make MiniStack's control plane answer the two calls; everything else goes on as before."""

    @replaces(gateway, "_update_rest_api")
    def update_rest_api(original: Any, api_id: str, data: dict[str, Any]) -> Response:
        patches, media_types = _apart(data.get("patchOperations", []), "/binaryMediaTypes/")
        if api := gateway._rest_apis.get(api_id):
            _change_list(api.setdefault("binaryMediaTypes", []), media_types)
        answer: Response = original(api_id, {**data, "patchOperations": patches})
        return answer

    @replaces(gateway, "handle_request")
    async def handle_request(
        original: Any, method: str, path: str, headers: dict[str, str], body: bytes, query_params: dict[str, Any]
    ) -> Response:
        parts = [part for part in path.strip("/").split("/") if part]
        if parts == ["restapis"] and method == "POST" and "mode" in query_params:
            return _import(json.loads(body), query_params)
        if len(parts) == 2 and parts[0] == "restapis" and method == "PUT":
            return _overwrite(parts[1], json.loads(body))
        answer: Response = await original(method, path, headers, body, query_params)
        return answer


def _apart(patches: list[dict[str, Any]], prefix: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    within = [patch for patch in patches if patch.get("path", "").startswith(prefix)]
    return [patch for patch in patches if patch not in within], within


def _change_list(listed: list[str], patches: list[dict[str, Any]]) -> None:
    """The binary media types are a list whose entries' names are in the patches' paths: MiniStack makes a map of it,
    which no client can read. Terraform sends them so."""
    for patch in patches:
        name = patch["path"].split("/", 2)[2].replace("~1", "/").replace("~0", "~")
        if patch.get("op") == "remove" and name in listed:
            listed.remove(name)
        elif patch.get("op") != "remove" and name not in listed:
            listed.append(name)


def _import(spec: dict[str, Any], query_params: dict[str, Any]) -> Response:
    """ImportRestApi: a new API with the document's routes."""
    endpoint = _first(query_params.get("endpointConfigurationTypes")) or "EDGE"
    api_id = _create(spec, {"endpointConfiguration": {"types": [endpoint]}})
    return _view(api_id, 201)


def _overwrite(api_id: str, spec: dict[str, Any]) -> Response:
    """PutRestApi with mode=overwrite: routes and authorizers are replaced; id, stages and deployments stay.

    As in AWS, gateway responses that the document does not name are gone afterwards.
    """
    if api_id not in gateway._rest_apis:
        missing: Response = gateway._v1_error("NotFoundException", "Invalid API identifier specified", 404)
        return missing
    fresh = _create(spec, {})
    for store in (gateway._resources, gateway._authorizers_v1, gateway._gateway_responses):
        store[api_id] = store.get(fresh) or {}
    for name in ("binaryMediaTypes", "version"):
        gateway._rest_apis[api_id][name] = gateway._rest_apis[fresh].get(name)
    gateway._delete_rest_api(fresh)
    return _view(api_id, 200)


def _create(spec: dict[str, Any], base: dict[str, Any]) -> str:
    base["binaryMediaTypes"] = spec.get("x-amazon-apigateway-binary-media-types") or []
    api_id: str = gateway._import_rest_api(spec, base)
    _complete_integrations(api_id, spec)
    for kind, response in (spec.get("x-amazon-apigateway-gateway-responses") or {}).items():
        gateway._put_gateway_response(api_id, kind, response)
    return api_id


def _complete_integrations(api_id: str, spec: dict[str, Any]) -> None:
    by_path = {resource["path"]: resource for resource in gateway._resources[api_id].values()}
    for path, verb, operation in _operations(spec):
        declared = operation.get("x-amazon-apigateway-integration")
        resource = by_path.get(path)
        if not declared or not resource:
            continue
        integration = resource["resourceMethods"][verb]["methodIntegration"]
        integration.update({key: declared[key] for key in _COPIED if key in declared})
        for key in ("passthroughBehavior", "contentHandling"):
            if declared.get(key):
                integration[key] = declared[key].upper()
        for pattern, answer in (declared.get("responses") or {}).items():
            selection = "" if pattern == "default" else pattern
            gateway._put_integration_response(
                api_id,
                resource["id"],
                verb,
                str(answer["statusCode"]),
                {**answer, "selectionPattern": selection},
            )


def _operations(spec: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in (spec.get("paths") or {}).items():
        for verb, operation in item.items():
            if verb.lower() in _HTTP_METHODS:
                yield path, verb.upper(), operation or {}


def _view(api_id: str, status: int) -> Response:
    view: Response = gateway._v1_response(gateway._rest_api_view(gateway._rest_apis[api_id]), status)
    return view


def _first(value: Any) -> Any:
    return value[0] if isinstance(value, list) and value else value
