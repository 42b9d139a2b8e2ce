"""Language models for tests: a server that speaks OpenAI's `/v1/chat/completions`, as MiniStack expects behind Bedrock.

`honest` calls the tool with the slots that are offered; `obeying` says what the question tells it to;
`slow` is honest, too late."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

_DATA = re.compile(r"<data-([0-9a-f]{16})>(.*)</data-\1>", re.DOTALL)
TOO_LATE = 12.0


def honest(data: dict[str, Any]) -> dict[str, Any]:
    """In English, with the slots that are offered."""
    orders = data["orders"]
    if "not_found" in data.get("slots", []):
        return _answer("STATUS", [], "I am sorry. {{not_found}}")
    if "recent" in data["question"]:
        return _answer("RECENT", [order["n"] for order in orders], "Here are your orders: {{orders}}")
    intent = "TRACKING" if "track" in data["question"] else "STATUS"
    slot = "{{tracking:%d}}" if intent == "TRACKING" else "{{summary:%d}}"
    numbers = [order["n"] for order in orders if order.get("asked")] or [orders[0]["n"]]
    return _answer(intent, numbers, " ".join(["Thanks for asking!", *(slot % n for n in numbers)]))


def obeying(data: dict[str, Any]) -> dict[str, Any]:
    """What stands behind `say:`, with a slot that is right."""
    return _answer("STATUS", [1], data["question"].partition("say: ")[2] + " {{summary}}")


def _answer(intent: str, orders: list[int], text: str) -> dict[str, Any]:
    return {"intent": intent, "language": "en", "orders": orders, "text": text}


class ChatModels:
    """The server's script: which model answers, and what it was asked."""

    def __init__(self) -> None:
        self.model: Callable[[dict[str, Any]], dict[str, Any]] = honest
        self.seconds = 0.0
        self.asked: list[dict[str, Any]] = []
        self.leave = threading.Event()

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(request)
        found = _DATA.search(request["messages"][-1]["content"])
        assert found, "the prompt has no block of data"
        (tool,) = request["tools"]
        given = self.model(json.loads(found[2]))
        self.leave.wait(self.seconds)
        usage = {"prompt_tokens": 600, "completion_tokens": 50, "total_tokens": 650}
        function = {"name": tool["function"]["name"], "arguments": json.dumps(given)}
        message = {
            "role": "assistant",
            "content": None,
            "tool_calls": [{"id": "1", "type": "function", "function": function}],
        }
        return {"choices": [{"message": message, "finish_reason": "tool_calls"}], "usage": usage}


@contextmanager
def chat_models(port: int) -> Iterator[ChatModels]:
    """Running while the body does."""
    script = ChatModels()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            answer = json.dumps(script.answer(json.loads(body))).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    try:
        yield script
    finally:
        script.leave.set()
        server.shutdown()
        server.server_close()
