"""The composition root: builds the use cases over their adapters, each on first use, once per process, and a function
pays only for what it uses. One builder for each group of areas: `services().workflow.cancel`.

Tests build `Services` over an `Adapters` of fakes and pass it to `use`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from ..kit import aws, config
from ..kit.observability import telemetry
from .access import Access
from .adapters import Adapters
from .checkout import Carts, Inventory, Orders
from .customers import Customers
from .exports import Exports
from .imports import Imports
from .operations import Operations
from .queues import Queues
from .reporting import Reporting
from .search import Search
from .workflow import Workflow

if TYPE_CHECKING:
    from ..kit.cursors import Cursors
    from ..kit.errors import Damaged
    from ..kit.ports import Clock

is_misconfigured = aws.is_misconfigured
is_temporary = aws.is_temporary
may_pass = aws.may_pass
aws.measure_with(telemetry)


class Services:
    """The use cases, wired."""

    def __init__(self, settings: config.Settings, adapters: Adapters | None = None) -> None:
        self.settings = settings
        self._a = adapters or Adapters(settings)
        self.queues = Queues(settings, self._a)
        self.orders = Orders(settings, self._a)
        self.inventory = Inventory(self._a)
        self.carts = Carts(settings, self._a, self.orders)
        self.workflow = Workflow(settings, self._a, self.orders)
        self.operations = Operations(settings, self._a, self.queues, self.workflow)
        self.search = Search(settings, self._a, self.orders)
        self.customers = Customers(settings, self._a, self.workflow, self.operations, self.search)
        self.access = Access(self._a)
        self.imports = Imports(settings, self._a)
        self.exports = Exports(self._a)
        self.reporting = Reporting(settings, self._a)

    @property
    def clock(self) -> Clock:
        return self._a.clock

    @cached_property
    def cursors(self) -> Cursors:
        from ..kit.cursors import Cursors

        return Cursors(self._a.link_secrets)

    def report_damage(self, error: Damaged) -> None:
        """Report to staff, once, a stored item that can't be read."""
        self._a.report_damage(error)


_current: Services | None = None


def services() -> Services:
    """The process's services. Raises ConfigurationError naming what is missing."""
    global _current  # noqa: PLW0603 - the one place that holds the process's services
    if _current is None:
        _current = Services(config.settings())
    return _current


def use(replacement: Services | None) -> None:
    """For tests: serve these services, or with None build the real ones anew."""
    global _current  # noqa: PLW0603 - the one place that holds the process's services
    _current = replacement
