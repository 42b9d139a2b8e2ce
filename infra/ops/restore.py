"""`python -m infra.ops.restore [STAGE] --to MOMENT|BACKUP`: bring a stage's tables and documents back to one moment,
with the operator's AWS credentials. It shows what it would do and asks; programs say --yes, and --plan only shows it.
The stage is closed meanwhile. Without --to it goes on with a restoration that died. Exits 1 if it was not done, 2 for
what it does not understand."""

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from infra.backups import backups, documents, exports, restoring, undone
from infra.backups.restoring import Report, Restore
from infra.errors import Refusal
from infra.ops import operate
from infra.ops.backup import outputs_of
from infra.paths import BUILD
from infra.progress import Steps
from infra.target import Target

if TYPE_CHECKING:
    from chalicelib.bootstrap import Services

_WIDE = 150
_SHOWN = 20
_MOST = 100_000
"""Orders that a plan counts."""


def main(arguments: Sequence[str]) -> int:
    """The command."""
    options = _parsed(list(arguments))
    return operate.command(lambda console: _run(console, options), _WIDE)


def _run(console: Console, options: argparse.Namespace) -> int:
    target = operate.stage_called(options.stage)
    outputs = outputs_of(target)
    bucket = outputs["DocumentsBucketName"]
    services = operate.services_of(target)
    restore = restoring.unfinished(target, bucket)
    if options.abandon:
        return _abandon(console, target, services, bucket, restore)
    moment, backup = _wanted(target, outputs, options.to, restore)
    if restore is None:
        _show_plan(console, target, services, bucket, moment, backup)
    else:
        console.print(f"The restoration to {restore.to} that {restore.who} began goes on.", soft_wrap=True)
    if options.plan:
        return 0
    if not options.yes:
        _ask(target)
    restore = restore or restoring.begin(target, bucket, moment, backup, operate.identity(target))
    with services.operations.audit.of(restore.who, "restore", to=restore.to, backup=backup, id=restore.id):
        report = restoring.run(target, outputs, restore, Steps(console), lambda a, b: _index(services, a, b))
    _show_report(console, target, bucket, report)
    return 0


def _abandon(console: Console, target: Target, services: "Services", bucket: str, restore: Restore | None) -> int:
    if restore is None:
        raise Refusal("No restoration is unfinished.")
    with services.operations.audit.of(operate.identity(target), "restore", abandoned=restore.to, id=restore.id):
        restoring.abandon(target, bucket, restore)
    console.print(f"The restoration to {restore.to} is given up. Nothing was changed, and the stage goes on.")
    return 0


def _wanted(target: Target, outputs: dict[str, str], to: str, restore: Restore | None) -> tuple[datetime, str]:
    """The moment, and the backup of that name. Refuses what is neither, or can't be restored."""
    bucket = outputs["DocumentsBucketName"]
    if restore:
        if to and to != restore.backup and _moment(to) != restore.moment:
            raise Refusal(
                f"A restoration to {restore.backup or restore.to} is unfinished. Finish it first, without TO=…, or give"
                " it up with ABANDON=1, which is possible until a table is changed."
            )
        return restore.moment, restore.backup
    if not to:
        raise Refusal(
            "Say to what: TO=2026-11-29T10:00:00Z, or TO=… with the name of a backup (`make backup ARGS=list`)."
        )
    moment = _moment(to)
    if moment is None:
        backups.check_name(to)
        found = backups.find(target, bucket, to)
        if found is None or not found.complete:
            names = ", ".join(one.name for one in backups.all_of(target, bucket) if one.complete)
            raise Refusal(
                f"{to} is neither a moment like 2026-11-29T10:00:00Z nor a backup ({names or 'there is none'})."
            )
        return found.at, found.name
    if moment > datetime.now(UTC):
        raise Refusal(f"{backups.shown(moment)} is in the future.")
    first, last = exports.window(target, outputs)
    if not first <= moment <= last:
        raise Refusal(
            f"All tables can be recovered from {backups.shown(first)} to {backups.shown(last)}, not at"
            f" {backups.shown(moment)}: choose a moment in between, or a backup."
        )
    restoring.refuse_within_another(target, bucket, moment)
    return moment, ""


def _moment(text: str) -> datetime | None:
    """None for what is none. Refuses one without a zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    if backups.NAME.fullmatch(text):  # 20261129-101500 is the name of a backup
        return None
    if found.tzinfo is None:
        raise Refusal(f"{text} says no zone: write {text}Z for UTC.")
    return found.astimezone(UTC).replace(microsecond=0)


def _show_plan(
    console: Console, target: Target, services: "Services", bucket: str, moment: datetime, backup: str
) -> None:
    since, now = restoring.iso(moment), restoring.iso(datetime.now(UTC) + timedelta(seconds=1))
    totals: dict[str, Decimal] = {}
    placed = 0
    for order in services.reporting.rebuild.orders.created_between(since, now):
        placed += 1
        if order.payment:
            totals[order.currency] = (
                totals.get(order.currency, Decimal(0)) + order.payment.amount - order.payment.refunded
            )
        if placed == _MOST:
            break
    kept = None
    if backup and (found := backups.find(target, bucket, backup)):
        kept = backups.documents_of(target, bucket, found)
    wanted = Counter("back" if one.version else "gone" for one in documents.changes(target, bucket, moment, kept))
    paid = ", ".join(f"{amount} {currency}" for currency, amount in sorted(totals.items())) or "nothing"
    source = f"backup {backup}" if backup else "point-in-time recovery"
    console.print(f"Stage [b]{target.stage}[/b] goes back to {backups.shown(moment)} ({source}):", soft_wrap=True)
    console.print("- closed until it is done: callers get 503, messages and files wait")
    console.print("- orders, products, stock, carts and counters become what they were")
    console.print("- the ledger, mails sent and order numbers keep what is newer")
    console.print(f"- [red]{placed} orders placed since are gone[/red]; paid for them: {paid}", soft_wrap=True)
    console.print(f"- {wanted['back']} documents come back, {wanted['gone']} that are newer go")
    console.print("Users, keys, pictures and uploaded files stay as they are.")


def _ask(target: Target) -> None:
    if not sys.stdin.isatty():
        raise Refusal("Nothing was changed: run it in a terminal, which asks, or with YES=1 (--yes).")
    try:
        agreed = input("Type the stage's name to restore it: ").strip() == target.stage
    except (EOFError, KeyboardInterrupt):
        agreed = False
    if not agreed:
        raise Refusal("Nothing was changed.")


def _index(services: "Services", first: str, last: str) -> None:
    if services.settings.order_search != "off":
        for _ in services.search.rebuild(first, last):
            pass


def _show_report(console: Console, target: Target, bucket: str, report: Report) -> None:
    table = operate.table("table", "put back", "removed", "as it was", "newer, kept")
    for name, numbers in restoring.numbers_of(report.restore).items():
        table.add_row(name, *map(str, numbers))
    done = report.restore.documents
    table.add_row("documents", str(done["back"]), str(done["gone"]), "", str(len(done["lost"])))
    console.print(table)
    _show_orders(console, report.rows)
    _show_work(console, target, report)
    path = BUILD / "restores" / f"{target.stage}-{report.restore.id}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(undone.as_csv(report.rows), encoding="utf-8")
    console.print(f"All orders: s3://{bucket}/{report.csv}, and {path}", soft_wrap=True)


def _show_orders(console: Console, rows: list[undone.Row]) -> None:
    fates = Counter(row.fate for row in rows)
    console.print(f"[red]{fates[undone.GONE]} orders are gone[/red], {fates[undone.SET_BACK]} are set back.")
    checked = [row for row in rows if row.check]
    if not checked:
        return
    table = operate.table("order", "placed", "undone", "captured", "refunded", "", "check")
    for row in checked[:_SHOWN]:
        amounts = (str(row.captured), str(row.refunded), row.currency)
        texts = map(escape, (row.number or row.order_id, row.placed_at, row.was, *amounts))
        table.add_row(*texts, f"[red]{escape(row.check)}[/red]")
    console.print(table)
    if len(checked) > _SHOWN:
        console.print(f"… and {len(checked) - _SHOWN} more in the file.")


def _show_work(console: Console, target: Target, report: Report) -> None:
    """What is left for people."""
    for currency, amount in sorted(undone.unsettled(report.rows).items()):
        console.print(
            f"[red]{amount} {currency} were paid for orders that are gone.[/red] Refund them, or place them again."
        )
    if report.restore.documents["lost"]:
        console.print(
            f"[red]No version of then is left of {escape(', '.join(report.restore.documents['lost'][:_SHOWN]))}.[/red]"
        )
    if report.erased:
        console.print(
            f"[red]Erase again[/red] (runbook erase-person): {escape(', '.join(report.erased))}", soft_wrap=True
        )
    console.print(
        "Compare the payment provider's list since then with the file. Files imported since: upload them again."
    )
    console.print(f"In 25 hours: make metrics STAGE={target.stage} ARGS='check --from {report.restore.to[:10]}'")


def _parsed(arguments: list[str]) -> argparse.Namespace:
    stage = operate.stage_of(arguments, ())
    parser = argparse.ArgumentParser(prog="restore [STAGE]", description="Bring a stage back to one moment.")
    parser.add_argument("--to", default="", help="a moment like 2026-11-29T10:00:00Z, or a backup's name")
    parser.add_argument("--plan", action="store_true", help="show what it would do, and change nothing")
    parser.add_argument(
        "--abandon", action="store_true", help="give up an unfinished one that has changed no table yet"
    )
    parser.add_argument("--yes", action="store_true", help="do it without asking")
    options = parser.parse_args(arguments)
    options.stage = stage
    return options


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
