"""An account or a local cloud that can't be reached: the complaint says what to do about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import EndpointConnectionError

from infra.errors import Refusal
from infra.target import connect


class Unreachable:
    """A session whose every call ends in the void."""

    region_name = "eu-central-9"

    def client(self, *_: Any, **__: Any) -> Any:
        raise EndpointConnectionError(endpoint_url="https://sts.test")


@pytest.mark.parametrize(
    ("endpoint_url", "said"),
    [
        (None, "AWS does not answer in eu-central-9: check the region's name and the network."),
        ("http://127.0.0.1:1", "Nothing answers at http://127.0.0.1:1: start the local cloud with `make run`,"),
    ],
)
def test_who_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch, endpoint_url: str | None, said: str) -> None:
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)
    session: Any = Unreachable()

    with pytest.raises(Refusal) as refused:
        connect("prod", session=session, endpoint_url=endpoint_url)

    assert str(refused.value).startswith(said)


def test_two_regions_are_one_too_many(monkeypatch: pytest.MonkeyPatch) -> None:
    """The AWS CLI goes by the first, boto3 by the second: a destruction must not go by the forgotten one."""
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")

    with pytest.raises(Refusal, match=r"AWS_REGION says eu-west-1, AWS_DEFAULT_REGION says us-east-1\. Set"):
        connect("prod")


def test_a_profile_of_another_region_is_no_answer_either(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[profile shop]\nregion = us-east-1\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.delenv("AWS_DEFAULT_REGION", raising=False)

    with pytest.raises(Refusal, match="AWS_REGION says eu-west-1, the profile shop says us-east-1"):
        connect("prod", profile="shop")
    monkeypatch.setenv("AWS_PROFILE", "shop")
    with pytest.raises(Refusal, match="AWS_REGION says eu-west-1, the profile shop says us-east-1"):
        connect("prod")


def test_a_profile_without_a_region_takes_the_environments(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "config").write_text("[profile shop]\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    for name in ("AWS_DEFAULT_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_PROFILE"):
        monkeypatch.delenv(name, raising=False)

    with pytest.raises(Refusal, match="No AWS credentials were found"):  # and not that there is no region
        connect("prod", profile="shop")


def test_one_region_said_twice_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", "eu-west-1")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    regions: list[str] = []

    def session(profile_name: str | None, region_name: str) -> Any:
        regions.append(region_name)
        return Unreachable()

    monkeypatch.setattr(boto3, "Session", session)
    monkeypatch.delenv("AWS_ENDPOINT_URL", raising=False)

    with pytest.raises(Refusal, match="does not answer in eu-west-1"):
        connect("prod")
    assert regions == ["eu-west-1"]
