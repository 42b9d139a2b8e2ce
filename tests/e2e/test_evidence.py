"""`make evidence` on the deployed stack: what AWS's APIs report of it, an order that went through its state machine,
and nothing of the buyer or of a key."""

from __future__ import annotations

import re

import pytest
import requests

from infra.deploy import dashboard
from infra.evidence import page, report
from infra.ops import operate
from infra.progress import Steps
from tests.e2e.shop import Shop

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

SCRIPT = "<script>alert(1)</script>"
BUYER = {
    "customerEmail": "evidence.buyer@example.com",
    "shippingAddress": {
        "name": f"Evelyn Evidence {SCRIPT}",
        "street": f"Hidden Lane 12 {SCRIPT}",
        "zipCode": "2611 AA",
        "city": "Delft",
        "country": "NL",
    },
}


def section(html: str, name: str) -> str:
    return html[html.index(f'<section id="{name}"') :].split("\n<section id=", 1)[0]


def test_the_report_of_a_running_stage_shows_all_of_it(shop: Shop) -> None:
    product = shop.new_product(stock=5)
    answer = shop.partner("POST", "/place-order", {**BUYER, "productId": product, "quantity": 1})
    assert answer.status_code == 202, answer.text
    accepted = answer.json()
    assert shop.execution_ended(accepted["executionArn"]) == "SUCCEEDED"
    shop.client("s3").put_object(
        Bucket=shop.described["resources"]["imports_bucket"], Key=f"evidence/{SCRIPT}.txt", Body=b"x"
    )

    target = operate.target_of(shop.described)
    made = report.collect(target, Steps(quiet=True), accepted["orderId"])
    html = page.render(made, target.account)

    assert made.gaps == {}
    functions = [f"orderproc-{target.stage}-{name}" for name in dashboard.functions() if name != "api_handler"]
    assert [name for name in functions if f'<th scope="row">{name}</th>' not in section(html, "resources")] == []
    counted = {group.title: len(group.rows) for group in made.groups}
    assert counted["Functions"] == len(functions) + 1
    assert counted["SQS queues"] == sum(map(len, dashboard.queues()))
    assert made.alarms
    assert len(made.alarms.rows) >= len(dashboard.alarm_names())

    [order] = made.orders
    [execution] = order.executions
    assert [step.name for step in execution.steps] == shop.states(accepted["executionArn"])
    assert "ReserveInventory: " in section(html, "orders")
    assert "FulfilOrder" in section(html, "workflow")
    [code] = [package for package in made.packages if f"orderproc-{target.stage}" in package.functions]
    assert code.verified
    assert "chalicelib/orders/model.py" in section(html, "code")
    assert "boto3" in code.versions
    assert "evidence/" in section(html, "buckets")
    assert "<polyline" in section(html, "dashboard")
    assert made.bill
    assert made.bill.usd > 5

    for hidden in ("Evelyn", "Hidden Lane", "evidence.buyer", "2611 AA", "<script", shop.described["api_key"]):
        assert hidden not in html
    assert not re.search(r"(src|href)=\"(?!#)", html)
    assert requests.get(f"{shop.described['api_url']}/health", timeout=30).status_code == 200
