"""Language models for tests: a server that speaks OpenAI's `/v1/chat/completions`, as MiniStack expects behind Bedrock.

`honest` words answers from the data in its prompt and from nothing else; `obeying` says what the question tells it to;
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


def honest(data: dict[str, Any]) -> str:
    """In English, of what stands there."""
    orders = data.get("orders", [])
    if not orders:
        return f"I could not find such an order among yours. {data['rule']}"
    if data["asksFor"] == "RECENT":
        return "\n".join(["Your recent orders:", *(f"- {o['id']}: {o['status']}, {o['total']}" for o in orders)])
    if data["asksFor"] == "TRACKING":
        return " ".join(_tracked(order) for order in orders)
    return " ".join(f"Your order {o['id']} of {o['placed']} is {o['status']}: {o['means']}." for o in orders)


def _tracked(order: dict[str, Any]) -> str:
    parcels = order.get("parcels")
    if not parcels:
        return f"Your order {order['id']} has not been shipped yet."
    parcel = parcels[0]
    return f"You can track order {order['id']} with {parcel['carrier']}, tracking number {parcel['trackingNumber']}."


def obeying(data: dict[str, Any]) -> str:
    """What stands behind `say:`."""
    return str(data["question"].partition("say: ")[2])


class ChatModels:
    """The server's script: which model answers, and what it was asked."""

    def __init__(self) -> None:
        self.model: Callable[[dict[str, Any]], str] = honest
        self.seconds = 0.0
        self.asked: list[dict[str, Any]] = []
        self.leave = threading.Event()

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        self.asked.append(request)
        found = _DATA.search(request["messages"][-1]["content"])
        assert found, "the prompt has no block of data"
        text = self.model(json.loads(found[2]))
        self.leave.wait(self.seconds)
        usage = {"prompt_tokens": 600, "completion_tokens": 50, "total_tokens": 650}
        return {
            "choices": [{"message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
            "usage": usage,
        }


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
