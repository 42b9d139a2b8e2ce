"""Items of the table of metrics, as both read and write them who count and who report: the queries, and the sums."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ..kit.aws import code_of
from ..kit.dynamodb import to_dynamodb
from .counts import Counts, added
from .counts_text import to_text

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PERMISSIONS = {
    "read": ["dynamodb:Query table/metrics"],
    "put_sums": ["dynamodb:PutItem table/metrics"],
}


def query(
    client: DynamoDBClient, table: str, condition: str, values: Mapping[str, str], consistent: bool = False
) -> Iterator[Any]:
    """Items in DynamoDB's own form, page by page. `#b` in the condition is the bucket."""
    following: dict[str, Any] = {}
    while True:
        answer = client.query(
            TableName=table,
            KeyConditionExpression=condition,
            ExpressionAttributeNames={"#b": "bucket"},  # a reserved word
            ExpressionAttributeValues=to_dynamodb(dict(values)),
            ConsistentRead=consistent,
            **following,
        )
        yield from answer["Items"]
        if "LastEvaluatedKey" not in answer:
            return
        following = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


def put_sums(client: DynamoDBClient, table: str, hour: str, quarters: Sequence[Counts], version: int) -> None:
    """What an hour and its quarters add up to, unless sums of that version or a newer one are there."""
    _put_sum(client, table, "hours", hour, to_text(added(quarters)), version)
    _put_sum(client, table, "quarters", hour, [to_text(quarter) for quarter in quarters], version)


def _put_sum(client: DynamoDBClient, table: str, kind: str, hour: str, counts: str | list[str], version: int) -> None:
    item = {"bucket": f"{kind}#{hour[:7]}", "part": hour[8:], "counts": counts, "version": version}
    try:
        client.put_item(
            TableName=table,
            Item=to_dynamodb(item),
            ConditionExpression="attribute_not_exists(version) OR version < :v",
            ExpressionAttributeValues=to_dynamodb({":v": version}),
        )
    except ClientError as error:
        if code_of(error) != "ConditionalCheckFailedException":
            raise  # it was not written because another run, or a try of this one, did it
