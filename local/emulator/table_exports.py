"""Exports of tables to S3: MiniStack says that an export is complete, and writes nothing. Here its files are written as
DynamoDB lays them out, with what the table holds at the time of the call. The emulator keeps no past of a table, so an
export of a time that is more than a minute ago is refused, as AWS refuses one outside of the recovery window. And
tables that CloudFormation makes have point-in-time recovery as their template says, which MiniStack passes over.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/S3DataExport.Output.html
"""

from __future__ import annotations

import gzip
import json
import time
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import dynamodb, s3
from ministack.services.cloudformation import provisioners

from .replacing import replaces

_RECENT = 60.0


def install() -> None:
    """Write the files as an export begins; let templates turn recovery on."""
    table = provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::Table"]
    made, updated = table["create"], table["update"]

    def create(logical_id: str, properties: dict[str, Any], stack_name: str) -> Any:
        return _recoverable(made(logical_id, properties, stack_name), properties)

    def update(name: str, before: dict[str, Any], properties: dict[str, Any], *more: Any) -> Any:
        return _recoverable(updated(name, before, properties, *more), properties)

    table.update(create=create, update=update)

    @replaces(dynamodb, "_export_table_to_point_in_time")
    def export(begin: Any, data: dict[str, Any]) -> tuple[int, dict[str, str], Any]:
        known = _is_known(data.get("ClientToken"))
        if not known and float(data.get("ExportTime") or time.time()) < time.time() - _RECENT:
            return error_response_json("InvalidExportTimeException", "The emulator keeps no past of a table.", 400)
        answer: tuple[int, dict[str, str], Any] = begin(data)
        if answer[0] == 200 and not known:
            write_files(json.loads(answer[2])["ExportDescription"])
        return answer


def _recoverable(made: Any, properties: dict[str, Any]) -> Any:
    """`made` begins with the table's name."""
    wanted = properties.get("PointInTimeRecoverySpecification", {}).get("PointInTimeRecoveryEnabled", False)
    dynamodb._pitr_settings[made[0]] = str(wanted).lower() == "true"
    return made


def write_files(export: dict[str, Any]) -> None:
    """The data in one file, and the manifests that name it."""
    table = dynamodb._tables[export["TableArn"].rpartition("/")[2]]
    folder = "/".join(filter(None, (export.get("S3Prefix"), "AWSDynamoDB", export["ExportArn"].rpartition("/")[2])))
    lines = [json.dumps({"Item": item}) for items in table["items"].values() for item in items.values()]
    data = f"{folder}/data/all.json.gz"
    _put(export, data, gzip.compress("".join(f"{line}\n" for line in lines).encode()))
    _put(export, f"{folder}/manifest-files.json", json.dumps({"itemCount": len(lines), "dataFileS3Key": data}).encode())
    summary = {"version": "2020-06-30", "exportArn": export["ExportArn"], "itemCount": len(lines)}
    _put(export, f"{folder}/manifest-summary.json", json.dumps({**summary, "outputFormat": "DYNAMODB_JSON"}).encode())


def _put(export: dict[str, Any], key: str, content: bytes) -> None:
    s3._put_object(export["S3Bucket"], key, content, {"content-type": "application/octet-stream"})


def _is_known(token: str | None) -> bool:
    return any(token and one.get("ClientToken") == token for one in dynamodb._exports.values())
