"""Records every call that `iam_requests` saw checked against a role, so that a test can compare what was allowed with
what was used.

Served at `GET /_emulator/iam-calls` as a list of `{"role", "action", "resource", "allowed", "keys", "count"}`, each
combination once. `keys` are the values that conditions judge such a call by: the partition keys of its items, the
sources of its events; of each kind of call the first few hundred are listed. Calls of the account's root (the deployer,
the tests) are not checked, so not recorded.
"""

import threading
from collections import Counter
from typing import Any, NamedTuple

from ministack.core import iam_evaluator
from ministack.services import sts


class Call(NamedTuple):
    """One kind of call: who (a role's name), what, on which ARN, whether IAM let it pass, and the keys it named."""

    role: str
    action: str
    resource: str
    allowed: bool
    keys: tuple[str, ...] = ()


_MOST = 200
"""Partition keys are as many as items."""
_calls: Counter[Call] = Counter()
_named: Counter[Call] = Counter()
"""How many values of keys are listed for a kind of call, which is without keys here."""
_lock = threading.Lock()


def record(access_key_id: str, action: str, resource: str, context: dict[str, Any], *, allowed: bool) -> None:
    """Count a call, if it was made with a role's keys."""
    role = _role_of(access_key_id)
    if role:
        with _lock:
            _count(Call(role, action, resource, allowed), _keys(context))


def entries() -> list[dict[str, Any]]:
    """All recorded kinds of calls with their counts, in a stable order."""
    with _lock:
        return [{**call._asdict(), "count": count} for call, count in sorted(_calls.items())]


def _keys(context: dict[str, Any]) -> tuple[str, ...]:
    return tuple(context.get("dynamodb:LeadingKeys") or context.get("events:source") or ())


def _count(kind: Call, keys: tuple[str, ...]) -> None:
    named = kind._replace(keys=keys)
    if named not in _calls:
        if _named[kind] + len(keys) > _MOST:
            named = kind
        else:
            _named[kind] += len(keys)
    _calls[named] += 1


def _role_of(access_key_id: str) -> str:
    session = sts._sessions.get(access_key_id) or {}
    arn = str(session.get("Arn", ""))
    return str(iam_evaluator._role_name_from_assumed_arn(arn)) if ":assumed-role/" in arn else ""
