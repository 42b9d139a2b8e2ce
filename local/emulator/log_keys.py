"""AssociateKmsKey and DisassociateKmsKey, which MiniStack does not know: it keeps the key that a log group is created
with. https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DisassociateKmsKey.html"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

from .replacing import replaces

_ACTIONS = ("AssociateKmsKey", "DisassociateKmsKey")


def install() -> None:
    """Answer the two calls, of groups by their name; the others go on."""
    from ministack.core.responses import error_response_json, json_response
    from ministack.services import cloudwatch_logs as logs

    @replaces(logs, "handle_request")
    async def handle_request(
        otherwise: Callable[..., Awaitable[Any]], method: str, path: str, headers: Any, body: Any, query: Any
    ) -> Any:
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        if action not in _ACTIONS:
            return await otherwise(method, path, headers, body, query)
        given = json.loads(body)
        if "logGroupName" not in given:
            return error_response_json("InvalidParameterException", "A log group is known by its name here.", 400)
        group = logs._log_groups.get(given["logGroupName"])
        if group is None:
            return error_response_json("ResourceNotFoundException", "The specified log group does not exist.", 400)
        group["kmsKeyId"] = given.get("kmsKeyId")
        return json_response({})
