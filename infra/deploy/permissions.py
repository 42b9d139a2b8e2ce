"""Which adapters' permissions each function uses. `make policies` writes `.chalice/policy-<function>.json` from this.

An adapter declares its calls in `PERMISSIONS`, beside its code; a function names what it uses of them as
`area.module.permission`. A new call in an adapter: add its action to the adapter. An adapter in another function: add a
line here.
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
        f"operations.dynamodb.count_tries {queue}",
        f"operations.dynamodb.keep_reason {queue}",
    )


_READ_ORDER = ("orders.dynamodb.get", "orders.dynamodb_large.read_again")
_WRITE_ORDER = (*_READ_ORDER, "orders.dynamodb.add", "orders.dynamodb_writes.put", "orders.dynamodb_writes.move_stock")
_LEDGER = ("payments.dynamodb.read_ledger", "payments.dynamodb.write_ledger")
_PAY = (*_LEDGER, "payments.simulated.find", "payments.simulated.answer")
_EVENTS = ("orders.eventbridge.publish", "kit.secrets_manager.read links")
_DAMAGE = ("reconciliation.dynamodb.add",)
_UNPAID = ("orders.dynamodb.of_customer", "orders.dynamodb.get_many")
_EMPTY_CART = ("checkout.dynamodb.remove_bought",)
_DOCUMENTS = on("documents.s3.put", "receipts", "orders")
_SEND_MESSAGES = (
    "notifications.ses_sns.mail",
    "kit.secrets_manager.read links",
    "kit.dynamodb_claims.claim",
    "kit.dynamodb_claims.give_back",
    "kit.dynamodb_claims.look_up",
    "kit.dynamodb_claims.count_against_limit",
    "documents.s3.get receipts",
    *_DAMAGE,
)
_IMPORT_FILE = (
    *("imports.dynamodb.begin", "imports.dynamodb.get", "imports.dynamodb.update"),
    *("imports.sqs.send imports", "imports.s3.put_report", "imports.s3.tell_missing"),
    "GiveUp import-files-dlq",
)

FUNCTIONS: dict[str, tuple[str, ...]] = {
    "api_handler": (
        *_WRITE_ORDER,
        *(
            "orders.dynamodb.get_many",
            "orders.dynamodb.of_customer",
            "orders.dynamodb.of_owner",
            "orders.dynamodb.open",
        ),
        *("orders.dynamodb_days.by_day", "orders.dynamodb_days.open", "orders.dynamodb_days.positions_between"),
        *("inventory.dynamodb.products", "inventory.dynamodb.stock", "inventory.dynamodb.page"),
        *("inventory.dynamodb.put", "inventory.dynamodb.change_stock"),
        *("checkout.dynamodb.get", "checkout.dynamodb.change", "checkout.dynamodb.remove_bought"),
        *("kit.dynamodb_claims.claim", "kit.dynamodb_claims.look_up"),
        *_PAY,
        *_EVENTS,
        *_DAMAGE,
        *("workflow.hand_over.start_execution", *on("workflow.hand_over.send", "orders", "inventory")),
        *on("operations.sqs.depth", *QUEUES, *_REDRIVABLE, "metrics-dlq"),
        *on("operations.sqs.empty", *_REDRIVABLE, "metrics-dlq"),
        *on("operations.sqs.send", *QUEUES),
        *on("operations.sqs.invoke", *_S3_FUNCTIONS),
        *("operations.dynamodb.reasons", "operations.dynamodb.audit", "operations.dynamodb.read_audit"),
        *("reconciliation.dynamodb.all", "reconciliation.dynamodb.checkpoint"),
        *("imports.dynamodb.get", "imports.dynamodb.list"),
        *(
            "fulfilment.dynamodb.report",
            "reporting.dynamodb.read",
            "operations.health.check",
            "kit.secrets_manager.read carrier-webhook",
        ),
        *("documents.s3.get receipts", "documents.s3.list_or_tell_missing"),
    ),
    # The queue workflow, and the events workflow.
    "process_orders": (
        *_consumer("orders"),
        *(*_WRITE_ORDER, *_UNPAID, *_PAY, *_EVENTS, *_EMPTY_CART, *_DAMAGE),
        "inventory.dynamodb.products",
    ),
    "inventory_worker": (
        *_consumer("inventory"),
        *(*_WRITE_ORDER, *_EVENTS, *_DAMAGE),
        *("inventory.dynamodb.products", "inventory.dynamodb.ids_by_name"),
    ),
    "payment_worker": (*_consumer("payment"), *_WRITE_ORDER, *_UNPAID, *_PAY, *_EVENTS, *_DAMAGE),
    "shipping_worker": (*_consumer("shipping"), *_WRITE_ORDER, *_EVENTS, "payments.dynamodb.read_ledger"),
    # The state machine's steps.
    "validate_order": (*_READ_ORDER, "inventory.dynamodb.products"),
    "save_order": (*_WRITE_ORDER, "inventory.dynamodb.products"),
    "reserve_inventory": _WRITE_ORDER,
    "release_inventory": _WRITE_ORDER,
    "process_payment": (*_READ_ORDER, *_UNPAID, *_LEDGER, "payments.simulated.answer", *_DAMAGE),
    "refund_payment": (*_READ_ORDER, *_PAY),
    "update_inventory": (*_WRITE_ORDER, *_LEDGER),
    "confirm_order": (*_WRITE_ORDER, "payments.dynamodb.read_ledger"),
    "fulfil_order": _WRITE_ORDER,
    "generate_receipt": (*_WRITE_ORDER, *_DOCUMENTS),
    "send_notification": (*_WRITE_ORDER, *_PAY, *_EVENTS, *_EMPTY_CART),
    "complete_order": (*_WRITE_ORDER, "payments.dynamodb.read_ledger"),
    "fail_order": (*_WRITE_ORDER, *_PAY, *_EVENTS),
    "needs_attention": _WRITE_ORDER,
    # Mails and SMS.
    "notify": (*_consumer("notifications"), *_READ_ORDER, *_SEND_MESSAGES, "notifications.ses_sns.text", *_DOCUMENTS),
    "mail_receipt": (
        *(*_READ_ORDER, *_SEND_MESSAGES),
        *("documents.s3.list_or_tell_missing", "operations.sqs.send notifications", "GiveUp mail-dlq"),
    ),
    # Imported files.
    "import_orders": (*_IMPORT_FILE, "imports.s3.open orders"),
    "import_products": (*_IMPORT_FILE, "imports.s3.open products"),
    "import_rows": (
        *_consumer("imports"),
        *(*_WRITE_ORDER, *_DAMAGE, "inventory.dynamodb.put"),
        *("imports.dynamodb.get", "imports.dynamodb.update", "imports.dynamodb.count_chunk"),
        *("imports.sqs.send orders", "imports.sqs.depth orders", "imports.sqs.send imports"),
        *("imports.s3.results", "imports.s3.put_report", "imports.s3.tell_missing"),
    ),
    # Metrics.
    "count_orders": (
        *("Stream orders", "Streams", "GiveUp metrics-dlq"),
        *(
            "reporting.dynamodb.get",
            "reporting.dynamodb.read",
            "reporting.dynamodb.put",
            "documents.s3.put ended",
        ),
    ),
    "publish_metrics": (
        *(
            "reporting.dynamodb.read",
            "reporting.dynamodb.put",
            "orders.dynamodb_open.oldest",
        ),
        *("reporting.cloudwatch.put", *_DAMAGE),
    ),
    "hourly_metrics": (
        *("inventory.dynamodb.all_stock", "inventory.dynamodb.products", "checkout.dynamodb.quiet"),
        *("reporting.dynamodb.put_gauges", *_DAMAGE),
    ),
    # What runs by the clock.
    "housekeeper": (
        *(*_WRITE_ORDER, *_PAY, *_EVENTS, *_EMPTY_CART, *_DAMAGE),
        *(
            "orders.dynamodb.get_many",
            "orders.dynamodb.open",
            "orders.dynamodb_days.by_day",
            "workflow.backlog.executions",
        ),
        *("workflow.hand_over.start_execution", *on("workflow.hand_over.send", "orders", "inventory")),
        *on("operations.sqs.depth", "orders", "inventory", "payment", "shipping"),
        *("imports.dynamodb.list", "imports.sqs.send imports", "imports.sqs.depth imports"),
    ),
    "reconciler": (
        *(
            *_READ_ORDER,
            "orders.dynamodb.get_many",
            "orders.dynamodb_writes.put",
            "orders.dynamodb_days.by_day",
            "orders.dynamodb_days.open",
        ),
        *("inventory.dynamodb.stock", "inventory.dynamodb.all_stock"),
        *("payments.dynamodb.read_ledger", "payments.dynamodb.read_ledgers", "kit.dynamodb_claims.look_up"),
        *("reconciliation.dynamodb.add", "reconciliation.dynamodb.all", "reconciliation.dynamodb.remove"),
        *("reconciliation.dynamodb.checkpoint", "reconciliation.dynamodb.save_checkpoint"),
        *(*_DOCUMENTS, "documents.s3.get orders", "documents.s3.list_or_tell_missing"),
        "operations.sqs.send notifications",
    ),
    "redrive": (
        *on("operations.sqs.depth", *_REDRIVABLE),
        *on("operations.sqs.empty", *_REDRIVABLE),
        *on("operations.sqs.send", *QUEUES),
        *on("operations.sqs.invoke", *_S3_FUNCTIONS),
        *("operations.dynamodb.reasons", "operations.dynamodb.tries", "operations.dynamodb.redriven"),
        *("operations.dynamodb.audit", *_DAMAGE),
    ),
}
