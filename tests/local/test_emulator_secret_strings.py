"""The local cloud's secrets can be pasted into a shell, as those of AWS can."""

from __future__ import annotations

import string
from typing import Any

import pytest

from local.emulator.secret_strings import as_meant


def excluded(rules: dict[str, Any]) -> set[str]:
    return set(as_meant({"GenerateSecretString": rules})["GenerateSecretString"].get("ExcludeCharacters", ""))


@pytest.mark.parametrize("said", [True, "true", "True"])
def test_punctuation_is_left_out_where_the_template_says_so(said: bool | str) -> None:
    assert excluded({"ExcludePunctuation": said}) == set(string.punctuation)
    assert excluded({"ExcludePunctuation": said, "ExcludeCharacters": "0O"}) == {*string.punctuation, "0", "O"}


@pytest.mark.parametrize(
    "rules", [{}, {"ExcludePunctuation": False}, {"ExcludePunctuation": "false"}, {"PasswordLength": 48}]
)
def test_it_stays_where_the_template_does_not(rules: dict[str, Any]) -> None:
    assert excluded(rules) == set()


def test_a_secret_that_is_not_generated_is_left_alone() -> None:
    assert as_meant({"SecretString": "s"}) == {"SecretString": "s"}
