"""Which adapters' permissions each function uses. `make policies` writes `.chalice/policy-<function>.json` from this.

An adapter declares its calls in `PERMISSIONS`, beside its code; a function names what it uses of them as
`module.permission`. A new call in an adapter: add its action to the adapter. An adapter in another function: add a line
here.
"""

from __future__ import annotations

QUEUES = ("orders", "notifications", "inventory", "payment", "shipping", "imports")
_S3_FUNCTIONS = ("mail_receipt", "import_orders", "import_products")
_REDRIVABLE = tuple(f"{name}-dlq" for name in (*QUEUES, "mail", "import-files"))


def on(permission: str, *targets: str) -> tuple[str, ...]:
    """The permission for each target: it stands for `{}` in the adapter's declaration."""
    return tuple(f"{permission} {target}" for target in targets)


PLATFORM = {
    "PollQueue": [
        "sqs:ReceiveMessage queue/{}",
        "sqs:DeleteMessage queue/{}",
        "sqs:ChangeMessageVisibility queue/{}",
        "sqs:GetQueueAttributes queue/{}",
    ],
    "GiveUp": ["sqs:SendMessage queue/{}"],
    "Stream": [
        "dynamodb:DescribeStream table/{}/stream/*",
        "dynamodb:GetRecords table/{}/stream/*",
        "dynamodb:GetShardIterator table/{}/stream/*",
    ],
    "Streams": ["dynamodb:ListStreams *"],
    "Logs": ["logs:CreateLogStream log-group/{}", "logs:PutLogEvents log-group/{}"],
    "Traces": ["xray:PutTraceSegments *", "xray:PutTelemetryRecords *"],
}
"""What Lambda does in a function's name. Each becomes a statement of that name; every function has the last two."""


def _consumer(queue: str) -> tuple[str, ...]:
    """A function that SQS triggers, and that counts the tries of its messages."""
    return (
        f"PollQueue {queue}",
        f"dynamodb_dead_letters.count_tries {queue}",
        f"dynamodb_dead_letters.keep_reason {queue}",
    )


_READ_ORDER = ("dynamodb_orders.get", "large_orders.read_again")
_WRITE_ORDER = (*_READ_ORDER, "dynamodb_orders.add", "order_writes.put", "order_writes.move_stock")
_LEDGER = ("dynamodb_payments.read_ledger", "dynamodb_payments.write_ledger")
_PAY = (*_LEDGER, "simulated_gateway.find", "simulated_gateway.answer")
_EVENTS = ("events.publish", "managed_secrets.read links")
_DAMAGE = ("dynamodb_findings.add",)
_UNPAID = ("dynamodb_orders.of_customer", "dynamodb_orders.get_many")
_EMPTY_CART = ("dynamodb_carts.remove_bought",)
_DOCUMENTS = on("s3_documents.put", "receipts", "orders")
_SEND_MESSAGES = (
    "messaging.mail",
    "managed_secrets.read links",
    "dynamodb_payments.claim",
    "dynamodb_payments.give_claim_back",
    "dynamodb_payments.look_at_claims",
    "dynamodb_payments.count_against_limit",
    "s3_documents.get receipts",
    *_DAMAGE,
)
_IMPORT_FILE = (
    *("dynamodb_imports.begin", "dynamodb_imports.get", "dynamodb_imports.update"),
    *("many_messages.send imports", "s3_imports.put_report", "s3_imports.tell_missing"),
    "GiveUp import-files-dlq",
)

FUNCTIONS: dict[str, tuple[str, ...]] = {
    "api_handler": (
        *_WRITE_ORDER,
        *(
            "dynamodb_orders.get_many",
            "dynamodb_orders.of_customer",
            "dynamodb_orders.of_owner",
            "dynamodb_orders.open",
        ),
        *("order_days.by_day", "order_days.open", "order_days.places_between"),
        *("dynamodb_catalogue.products", "dynamodb_catalogue.stock", "dynamodb_catalogue.page"),
        *("dynamodb_catalogue.put", "dynamodb_catalogue.change_stock"),
        *("dynamodb_carts.get", "dynamodb_carts.change", "dynamodb_carts.remove_bought"),
        *("dynamodb_payments.claim", "dynamodb_payments.look_at_claims"),
        *_PAY,
        *_EVENTS,
        *_DAMAGE,
        *("queues.start_execution", *on("queues.send", "orders", "inventory")),
        *on("dead_letters.depth", *QUEUES, *_REDRIVABLE, "metrics-dlq"),
        *on("dead_letters.empty", *_REDRIVABLE, "metrics-dlq"),
        *on("dead_letters.send", *QUEUES),
        *on("dead_letters.invoke", *_S3_FUNCTIONS),
        *("dynamodb_dead_letters.reasons", "dynamodb_dead_letters.audit", "dynamodb_dead_letters.read_audit"),
        *("dynamodb_findings.all", "dynamodb_findings.checkpoint"),
        *("dynamodb_imports.get", "dynamodb_imports.list"),
        *("dynamodb_parcels.report", "metric_items.read", "health.check", "managed_secrets.read carrier-webhook"),
        *("s3_documents.get receipts", "s3_documents.list_or_tell_missing"),
    ),
    # The queue workflow, and the events workflow.
    "process_orders": (
        *_consumer("orders"),
        *(*_WRITE_ORDER, *_UNPAID, *_PAY, *_EVENTS, *_EMPTY_CART, *_DAMAGE),
        "dynamodb_catalogue.products",
    ),
    "inventory_worker": (
        *_consumer("inventory"),
        *(*_WRITE_ORDER, *_EVENTS, *_DAMAGE),
        *("dynamodb_catalogue.products", "dynamodb_catalogue.ids_by_name"),
    ),
    "payment_worker": (*_consumer("payment"), *_WRITE_ORDER, *_UNPAID, *_PAY, *_EVENTS, *_DAMAGE),
    "shipping_worker": (*_consumer("shipping"), *_WRITE_ORDER, *_EVENTS, "dynamodb_payments.read_ledger"),
    # The state machine's steps.
    "validate_order": (*_READ_ORDER, "dynamodb_catalogue.products"),
    "save_order": (*_WRITE_ORDER, "dynamodb_catalogue.products"),
    "reserve_inventory": _WRITE_ORDER,
    "release_inventory": _WRITE_ORDER,
    "process_payment": (*_READ_ORDER, *_UNPAID, *_LEDGER, "simulated_gateway.answer", *_DAMAGE),
    "refund_payment": (*_READ_ORDER, *_PAY),
    "update_inventory": (*_WRITE_ORDER, *_LEDGER),
    "confirm_order": (*_WRITE_ORDER, "dynamodb_payments.read_ledger"),
    "fulfil_order": _WRITE_ORDER,
    "generate_receipt": (*_WRITE_ORDER, *_DOCUMENTS),
    "send_notification": (*_WRITE_ORDER, *_PAY, *_EVENTS, *_EMPTY_CART),
    "complete_order": (*_WRITE_ORDER, "dynamodb_payments.read_ledger"),
    "fail_order": (*_WRITE_ORDER, *_PAY, *_EVENTS),
    "needs_attention": _WRITE_ORDER,
    # Mails and SMS.
    "notify": (*_consumer("notifications"), *_READ_ORDER, *_SEND_MESSAGES, "messaging.text", *_DOCUMENTS),
    "mail_receipt": (
        *(*_READ_ORDER, *_SEND_MESSAGES),
        *("s3_documents.list_or_tell_missing", "dead_letters.send notifications", "GiveUp mail-dlq"),
    ),
    # Imported files.
    "import_orders": (*_IMPORT_FILE, "s3_imports.open orders"),
    "import_products": (*_IMPORT_FILE, "s3_imports.open products"),
    "import_rows": (
        *_consumer("imports"),
        *(*_WRITE_ORDER, *_DAMAGE, "dynamodb_catalogue.put"),
        *("dynamodb_imports.get", "dynamodb_imports.update", "dynamodb_imports.count_chunk"),
        *("many_messages.send orders", "many_messages.depth orders", "many_messages.send imports"),
        *("s3_imports.results", "s3_imports.put_report", "s3_imports.tell_missing"),
    ),
    # Metrics.
    "count_orders": (
        *("Stream orders", "Streams", "GiveUp metrics-dlq"),
        *("dynamodb_counters.count", "metric_items.read", "metric_items.put_sums", "s3_documents.put ended"),
    ),
    "publish_metrics": (
        *("metric_items.read", "metric_items.put_sums", "dynamodb_metrics.save", "open_orders.oldest"),
        *("cloudwatch.put", *_DAMAGE),
    ),
    "hourly_metrics": (
        *("dynamodb_catalogue.all_stock", "dynamodb_catalogue.products", "dynamodb_carts.quiet"),
        *("dynamodb_gauges.put", *_DAMAGE),
    ),
    # What runs by the clock.
    "housekeeper": (
        *(*_WRITE_ORDER, *_PAY, *_EVENTS, *_EMPTY_CART, *_DAMAGE),
        *("dynamodb_orders.get_many", "dynamodb_orders.open", "order_days.by_day", "backlog.executions"),
        *("queues.start_execution", *on("queues.send", "orders", "inventory")),
        *on("dead_letters.depth", "orders", "inventory", "payment", "shipping"),
        *("dynamodb_imports.list", "many_messages.send imports", "many_messages.depth imports"),
    ),
    "inspector": (
        *(*_READ_ORDER, "dynamodb_orders.get_many", "order_writes.put", "order_days.by_day", "order_days.open"),
        *("dynamodb_catalogue.stock", "dynamodb_catalogue.all_stock"),
        *("dynamodb_payments.read_ledger", "dynamodb_payments.read_ledgers", "dynamodb_payments.look_at_claims"),
        *("dynamodb_findings.add", "dynamodb_findings.all", "dynamodb_findings.remove"),
        *("dynamodb_findings.checkpoint", "dynamodb_findings.save_checkpoint"),
        *(*_DOCUMENTS, "s3_documents.get orders", "s3_documents.list_or_tell_missing"),
        "dead_letters.send notifications",
    ),
    "redrive": (
        *on("dead_letters.depth", *_REDRIVABLE),
        *on("dead_letters.empty", *_REDRIVABLE),
        *on("dead_letters.send", *QUEUES),
        *on("dead_letters.invoke", *_S3_FUNCTIONS),
        *("dynamodb_dead_letters.reasons", "dynamodb_dead_letters.tries", "dynamodb_dead_letters.redriven"),
        *("dynamodb_dead_letters.audit", *_DAMAGE),
    ),
}
