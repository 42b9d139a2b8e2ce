"""The demo and `make dev` around what they show: Ctrl-C at any time, amounts as people write them, no leftovers."""

import json
import subprocess
from decimal import Decimal
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from infra.progress import Steps
from local import background, demo, demo_flows, dev, stack
from local.back_office import Outside, Staff
from local.catalogue import ALARM_CLOCK, Product
from local.client import Partner
from local.demo_metrics import money
from local.demo_steps import named
from local.processes import free_port


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[subprocess.Popen[bytes]]:
    """The stacks that were started, each a process that only waits; none is ever ready, and then Ctrl-C comes."""
    processes: list[subprocess.Popen[bytes]] = []
    start = subprocess.Popen

    def popen(_command: list[str], **more: Any) -> subprocess.Popen[bytes]:
        processes.append(start(["sleep", "60"], **more))
        return processes[-1]

    def wait(_process: object) -> dict[str, Any]:
        raise KeyboardInterrupt

    monkeypatch.setattr(stack, "FOLDER", tmp_path)
    monkeypatch.setattr(stack, "read", lambda: None)
    monkeypatch.setattr(stack, "check_none_runs", lambda: None)
    monkeypatch.setattr(stack, "running", lambda: None)
    monkeypatch.setattr(background.subprocess, "Popen", popen)
    monkeypatch.setattr(background, "_wait", wait)
    return processes


def test_ctrl_c_while_a_stack_starts_in_the_background_ends_it(begun: list[subprocess.Popen[bytes]]) -> None:
    with pytest.raises(KeyboardInterrupt):
        background.ready_stack(None, Steps(quiet=True))

    [process] = begun
    assert process.poll() is not None


@pytest.mark.parametrize(
    ("command", "arguments", "code"), [(demo.main, [], 130), (dev.main, ["--api-port", str(free_port())], 0)]
)
def test_ctrl_c_ends_a_command_without_a_traceback(
    command: Any,
    arguments: list[str],
    code: int,
    begun: list[subprocess.Popen[bytes]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert command(arguments) == code
    assert [process.poll() is not None for process in begun] == [True]
    assert "Traceback" not in "".join(capsys.readouterr())


@pytest.mark.parametrize(
    ("answered", "shown"),
    [("7500", "7,500 JPY"), ("1299.90", "1,299.90 EUR"), ("0.500", "0.500 KWD"), ("12.00", "12.00 EUR")],
)
def test_amounts_have_the_digits_of_their_currency(answered: str, shown: str) -> None:
    amount = json.loads(answered, parse_float=Decimal)

    assert money(amount, shown[-3:]) == shown


class Catalogue(Staff, Outside, Partner):
    """A shop whose product is damaged, and whose API then fails."""

    def __init__(self) -> None:
        self.damaged: set[str] = set()

    def damage_product(self, product_id: str) -> None:
        self.damaged.add(product_id)

    def put_product(self, product: Product) -> dict[str, Any]:
        self.damaged.discard(product.product_id)
        return {}

    def place(self, body: dict[str, Any]) -> dict[str, Any]:
        assert self.damaged == {ALARM_CLOCK.product_id} == {body["items"][0]["productId"]}
        raise KeyboardInterrupt


def test_the_catalogue_is_whole_however_the_demo_ends() -> None:
    shop = Catalogue()

    with pytest.raises(KeyboardInterrupt):
        demo_flows.repair_a_dead_letter(shop, shop, shop, Console(file=StringIO()))

    assert shop.damaged == set()


def test_orders_are_shown_with_their_numbers() -> None:
    order = {"orderId": "abc12345-0000", "orderNumber": "100482", "status": "COMPLETED", "history": [], "payment": None}
    console = Console(file=StringIO(), width=200)

    console.print(demo.table([demo.Sample("paid", {}, order), demo.Sample("not yet placed", {})]))

    assert isinstance(console.file, StringIO)
    [row] = [line for line in console.file.getvalue().splitlines() if " paid " in line]
    assert "100482" in row
    assert "abc12345" in row


@pytest.mark.parametrize(("number", "said"), [("100482", "100482 (abc)"), (None, "abc"), ("", "abc")])
def test_an_order_without_a_number_is_called_by_its_id(number: str | None, said: str) -> None:
    assert named({"orderId": "abc", "orderNumber": number}) == said
