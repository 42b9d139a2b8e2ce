"""What a question to the chatbot costs, as a part of `bench.cost`: its calls from the ledger, and the tokens of its
prompt, at list prices."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from typing import Any

from bench import bill
from bench.drive import ACCEPT, Driver, api_event
from bench.ledger import Call, Ledger
from bench.prices import price_list
from bench.stand import Stand

CHARACTERS_A_TOKEN = 3.5
"""A rough figure: ids and JSON take more tokens than prose, which has about four letters in each. What it really was,
Bedrock says, and the log has it: `chatbot_answered`, inputTokens and outputTokens."""
TOOL_TOKENS = {"bedrock.claude_haiku_4_5": 340}
"""That a model reads besides, because it must call a tool; Anthropic says so of Claude 3 Haiku
(https://docs.anthropic.com/en/docs/tool-use-pricing-and-tokens)."""
DRAFT = {
    "intent": "STATUS",
    "language": "en",
    "orders": [1],
    "text": "Thanks for asking! Here is what I can tell you about your order: {{summary}} {{next_step}}",
}
"""What a model writes: facts cost no tokens, the slots are filled here."""
MODEL_SECONDS = 1.0
"""That a small model takes for such an answer, about: AWS publishes no figure. Lambda is paid for waiting."""
MODELS = {
    "Nova Micro": "bedrock.nova_micro",
    "Nova Lite": "bedrock.nova_lite",
    "Claude Haiku 4.5": "bedrock.claude_haiku_4_5",
}
QUESTIONS = (
    "What's the status of order {id}?",
    "Show me my recent orders",
    "How do I track my package?",
    "How can I cancel my order {id}?",
    "What can you do for me?",
)
_ROUNDS = 12
_THOUSAND = 1_000


@dataclass(frozen=True)
class QuestionCosts:
    """Of one question. `usd` is for a thousand without a model; tokens are estimates."""

    question: str
    calls: list[Call]
    tokens_in: float
    tokens_out: float
    usd: float

    @property
    def reads(self) -> float:
        return sum(call.reads for call in self.calls)

    def with_model(self, model: str) -> float:
        """USD for a thousand, a model having been asked."""
        prices = price_list()
        read = self.tokens_in + TOOL_TOKENS.get(model, 0)
        tokens = prices[f"{model}.in"].of(read) + prices[f"{model}.out"].of(self.tokens_out)
        waiting = prices[bill.GB_SECOND].of(MODEL_SECONDS * bill.memory_of(ACCEPT) / 1024)
        return self.usd + (tokens + waiting) * _THOUSAND


def measure(here: Stand, ledger: Ledger) -> list[QuestionCosts]:
    """Asked by a partner for a customer with five orders. Needs a ledger that is installed, and products in stock."""
    customer = "asks-much"
    ids = Driver(here, ledger.stage).whole_orders(5, batch=5, customerId=customer)
    return [_measured(here, ledger, question, ids[0], customer) for question in QUESTIONS]


def _measured(here: Stand, ledger: Ledger, question: str, order_id: str, customer: str) -> QuestionCosts:
    event = api_event("/chatbot")
    event["body"] = json.dumps({"query": question.format(id=order_id), "customerId": customer})
    timed, driver = Driver(here), Driver(here, ledger.stage)
    for _ in range(_ROUNDS):
        timed.request(deepcopy(event), 200)
    calls = ledger.during(lambda: driver.request(deepcopy(event), 200))
    durations = {ACCEPT: bill.duration_of(ACCEPT, timed.timings[ACCEPT])}
    lines = bill.lines(driver, calls, orders=1, batch=1, durations=durations)
    usd = sum(line.usd for line in lines) * _THOUSAND / bill.MILLION
    read = prompt_length(lambda: timed.request(deepcopy(event), 200))
    tokens = read / CHARACTERS_A_TOKEN, len(json.dumps(DRAFT)) / CHARACTERS_A_TOKEN
    return QuestionCosts(question.format(id="…"), calls, *tokens, usd)


def prompt_length(ask: Callable[[], object]) -> int:
    """Characters of what a model would be sent while that is asked."""
    from chalicelib import bootstrap
    from chalicelib.assistant.ports import NoAnswer
    from chalicelib.assistant.prompt import prompt

    lengths: list[int] = []

    class Notes:
        def draft(self, question: str, context: Any) -> Any:
            asked = prompt(question, context)
            lengths.append(len(asked.system) + len(asked.message) + len(json.dumps(asked.schema)))
            raise NoAnswer("measured")

    customers = bootstrap.services().customers
    kept = customers.answer_question
    customers.answer_question = replace(kept, model=Notes())
    try:
        ask()
    finally:
        customers.answer_question = kept
    [length] = lengths
    return length
