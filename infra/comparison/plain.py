"""Takes out of what AWS says what two stages cannot share: their names, ids, addresses, and when something was made."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_VOLATILE = re.compile(
    "^("
    # When, and how often.
    r"ResponseMetadata|RequestId|.*(Date|DateTime|Timestamp|Time|LastModified\w*)|createdDate|lastUpdatedDate"
    r"|creationTime|creationDate|updateDate|RevisionId|revisionId|cacheNamespace|CallerReference|ETag"
    # Which one, where a name says it too.
    r"|id|Id|UUID|EventSourceMappingArn|deploymentId|rootResourceId|ResourceId|authorizerId|RoleId|TableId"
    r"|LatestStreamLabel|Sid|stageKeys"
    # What is in it, or happened to it.
    r"|CodeSha256|CodeSize|ItemCount|TableSizeBytes|IndexSizeBytes|storedBytes|Approximate\w+|StateReason\w*|StateValue"
    r"|LastUpdateStatus\w*|LastProcessingResult|EstimatedNumberOfUsers|TableStatusReason|Location"
    # Secrets.
    r"|VersionIdsToStages|ClientSecret|value"
    ")$"
)
_JSON = re.compile(r"^\s*[\[{]")
_SECRET = re.compile(r"arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:([\w/<>-]+)-\w{6}")
"""Secrets Manager ends a name by six letters of its own."""


def plain(properties: Any, names: Mapping[str, str]) -> dict[str, str]:
    """The properties that are not empty by their path, flat. `names` says what stands for which value of this
    stage."""
    return dict(_flat(_reduced(properties, names), ""))


def renamed(text: str, names: Mapping[str, str]) -> str:
    """The text with words for what only this stage has."""
    if text in names:  # a stage's bare name may be a part of any word
        return f"<{names[text]}>"
    for value in sorted((one for one in names if len(one) > 5), key=len, reverse=True):
        text = text.replace(value, f"<{names[value]}>")
    return _SECRET.sub(r"\1", text)


def _reduced(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {
            renamed(str(name), names): _reduced(one, names)
            for name, one in value.items()
            if not _VOLATILE.match(str(name)) and not str(name).startswith("aws:cloudformation:")
        }
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        kept = [_reduced(one, names) for one in value if not _is_cloudformations(one)]
        return sorted(kept, key=lambda one: json.dumps(one, sort_keys=True, default=str))
    if isinstance(value, str) and _JSON.match(value):
        try:
            return _reduced(json.loads(value), names)
        except ValueError:
            pass
    return renamed(_spelt(value), names)


def _spelt(value: Any) -> str:
    """Services and templates spell 2, 2.0 and true in their own ways."""
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:g}" if isinstance(value, float) else str(value)


def _is_cloudformations(tag: Any) -> bool:
    """The tags that it puts on all that it makes."""
    key = (tag.get("Key") or tag.get("key") or "") if isinstance(tag, Mapping) else ""
    return str(key).startswith("aws:cloudformation:")


def _flat(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """What is empty is as if it was not there."""
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _flat(one, f"{path}.{name}" if path else name)
    elif isinstance(value, list):
        for at, one in enumerate(value):
            yield from _flat(one, f"{path}[{at}]")
    elif value not in ("", "None"):
        yield path, value
