"""Gauges in the metrics table: an item for each hour, `gauges#2026-11` and `21T14`, kept for good."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ..kit.aws import code_of
from ..kit.dynamodb import to_dynamodb
from ..kit.jsonio import dumps
from ..kit.wiring import service
from .gauges import LeftBehind, LowStock

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_CARTS = "cartsAbandoned = :carts, cartsAbandonedValue = :value"
_AFTER = (
    "SET lowStock = if_not_exists(lowStock, :low), "
    f"lowStockProducts = if_not_exists(lowStockProducts, :products), {_CARTS}"
)

PERMISSIONS = {
    "put": ["dynamodb:UpdateItem table/metrics"],
}


@service
class DynamoGauges:
    client: DynamoDBClient
    table: str

    def put(self, hour: str, low: LowStock, left: LeftBehind) -> None:
        self._update(hour, low, left, f"SET lowStock = :low, lowStockProducts = :products, {_CARTS}")

    def put_after(self, hour: str, low: LowStock, left: LeftBehind) -> None:
        self._update(hour, low, left, _AFTER)

    def complete(self, hour: str, low: LowStock, left: LeftBehind) -> None:
        fewer = {"ConditionExpression": "attribute_not_exists(cartsAbandoned) OR cartsAbandoned < :carts"}
        try:
            self._update(hour, low, left, _AFTER, **fewer)
        except ClientError as error:
            if code_of(error) != "ConditionalCheckFailedException":
                raise  # else somebody saw it whole, or a try of this very write was made

    def _update(self, hour: str, low: LowStock, left: LeftBehind, update: str, **condition: Any) -> None:
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
            **condition,
        )
