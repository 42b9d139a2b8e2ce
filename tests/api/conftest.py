"""The whole app over fakes."""

import pytest
from chalicelib.bootstrap import Services
from chalicelib.orders.model import Order

from tests.support.api.fixtures import *  # noqa: F403
from tests.support.builders.examples import command


@pytest.fixture
def order(services: Services) -> Order:
    """One that is finished."""
    return services.workflow.steps.run_all(services.orders.accept(command()).order_id)


@pytest.fixture
def link(services: Services, order: Order) -> str:
    """To the page that asks for feedback on it."""
    return f"/feedback/{services.customers.feedback_links.token(order.order_id)}"
