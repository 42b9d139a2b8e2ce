"""Builds the imports of files."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..kit.aws import may_pass
from ..kit.concurrency import few_at_a_time
from ..kit.observability import log

if TYPE_CHECKING:
    from ..imports import ports
    from ..imports.ends import EndImports
    from ..imports.file import ImportFile
    from ..imports.report import ImportReport
    from ..imports.rows import ImportRows
    from ..imports.uploads import ImportUploads
    from ..kit.config import Settings
    from .adapters import Adapters


class Imports:
    def __init__(self, settings: Settings, adapters: Adapters) -> None:
        self._settings = settings
        self._a = adapters

    @property
    def progress(self) -> ports.Imports:
        """How far each import is, to be read."""
        return self._a.imports

    @cached_property
    def uploads(self) -> ImportUploads:
        from ..imports.uploads import ImportUploads

        return ImportUploads(self._a.import_files, self._a.clock)

    @cached_property
    def file(self) -> ImportFile:
        from ..imports.file import ImportFile
        from ..imports.read_rows import columns

        a = self._a
        return ImportFile(a.import_files, a.imports, a.row_messages, self._report, columns, a.clock, log)

    @cached_property
    def rows(self) -> ImportRows:
        from ..imports import read_rows
        from ..imports.rows import ImportRows

        a, settings = self._a, self._settings
        return ImportRows(
            a.import_files,
            a.imports,
            a.orders,
            a.catalogue,
            a.many_hand_overs,
            a.row_messages,
            self._report,
            a.number_leases,
            settings.default_locale,
            lambda row, correlation_id: read_rows.place_order(
                row,
                owner=settings.outside_owner,
                default_currency=settings.default_currency,
                correlation_id=correlation_id,
            ),
            lambda row: read_rows.put_product(row, default_currency=settings.default_currency),
            may_pass,
            a.clock,
            log,
            few_at_a_time(8),  # as many as pay for waiting on DynamoDB
        )

    @cached_property
    def ends(self) -> EndImports:
        from ..imports.ends import EndImports

        a = self._a
        return EndImports(a.imports, a.row_messages, a.clock, log)

    @cached_property
    def _report(self) -> ImportReport:
        from ..imports.report import ImportReport

        return ImportReport(self._a.import_files, self._a.imports, self._a.clock, log)
