"""The search for what must not be in the logs finds it, and finds nothing in lines as they should be."""

from __future__ import annotations

import json

import pytest
from chalicelib.kit.observability import log
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support import leaks
from tests.support.leaks import Recorder

PLANTED = {
    "an e-mail address": "refused: petra@private.example is not verified",
    "a phone number": "Invalid parameter: +31612345678",
    "a JSON Web Token": "eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln",
    "a bearer token": "Authorization: Bearer abcdef0123456789",
    "an access key of AWS": "AKIAIOSFODNN7EXAMPLE",
    "a signed URL": "https://b.s3.amazonaws.com/receipts/1.pdf?X-Amz-Algorithm=x&X-Amz-Signature=0a1b2c",
    "a secret of a provider": "whsec_abcdefghijkl",
    "a link of a mail": "https://shop.example/feedback/aaaaaaaaaabbbbbbbbbbccccccccccddddddddddee",
    "a long token": "aIsQwabcdefABCDEF0123456789_-abcdefABCDEF0123456789_-abcdefABCDEF0123",
    "a street": "ships to 123 Main St",
    "a town": "Anytown",
    "a customer": "customer123",
}


@pytest.mark.parametrize("what", PLANTED)
def test_what_was_planted_is_found(what: str) -> None:
    line = json.dumps({"level": "INFO", "message": "order_completed", "detail": PLANTED[what]})

    assert what in {leak.what for leak in leaks.leaks(line)}


@pytest.mark.parametrize("what", leaks._HAS)
@settings(max_examples=20)
@given(data=st.data())
def test_whatever_a_pattern_finds_has_one_of_the_words_that_it_is_looked_for_by(what: str, data: st.DataObject) -> None:
    found = data.draw(st.from_regex(leaks._COMPILED[what], fullmatch=True))

    assert any(word in found for word in leaks._HAS[what])


def test_each_pattern_was_planted() -> None:
    assert PLANTED.keys() == leaks._PATTERNS.keys()


def test_a_secret_of_the_stack_is_found_word_for_word() -> None:
    assert [leak.what for leak in leaks.leaks("key 4f1c found", ["4f1c"])] == ["a secret of the stack"]


@pytest.mark.parametrize(
    "line",
    [
        '{"level":"INFO","message":"order_completed","timestamp":"2026-11-21T12:04:10.779+00:00",'
        '"correlation_id":"asked-a85a0a21-ed9b-42c4-9c08-7abb4bbdfb0e","ms":{"validate":4}}',
        '{"reason":"Returned by [personal], [personal]","subject":"LAPTOP001","detail":"1299.99 EUR +20"}',
        'File "/var/task/chalicelib/services/a_function_with_a_name_that_is_longer_than_sixty_characters_2.py"',
        "arn:aws:states:us-east-1:000000000000:execution:orderproc-local-orders:970539c6-6f23-45c7-8a14-9ed03f5d721e",
    ],
)
def test_lines_as_they_should_be_give_nothing_away(line: str) -> None:
    assert leaks.leaks(line) == []


@pytest.fixture
def own(monkeypatch: pytest.MonkeyPatch) -> Recorder:
    """A recorder for what is planted here, or these tests would fail as they should."""
    own = Recorder()
    monkeypatch.setattr("tests.conftest.recorder", own)
    return own


def test_a_test_whose_app_logs_an_address_fails(own: Recorder) -> None:
    log.info("planted", detail="ships to 123 Main St")

    assert own.lines == 1
    with pytest.raises(AssertionError, match="a street, '123 Main St'"):
        own.assert_clean()
    own.assert_clean()  # the next test did not log it


def test_a_test_whose_app_counts_what_is_not_listed_fails(own: Recorder) -> None:
    metrics = {"Namespace": "orderproc", "Dimensions": [[]], "Metrics": [{"Name": "NotListed", "Unit": "Count"}]}
    log.measures({"_aws": {"CloudWatchMetrics": [metrics]}, "NotListed": 1})

    with pytest.raises(AssertionError, match="NotListed"):
        own.assert_clean()
