"""Takes out of what AWS says what two stages cannot share: their names, ids, addresses, and when something was made."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

_VOLATILE = re.compile(
    r"^(ResponseMetadata|RequestId|.*(Date|DateTime|Timestamp|Time|LastModified\w*)|createdDate|lastUpdatedDate|creationTime"
    r"|creationDate|updateDate|CodeSha256|CodeSize|RevisionId|revisionId|TableId|LatestStreamLabel|ItemCount|TableSizeBytes"
    r"|IndexSizeBytes|storedBytes|RoleId|Approximate\w+|id|Id|UUID|deploymentId|cacheNamespace|CallerReference|ETag"
    r"|StateReason\w*|StateValue|LastUpdateStatus\w*|VersionIdsToStages|ClientSecret|EstimatedNumberOfUsers|value|Sid"
    r"|LastProcessingResult|ResourceId|cacheKeyParameters|EffectiveDeliveryPolicy|stageKeys|TableStatusReason|Location)$"
)
_JSON = re.compile(r"^\s*[\[{]")


def plain(properties: Any, names: Mapping[str, str]) -> dict[str, Any]:
    """The properties by their path, flat. `names` says what stands for which value of this stage."""
    return dict(_flat(_reduced(properties, names), ""))


def _reduced(value: Any, names: Mapping[str, str]) -> Any:
    if isinstance(value, Mapping):
        return {
            _named(str(name), names): _reduced(one, names)
            for name, one in value.items()
            if not _VOLATILE.match(str(name)) and not str(name).startswith("aws:cloudformation:")
        }
    if isinstance(value, Sequence) and not isinstance(value, str | bytes):
        kept = [_reduced(one, names) for one in value if not _is_cloudformations(one)]
        return sorted(kept, key=lambda one: json.dumps(one, sort_keys=True, default=str))
    if isinstance(value, str):
        if _JSON.match(value):
            try:
                return _reduced(json.loads(value), names)
            except ValueError:
                pass
        return _named(value, names)
    return value


def _is_cloudformations(tag: Any) -> bool:
    """The tags that it puts on all that it makes."""
    key = (tag.get("Key") or tag.get("key") or "") if isinstance(tag, Mapping) else ""
    return str(key).startswith("aws:cloudformation:")


def _named(text: str, names: Mapping[str, str]) -> str:
    for value in sorted(names, key=len, reverse=True):
        text = text.replace(value, f"<{names[value]}>")
    return text


def _flat(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping) and value:
        for name, one in value.items():
            yield from _flat(one, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value:
        for at, one in enumerate(value):
            yield from _flat(one, f"{path}[{at}]")
    else:
        yield path, value
