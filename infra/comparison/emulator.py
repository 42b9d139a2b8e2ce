"""What cannot be equal on an emulator, and why: its CloudFormation is MiniStack's, and Terraform's provider an old one.
On AWS all of it is compared."""

import re

_CLOUDFORMATION = "MiniStack's CloudFormation leaves it out or has a default of its own"
_PROVIDER = "AWS provider 3.39 does not know it"
_BY_KIND = {
    "bucket": {r"get_bucket_(lifecycle_configuration|tagging)\b": _CLOUDFORMATION},
    "group": {"Precedence": _CLOUDFORMATION},
    "queue": {
        "MaximumMessageSize|SqsManagedSseEnabled": _PROVIDER,
        "RedriveAllowPolicy": _PROVIDER,
    },
    "rule": {r"CreatedBy|tags\b": _CLOUDFORMATION},
    "state machine": {"loggingConfiguration": _CLOUDFORMATION},
    "subscription": {
        "ConfirmationWasAuthenticated|Endpoint|Owner|PendingConfirmation": _CLOUDFORMATION,
        "Protocol|SubscriptionArn|TopicArn": _CLOUDFORMATION,
        "FilterPolicyScope": _PROVIDER,
    },
    "table": {
        "ProvisionedThroughput": _CLOUDFORMATION,
        "SSEDescription": _CLOUDFORMATION,
        r"expiry\b": _CLOUDFORMATION,
        r"GlobalSecondaryIndexes\[\d+\]\.(IndexArn|IndexStatus|ProvisionedThroughput)": _CLOUDFORMATION,
    },
    "topic": {"DisplayName|KmsMasterKeyId": _CLOUDFORMATION},
    "usage plan": {r"quota\.offset": _CLOUDFORMATION},
    "user pool": {"UserAttributeUpdateSettings": _PROVIDER},
}
NOT_EQUAL = {kind: {re.compile(path): reason for path, reason in paths.items()} for kind, paths in _BY_KIND.items()}
"""Reasons by the beginning of a property's path, by kind."""


def pattern(kind: str, path: str) -> tuple[str, str] | None:
    """Which of them the property falls under, if any."""
    return next(((kind, one.pattern) for one in NOT_EQUAL.get(kind, {}) if one.match(path)), None)


def patterns() -> set[tuple[str, str]]:
    """All of them."""
    return {(kind, one.pattern) for kind, paths in NOT_EQUAL.items() for one in paths}


def reason(kind: str, path: str) -> str:
    """Why the property may differ there; empty where it must not."""
    found = pattern(kind, path)
    return _BY_KIND[kind][found[1]] if found else ""
