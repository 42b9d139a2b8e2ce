"""What the local cloud tells IAM's conditions about a request: its items' partition keys, its events' sources."""

from __future__ import annotations

from typing import Any

import pytest

from local.emulator.request_keys import event_sources, leading_keys

KEYS = {("t", None): "scope", ("t", "by-day"): "day", ("u", None): "id"}


def keys(body: dict[str, Any]) -> dict[tuple[str, str], list[str]]:
    return leading_keys(body, lambda table, index: KEYS.get((table, index)))


def text(**values: str) -> dict[str, Any]:
    return {name: {"S": value} for name, value in values.items()}


@pytest.mark.parametrize("member", ["Item", "Key"])
def test_one_item_has_one_key(member: str) -> None:
    assert keys({"TableName": "t", member: text(scope="audit#1", item="x")}) == {("", "t"): ["audit#1"]}


def test_a_query_names_its_key_by_a_placeholder() -> None:
    body = {
        "TableName": "t",
        "KeyConditionExpression": "#s = :s AND #i = :i",
        "ExpressionAttributeNames": {"#s": "scope", "#i": "item"},
        "ExpressionAttributeValues": {":s": {"S": "imports"}, ":i": {"S": "audit#1"}},
    }

    assert keys(body) == {("", "t"): ["imports"]}


def test_a_query_of_an_index_names_the_key_of_the_index() -> None:
    values = {":d": {"S": "2026-11-28"}}
    body = {"TableName": "t", "IndexName": "by-day", "KeyConditionExpression": "day = :d"}

    assert keys({**body, "ExpressionAttributeValues": values}) == {("", "t"): ["2026-11-28"]}


def test_a_batch_names_all_its_keys_by_the_table() -> None:
    read = {"t": {"Keys": [text(scope="b"), text(scope="a"), text(scope="b")]}, "u": {"Keys": [text(id="1")]}}
    written = {"t": [{"PutRequest": {"Item": text(scope="a")}}, {"DeleteRequest": {"Key": text(scope="c")}}]}

    assert keys({"RequestItems": read}) == {("", "t"): ["a", "b"], ("", "u"): ["1"]}
    assert keys({"RequestItems": written}) == {("", "t"): ["a", "c"]}


def test_each_part_of_a_transaction_is_an_action_of_its_own() -> None:
    parts = [
        {"Put": {"TableName": "t", "Item": text(scope="import#7", item="1")}},
        {"Update": {"TableName": "t", "Key": text(scope="imports", item="7")}},
        {"ConditionCheck": {"TableName": "u", "Key": text(id="1")}},
    ]

    assert keys({"TransactItems": parts}) == {
        ("dynamodb:PutItem", "t"): ["import#7"],
        ("dynamodb:UpdateItem", "t"): ["imports"],
        ("dynamodb:ConditionCheckItem", "u"): ["1"],
    }


def test_a_scan_names_no_key() -> None:
    assert keys({"TableName": "t"}) == {}


def test_events_may_come_from_several_sources() -> None:
    assert event_sources({"Entries": [{"Source": "b"}, {"Source": "a"}, {"Source": "b"}]}) == ["a", "b"]
    assert event_sources({"Entries": [{}]}) == [""]
