"""What a question to the chatbot costs: its calls from the ledger, and the tokens of its prompt, at list prices.

`python -m bench.chatbot_costs` measures and prints the section that stands in docs/benchmarks/costs.md."""

from __future__ import annotations

import copy
import json
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from bench import bill, drive
from bench.ledger import Call, Ledger
from bench.prices import price_list
from bench.stand import Stand, stand
from infra.deploy.deploy import tracked_config

STAGE = "chatbot"
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
    milliseconds: float
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
        waiting = prices[bill.GB_SECOND].of(MODEL_SECONDS * _memory() / 1024)
        return self.usd + (tokens + waiting) * _THOUSAND


def measure(here: Stand, ledger: Ledger) -> list[QuestionCosts]:
    """Ask each question of a customer with some orders. Needs a ledger that is installed, and goods on the shelf."""
    customer = "asks-much"
    ids = drive.Driver(here, ledger.stage).whole_orders(5, batch=5, customerId=customer)
    return [_measured(here, ledger, question, ids[0], customer) for question in QUESTIONS]


def _measured(here: Stand, ledger: Ledger, question: str, order_id: str, customer: str) -> QuestionCosts:
    event = _event(question.format(id=order_id), customer)
    times = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        _asked(here, event)
        times.append((time.perf_counter() - began) * 1000)
    ledger.calls.clear()
    here.logs.lines.clear()
    with ledger.stage(STAGE):
        answer = _asked(here, event)
    calls, logged = list(ledger.calls), list(here.logs.lines)
    milliseconds = statistics.quantiles(times, n=10)[0]
    written = len(json.dumps(DRAFT))
    read = _prompt_length(here, event)
    usd = sum(_priced(calls, answer, logged, milliseconds)) * _THOUSAND
    tokens = read / CHARACTERS_A_TOKEN, written / CHARACTERS_A_TOKEN
    return QuestionCosts(question.format(id="…"), calls, milliseconds, *tokens, usd)


def _priced(calls: Sequence[Call], answer: Any, logged: Sequence[str], milliseconds: float) -> Iterator[float]:
    """USD of one question, without a model."""
    prices = price_list()
    yield prices["apigateway.request"].of(1)
    yield prices["transfer.out"].of(drive.answer_bytes(answer))
    yield prices["lambda.request"].of(1)
    yield prices[bill.GB_SECOND].of(milliseconds / 1000 * _memory() / 1024)
    yield prices["logs.ingested"].of(sum(len(line.encode()) + bill.LOG_EVENT_BYTES for line in logged))
    yield from (prices[name].of(quantity) for (name, _), quantity in bill.sums(calls).items())


def _memory() -> int:
    return int(tracked_config()["stages"]["local"]["lambda_functions"]["api_handler"]["lambda_memory_size"])


def _prompt_length(here: Stand, event: dict[str, Any]) -> int:
    """Characters of what a model would be sent for this question."""
    from chalicelib import bootstrap
    from chalicelib.assistant.ports import NoAnswer
    from chalicelib.assistant.prompt import prompt

    lengths: list[int] = []

    class Notes:
        def draft(self, question: str, context: Any) -> Any:
            asked = prompt(question, context)
            lengths.append(len(asked.system) + len(asked.message) + len(json.dumps(asked.schema)))
            raise NoAnswer("measured")

    services = bootstrap.services()
    kept = services.customers.answer_question
    services.__dict__["answer_question"] = replace(kept, model=Notes())
    try:
        _asked(here, event)
    finally:
        services.__dict__["answer_question"] = kept
    return lengths[0]


def _asked(here: Stand, event: dict[str, Any]) -> Any:
    answer = here.app.app(copy.deepcopy(event), drive.context())
    if answer["statusCode"] != 200:
        raise RuntimeError(f"The app answered {answer['statusCode']}: {answer['body']}")
    return answer


def _event(question: str, customer: str) -> dict[str, Any]:
    event = drive.api_event()
    event["resource"] = event["path"] = "/chatbot"
    event["requestContext"]["resourcePath"] = event["requestContext"]["path"] = "/chatbot"
    event["body"] = json.dumps({"query": question, "customerId": customer})
    return event


_TEXT = """
## The chatbot

What a question costs, asked by a partner for a customer with five orders; USD are for a thousand questions, all in all:
API Gateway, the answer's way, Lambda, DynamoDB and logs, and with a model its tokens and the second or so that Lambda
waits for it. Tokens are estimated at {letters} characters each; what they really were is in the log
(`chatbot_answered`). Claude reads some {tool} more of its own, because it must call a tool; they are in its price. A
refused answer costs as much as one that is given.

| question | calls | reads | tokens in | out | template | {models} |
|---|---:|---:|---:|---:|---:|{lines}
"""


def section(found: Sequence[QuestionCosts]) -> str:
    """For docs/benchmarks/costs.md."""
    tool = TOOL_TOKENS["bedrock.claude_haiku_4_5"]
    head = _TEXT.format(letters=CHARACTERS_A_TOKEN, tool=tool, models=" | ".join(MODELS), lines="---:|" * len(MODELS))
    rows = [_row(one) for one in found]
    return head + "\n".join(rows) + "\n"


def _row(one: QuestionCosts) -> str:
    usd = " | ".join(f"{one.with_model(model):.4f}" for model in MODELS.values())
    counts = f"{sum(call.tries for call in one.calls)} | {one.reads:g} | {one.tokens_in:.0f} | {one.tokens_out:.0f}"
    return f"| {one.question} | {counts} | {one.usd:.4f} | {usd} |"


def main() -> int:
    with stand() as here:
        ledger = Ledger(here.plain)
        ledger.install()
        here.stock_up()
        print(section(measure(here, ledger)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
