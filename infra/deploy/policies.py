"""`python -m infra.deploy.policies` writes each function's `.chalice/policy-<function>.json` from what the adapters
declare and what `permissions.py` says of the function; `--check` only lists stale files, with exit status 1.

A declaration is one text, `action resource` or `action resource key`:

| resource | the ARN of |
|---|---|
| `table/orders`, `table/orders/index/open` | a table, an index, a stream |
| `queue/…`, `topic/…`, `bus/…`, `function/…`, `secret/…` | the stage's own of that name |
| `bucket/documents`, `bucket/documents/receipts/*` | a bucket, its objects |
| `state-machine/…`, `execution/…` | a state machine, its executions |
| `api-gateway/apikeys` | a path of API Gateway's own API, in the whole account |
| `user-pool` | the stage's, whose id is known once it is made |
| `mail-identity`, `phone-number` | the sender in SES; any phone number (IAM: all but topics) |
| `log-group/…`, `*` | a log group's streams; actions that AWS knows no resource for |

The key is the partition key of the items (DynamoDB), the source (EventBridge) or the namespace (CloudWatch) that a
request must name. `{}` is filled in by the table of functions."""

from __future__ import annotations

import ast
import json
import sys
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from infra.deploy.permissions import FUNCTIONS, PLATFORM
from infra.errors import Refusal
from infra.paths import APP

FOLDER = APP / ".chalice"
AREAS = APP / "chalicelib"
_HERE = "us-east-1:000000000000"
_PREFIX = "orderproc-local"
_ARNS = {
    "table": f"arn:aws:dynamodb:{_HERE}:table/{_PREFIX}-{{}}",
    "queue": f"arn:aws:sqs:{_HERE}:{_PREFIX}-{{}}",
    "topic": f"arn:aws:sns:{_HERE}:{_PREFIX}-{{}}",
    "bus": f"arn:aws:events:{_HERE}:event-bus/{{}}",
    "function": f"arn:aws:lambda:{_HERE}:function:{_PREFIX}-{{}}",
    # Secrets Manager adds six characters; `-*` would include a secret whose name goes on.
    "secret": f"arn:aws:secretsmanager:{_HERE}:secret:{_PREFIX}-{{}}-??????",
    "state-machine": f"arn:aws:states:{_HERE}:stateMachine:{_PREFIX}-{{}}",
    "execution": f"arn:aws:states:{_HERE}:execution:{_PREFIX}-{{}}:*",
    "log-group": f"arn:aws:logs:{_HERE}:log-group:/aws/lambda/{{}}:*",
    "api-gateway": "arn:aws:apigateway:us-east-1::/{}",
    "user-pool": f"arn:aws:cognito-idp:{_HERE}:userpool/none",
    "mail-identity": f"arn:aws:ses:{_HERE}:identity/orders@orderproc.example",
    "phone-number": "arn:aws:sns:*:*:*",
    "*": "*",
}
_CONDITIONS = {"dynamodb": "dynamodb:LeadingKeys", "events": "events:source", "cloudwatch": "cloudwatch:namespace"}
_ONE_VALUE = {"cloudwatch:namespace"}


class Grant(NamedTuple):
    """One action on one resource, for requests that name the key, if there is one."""

    action: str
    resource: str
    key: str


def policy(function: str) -> dict[str, Any]:
    """The function's whole policy, in the tracked stage's names."""
    role = _PREFIX if function == "api_handler" else f"{_PREFIX}-{function}"
    own: list[Grant] = []
    of_lambda: dict[str, list[Grant]] = {}
    for use in (*FUNCTIONS[function], f"Logs {role}", "Traces"):
        name, _, target = use.partition(" ")
        if name in PLATFORM:
            of_lambda[name] = list(_grants(use, PLATFORM[name], target))
        else:
            own += _grants(use, _of_adapter(name), target)
    statements = [*_statements(own)]
    for sid, grants in of_lambda.items():
        statements += [{"Sid": sid, **statement} for statement in _statements(grants)]
    return {"Version": "2012-10-17", "Statement": statements}


def declared() -> dict[str, dict[str, list[str]]]:
    """What each adapter declares, read without importing it: `PERMISSIONS` is plain data."""
    paths = sorted(AREAS.glob("*/*.py"))
    return {f"{path.parent.name}.{path.stem}": found for path in paths if (found := _declared_in(path))}


@cache
def _declared_in(path: Path) -> dict[str, list[str]]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["PERMISSIONS"]:
            found: dict[str, list[str]] = ast.literal_eval(node.value)
            return found
    return {}


def _of_adapter(name: str) -> list[str]:
    adapter, _, permission = name.rpartition(".")
    path = AREAS / f"{adapter.replace('.', '/')}.py"
    found = _declared_in(path).get(permission) if path.exists() else None
    if found is None:
        raise Refusal(f"No adapter declares {name!r}: see PERMISSIONS in {path.relative_to(APP)}.")
    return found


def _grants(use: str, declarations: Iterable[str], target: str) -> Iterator[Grant]:
    declarations = list(declarations)
    if any("{}" in declaration for declaration in declarations) != bool(target):
        raise Refusal(f"{use!r} names {'a' if target else 'no'} target, and its declaration does not fit that.")
    for declaration in declarations:
        action, resource, *key = declaration.replace("{}", target).split(" ")
        yield Grant(action, resource, *key or [""])


def _statements(grants: Iterable[Grant]) -> Iterator[dict[str, Any]]:
    """As few statements as grant just this: actions that share resource and keys, then resources that share those."""
    keys: dict[tuple[str, str], set[str]] = defaultdict(set)
    for grant in grants:
        keys[grant.action, grant.resource].add(grant.key)
    actions: dict[tuple[str, tuple[str, ...]], set[str]] = defaultdict(set)
    for (action, resource), found in keys.items():
        # A grant without a key includes every key.
        actions[resource, () if "" in found else tuple(sorted(found))].add(action)
    resources: dict[tuple[tuple[str, ...], tuple[str, ...]], set[str]] = defaultdict(set)
    for (resource, scope), found in actions.items():
        resources[tuple(sorted(found)), scope].add(resource)
    for (together, scope), where in sorted(resources.items(), key=lambda item: (min(item[1]), item[0])):
        yield _statement(list(together), sorted(where), list(scope))


def _statement(actions: list[str], resources: list[str], keys: list[str]) -> dict[str, Any]:
    arns = [_arn(resource) for resource in resources]
    element = "NotResource" if resources == ["phone-number"] else "Resource"
    statement = {"Effect": "Allow", "Action": actions, element: arns if len(arns) > 1 else arns[0]}
    return statement | ({"Condition": _condition(actions[0], keys)} if keys else {})


def _arn(resource: str) -> str:
    kind, _, name = resource.partition("/")
    if kind == "bucket":
        bucket, _, objects = name.partition("/")
        return f"arn:aws:s3:::{_PREFIX}-{bucket}-000000000000" + (f"/{objects}" if objects else "")
    if kind not in _ARNS:
        raise Refusal(f"{resource!r} is of no known kind: choose from bucket, {', '.join(_ARNS)}.")
    return _ARNS[kind].format(name)


def _condition(action: str, keys: list[str]) -> dict[str, Any]:
    name = _CONDITIONS[action.partition(":")[0]]
    value = keys if len(keys) > 1 else keys[0]
    if name in _ONE_VALUE:
        return {"StringEquals": {name: value}}
    how = "StringLike" if any("*" in key for key in keys) else "StringEquals"
    # ForAllValues is true of a request without the key, hence Null.
    return {f"ForAllValues:{how}": {name: value}, "Null": {name: "false"}}


def text_of(function: str) -> str:
    """The file's content."""
    return json.dumps(policy(function), indent=2) + "\n"


def stale() -> list[Path]:
    """Files that are not as they would be written, missing ones and those of no function too."""
    wanted = {FOLDER / f"policy-{function}.json": function for function in FUNCTIONS}
    others = [path for path in sorted(FOLDER.glob("policy-*.json")) if path not in wanted]
    return others + [
        path
        for path, function in wanted.items()
        if not path.exists() or path.read_text(encoding="utf-8") != text_of(function)
    ]


def main(arguments: list[str]) -> int:
    """Write stale files, or only list them."""
    found = stale()
    if "--check" in arguments:
        for path in found:
            print(f"{path.relative_to(APP.parent)} is stale: run `make policies`.")
        return int(bool(found))
    for path in found:
        function = path.stem.removeprefix("policy-")
        if function in FUNCTIONS:
            path.write_text(text_of(function), encoding="utf-8")
        else:
            path.unlink()
        print(f"{'Written' if function in FUNCTIONS else 'Removed'}: {path.relative_to(APP.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
