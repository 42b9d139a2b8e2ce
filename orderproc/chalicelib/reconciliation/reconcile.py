"""Find discrepancies, list them, and repair those that are safe to repair.

Each order is looked at once, when it is so old that it must have ended: a checkpoint says up to which time of creation
that was done, and moves on after each hundred, so that a run which dies or runs out of time costs the next one at most
a hundred looks. Going over the same two days each hour would cost 6 USD for a million orders. What happens to an
order later keeps it in the index of open orders until it is settled, and that is read in every run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from ..kit.chunks import chunks
from ..kit.clock import from_iso, to_iso
from ..kit.errors import Damaged, StaleOrder
from ..kit.ports import Clock, Log
from ..kit.redaction import reason_of
from ..kit.wiring import service
from ..orders.discrepancies import Checkpoint, Details, Finding, Findings, Kind
from ..orders.model import Order, Reservation
from ..orders.ports import Orders
from .model import DAMAGED, NOT_OF_ORDERS, REPAIRABLE, stuck
from .order_checks import Archive, OrderChecks
from .stock_checks import EVER, StockChecks

_SLICE = 100
_LOOK_BACK = timedelta(days=31)
"""Where the very first run begins. Orders from before the index by day existed are not in it."""
_PAGING = timedelta(seconds=20)
"""How long it may page through what is open. So many open orders are an outage, in which no stock can be judged."""
_AGAIN = timedelta(seconds=80)
"""How long a run may spend on what is known or open already, so that each gets on with new orders, too."""
_LONGEST = timedelta(seconds=200)
"""A run ends before its function would be ended (300 s): what is left waits for the next."""


@dataclass
class _Run:
    """What one run knows and saw."""

    started: datetime
    known: dict[tuple[Kind, str], Finding]
    seen: set[tuple[Kind, str]] = field(default_factory=set)
    closely: set[str] = field(default_factory=set)
    """The orders looked at closely: what this run repaired must not be judged again before others could act on it."""
    repaired: int = 0
    looked_at: int = 0
    trouble: list[Exception] = field(default_factory=list)


@service
class Reconciliation:
    orders: Orders
    order_checks: OrderChecks
    stock_checks: StockChecks
    findings: Findings
    clock: Clock
    log: Log
    report: Callable[[Mapping[Kind, int]], None]
    """Takes how many of each kind were found, 0 included: the metric that an alarm watches."""
    stuck_after: timedelta
    look_after: timedelta
    """The age at which an order is looked at: when it must have ended, with a margin."""

    def __call__(self) -> dict[Kind, int]:
        """How many discrepancies of each kind hold, or were repaired just now.

        What can't be read ends the run, and the checkpoint stays where it is. What can't be repaired does not keep the
        next from being found; at the end it is raised, so that it rings."""
        run = _Run(from_iso(self.clock.now()), {f.key: f for f in self.findings.all()})
        self._look_again(run)
        up_to = self._look_on(run)
        # What this run and others could not read was listed by those who read it.
        run.seen |= {f.key for f in self.findings.all() if f.kind in DAMAGED and not f.repaired}
        numbers = Counter(kind for kind, _ in run.seen)
        found = {kind: numbers[kind] for kind in Kind}
        self.report(found)
        self.log.correlate("")  # the run's own line belongs to no order
        self.log.info(
            "reconciliation", found=len(run.seen), repaired=run.repaired, lookedAt=run.looked_at, upTo=up_to,
            failed=len(run.trouble),
        )  # fmt: skip
        if run.trouble:
            raise ExceptionGroup("discrepancies that could not be repaired", run.trouble)
        return found

    def _look_again(self, run: _Run) -> None:
        """At what was found before, at what is open, and at the stock."""
        held: Counter[str] = Counter()
        doubtful: list[str] = []
        for order in self.orders.open_before(EVER):
            if order.reservation is Reservation.HELD:
                held.update(order.quantities())
            if order.attention or stuck(order, self._too_old(run)):
                doubtful.append(order.order_id)
            if self._elapsed(run) > _PAGING:
                self.log.warning("too_many_open", doubtful=len(doubtful))
                break
        else:
            self._stock(run, held)
        # Those that were not looked at for longest come first: a run may not get to the end of many.
        before = sorted(run.known.values(), key=lambda finding: finding.last_seen_at)
        of_orders = [f.subject for f in before if f.kind not in NOT_OF_ORDERS and not f.repaired]
        for order_id in dict.fromkeys([*of_orders, *doubtful]):
            if self._elapsed(run) > _AGAIN:
                break
            self._closely(run, order_id)

    def _stock(self, run: _Run, held: Counter[str]) -> None:
        found = self.stock_checks(held)
        for product_id, numbers in found.items():
            details = {"reserved": str(numbers.reserved), "held": str(numbers.held)}
            self._note(run, Kind.RESERVED_MISMATCH, product_id, details)
        for kind, product_id in list(run.known):
            if kind is Kind.RESERVED_MISMATCH and product_id not in found:
                self._strike(run, run.known[kind, product_id])

    def _look_on(self, run: _Run) -> str:
        """From the checkpoint to what is old enough now, in slices. Returns how far it came."""
        earlier = self.findings.checkpoint()
        start = earlier.up_to if earlier else to_iso(run.started - _LOOK_BACK)
        end = max(start, to_iso(run.started - self.look_after))
        archive = Archive(self.order_checks.documents)
        for some in chunks(self.orders.created_between(start, end), _SLICE):
            for order in self.order_checks.suspects(some, archive, self._too_old(run)):
                self._closely(run, order.order_id)
            run.looked_at += len(some)
            # Others of the same millisecond may follow: they count as not looked at, so that none is left out.
            start = some[-1].created_at
            if self._elapsed(run) > _LONGEST:
                break
            self.findings.save(Checkpoint(start, self.clock.now()))
        else:
            start = end
        self.findings.save(Checkpoint(start, self.clock.now()))
        return start

    def _closely(self, run: _Run, order_id: str) -> None:
        """Look at one order as it is stored now; note what is wrong, repair it, and strike what is wrong no longer."""
        if order_id in run.closely:
            return
        run.closely.add(order_id)
        looked: tuple[Order, dict[Kind, Details]] | None = None
        wrong: Mapping[Kind, Details] = {}
        try:
            looked = self.order_checks.look_at(order_id, self._too_old(run))
            wrong = looked[1] if looked else {}
        except Damaged as error:
            wrong = {Kind.DAMAGED_ORDER: {"reason": reason_of(error)}}
        for kind, details in wrong.items():
            finding = self._note(run, kind, order_id, details)
            if looked and kind in REPAIRABLE:
                self._repair(run, looked[0], finding)
        for kind in Kind:
            known = run.known.get((kind, order_id))
            if known is None or known.repaired or kind in wrong or kind in NOT_OF_ORDERS:
                continue
            if looked and kind in REPAIRABLE:  # by a run that died before it could say so
                self._put(run, replace(known, repaired=True))
            else:
                self._strike(run, known)

    def _note(self, run: _Run, kind: Kind, subject: str, details: Details) -> Finding:
        now = self.clock.now()
        known = run.known.get((kind, subject))
        finding = Finding(kind, subject, details, known.found_at if known else now, now)
        # Before it is repaired: it stays listed if the process dies in between.
        self._put(run, finding)
        if known is None:
            self.log.warning("discrepancy_found", kind=kind.value, subject=subject)
        run.seen.add(finding.key)
        return finding

    def _repair(self, run: _Run, order: Order, finding: Finding) -> None:
        try:
            self.order_checks.repair(order, finding.kind)
        except StaleOrder:
            return  # it is being changed: the next run looks again
        except Exception as error:  # noqa: BLE001
            reason, detail = type(error).__name__, str(error)
            subject, kind = finding.subject, finding.kind.value
            self.log.warning("repairing_failed", kind=kind, subject=subject, reason=reason, detail=detail)
            run.trouble.append(error)
            return
        self._put(run, replace(finding, repaired=True))
        self.log.info("discrepancy_repaired", kind=finding.kind.value, subject=finding.subject)
        run.repaired += 1

    def _put(self, run: _Run, finding: Finding) -> None:
        self.findings.put(finding)
        run.known[finding.key] = finding

    def _strike(self, run: _Run, finding: Finding) -> None:
        self.findings.remove(finding)
        del run.known[finding.key]

    def _too_old(self, run: _Run) -> str:
        return to_iso(run.started - self.stuck_after)

    def _elapsed(self, run: _Run) -> timedelta:
        return from_iso(self.clock.now()) - run.started
