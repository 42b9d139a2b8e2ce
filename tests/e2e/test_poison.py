"""What does not come over HTTP and can't be read: the dead-letter queue gets it, and its neighbours are processed."""

from __future__ import annotations

import json
import time
import uuid
from typing import Any

import pytest

from tests.e2e.shop import Shop, until
from tests.e2e.test_orders import body_for, mails_about, placed

pytestmark = [pytest.mark.e2e, pytest.mark.slow]


def invoked(shop: Shop, function: str, event: Any) -> dict[str, Any]:
    name = f"orderproc-{shop.described['stage']}-{function}"
    answer: dict[str, Any] = shop.client("lambda").invoke(FunctionName=name, Payload=json.dumps(event).encode())
    return answer


def arrived(shop: Shop, dlq: str, bodies: set[str], seconds: float = 60) -> None:
    """Wait until all these messages were seen in the dead-letter queue; they are left there."""
    seen: set[str] = set()

    def look() -> set[str]:
        answer = shop.client("sqs").receive_message(QueueUrl=dlq, MaxNumberOfMessages=10, VisibilityTimeout=3)
        seen.update(message["Body"] for message in answer.get("Messages", []))
        return bodies - seen

    until(look, lambda missing: not missing, seconds)


def test_poison_ends_in_the_dead_letter_queue_and_its_neighbours_are_worked_off(shop: Shop) -> None:
    queue = shop.described["resources"]["order_queue_url"]
    poison = ["no JSON", '{"no": "orderId"}', json.dumps({"orderId": f"nobody-{uuid.uuid4()}"}), "[]"]
    product = shop.new_product(9)

    first = placed(shop, body_for(product))["orderId"]
    for body in poison:
        shop.client("sqs").send_message(QueueUrl=queue, MessageBody=body)
    second = placed(shop, body_for(product))["orderId"]

    for order_id in (first, second):
        assert shop.partner.ended(f"/orders/{order_id}", 30)["status"] == "COMPLETED"
        assert len(until(lambda order_id=order_id: mails_about(shop, order_id))) == 1
    assert shop.stock(product) == (7, 0)
    arrived(shop, shop.described["resources"]["order_dlq_url"], set(poison))


def test_an_order_that_was_never_handed_over_is_found(shop: Shop) -> None:
    product = shop.new_product(5)
    order = placed(shop, body_for(product))
    shop.partner.ended(f"/orders/{order['orderId']}")
    table, dynamodb = shop.described["resources"]["orders_table"], shop.client("dynamodb")
    item = dynamodb.get_item(TableName=table, Key={"orderId": {"S": order["orderId"]}})["Item"]
    lost = f"lost-{uuid.uuid4()}"
    long_ago = {"L": [{"S": "PENDING"}, {"N": str(int(time.time() * 1000) - 300_000)}]}
    kept = {name: item[name] for name in item.keys() - {"payment", "stock"}}
    changed = {
        "orderId": {"S": lost},
        "status": {"S": "PENDING"},
        "history": {"L": [long_ago]},
        "openShard": {"S": "0"},
    }
    created = time.strftime("%Y-%m-%dT%H:%M:%S.000Z", time.gmtime(time.time() - 300))
    dynamodb.put_item(TableName=table, Item={**kept, **changed, "createdAt": {"S": created}})

    assert "FunctionError" not in invoked(shop, "housekeeper", {"time": "now"} | SCHEDULED)

    assert shop.partner.ended(f"/orders/{lost}", 20)["status"] == "COMPLETED"


SCHEDULED = {
    "version": "0",
    "id": "1",
    "account": "000000000000",
    "region": "us-east-1",
    "resources": [],
    "source": "aws.events",
    "detail-type": "Scheduled Event",
    "detail": {},
}


def test_a_document_that_is_none_of_ours_is_mailed_to_nobody(shop: Shop) -> None:
    bucket, key = shop.described["resources"]["documents_bucket"], f"receipts/stray {uuid.uuid4()}.pdf"
    shop.client("s3").put_object(Bucket=bucket, Key=key, Body=b"not a receipt")

    event = {"Records": [{"s3": {"bucket": {"name": bucket}, "object": {"key": key.replace(" ", "+")}}}]}
    assert "FunctionError" not in invoked(shop, "mail_receipt", event)
    assert mails_about(shop, key) == []


def test_a_notification_with_a_field_missing_ends_in_its_dead_letter_queue(shop: Shop) -> None:
    sqs = shop.client("sqs")
    url = sqs.get_queue_url(QueueName=f"orderproc-{shop.described['stage']}-notifications")["QueueUrl"]
    dlq = sqs.get_queue_url(QueueName=f"orderproc-{shop.described['stage']}-notifications-dlq")["QueueUrl"]
    body = json.dumps({"eventType": "OrderCompleted", "note": str(uuid.uuid4())})

    sqs.send_message(QueueUrl=url, MessageBody=body)

    arrived(shop, dlq, {body})
