"""The whole app over fakes."""

from tests.support.api.fixtures import *  # noqa: F403
