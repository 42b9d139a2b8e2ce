"""Builds the exports of orders."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..kit.aws import may_pass
from ..kit.observability import log

if TYPE_CHECKING:
    from ..exports import ports
    from ..exports.resume import ResumeExports
    from ..exports.start import StartExport
    from ..exports.views import ExportView
    from ..exports.write import WriteExport
    from .adapters import Adapters


class Exports:
    def __init__(self, adapters: Adapters) -> None:
        self._a = adapters

    @property
    def progress(self) -> ports.Exports:
        """How far each export is, to be read."""
        return self._a.exports

    @cached_property
    def start(self) -> StartExport:
        from ..exports.start import StartExport

        a = self._a
        return StartExport(a.exports, a.export_messages, may_pass, a.clock, log)

    @cached_property
    def write(self) -> WriteExport:
        from ..exports.write import WriteExport

        a = self._a
        return WriteExport(a.orders, a.exports, a.export_files, a.export_messages, a.clock, log)

    @cached_property
    def resume(self) -> ResumeExports:
        from ..exports.resume import ResumeExports

        a = self._a
        return ResumeExports(a.exports, a.export_messages, a.clock, log)

    @cached_property
    def view(self) -> ExportView:
        from ..exports.views import ExportView

        return ExportView(self._a.export_files, self._a.clock)
