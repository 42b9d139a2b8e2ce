"""The template of what all stages share."""

import pytest

from infra.paths import TEMPLATES
from tests.packaging.cloudformation import Template, load


@pytest.fixture(scope="module")
def template() -> Template:
    return load(TEMPLATES / "resources.yaml")
