"""Tables, buckets and secrets."""

import json
from typing import Any

from infra.evidence.kinds import Found, Looks
from infra.evidence.model import Cell, Group, duration, lines, moment, size
from infra.evidence.reading import Reader

TABLES, BUCKETS, SECRETS = "DynamoDB tables", "Buckets", "Secrets"


def groups(reader: Reader, looks: Looks) -> list[Group]:
    """Of what holds data."""
    return [
        Group(
            TABLES,
            ("Table", "Key", "Indexes", "Billing", "Protection", "Expiry", "Stream", "Items", "Size"),
            [_table(reader, found.name) for found in looks[TABLES]],
            "DynamoDB counts items and bytes about every six hours.",
        ),
        Group(
            BUCKETS,
            ("Bucket", "Versions", "Encryption", "Public access", "Plain HTTP", "Lifecycle", "Triggers"),
            [_bucket(reader, found.name) for found in looks[BUCKETS]],
        ),
        Group(
            SECRETS,
            ("Secret", "Description", "Rotation", "Last changed"),
            [_secret(found) for found in looks[SECRETS]],
            "Names only: the values are not read.",
        ),
    ]


def _table(reader: Reader, name: str) -> list[Cell]:
    table = reader.call(TABLES, "dynamodb", "describe_table", TableName=name).get("Table", {})
    backups = reader.call(TABLES, "dynamodb", "describe_continuous_backups", TableName=name)
    expiry = reader.call(TABLES, "dynamodb", "describe_time_to_live", TableName=name)
    recovery = backups.get("ContinuousBackupsDescription", {}).get("PointInTimeRecoveryDescription", {})
    ttl = expiry.get("TimeToLiveDescription", {})
    stream = table.get("StreamSpecification", {})
    return [
        name,
        _keys(table),
        lines(f"{index['IndexName']}: {_keys(index)}" for index in table.get("GlobalSecondaryIndexes", ())),
        _billing(table),
        [
            f"point-in-time recovery {recovery.get('PointInTimeRecoveryStatus', 'unknown').lower()}",
            f"deletion protection {'on' if table.get('DeletionProtectionEnabled') else 'off'}",
            f"encrypted with {table.get('SSEDescription', {}).get('SSEType', 'an AWS owned key')}",
        ],
        ttl.get("AttributeName") if ttl.get("TimeToLiveStatus") == "ENABLED" else None,
        stream.get("StreamViewType") if stream.get("StreamEnabled") else None,
        table.get("ItemCount"),
        size(table.get("TableSizeBytes")),
    ]


def _keys(schema: Any) -> str:
    return ", ".join(key["AttributeName"] for key in schema.get("KeySchema", ()))


def _billing(table: Any) -> str:
    if table.get("BillingModeSummary", {}).get("BillingMode") == "PAY_PER_REQUEST":
        return "on demand"
    given = table.get("ProvisionedThroughput", {})
    return f"{given.get('ReadCapacityUnits', 0)} reads, {given.get('WriteCapacityUnits', 0)} writes a second"


def _bucket(reader: Reader, name: str) -> list[Cell]:
    def told(operation: str) -> dict[str, Any]:
        return reader.call(BUCKETS, "s3", operation, Bucket=name)

    rules = told("get_bucket_encryption").get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
    blocked = told("get_public_access_block").get("PublicAccessBlockConfiguration", {})
    return [
        name,
        told("get_bucket_versioning").get("Status", "off").lower(),
        ", ".join(rule.get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm", "") for rule in rules),
        "blocked" if blocked and all(blocked.values()) else "not all of it blocked",
        "refused" if _refuses_plain_http(told("get_bucket_policy")) else "allowed",
        [_lifecycle(rule) for rule in told("get_bucket_lifecycle_configuration").get("Rules", ())],
        _triggers(told("get_bucket_notification_configuration")),
    ]


def _refuses_plain_http(answer: dict[str, Any]) -> bool:
    policy = json.loads(answer.get("Policy", "{}"))
    return any(
        statement.get("Effect") == "Deny"
        and str(statement.get("Condition", {}).get("Bool", {}).get("aws:SecureTransport")).lower() == "false"
        for statement in policy.get("Statement", ())
    )


def _lifecycle(rule: Any) -> str:
    where = rule.get("Prefix") or rule.get("Filter", {}).get("Prefix") or "all objects"
    what = []
    if days := rule.get("Expiration", {}).get("Days"):
        what.append(f"deleted after {days} d")
    if days := rule.get("NoncurrentVersionExpiration", {}).get("NoncurrentDays"):
        what.append(f"old versions after {days} d")
    if days := rule.get("AbortIncompleteMultipartUpload", {}).get("DaysAfterInitiation"):
        what.append(f"unfinished uploads after {days} d")
    what += [f"{move['StorageClass']} after {move.get('Days')} d" for move in rule.get("Transitions", ())]
    return f"{where}: {', '.join(what) or 'kept'}"


def _triggers(answer: dict[str, Any]) -> list[str]:
    found = []
    for one in answer.get("LambdaFunctionConfigurations", ()):
        rules = one.get("Filter", {}).get("Key", {}).get("FilterRules", ())
        names = " … ".join(rule["Value"] for rule in rules)
        found.append(f"{names or 'every object'} → {one['LambdaFunctionArn'].rpartition(':')[2]}")
    return lines(found)


def _secret(found: Found) -> list[Cell]:
    raw = found.raw
    every = raw.get("RotationRules", {}).get("AutomaticallyAfterDays")
    rotation = f"every {duration(every * 86_400)}" if raw.get("RotationEnabled") and every else "by hand"
    return [found.name, raw.get("Description"), rotation, moment(raw.get("LastChangedDate"))]
