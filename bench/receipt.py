"""How long a warm process takes to print a receipt of five lines, against the design's budgets.

`python -m bench.receipt` prints a table and ends with exit status 1 when a budget is exceeded."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from decimal import Decimal

from bench.report import Measure, at_most, exit_status, show
from infra.paths import make_importable

ROUNDS = 25
ISSUED_AT = "2026-11-21T14:30:29.456Z"
EUROPEAN = ("Gaming Laptop €", "Ελληνικός καφές", "Чайник «Уют»", "Żółta łódź Ćmielów", "Crème brûlée")
SHAPED = ("قهوة عربية 250 g", "क्षत्रिय चाय", "กาแฟเย็น", "🎉 Party 👨\u200d👩\u200d👧 🇩🇪", "𠮷野家 USB-C")
CJK = ("東京タワー 模型", "游戏笔记本电脑", "한국어 노트북 컴퓨터", "日本語とΩμέγα", "超長い名前の商品")


def measure() -> list[Measure]:
    """European first: no other font must have been read for it."""
    return [
        *_measured("five European lines", EUROPEAN, 30),
        *_measured("five CJK lines", CJK, 200),
        *_measured("five lines of other scripts", SHAPED, 200),
    ]


def run() -> bool:
    """Measure and print. True if everything is within its budget."""
    return show(f"Receipts, warm: median CPU time of {ROUNDS}", measure())


def _measured(name: str, names: Sequence[str], budget: float) -> Iterator[Measure]:
    """Of a process that has made one already, and of its first. A receipt waits for nothing, so that on an idle machine
    the clock would say the same as CPU time; on a busy one it would not."""
    make_importable()
    from chalicelib.documents.pdf import render_receipt
    from chalicelib.kit.observability import log
    from chalicelib.kit.shop import Shop
    from chalicelib.orders.model import HistoryRow, Line, Order, Payment, PaymentStatus, Status, total_of

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
    yield at_most(name, statistics.median(times[1:]), budget, " ms", 1)
    yield Measure("  the first one, and its size", f"{times[0]:.0f} ms, {len(content) / 1000:.1f} kB")


if __name__ == "__main__":
    sys.exit(exit_status(run))
