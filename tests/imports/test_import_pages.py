"""Pages of imports, over a client whose answers end as DynamoDB's do: at 1 MB, wherever that is."""

from __future__ import annotations

from typing import Any

import pytest
from chalicelib.imports.dynamodb import DynamoImports
from chalicelib.kit.dynamodb import from_dynamodb, to_dynamodb
from chalicelib.kit.errors import Damaged
from chalicelib.orders.paginate import topped_up

AT = "2026-11-21T14:00:00.000Z"


class Table:
    """Answers with two items at most, however many are asked for."""

    def __init__(self, items: list[dict[str, Any]]) -> None:
        self.items = sorted(items, key=lambda item: item["item"], reverse=True)
        self.asked: list[int] = []

    def query(self, **request: Any) -> Any:
        start = from_dynamodb(request["ExclusiveStartKey"])["item"] if "ExclusiveStartKey" in request else "~"
        left = [item for item in self.items if item["item"] < start]
        self.asked.append(request["Limit"])
        shown = left[: min(2, request["Limit"])]
        answer: dict[str, Any] = {"Items": [to_dynamodb(item) for item in shown]}
        if len(left) > len(shown):
            answer["LastEvaluatedKey"] = to_dynamodb({"scope": "imports", "item": shown[-1]["item"]})
        return answer

    def get_item(self, **request: Any) -> Any:
        key = from_dynamodb(request["Key"])["item"]
        [found] = [item for item in self.items if item["item"] == key]
        return {"Item": to_dynamodb(found)}


def item(n: int, **changes: Any) -> dict[str, Any]:
    whole = {"scope": "imports", "item": f"{n:03d}", "key": "orders/a.csv", "uploadedAt": AT, "startedAt": AT}
    return {**whole, "status": "DONE", "rows": 1, "chunks": 1, **changes}


def imports(*items: dict[str, Any]) -> tuple[DynamoImports, Table]:
    table = Table(list(items))
    return DynamoImports(table, "operations"), table  # type: ignore[arg-type]


def test_a_page_is_full_though_an_answer_ended_before_it_was() -> None:
    found, table = imports(*[item(n) for n in range(12)])

    page = topped_up(found.page, 5, None)  # as the route does

    assert [one.import_id for one in page.items] == ["011", "010", "009", "008", "007"]
    assert page.next == {"item": "007"}
    assert table.asked == [6, 4, 2]


@pytest.mark.parametrize("limit", [1, 2, 3, 5, 12, 13])
def test_all_pages_together_are_all_imports(limit: int) -> None:
    found, _ = imports(*[item(n) for n in range(12)])
    seen: list[str] = []
    after: Any = None
    while True:
        page = found.page(limit, after)
        seen += [one.import_id for one in page.items]
        after = page.next
        if after is None:
            break

    assert seen == [f"{n:03d}" for n in reversed(range(12))]


def test_an_import_that_cannot_be_read_hides_no_other_and_no_later_page() -> None:
    found, _ = imports(item(1), item(2, status="?"), item(3), item(4, rows="many"))

    page = found.page(2, None)
    following = found.page(2, page.next)

    assert [one.import_id for one in (*page.items, *following.items)] == ["003", "001"]
    with pytest.raises(Damaged):
        found.get("002")
