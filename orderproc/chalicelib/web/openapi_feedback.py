"""The paths of the page that the link in a mail leads to, in the OpenAPI document."""

from __future__ import annotations

from typing import Any

from .openapi_paths import _operation, _path, _ref

_TOKEN = {
    "type": "string",
    "description": "As in the mail. It is signed, names one order, and works for 180 days.",
}
_FORM = "application/x-www-form-urlencoded"
_PAGE = {"text/html": {"schema": {"type": "string"}}}


def paths() -> dict[str, Any]:
    """Without key or token: the link itself says that one may."""
    token = _path("token", _TOKEN)
    page = _operation("showFeedbackForm", "The page with the form; looking changes nothing", {}, (404,), [], [token])
    page["responses"]["200"] = {"description": "The form, or thanks if it was sent before", "content": dict(_PAGE)}
    post = _operation(
        "giveFeedbackByLink",
        "What the customer thought of it, once: from the page, or as JSON",
        {201: ("Kept", _ref("Feedback"))},
        (404, 409),
        [],
        [token],
        "FeedbackRequest",
    )
    post["requestBody"]["content"][_FORM] = {"schema": _ref("FeedbackRequest")}
    for operation in (page, post):
        for answer in operation["responses"].values():
            answer["content"] = {**answer["content"], **_PAGE}  # browsers get pages, also of what went wrong
    return {"/feedback/{token}": {"get": page, "post": post}}
