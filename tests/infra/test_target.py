"""An account or a local cloud that can't be reached: the complaint says what to do about it."""

from __future__ import annotations

from typing import Any

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
