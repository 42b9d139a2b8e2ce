"""A measure that could not be taken fails: nothing is known of its budget. And pages are what was measured."""

from __future__ import annotations

import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from unittest.mock import patch

import pytest

from bench import __main__ as bench
from bench import afterwards, bill, contention, costs_page, growth, guards, indexing, search
from bench.afterwards import COUNT, RECONCILE, Runs
from bench.bill import Duration, Line
from bench.chatbot_costs import QuestionCosts
from bench.contention import BUYERS, STOCK, Run
from bench.cost import Costs, WorkflowCosts
from bench.drive import ACCEPT, STAGES, WORKFLOWS
from bench.indexing import INDEX
from bench.ledger import Call
from bench.prices import price_list
from bench.report import NOT_TAKEN, OVER, Measure, Result, at_most, console, main
from infra.deploy import network, permissions
from infra.errors import Refusal
from infra.paths import ROOT
from tests.contract import engines

WITHIN = at_most("calls", 2, 2)


def ended(measure: Callable[[], Result]) -> tuple[int, str]:
    with console.capture() as said, pytest.raises(SystemExit) as end:
        main(measure)
    assert isinstance(end.value.code, int)
    return end.value.code, said.get()


@pytest.mark.parametrize("measure", [growth.measure, search.measure], ids=["growth", "search"])
def test_growth_without_its_engine_is_not_measured(
    monkeypatch: pytest.MonkeyPatch, measure: Callable[[], Result]
) -> None:
    monkeypatch.setattr(engines, "no_dynamodb_local", lambda: "There is no Java here.")

    status, said = ended(measure)

    assert status == NOT_TAKEN
    assert "Not measured" in said
    assert "There is no Java here" in said


@pytest.mark.parametrize(
    ("measures", "status"),
    [
        ([WITHIN], 0),
        ([WITHIN, at_most("calls", 3, 2)], OVER),
        ([], NOT_TAKEN),
        ([Measure("for information", "7 ms")], NOT_TAKEN),
        ([WITHIN, at_most("time", float("nan"), 2)], OVER),
    ],
)
def test_only_a_measure_that_was_held_against_a_budget_is_within_it(measures: list[Measure], status: int) -> None:
    assert ended(lambda: Result("What was found", measures))[0] == status


def test_a_measure_that_crashes_or_cannot_be_imported_ends_as_not_taken() -> None:
    for code in ("raise RuntimeError", "import bench.nothing"):
        assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == NOT_TAKEN


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(NOT_TAKEN, "not measured"), (OVER, "over budget"), (2, "not measured"), (-9, "not measured (ended with -9)")],
)
def test_all_measures_fail_with_one_of_them_and_say_why(
    monkeypatch: pytest.MonkeyPatch, status: int, verdict: str
) -> None:
    def run(command: list[str], **_: object) -> SimpleNamespace:
        assert command[0] == sys.executable
        return SimpleNamespace(returncode=status if command[-1] == "bench.growth" else 0)

    monkeypatch.setattr(subprocess, "run", run)

    with console.capture() as said:
        assert bench.main(["limits", "growth"]) == 1
    assert verdict in said.get()
    assert said.get().count("within budget") == 1


def test_a_refusal_is_not_measured_and_leaves_its_page_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse() -> Result:
        raise Refusal("`chalice package` failed")

    monkeypatch.setattr(sys, "argv", ["bench", "--write"])

    assert ended(refuse)[0] == NOT_TAKEN


def test_the_page_of_costs_has_each_call_each_line_and_each_sum() -> None:
    costs = measured()

    page = costs_page.page(costs)

    assert_tables_are_whole(page)
    assert "| 1 | accept | dynamodb PutItem | orders | 954 B | 1 + 4 for indexes |  |" in page
    assert "| dynamodb | PutItem orders | 2 | 0.625 a million | 1.250 |" in page
    assert "| USD: states |  | 2.50 |  |" in page
    assert "| **USD for a million, busy** | **4.25** | **6.75** | **4.25** |" in page
    assert "| calls to accept an order | 1 | ≤ 2 | ok |" in page
    assert f"{costs.with_everything():.2f} USD, each order reconciled once" in page


def test_the_page_of_contention_says_what_each_workflow_met_and_what_must_hold() -> None:
    ends = Counter(COMPLETED=STOCK, OUT_OF_STOCK=BUYERS - STOCK)
    exact = Run(2.0, 855, 705, 2, ends, 0, 0)
    oversold = Run(2.0, 855, 0, 2, Counter(COMPLETED=STOCK + 1, OUT_OF_STOCK=BUYERS - STOCK - 1), 0, 0)

    result = contention.result({"queue": (exact, exact), "events": (oversold, exact)})

    assert_tables_are_whole(result.page)
    assert "| completed a second, one hot product | 25 | 26 |" in result.page
    assert [one.name for one in result.measures if not one.within] == [
        "events, one product: sold, sold out, left, reserved"
    ]
    assert "| 51, 49, 0, 0 | 50, 50, 0, 0 | **over** |" in result.page


def measured() -> Costs:
    """As if the emulator had been asked: a call of each stage, and the same bill for every workflow."""
    prices = price_list()
    calls = [
        Call(ACCEPT, "dynamodb", "PutItem", "orders", 954, 1, writes=1, index_writes=4),
        *(Call(stage, "dynamodb", "GetItem", "orders", 130, 1, reads=1) for stage in STAGES[1:]),
    ]
    lines = [Line(stage, "PutItem orders", 2, prices["dynamodb.write"]) for stage in STAGES]
    lines.append(Line(ACCEPT, "SendMessage orders", 1.25, prices["sqs.request"]))
    durations = {stage: Duration(512, 3.5, 2.5) for stage in STAGES}
    transitions = Line("state machine", "state transitions", 0.1, prices["states.transition"])
    workflows = [
        WorkflowCosts(name, calls, durations, 12, 4, lines + [transitions] * (name == WORKFLOWS[1]), lines)
        for name in WORKFLOWS
    ]
    used = {("cloudwatch.request", "PutMetricData"): 1.0}
    return Costs(
        workflows,
        texted=calls * 2,
        order_bytes={"PENDING": 438, "COMPLETED": 658},
        reconciled=[Line(RECONCILE, "BatchGetItem orders", 0.5, prices["dynamodb.read"])],
        counted={name: [Line(COUNT, "PutItem metrics", 0.3, prices["dynamodb.write"])] for name in afterwards.A_MINUTE},
        indexed={name: [Line(INDEX, "PutItem search", 5, prices["dynamodb.write"])] for name in indexing.A_SECOND},
        publishing=Runs(used, used),
        questions=[QuestionCosts("Where is it?", calls, 640, 44, 0.004)],
    )


def assert_tables_are_whole(page: str) -> None:
    """Every row of a table has as many cells as its head, and nothing is left to be filled in."""
    for table in re.findall(r"(?:^\|.*\n?)+", page, flags=re.MULTILINE):
        rows = table.splitlines()
        assert re.fullmatch(r"\|(-+:?\|)+", rows[1]), rows[1]
        assert len({row.count("|") for row in rows}) == 1, table
    assert not re.search(r"\{\w+", page)


def test_a_line_of_the_bill_is_of_what_one_order_used() -> None:
    calls = [Call(ACCEPT, "dynamodb", "PutItem", "orders", 954, 1, writes=1, index_writes=4)] * 10

    found = {line.what: line.quantity for line in bill.of_calls(ACCEPT, calls, 10)}

    assert found == {"PutItem orders": 1, "index entries of PutItem orders": 4}


def test_the_page_says_what_guards_cost_as_their_templates_are() -> None:
    written = (ROOT / "docs" / "benchmarks" / "costs.md").read_text(encoding="utf-8")

    assert guards.slots()["guards"] in written
    assert guards.slots()["guards"] in costs_page.page(measured())
    firewall, endpoints, *_ = (row[2] for row in guards.rows() if row[3] in ("waf.acl", "vpc.endpoint"))
    assert (firewall, endpoints) == (2, 2 * 720 * (len(network.ENDPOINTS) - 1))


def test_a_roles_use_of_an_encrypted_thing_is_counted_once() -> None:
    """One role for five minutes asks KMS once for each table, queue, topic, bucket and secret."""
    validates = {"validate_order": permissions.FUNCTIONS["validate_order"]}
    with patch.object(guards, "FUNCTIONS", validates):
        assert guards.used_by_roles() == 2  # the tables of orders and of products
