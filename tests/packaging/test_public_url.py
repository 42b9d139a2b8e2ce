"""Where customers reach the API: given to functions that write links after the first deployment, and kept by every
later one."""

from typing import Any

import boto3
import pytest

from infra.deploy import post_deploy, render
from infra.deploy.deploy import tracked_config
from infra.target import Target
from tests.packaging.test_render import AnyOutput

LINKING = ("orderproc-blue-mail_receipt", "orderproc-blue-notify", "orderproc-blue")
API = "https://a1b2c3.execute-api.eu-central-1.amazonaws.com/api"


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in render.CHOSEN:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MAIL_SENDER", "orders@blue.example")


class Functions:
    """Lambda's part: each function's variables, and which were changed."""

    def __init__(self, **variables: str) -> None:
        self.variables = {name: dict(variables) for name in LINKING}
        self.changed: list[str] = []

    def get_function_configuration(self, FunctionName: str) -> Any:  # noqa: N803
        return {"Environment": {"Variables": self.variables[FunctionName]}}

    def get_waiter(self, _name: str) -> Any:
        class Waiter:
            def wait(self, **_asked: str) -> None: ...

        return Waiter()

    def update_function_configuration(self, FunctionName: str, Environment: Any) -> None:  # noqa: N803
        self.variables[FunctionName] = Environment["Variables"]
        self.changed.append(FunctionName)


def target(functions: Any = None) -> Target:
    made = Target("blue", "eu-central-1", "111122223333", "aws", None, boto3.Session("a", "b"))
    if functions:
        vars(made)["functions"] = functions
    return made


def rendered(api_url: str) -> dict[str, str]:
    config = render.config(tracked_config(), target(), AnyOutput(), api_url)
    found: dict[str, str] = config["stages"]["blue"]["environment_variables"]
    return found


def test_at_the_first_deployment_it_is_unknown() -> None:
    assert "PUBLIC_URL" not in rendered("")


def test_later_ones_keep_it() -> None:
    assert rendered(target().api_url("a1b2c3"))["PUBLIC_URL"] == API


def test_the_deployers_choice_comes_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://api.my.shop")

    assert rendered("")["PUBLIC_URL"] == rendered(API)["PUBLIC_URL"] == "https://api.my.shop"
    assert render.public_url(API) == "https://api.my.shop"


def test_functions_that_write_links_get_it_and_keep_their_other_variables() -> None:
    functions = Functions(STAGE="blue")

    post_deploy.set_public_url(target(functions), API)

    assert set(functions.changed) == set(LINKING)
    assert all(known == {"STAGE": "blue", "PUBLIC_URL": API} for known in functions.variables.values())


def test_a_function_that_has_it_is_left_alone() -> None:
    functions = Functions(PUBLIC_URL=API)

    post_deploy.set_public_url(target(functions), API)

    assert functions.changed == []
