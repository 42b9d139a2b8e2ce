"""IAM's names of actions where MiniStack takes the operation's own.

`Converse` is allowed by `bedrock:InvokeModel`, and there is no action of its own name
(https://docs.aws.amazon.com/bedrock/latest/userguide/conversation-inference.html, on permissions).
"""

from typing import Any

from ministack.core import iam_evaluator

_NAMES = {"bedrock:Converse": "bedrock:InvokeModel"}


def install() -> None:
    """Put the right name before MiniStack's one gate for identity policies."""
    original = iam_evaluator.enforce

    def enforce(access_key_id: str, iam_action: str, *rest: Any, **more: Any) -> Any:
        return original(access_key_id, _NAMES.get(iam_action, iam_action), *rest, **more)

    iam_evaluator.enforce = enforce
