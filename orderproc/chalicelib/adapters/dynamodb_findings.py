"""What the inspector found and how far it came, in the table of operations: scopes `inconsistencies`, `inspector`."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from ..domain.inspection import Checkpoint, Finding, Kind
from .aws import code_of
from .items import Item, from_dynamodb, to_dynamodb

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_FINDINGS = "inconsistencies"
_CHECKPOINT = {"scope": "inspector", "item": "checkpoint"}
_MENDED_SECONDS = 7 * 24 * 3600
"""So long what was mended stays in the list. What was not stays until it holds no more."""


@dataclass(frozen=True)
class DynamoFindings:
    client: DynamoDBClient
    table: str
    seconds: Callable[[], float] = time.time

    def all(self) -> Iterator[Finding]:
        following: dict[str, Any] = {}
        while True:
            answer = self.client.query(
                TableName=self.table,
                KeyConditionExpression="#s = :s",
                ExpressionAttributeNames={"#s": "scope"},
                ExpressionAttributeValues=to_dynamodb({":s": _FINDINGS}),
                ConsistentRead=True,
                **following,
            )
            now = self.seconds()
            for values in map(from_dynamodb, answer["Items"]):
                # DynamoDB tidies expired items up to days late, so the time is judged here.
                if values.get("expiresAt", now) >= now:
                    yield _finding(values)
            if "LastEvaluatedKey" not in answer:
                return
            following = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}

    def put(self, finding: Finding) -> None:
        values: Item = {
            **_key(finding),
            "details": dict(finding.details),
            "foundAt": finding.found_at,
            "lastSeenAt": finding.last_seen_at,
            "mended": finding.mended or None,
            "expiresAt": int(self.seconds()) + _MENDED_SECONDS if finding.mended else None,
        }
        self.client.put_item(TableName=self.table, Item=to_dynamodb(values))

    def remove(self, finding: Finding) -> None:
        self.client.delete_item(TableName=self.table, Key=to_dynamodb(_key(finding)))

    def checkpoint(self) -> Checkpoint | None:
        item = self.client.get_item(TableName=self.table, Key=to_dynamodb(_CHECKPOINT), ConsistentRead=True).get("Item")
        if item is None:
            return None
        values = from_dynamodb(item)
        return Checkpoint(values["upTo"], values["at"])

    def save(self, checkpoint: Checkpoint) -> None:
        try:
            self.client.put_item(
                TableName=self.table,
                Item=to_dynamodb({**_CHECKPOINT, "upTo": checkpoint.up_to, "at": checkpoint.at}),
                ConditionExpression="attribute_not_exists(upTo) OR upTo <= :u",
                ExpressionAttributeValues=to_dynamodb({":u": checkpoint.up_to}),
            )
        except ClientError as error:
            if code_of(error) != "ConditionalCheckFailedException":
                raise


def _key(finding: Finding) -> dict[str, str]:
    return {"scope": _FINDINGS, "item": f"{finding.kind}#{finding.subject}"}


def _finding(values: Item) -> Finding:
    kind, subject = values["item"].split("#", 1)
    return Finding(
        Kind(kind), subject, values["details"], values["foundAt"], values["lastSeenAt"], bool(values.get("mended"))
    )
