"""Products and stock in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from botocore.exceptions import ClientError

from ..kit.aws import reasons_of
from ..kit.damaged_items import Report, readable, reads, unreported
from ..kit.dynamodb import DynamoDBClient, Item, batch_get, from_dynamodb, if_it_holds, page_of, to_dynamodb
from ..kit.money import exact
from ..kit.page import Page
from ..kit.retrying import BACKOFF, Backoff
from ..kit.wiring import service
from .model import Product, Stock
from .ports import MOST_OF_A_NAME

_PAGE = 1000
"""Items of one page of a scan that looks for few of them."""

PERMISSIONS = {
    "products": ["dynamodb:BatchGetItem table/products"],
    "stock": ["dynamodb:BatchGetItem table/inventory"],
    "all_stock": ["dynamodb:Scan table/inventory"],
    "put": [
        "dynamodb:BatchGetItem table/products",
        "dynamodb:UpdateItem table/products",
        "dynamodb:UpdateItem table/inventory",
    ],
    "withdraw": ["dynamodb:UpdateItem table/products", "dynamodb:UpdateItem table/inventory"],
    "change_stock": ["dynamodb:UpdateItem table/inventory"],
    "ids_by_name": ["dynamodb:Query table/products/index/by-name"],
    "set_image": ["dynamodb:UpdateItem table/products"],
    "page": ["dynamodb:Scan table/products"],
}


@service
class DynamoCatalogue:
    client: DynamoDBClient
    products_table: str
    inventory_table: str
    report: Report = unreported
    backoff: Backoff = BACKOFF

    def products(self, product_ids: Sequence[str]) -> dict[str, Product]:
        return _sold(self.also_withdrawn(product_ids).values())

    def also_withdrawn(self, product_ids: Sequence[str]) -> dict[str, Product]:
        found = (_product(item) for item in self._get(self.products_table, product_ids))
        return {product.product_id: product for product in found}

    def stock(self, product_ids: Sequence[str]) -> dict[str, Stock]:
        found = readable(self._get(self.inventory_table, product_ids), _stock, self.report)
        return {stock.product_id: stock for stock in found}

    def all_stock(self) -> Iterator[Stock]:
        # A Scan, but of the products' stock, which there is one small item of for each product.
        for page in self.client.get_paginator("scan").paginate(TableName=self.inventory_table):
            yield from readable(page["Items"], _stock, self.report)

    def low_stock(self, most: int) -> Iterator[Stock]:
        pages = self.client.get_paginator("scan").paginate(
            TableName=self.inventory_table,
            PaginationConfig={"PageSize": _PAGE},
            ProjectionExpression="productId, available, reserved",
            FilterExpression="available <= :most AND attribute_not_exists(withdrawnAt)",
            ExpressionAttributeValues=to_dynamodb({":most": most}),
        )
        for page in pages:
            yield from readable(page["Items"], _stock, self.report)

    def all_products(self) -> Iterator[Product]:
        for page in self.client.get_paginator("scan").paginate(TableName=self.products_table):
            yield from _sold(readable(page["Items"], _product, self.report)).values()

    def readable(self, product_ids: Sequence[str], *, consistent: bool = False) -> dict[str, Product]:
        items = self._get(self.products_table, product_ids, consistent=consistent)
        return _sold(readable(items, _product, self.report))

    def put(self, product: Product, stock: int | None, as_of: str | None = None) -> bool:
        if_absent = "if_not_exists(available, :n)" if stock is None else ":n"
        change = f"SET available = {if_absent}, reserved = if_not_exists(reserved, :zero) REMOVE withdrawnAt"
        values = to_dynamodb({":n": stock or 0, ":zero": 0})
        put = _update(self.products_table, product, as_of or product.updated_at)
        if as_of:
            # A damaged product is replaced, too, though its asOf be no text.
            older = "attribute_not_exists(asOf) OR asOf < :asOf OR NOT attribute_type(asOf, :text)"
            put["ConditionExpression"] = older
            put["ExpressionAttributeValues"] |= to_dynamodb({":text": "S"})
        update: Any = {
            "TableName": self.inventory_table,
            "Key": to_dynamodb({"productId": product.product_id}),
            "UpdateExpression": change,
            "ExpressionAttributeValues": values,
        }
        # One transaction: a product whose stock does not exist could be seen, but neither bought nor counted.
        items: Any = [{"Update": put}, {"Update": update}]
        try:
            # Orders that reserve the product while it is put conflict with this.
            self.backoff.past_conflicts(lambda: self.client.transact_write_items(TransactItems=items))
        except ClientError as error:
            if as_of and reasons_of(error)[:1] == ["ConditionalCheckFailed"]:
                return self._as_of(product.product_id) == as_of  # our own write, made before
            raise
        return True

    def withdraw(self, product_id: str, at: str) -> bool:
        since, key = "withdrawnAt = if_not_exists(withdrawnAt, :at)", to_dynamodb({"productId": product_id})
        # The stock says so, too: the transaction that reserves units writes no product, and judges by this.
        product: Any = {
            "TableName": self.products_table,
            "Key": key,
            "UpdateExpression": f"SET {since}, asOf = :at",
            "ConditionExpression": "attribute_exists(productId)",
            "ExpressionAttributeValues": to_dynamodb({":at": at}),
        }
        stock: Any = {
            "TableName": self.inventory_table,
            "Key": key,
            "UpdateExpression": f"SET {since}, {_STOCK_OR_NONE}",
            "ExpressionAttributeValues": to_dynamodb({":at": at, ":zero": 0}),
        }
        items: Any = [{"Update": product}, {"Update": stock}]
        try:
            self.backoff.past_conflicts(lambda: self.client.transact_write_items(TransactItems=items))
        except ClientError as error:
            if reasons_of(error)[:1] == ["ConditionalCheckFailed"]:
                return False
            raise
        return True

    def set_image(self, product_id: str, image: str) -> bool:
        answer = if_it_holds(
            lambda: self.client.update_item(
                TableName=self.products_table,
                Key=to_dynamodb({"productId": product_id}),
                UpdateExpression="SET image = :image",
                ConditionExpression="attribute_exists(productId)",
                ExpressionAttributeValues=to_dynamodb({":image": image}),
            )
        )
        return answer is not None

    def _as_of(self, product_id: str) -> str:
        [item] = self._get(self.products_table, [product_id]) or [{}]
        return str(from_dynamodb(item).get("asOf", ""))

    def change_stock(self, product_id: str, delta: int) -> int | None:
        answer = if_it_holds(
            lambda: self.backoff.past_conflicts(
                lambda: self.client.update_item(
                    TableName=self.inventory_table,
                    Key=to_dynamodb({"productId": product_id}),
                    UpdateExpression="SET available = available + :d",
                    ConditionExpression="available >= :least",
                    ExpressionAttributeValues=to_dynamodb({":d": delta, ":least": max(0, -delta)}),
                    ReturnValues="UPDATED_NEW",
                )
            )
        )
        return int(from_dynamodb(answer["Attributes"])["available"]) if answer else None

    def ids_by_name(self, name: str) -> list[str]:
        answer = self.client.query(
            TableName=self.products_table,
            IndexName="by-name",
            KeyConditionExpression="#n = :n",
            ExpressionAttributeNames={"#n": "name"},
            ExpressionAttributeValues=to_dynamodb({":n": name}),
            Limit=MOST_OF_A_NAME,
        )
        return [str(item["productId"]["S"]) for item in answer["Items"]]

    def page(self, limit: int, after: Mapping[str, str] | None) -> Page[Product]:
        # A Scan, but one page of it: it reads the products it shows and no others.
        start, key = dict(after or {}), ("productId",)
        items, following = page_of(self.client.scan, limit, start, key, TableName=self.products_table)
        return Page(list(_sold(readable(items, _product, self.report)).values()), following)

    def _get(self, table: str, product_ids: Sequence[str], *, consistent: bool = True) -> list[Item]:
        keys = (to_dynamodb({"productId": product_id}) for product_id in dict.fromkeys(product_ids))
        return batch_get(self.client, table, keys, consistent)


_STOCK_OR_NONE = "available = if_not_exists(available, :zero), reserved = if_not_exists(reserved, :zero)"


def _sold(found: Iterable[Product]) -> dict[str, Product]:
    """Without those that are withdrawn, by their ids. Every read for a sale or a list comes through here."""
    return {product.product_id: product for product in found if not product.withdrawn_at}


def _update(table: str, product: Product, as_of: str) -> Any:
    """Sets everything but the picture, which is set at another time by another call: a put would lose it."""
    values = {
        "name": product.name,
        "description": product.description,
        "price": product.price,
        "currency": product.currency,
        "createdAt": product.created_at,
        "updatedAt": product.updated_at,
        "asOf": as_of,
    }
    return {
        "TableName": table,
        "Key": to_dynamodb({"productId": product.product_id}),
        "UpdateExpression": "SET " + ", ".join(f"#{name} = :{name}" for name in values) + " REMOVE withdrawnAt",
        "ExpressionAttributeNames": {f"#{name}": name for name in values},
        "ExpressionAttributeValues": to_dynamodb({f":{name}": value for name, value in values.items()}),
    }


@reads("stock", "productId")
def _stock(item: Item) -> Stock:
    v = from_dynamodb(item)
    return Stock(v["productId"], int(v["available"]), int(v["reserved"]))


@reads("product", "productId", hint=" Put it again.")
def _product(item: Item) -> Product:
    v = from_dynamodb(item)
    if not isinstance(v["name"], str):
        raise TypeError("name must be text")
    return Product(
        v["productId"],
        v["name"],
        v.get("description", ""),
        exact(v["price"], v["currency"]),
        v["currency"],
        v["createdAt"],
        v["updatedAt"],
        image if isinstance(image := v.get("image"), str) else "",
        v.get("withdrawnAt", ""),
    )
