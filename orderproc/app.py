"""Every way into orderproc: REST routes, queues, the documents bucket, the clock. What happens then stands in
`chalicelib/services`."""

# ruff: noqa: E402
from __future__ import annotations

import gc

# What is being imported is no garbage, and looking for some in it takes a seventh of a cold start (bench.cold_import).
gc.disable()

from chalice.app import Chalice, CloudWatchEvent, Rate, S3Event, SQSEvent
from chalicelib import batch, bootstrap, config
from chalicelib.web import catalogue, http, meta, orders

gc.freeze()  # nor will it ever be
gc.enable()

app = Chalice(app_name="orderproc")
names = config.names()

http.own_problems(app)
app.register_blueprint(orders.bp)
app.register_blueprint(catalogue.bp)
app.register_blueprint(meta.bp)


@app.on_sqs_message(queue=names.order_queue, batch_size=10)
def process_orders(event: SQSEvent) -> None:
    """Take each newly accepted order through all its steps: the `queue` workflow."""
    services = bootstrap.services()
    batch.work_off(
        event,
        services.order_messages,
        lambda message: services.order_steps.run_all(message.text("orderId"), message.last_try),
    )


@app.on_sqs_message(queue=names.notifications_queue, batch_size=10)
def notify(event: SQSEvent) -> None:
    """Tell the customer what happened to the order, and write its receipt."""
    services = bootstrap.services()
    batch.work_off(event, services.notification_messages, lambda message: services.notifications.on_event(message.body))


@app.on_s3_event(bucket=names.documents_bucket, events=["s3:ObjectCreated:*"], prefix="receipts/", suffix=".pdf")
def mail_receipt(event: S3Event) -> None:
    """Mail the confirmation with each receipt that arrives in the documents bucket."""
    batch.each_object(event, bootstrap.services().notifications.on_receipt)


@app.schedule(Rate(1, unit=Rate.MINUTES))
def housekeeper(_event: CloudWatchEvent) -> None:
    """See to it that every order ends, whatever died on the way."""
    bootstrap.services().housekeeping()
