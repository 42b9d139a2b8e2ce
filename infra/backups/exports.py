"""Exports of tables to S3, as they were at one moment: one second for all of a stage's tables, which on-demand backups,
one call after the other, are not. An export reads the table's point-in-time recovery, not the table.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html has the format."""

import base64
import gzip
import hashlib
import json
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from infra.backups.tables import TABLES, Item, Table
from infra.errors import Refusal
from infra.target import Target

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

_PAUSE, _PAUSE_ON_AN_EMULATOR = 15.0, 0.2
_PATIENCE = 24 * 3600.0
_ATTEMPTS = 10
_WINDOW_PATIENCE = 900.0
"""AWS can recover up to five minutes ago."""

Exports = dict[str, str]
"""The folder of each table's export in the bucket, by the table's name."""


def window(target: Target, outputs: Mapping[str, str]) -> tuple[datetime, datetime]:
    """From when to when all tables can be recovered. Refuses where one can't."""
    client: DynamoDBClient = target.client("dynamodb")
    starts, ends = [], []
    for table in TABLES:
        described = client.describe_continuous_backups(TableName=outputs[table.output])
        found = described["ContinuousBackupsDescription"].get("PointInTimeRecoveryDescription", {})
        if found.get("PointInTimeRecoveryStatus") != "ENABLED":
            raise Refusal(
                f"Point-in-time recovery of {outputs[table.output]} is off: `make deploy STAGE={target.stage}` turns it"
                " on, and what was before stays unrecoverable."
            )
        starts.append(found["EarliestRestorableDateTime"])
        ends.append(found["LatestRestorableDateTime"])
    return max(starts).astimezone(UTC), min(ends).astimezone(UTC)


def until_recoverable(target: Target, outputs: Mapping[str, str], moment: datetime) -> None:
    """Wait until all tables can be recovered at that moment."""
    end = time.monotonic() + _WINDOW_PATIENCE
    while window(target, outputs)[1] < moment:
        if time.monotonic() > end:
            raise Refusal("Point-in-time recovery lags by more than 15 minutes: try again later.")
        time.sleep(_pause(target))


def make(target: Target, outputs: Mapping[str, str], moment: datetime, prefix: str) -> Exports:
    """Have all tables exported as they were at the moment, under the prefix in the documents bucket. Again is harmless:
    the same export goes on. Refuses when one fails."""
    client: DynamoDBClient = target.client("dynamodb")
    bucket = outputs["DocumentsBucketName"]
    begun = {table.name: _begin(client, target, table, outputs, moment, prefix) for table in TABLES}
    end = time.monotonic() + _PATIENCE
    while waiting := [name for name, arn in begun.items() if not _is_done(client, name, arn)]:
        if time.monotonic() > end:
            raise Refusal(f"The export of {', '.join(waiting)} takes more than a day: look at it in AWS's console.")
        time.sleep(_pause(target))
    found = {name: f"{prefix}/{name}/AWSDynamoDB/{arn.rpartition('/')[2]}" for name, arn in begun.items()}
    for folder in found.values():
        target.s3.head_object(Bucket=bucket, Key=f"{folder}/manifest-files.json")
    return found


def items(target: Target, bucket: str, folder: str) -> Iterator[Item]:
    """Of one table, in no particular order, as boto3's calls take them."""
    for line in _read(target, bucket, f"{folder}/manifest-files.json").splitlines():
        if line.strip():
            name = json.loads(line)["dataFileS3Key"].rpartition("/")[2]  # AWS does not say whether with our prefix
            content = gzip.decompress(_read(target, bucket, f"{folder}/data/{name}"))
            for entry in content.splitlines():
                yield {name: _as_boto3_has_it(value) for name, value in json.loads(entry)["Item"].items()}


def _begin(
    client: "DynamoDBClient", target: Target, table: Table, outputs: Mapping[str, str], moment: datetime, prefix: str
) -> str:
    """A token gives the same export for eight hours, also one that failed: that is begun anew with another."""
    name, arn = outputs[table.output], ""
    for attempt in range(_ATTEMPTS):
        token = hashlib.sha256(f"{prefix} {name} {moment.isoformat()} {attempt}".encode()).hexdigest()[:36]
        try:
            begun = client.export_table_to_point_in_time(
                TableArn=f"arn:{target.partition}:dynamodb:{target.region}:{target.account}:table/{name}",
                ExportTime=moment,
                ClientToken=token,
                S3Bucket=outputs["DocumentsBucketName"],
                S3Prefix=f"{prefix}/{table.name}",
                ExportFormat="DYNAMODB_JSON",
            )
        except client.exceptions.InvalidExportTimeException as error:
            raise Refusal(f"{name} can't be recovered at {moment.isoformat()}: {error}") from error
        arn = begun["ExportDescription"]["ExportArn"]
        if client.describe_export(ExportArn=arn)["ExportDescription"]["ExportStatus"] != "FAILED":
            break
    return arn


def _is_done(client: "DynamoDBClient", name: str, arn: str) -> bool:
    found = client.describe_export(ExportArn=arn)["ExportDescription"]
    if found["ExportStatus"] == "FAILED":
        raise Refusal(f"The export of {name} failed: {found.get('FailureMessage', found.get('FailureCode'))}")
    return found["ExportStatus"] == "COMPLETED"


def _read(target: Target, bucket: str, key: str) -> bytes:
    return bytes(target.s3.get_object(Bucket=bucket, Key=key)["Body"].read())


def _as_boto3_has_it(value: dict[str, Any]) -> dict[str, Any]:
    """Binary values are Base64 in the file, and bytes in boto3."""
    ((kind, content),) = value.items()
    if kind == "B":
        return {kind: base64.b64decode(content)}
    if kind == "BS":
        return {kind: [base64.b64decode(one) for one in content]}
    if kind == "L":
        return {kind: [_as_boto3_has_it(one) for one in content]}
    if kind == "M":
        return {kind: {name: _as_boto3_has_it(one) for name, one in content.items()}}
    return value


def _pause(target: Target) -> float:
    return _PAUSE_ON_AN_EMULATOR if target.is_emulator else _PAUSE
