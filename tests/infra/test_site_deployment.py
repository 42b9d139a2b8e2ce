"""When the site is made, and what becomes of it where its pages can't be built."""

from __future__ import annotations

import io
from typing import Any

import boto3
import pytest
from rich.console import Console

from infra.deploy import deploy, render, site, templates, web_build
from infra.deploy.settings_check import NotYet
from infra.errors import Refusal
from infra.progress import Steps
from infra.target import Target

SESSION = boto3.Session("a", "b")
ON_AWS = Target("blue", "eu-west-1", "111122223333", "aws", None, SESSION)
LOCAL = Target(
    "local", "us-east-1", "0" * 12, "aws", "http://127.0.0.1:4566", SESSION, site_endpoint="http://127.0.0.1:4567"
)


@pytest.fixture
def no_npm(monkeypatch: pytest.MonkeyPatch) -> None:
    def built() -> None:
        raise Refusal("There is no npm here.")

    monkeypatch.setattr(web_build, "built", built)


@pytest.fixture
def applied(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """What the site's stack was given, each time that it was changed."""
    given: list[dict[str, Any]] = []

    def apply(_target: Target, name: str, _template: Any, parameters: dict[str, Any]) -> dict[str, str]:
        given.append({"name": name, **parameters})
        return {}

    def own_stacks(target: Target) -> dict[str, Any]:
        if not given:
            return {}
        parameters = [{"ParameterKey": key, "ParameterValue": value} for key, value in given[-1].items()]
        return {f"{target.prefix}-site": {"Parameters": parameters}}

    monkeypatch.setattr(templates.stacks, "apply", apply)
    monkeypatch.setattr(templates, "own_stacks", own_stacks)
    return given


@pytest.mark.usefixtures("no_npm")
def test_the_local_cloud_goes_on_without_pages_and_says_why() -> None:
    said = io.StringIO()

    assert deploy._built_pages(LOCAL, Steps(Console(file=said))) is None
    assert "The storefront is left out, all else works. There is no npm here." in " ".join(said.getvalue().split())


@pytest.mark.usefixtures("no_npm")
def test_a_deployment_to_aws_does_not() -> None:
    with pytest.raises(Refusal, match="There is no npm here"):
        deploy._built_pages(ON_AWS, Steps(quiet=True))


def test_the_stack_is_changed_only_when_the_pages_call_something_else(applied: list[dict[str, Any]]) -> None:
    for origins in ("https://api.test https://cognito.test", "https://api.test https://cognito.test"):
        templates.connect_site(ON_AWS, origins)

    assert applied == [{"name": "orderproc-blue-site", "Stage": "blue", "ConnectOrigins": origins}]


def test_the_next_deployment_begins_with_what_the_last_one_found_out(applied: list[dict[str, Any]]) -> None:
    assert templates._as_before(ON_AWS, "site") == {}
    templates.connect_site(ON_AWS, "https://api.test")

    assert templates._as_before(ON_AWS, "site") == {"ConnectOrigins": "https://api.test"}
    assert templates._as_before(ON_AWS, "resources") == {}


def test_an_own_host_name_stays_when_the_pages_are_connected(
    applied: list[dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SITE_DOMAIN", "shop.test")

    templates.connect_site(ON_AWS, "https://api.test")

    assert applied[0]["SiteDomain"] == "shop.test"


def test_the_functions_know_the_site() -> None:
    outputs = NotYet(SiteDomainName="d1.cloudfront.net", SiteBucketName="b")

    assert render.from_stack(ON_AWS, outputs)["SITE_URL"] == "https://d1.cloudfront.net"
    assert render.from_stack(LOCAL, outputs)["SITE_URL"] == "http://127.0.0.1:4567"
    assert render.from_stack(LOCAL, outputs)["SITE_BUCKET"] == "b"
    assert render.environment({}, ON_AWS, outputs)["SITE_ORIGIN"] == "https://d1.cloudfront.net"


def test_the_site_lies_where_the_distribution_looks() -> None:
    assert f"OriginPath: /{site.ROOT.rstrip('/')}\n" in (templates.TEMPLATES / "site.yaml").read_text()
