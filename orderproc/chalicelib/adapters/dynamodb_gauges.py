"""Gauges in the metrics table: an item for each hour, `gauges#2026-11` and `21T14`, kept for good."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..domain.gauges import LeftBehind, LowStock
from ..jsonio import dumps
from .items import to_dynamodb

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CARTS = "cartsAbandoned = :carts, cartsAbandonedValue = :value"


@dataclass(frozen=True)
class DynamoGauges:
    client: DynamoDBClient
    table: str

    def put(self, hour: str, low: LowStock, left: LeftBehind) -> None:
        self._update(hour, low, left, f"SET lowStock = :low, lowStockProducts = :products, {_CARTS}")

    def put_after(self, hour: str, low: LowStock, left: LeftBehind) -> None:
        seen = "lowStock = if_not_exists(lowStock, :low)"
        named = "lowStockProducts = if_not_exists(lowStockProducts, :products)"
        self._update(hour, low, left, f"SET {seen}, {named}, {_CARTS}")

    def _update(self, hour: str, low: LowStock, left: LeftBehind, update: str) -> None:
        self.client.update_item(
            TableName=self.table,
            Key=to_dynamodb({"bucket": f"gauges#{hour[:7]}", "part": hour[8:]}),
            UpdateExpression=update,
            ExpressionAttributeValues=to_dynamodb(
                {
                    ":low": low.number,
                    ":products": list(low.products),
                    ":carts": left.carts,
                    ":value": dumps(dict(left.value)),
                }
            ),
        )
