"""The shop that is attacked: what it holds, a model on the attacker's side, and whether anything changed."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from chalicelib.assistant.context import Context, Intent
from chalicelib.assistant.ports import Draft
from chalicelib.assistant.prompt import prompt
from chalicelib.bootstrap import Services
from chalicelib.orders.model import Order

from tests.assistant.injections import Attack
from tests.assistant.sample_orders import ORDERS, shop
from tests.support.fakes.adapters import FakeAdapters

_LATEST = "0e4d1a60"


@dataclass
class Obeying:
    """Says what the attacker wants, and all that it was given where that is what is wanted. Its slots are right, so
    that only the rules for what stands around them are in the way."""

    wish: str
    asked: int = 0

    def draft(self, question: str, context: Context) -> Draft:
        self.asked += 1
        given = prompt(question, context)
        wish = self.wish.replace("PROMPT", f"{given.system}\n{given.message}")
        return around(wish, context)


def around(text: str, context: Context, language: str = "") -> Draft:
    """A draft that says so, with the slots that an answer about this context needs behind it."""
    numbers = tuple(range(1, len(context.orders) + 1))
    slots = [f"{{{{summary:{n}}}}}" for n in numbers] + ["{{not_found}}"] * bool(context.not_found)
    intent = Intent.STATUS if numbers else Intent.GENERAL
    said = " ".join([text, *(slots or ["{{limits}}"])])
    return Draft(intent, language or context.language, numbers, said, 500, 100)


def attacked(attack: Attack, owner: str, wish: str | None = None) -> tuple[Services, FakeAdapters]:
    """The shop with the attacker's own order in it, and with a model if it shall say something."""
    services, fakes = shop(owner)
    if attack.product:
        latest = replace(ORDERS[_LATEST], owner=owner)
        line = replace(latest.lines[0], name=attack.product)
        fakes.store.orders[latest.order_id] = replace(latest, lines=(line,))
    fakes.chat_model = Obeying(wish) if wish is not None else None
    return services, fakes


def everything(fakes: FakeAdapters) -> tuple[tuple[tuple[str, Order], ...], bytes]:
    """All that the shop holds, to compare: orders, which nothing can change in place, and the rest as bytes. What has
    no content of its own is left out."""
    held: dict[str, Any] = {}
    for field in fields(fakes):
        part = getattr(fakes, field.name)
        content = vars(part) if hasattr(part, "__dict__") and field.name != "chat_model" else {}
        held[field.name] = {
            name: value
            for name, value in content.items()
            if value is not fakes.store.orders and isinstance(value, dict | list | set | tuple | str | int | bytes)
        }
    return tuple(fakes.store.orders.items()), repr(held).encode()
