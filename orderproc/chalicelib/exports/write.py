"""Writes an export's file, part by part, from where the last process left it.

A checkpoint is saved with each part, by a conditional write: what is read after it and before the next is read again by
the process that follows. One process at a time has the export, by a lease that is longer than a function can run; so no
part is replaced after its checkpoint. Should that happen all the same, or S3 delete the parts (of uploads that are
older than a day), putting the file together is refused, and the export begins anew."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import NoReturn

from ..kit.clock import from_iso, to_iso
from ..kit.errors import MalformedMessage
from ..kit.ports import Clock, Log
from ..kit.redaction import reason_of
from ..kit.wiring import service
from ..orders.ports import OrderLists
from . import rows
from .model import MOST_PARTS, PART, Export, ExportStatus, OutOfTime, TooLarge, UploadGone
from .ports import ExportFiles, ExportMessages, Exports

LEASE = 330
"""Seconds: longer than the function may run (tests/packaging/test_limits.py)."""
_MOST_RESTARTS = 3
_ENDLESS = float("inf")


class _Stopped(Exception):
    """Another process, or another message, goes on."""


@service
class WriteExport:
    orders: OrderLists
    exports: Exports
    files: ExportFiles
    messages: ExportMessages
    clock: Clock
    log: Log
    new_run: Callable[[], str] = lambda: uuid.uuid4().hex
    part: int = PART

    def __call__(
        self, export_id: str, *, last_try: bool = False, seconds_left: Callable[[], float] = lambda: _ENDLESS
    ) -> None:
        """Go on with it as far as the time suffices. Harmless when repeated, also by several at once. Raises
        MalformedMessage, and what may pass."""
        found = self.exports.get(export_id)
        if found is None:
            raise MalformedMessage(f"There is no export {export_id}.")
        if found.status is ExportStatus.DONE:
            return
        taken = self._taken(found)
        if taken is None:
            # Not dropped: the process that has it may be dead, and this its only message.
            self.messages.send(export_id, LEASE)
            return
        run = _Run(self, taken, seconds_left)
        try:
            run.go_on()
        except _Stopped:
            return
        except Exception as error:
            run.fail(error, for_good=last_try or isinstance(error, TooLarge))
            if isinstance(error, TooLarge):  # no try will change that
                return
            raise

    def _taken(self, found: Export) -> Export | None:
        """The export, leased. None if another process has it."""
        now = self.clock.now()
        if found.leased_until > now:
            return None
        until = to_iso(from_iso(now) + timedelta(seconds=LEASE))
        return self.exports.replace(
            replace(
                found,
                status=ExportStatus.RUNNING,
                updated_at=now,
                run=self.new_run(),
                leased_until=until,
                finished_at=None,
                error=None,
            )
        )


class _Run:
    """One process at work on an export that it has leased."""

    def __init__(self, of: WriteExport, taken: Export, seconds_left: Callable[[], float]) -> None:
        self._of, self._now, self._seconds_left = of, taken, seconds_left
        self._got_on = False

    def go_on(self) -> None:
        """Raises _Stopped."""
        if not self._now.read_all:
            self._write()
        if self._now.status is not ExportStatus.DONE:
            self._complete()
        self._of.log.info(
            "export_done",
            exportId=self._now.export_id,
            orders=self._now.orders,
            damaged=self._now.damaged,
            parts=len(self._now.parts),
        )

    def fail(self, error: Exception, *, for_good: bool) -> None:
        """Give the export back, so that the next process need not wait; `for_good` says that none will come by itself.
        What goes wrong here must not hide the error."""
        changed = replace(self._now, leased_until="", updated_at=self._of.clock.now())
        if for_good:
            changed = replace(
                changed, status=ExportStatus.FAILED, finished_at=changed.updated_at, error=reason_of(error, {})
            )
            self._of.log.warning("export_failed", exportId=changed.export_id, reason=type(error).__name__)
        try:
            self._of.exports.replace(changed)
        except Exception as trouble:  # noqa: BLE001
            self._of.log.warning("export_not_given_back", exportId=changed.export_id, reason=type(trouble).__name__)

    def _write(self) -> None:
        export, of = self._now, self._of
        content = bytearray(rows.head(export.format) if export.place is None else b"")
        orders = damaged = 0
        place = export.place
        for page in of.orders.pages_between(export.start, export.end, export.place):
            content += rows.lines(export.format, page.items)
            orders, damaged, place = orders + len(page.items), damaged + len(page.damaged), page.places[-1]
            if len(content) >= of.part:
                self._save_part(content, replace(self._counted(orders, damaged), place=place))
                content, orders, damaged = bytearray(), 0, 0
            if self._seconds_left() <= 0:
                self._continue_later()
        last = replace(self._counted(orders, damaged), place=place, read_all=True)
        if self._now.parts:
            self._save_part(content, last)
        else:
            self._put_whole(content, last)

    def _counted(self, orders: int, damaged: int) -> Export:
        return replace(self._now, orders=self._now.orders + orders, damaged=self._now.damaged + damaged)

    def _save_part(self, content: bytearray, then: Export) -> None:
        """Upload it, and save the checkpoint that says so."""
        if len(self._now.parts) == MOST_PARTS:
            raise TooLarge("The file would be larger than 40 GB: ask for a shorter time.")
        if not content:
            self._save(then)
            return
        files, is_new = self._of.files, not self._now.upload_id
        upload_id = self._now.upload_id or files.begin(self._now)
        try:
            part = files.put_part(self._now, upload_id, len(self._now.parts) + 1, bytes(content))
        except UploadGone as error:
            self._begin_anew(error)
        try:
            self._save(replace(then, upload_id=upload_id, parts=(*then.parts, part)))
        except _Stopped:
            if is_new:
                files.abandon(self._now, upload_id)
            raise

    def _save(self, then: Export) -> None:
        """Raises _Stopped if another process has the export."""
        now = self._of.clock.now()
        saved = self._of.exports.replace(replace(then, updated_at=now, resumed=0))
        if saved is None:
            self._of.log.warning("export_taken_over", exportId=then.export_id)
            raise _Stopped
        self._now, self._got_on = saved, True

    def _put_whole(self, content: bytearray, then: Export) -> None:
        """A file that is smaller than a part needs none."""
        self._of.files.put(then, bytes(content))
        self._end(then)

    def _complete(self) -> None:
        try:
            self._of.files.complete(self._now)
        except UploadGone as error:
            # The process before this one may have died after it had put the file together.
            if not self._of.files.exists(self._now):
                self._begin_anew(error)
        self._end(self._now)

    def _end(self, then: Export) -> None:
        at = self._of.clock.now()
        self._save(replace(then, status=ExportStatus.DONE, finished_at=at, leased_until="", error=None))

    def _begin_anew(self, error: UploadGone) -> NoReturn:
        """Raises _Stopped: a new process begins."""
        if self._now.restarts == _MOST_RESTARTS:
            raise error
        self._of.log.warning("export_begun_anew", exportId=self._now.export_id, orders=self._now.orders)
        if self._now.upload_id:
            self._of.files.abandon(self._now, self._now.upload_id)
        self._save(replace(self._now.from_the_beginning(), leased_until="", restarts=self._now.restarts + 1))
        self._of.messages.send(self._now.export_id)
        raise _Stopped from error

    def _continue_later(self) -> NoReturn:
        """Raises _Stopped, or OutOfTime if the export would come no further: then the queue counts its tries."""
        if not self._got_on:
            raise OutOfTime("The function's time did not suffice for one part.")
        self._save(replace(self._now, leased_until=""))
        # A process that dies before this leaves its own message, which comes again.
        self._of.messages.send(self._now.export_id)
        self._of.log.info("export_continues", exportId=self._now.export_id, orders=self._now.orders)
        raise _Stopped
