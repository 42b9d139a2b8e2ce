"""How long a warm process takes to print a receipt of five lines, against the design's budgets.

`python -m bench.receipt` prints a table and ends with exit status 1 when a budget is exceeded."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from rich.console import Console
from rich.table import Table

ROUNDS = 25
ISSUED_AT = "2026-11-21T14:30:29.456Z"
EUROPEAN = ("Gaming Laptop €", "Ελληνικός καφές", "Чайник «Уют»", "Żółta łódź Ćmielów", "Crème brûlée")
SHAPED = ("قهوة عربية 250 g", "क्षत्रिय चाय", "กาแฟเย็น", "🎉 Party 👨\u200d👩\u200d👧 🇩🇪", "𠮷野家 USB-C")
CJK = ("東京タワー 模型", "游戏笔记本电脑", "한국어 노트북 컴퓨터", "日本語とΩμέγα", "超長い名前の商品")


@dataclass(frozen=True, slots=True)
class Measure:
    """Median of ROUNDS receipts in a process that has made one already, and the first one; CPU milliseconds.

    A receipt waits for nothing, so that on an idle machine the clock would say the same; on a busy one it would not."""

    name: str
    warm: float
    first: float
    budget: float
    size: int

    @property
    def within(self) -> bool:
        return self.warm <= self.budget


def measure() -> list[Measure]:
    """European first: no other font must have been read for it."""
    return [
        _measured("five European lines", EUROPEAN, 30),
        _measured("five CJK lines", CJK, 200),
        _measured("five lines of other scripts", SHAPED, 200),
    ]


def run() -> bool:
    """Measure and print. True if everything is within its budget."""
    measures = measure()
    table = Table(title="Receipts")
    for column in ("", "warm (median CPU)", "budget", "first", "size", ""):
        table.add_column(column, justify="left" if not column else "right")
    for one in measures:
        table.add_row(
            one.name,
            f"{one.warm:.1f} ms",
            f"{one.budget:.0f} ms",
            f"{one.first:.0f} ms",
            f"{one.size / 1000:.1f} kB",
            "[green]ok[/]" if one.within else "[red]over[/]",
        )
    Console().print(table)
    return all(one.within for one in measures)


def _measured(name: str, names: Sequence[str], budget: float) -> Measure:
    sys.path.insert(0, str(Path(__file__).parent.parent / "orderproc"))
    from chalicelib.domain.order import HistoryRow, Line, Order, Payment, PaymentStatus, Status, total_of
    from chalicelib.domain.shop import Shop
    from chalicelib.observability import log
    from chalicelib.services.receipt_pdf import render_receipt

    lines = tuple(Line(f"P-{n}", text, n + 1, Decimal("12.50")) for n, text in enumerate(names))
    order = Order(
        order_id="3f2b8c1e-9f4d-4c1a-8b1e-2a4f6d7e8c90",
        owner="bench",
        customer_id="customer123",
        customer_email="customer@example.com",
        lines=lines,
        currency="EUR",
        total_amount=total_of(lines),
        created_at=ISSUED_AT,
        history=(HistoryRow(Status.COMPLETED, ISSUED_AT),),
        payment_method="pm_card_visa",
        payment=Payment(PaymentStatus.CAPTURED, "sim_0123456789", total_of(lines), Decimal(0)),
    )
    shop = Shop("Corner & Co.", "Keizersgracht 123\n1015 CW Amsterdam", "https://shop.example.com")
    times, content = [], b""
    for _ in range(ROUNDS + 1):
        started = time.process_time()
        content = render_receipt(order, shop, ISSUED_AT, log)
        times.append((time.process_time() - started) * 1000)
    return Measure(name, statistics.median(times[1:]), times[0], budget, len(content))


if __name__ == "__main__":
    sys.exit(0 if run() else 1)
