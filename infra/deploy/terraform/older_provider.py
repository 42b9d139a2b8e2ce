"""Makes what is written for AWS provider 6 digestible for 3.39, the newest that packages of Python carry: on an
emulator, and in a copy only. What 3.39's own schema does not know is left out, whether argument or block, and what it
calls differently is renamed. So what is left out is never applied there: the tests of the modules hold that against
provider 6's schema, and the deployment sets some of it by calls of its own (post_deploy.py)."""

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from infra.deploy.terraform import binary, hcl
from infra.target import Target

VERSION = "3.39.0"
TWINS = "local"
"""Modules in place of those whose resource types 3.39 does not know."""
_META = {"for_each", "count", "provider", "depends_on"}
_RENAMED = {("aws_cloudwatch_event_rule", "state"): ("is_enabled", '{} == "ENABLED"')}
"""By type and argument: what 3.39 calls it, and what to make of the value."""
_LEFT_OUT = {
    # It takes a quarter of what SQS takes since 2025.
    ("aws_sqs_queue", "max_message_size"),
    # It crashes where an answer does not have it, and MiniStack's has not.
    ("aws_sfn_state_machine", "tracing_configuration"),
}
"""By type and name: what it knows, but not well."""
_ADDED = {
    # It sends an empty value where none is given, instead of none.
    "aws_api_gateway_api_key": [
        '  value = replace(uuid(), "-", "")',
        "",
        "  lifecycle {",
        "    ignore_changes = [value]",
        "  }",
    ],
}
"""By type: what it must be told besides."""
_RUNTIME = "python3.8"
"""The newest of Python that 3.39 lets pass."""


def schema(target: Target, build: Path) -> Mapping[str, Any]:
    """Of 3.39, asked once for each checkout."""
    cached = build / f"terraform-provider-{VERSION}.json"
    if not cached.exists():
        folder = build / "terraform-schema"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "main.tf.json").write_text(json.dumps({"terraform": _pinned()}), encoding="utf-8")
        binary.run(target, folder, "init", "-input=false", "-no-color")
        found = next(iter(binary.schemas(target, folder)["provider_schemas"].values()))
        half = cached.with_suffix(".half")
        half.write_text(json.dumps(found), encoding="utf-8")
        half.replace(cached)
    whole: dict[str, Any] = json.loads(cached.read_text(encoding="utf-8"))
    return whole


def _pinned() -> dict[str, Any]:
    return {"required_providers": {"aws": {"source": "hashicorp/aws", "version": VERSION}}}


def adapt(folder: Path, known: Mapping[str, Any]) -> None:
    """Change the copy of the modules in the folder."""
    for twin in sorted((folder / TWINS).glob("*/")):
        module = folder / "modules" / twin.name
        shutil.rmtree(module, ignore_errors=True)
        shutil.move(twin, module)
    shutil.rmtree(folder / TWINS, ignore_errors=True)
    for path in sorted(folder.rglob("*.tf")):
        if ".terraform" not in path.parts:
            path.write_text(adapted_text(path.read_text(encoding="utf-8"), known), encoding="utf-8")


def adapted_text(text: str, known: Mapping[str, Any]) -> str:
    """A file of HCL without what 3.39 does not know."""
    text = re.sub(r'version(\s+)= "~> 6[.\d]*"', rf'version\1= "{VERSION}"', text)
    lines, done, at = text.splitlines(), [], 0
    while at < len(lines):
        head = hcl.HEAD.match(lines[at])
        end = hcl.end(lines, at)
        if head:
            block = _block_of(known, head["kind"], head["type"])
            body = _kept(head["type"], lines[at + 1 : end], block, is_top=True)
            done += [lines[at], *body, *_ADDED.get(head["type"], ()), lines[end]]
        else:
            done += lines[at : end + 1]
        at = end + 1
    return "\n".join(done) + "\n"


def _block_of(known: Mapping[str, Any], kind: str, name: str) -> Mapping[str, Any]:
    found = known["resource_schemas" if kind == "resource" else "data_source_schemas"].get(name)
    if found is None:
        return {"everything": True}  # Terraform itself says that there is no such type
    block: Mapping[str, Any] = found["block"]
    return block


def _kept(of: str, lines: list[str], block: Mapping[str, Any], *, is_top: bool = False) -> list[str]:
    """The lines of a body without what the block of the schema does not know."""
    if "everything" in block:
        return lines
    done: list[str] = []
    for item in hcl.items(lines):
        if is_top and item.name == "lifecycle":
            done += [_ignorable(line, block) for line in item.lines]
        elif not item.name or (is_top and item.name in _META):
            done += item.lines
        elif (of, item.name) not in _LEFT_OUT:
            done += _kept_item(of, item, block)
    return done


def _kept_item(of: str, item: hcl.Item, block: Mapping[str, Any]) -> list[str]:
    if renamed := _RENAMED.get((of, item.name)):
        return _rename(item, *renamed)
    inner = block.get("block_types", {}).get(item.name)
    if inner and not item.is_argument:
        return _kept_block(of, item, inner["block"])
    # A list of objects may be written as blocks.
    return item.lines if item.name in block.get("attributes", {}) else []


def _kept_block(of: str, item: hcl.Item, block: Mapping[str, Any]) -> list[str]:
    if len(item.lines) == 1:
        return item.lines
    if not item.is_dynamic:
        return [item.lines[0], *_kept(of, item.lines[1:-1], block), item.lines[-1]]
    done = [item.lines[0]]
    for part in hcl.items(item.lines[1:-1]):
        is_content = part.name == "content" and not part.is_argument and len(part.lines) > 1
        done += [part.lines[0], *_kept(of, part.lines[1:-1], block), part.lines[-1]] if is_content else part.lines
    return [*done, item.lines[-1]]


def _rename(item: hcl.Item, name: str, value: str) -> list[str]:
    indent = item.lines[0][: len(item.lines[0]) - len(item.lines[0].lstrip())]
    first = item.lines[0].partition("=")[2].strip()
    whole = "\n".join([first, *item.lines[1:]])
    return [f"{indent}{name} = {value.format(f'({whole})')}"]


def _ignorable(line: str, block: Mapping[str, Any]) -> str:
    """The line of `ignore_changes` without what there is not."""
    found = re.match(r"^(\s*ignore_changes\s+= \[)(.*)(\])$", line)
    if not found:
        return line
    known = {*block.get("attributes", {}), *block.get("block_types", {})}
    names = [name.strip() for name in found[2].split(",")]
    return found[1] + ", ".join(name for name in names if re.split(r"[.\[]", name)[0] in known) + found[3]


def adapted(document: Mapping[str, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """The same of a root in JSON."""
    resources = {
        kind: {name: _known_part(one, known["resource_schemas"][kind]["block"]) for name, one in some.items()}
        for kind, some in document["resource"].items()
    }
    for function in resources.get("aws_lambda_function", {}).values():
        # It is set right by a call (older_provider_calls.py).
        function |= {"runtime": _RUNTIME, "lifecycle": {"ignore_changes": ["runtime"]}}
    terraform = {**document["terraform"], **_pinned()}
    return {**document, "terraform": terraform, "resource": resources}


def _known_part(given: Mapping[str, Any], block: Mapping[str, Any], *, is_top: bool = True) -> dict[str, Any]:
    inner = block.get("block_types", {})
    known = {*block.get("attributes", {}), *inner, *((*_META, "lifecycle") if is_top else ())}
    done: dict[str, Any] = {}
    for name, value in given.items():
        if name not in known:
            continue
        is_block = name in inner and isinstance(value, Mapping)
        done[name] = _known_part(value, inner[name]["block"], is_top=False) if is_block else value
    return done
