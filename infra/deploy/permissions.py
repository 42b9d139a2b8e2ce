"""Which adapters' permissions each function uses. `make policies` writes `.chalice/policy-<function>.json` from this.

An adapter declares its calls in `PERMISSIONS`, beside its code; a function names what it uses of them as
`area.module.permission`. A new call in an adapter: add its action to the adapter. An adapter in another function: add a
line here.
"""

from __future__ import annotations

QUEUES = ("orders", "notifications", "inventory", "payment", "shipping", "imports", "exports")
_REDRIVABLE = tuple(f"{name}-dlq" for name in (*QUEUES, "mail", "import-files"))
_EVERY_DLQ = "*-dlq"
"""One name for ten: a role's policies have 10,240 characters. A stage's name has no hyphen, so no other stage's fit."""


def of(adapter: str, *permissions: str) -> tuple[str, ...]:
    """Several permissions of one adapter."""
    return tuple(f"{adapter}.{permission}" for permission in permissions)


def on(permission: str, *targets: str) -> tuple[str, ...]:
    """The permission for each target, which replaces `{}` in the adapter's declaration."""
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
    return (f"PollQueue {queue}", *of("operations.dynamodb", f"count_tries {queue}", f"keep_reason {queue}"))


_READ_ORDER = ("orders.dynamodb.get", "orders.dynamodb_large.read_again")
_WRITE_ORDER = (*_READ_ORDER, "orders.dynamodb.add", *of("orders.dynamodb_writes", "put", "move_stock"))
_ACCEPT = ("orders.dynamodb_numbers.lease",)
_LEDGER = of("payments.dynamodb", "read_ledger", "write_ledger")
_PAY = (*_LEDGER, *of("payments.simulated", "find", "answer"))
_EVENTS = ("orders.eventbridge.publish", "kit.secrets_manager.read links")
_DAMAGE = ("reconciliation.dynamodb.add",)
_UNPAID = of("orders.dynamodb", "of_customer", "get_many")
_EMPTY_CART = ("checkout.dynamodb.remove_bought",)
_DOCUMENTS = on("documents.s3.put", "receipts", "orders")
_HAND_OVER = ("workflow.hand_over.start_execution", *on("workflow.hand_over.send", "orders", "inventory"))
_SEND_MESSAGES = (
    *("notifications.ses_sns.mail", "kit.secrets_manager.read links", "documents.s3.get receipts", *_DAMAGE),
    *of("kit.dynamodb_claims", "claim", "release", "look_up", "count_against_limit"),
)
_IMPORT_FILE = (
    *of("imports.dynamodb", "begin", "get", "update"),
    *("imports.sqs.send imports", "imports.s3.put_report", "imports.s3.tell_missing", "GiveUp import-files-dlq"),
)
_REDRIVE = (
    *on("operations.sqs.send", *QUEUES),
    *on("operations.sqs.invoke", "mail_receipt", "import_orders", "import_products"),
    *of("operations.dynamodb", "reasons", "audit"),
    *_DAMAGE,
)

FUNCTIONS: dict[str, tuple[str, ...]] = {
    "api_handler": (
        *(*_WRITE_ORDER, *_ACCEPT, *_PAY, *_EVENTS, *_HAND_OVER, *_REDRIVE),
        *of("orders.dynamodb", "get_many", "of_customer", "of_owner", "open"),
        *of("orders.dynamodb_days", "by_day", "open", "positions_between"),
        "orders.dynamodb_search.find",
        *of("inventory.dynamodb", "products", "stock", "page", "put", "withdraw", "change_stock", "set_image"),
        *of("inventory.s3", "form", "uploaded", "show"),
        *of("checkout.dynamodb", "get", "change", "remove_bought"),
        *of("kit.dynamodb_claims", "claim", "look_up"),
        *(*on("operations.sqs.depth", *QUEUES, _EVERY_DLQ), *on("operations.sqs.empty", _EVERY_DLQ)),
        *("operations.dynamodb.read_audit", "operations.health.check"),
        *of("reconciliation.dynamodb", "all", "checkpoint"),
        *of("imports.dynamodb", "get", "list"),
        *of("imports.s3", "form", "link"),
        "operations.cloudwatch.alarms",
        *of("exports.dynamodb", "id_for", "put", "list"),
        *("exports.sqs.send", "exports.s3.read"),
        *("fulfilment.dynamodb.report", "kit.secrets_manager.read carrier-webhook", "reporting.dynamodb.read"),
        *("documents.s3.get receipts", "documents.s3.list_or_tell_missing"),
        *("access.cognito.staff", "access.api_keys.manage"),
        *("payments.dynamodb.read_ledgers", *of("operations.dynamodb", "audit_of_orders", "read_audit_of_orders")),
        *of("operations.dynamodb_notes", "add", "read"),
        *of("access.dynamodb", "turn", "add_key_end", "key_ends"),
    ),
    # The queue workflow, and the events workflow.
    "process_orders": (
        *_consumer("orders"),
        *(*_WRITE_ORDER, *_UNPAID, *_PAY, *_EVENTS, *_EMPTY_CART, *_DAMAGE),
        "inventory.dynamodb.products",
    ),
    "inventory_worker": (
        *_consumer("inventory"),
        *(*_WRITE_ORDER, *_ACCEPT, *_EVENTS, *_DAMAGE),
        *of("inventory.dynamodb", "products", "ids_by_name"),
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
        *(*_consumer("imports"), *_WRITE_ORDER, *_ACCEPT, *_DAMAGE, "inventory.dynamodb.put"),
        *of("imports.dynamodb", "get", "update", "count_chunk"),
        *of("imports.sqs", "send orders", "depth orders", "send imports"),
        *of("imports.s3", "results", "put_report", "tell_missing"),
    ),
    # Files of orders for staff.
    "write_export": (
        *(*_consumer("exports"), *_DAMAGE),
        *("orders.dynamodb.get_many", "orders.dynamodb_days.by_day"),
        *("exports.dynamodb.put", "exports.sqs.send", *of("exports.s3", "write", "read", "tell_missing")),
    ),
    # Metrics.
    "count_orders": (
        *("Stream orders", "Streams", "GiveUp metrics-dlq", "documents.s3.put ended"),
        *of("reporting.dynamodb", "get", "read", "put"),
    ),
    "index_orders": (
        *("Stream orders", "Streams", "GiveUp search-dlq", *_READ_ORDER),
        *of("orders.dynamodb_search", "known", "add", "change"),
    ),
    "publish_metrics": (
        *of("reporting.dynamodb", "read", "put"),
        *("reporting.cloudwatch.put", "orders.dynamodb_open.oldest", *_DAMAGE),
    ),
    "hourly_metrics": (
        *of("inventory.dynamodb", "all_stock", "products"),
        *("checkout.dynamodb.quiet", "reporting.dynamodb.put_gauges", *_DAMAGE),
    ),
    # Jobs on a schedule.
    "housekeeper": (
        *(*_WRITE_ORDER, *_PAY, *_EVENTS, *_HAND_OVER, *_EMPTY_CART, *_DAMAGE),
        *of("orders.dynamodb", "get_many", "open"),
        *("orders.dynamodb_days.by_day", "workflow.backlog.executions"),
        *on("operations.sqs.depth", "orders", "inventory", "payment", "shipping"),
        *of("exports.dynamodb", "put", "list"),
        *("exports.sqs.send", "imports.dynamodb.list", *of("imports.sqs", "send imports", "depth imports")),
        *("access.api_keys.end", *of("access.dynamodb", "key_ends", "remove_key_end")),
    ),
    "reconciler": (
        *(*_READ_ORDER, "orders.dynamodb.get_many", "orders.dynamodb_writes.put"),
        *of("orders.dynamodb_days", "by_day", "open"),
        *of("inventory.dynamodb", "stock", "all_stock"),
        *(*of("payments.dynamodb", "read_ledger", "read_ledgers"), "kit.dynamodb_claims.look_up"),
        *of("reconciliation.dynamodb", "add", "all", "remove", "checkpoint", "save_checkpoint"),
        *(*_DOCUMENTS, "documents.s3.get orders", "documents.s3.list_or_tell_missing"),
        "operations.sqs.send notifications",
    ),
    "redrive": (
        *(*_REDRIVE, *of("operations.dynamodb", "tries", "redriven")),
        *(*on("operations.sqs.depth", *_REDRIVABLE), *on("operations.sqs.empty", *_REDRIVABLE)),
    ),
}
