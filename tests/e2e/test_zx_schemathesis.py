"""The published OpenAPI document holds on the deployed stack: schemathesis calls every operation with right and wrong
data, and each answer is as published.

Late by its name, for it orders, cancels and changes products as it likes; the demo shop's products are set right again
for those that come after."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from infra.paths import ROOT
from local.catalogue import PRODUCTS
from tests.e2e.shop import Shop
from tests.support import combinations

pytestmark = [pytest.mark.e2e, pytest.mark.slow]
FOLDER = Path(__file__).parent / "schemathesis"
COMMAND = ROOT / ".local" / "schemathesis-venv" / "bin" / "schemathesis"
MOST_SECONDS = 600
EXAMPLES = 4
"""By day, of each operation in each phase that draws them; schemathesis.toml has the night's number. What the document
can say is tried one by one in the coverage phase, whatever the number, and random bodies in tests/api/test_fuzz.py."""


@pytest.fixture(scope="module")
def shop(stack: dict[str, Any]) -> Iterator[Shop]:
    shop = Shop(stack)
    yield shop
    for product in PRODUCTS:
        sent = {"name": product.name, "description": product.description, "price": float(product.price)}
        answer = shop.staff(
            "PUT", f"/products/{product.product_id}", {**sent, "currency": "EUR", "stock": product.stock}
        )
        assert answer.ok, answer.text


def test_every_answer_is_as_published(shop: Shop, tmp_path: Path) -> None:
    assert COMMAND.exists(), "schemathesis is not installed: run `make schemathesis`"
    credentials = {
        "PARTNER": shop.described["api_key"],
        "CUSTOMER": shop.sign_in("customer")["IdToken"],
        "STAFF": shop.sign_in("admin")["IdToken"],
        "PUBLISHABLE": shop.described["publishable_key"],
        "ORDER": _guests_token(shop),
        "CARRIER": shop.described["carrier_webhook_secret"],
    }
    url = shop.described["api_url"]
    fewer = [] if combinations.everything else [f"--max-examples={EXAMPLES}"]

    ran = subprocess.run(
        [COMMAND, "--config-file", FOLDER / "schemathesis.toml", "run", f"{url}/openapi.json", "--url", url, *fewer],
        env={"PATH": os.environ["PATH"], "HOME": str(tmp_path), "HOOKS": str(FOLDER / "hooks.py"), **credentials},
        cwd=tmp_path,  # it keeps a cache beside itself
        capture_output=True,
        text=True,
        check=False,
        timeout=MOST_SECONDS,
    )

    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "Tested: " in ran.stdout


def _guests_token(shop: Shop) -> str:
    """As it is sent, of an order that may be cancelled and judged."""
    sent = {"productId": shop.new_product(stock=5), "quantity": 1, "customerEmail": "noor@example.com"}
    page = shop.described["publishable_key"]
    return f"Order {shop.call('POST', '/place-order', sent, X_API_Key=page).json()['orderToken']}"
