"""`python -m tools.terraform.read_schema PACKAGE.whl`: write into provider6.json what AWS provider 6 knows of the
resource types that infra/terraform uses.

The provider itself is a download of 700 MB. CDK for Terraform carries its schema as a package of Python, whose
classes name each argument: `make terraform-schema` fetches that, and reads it here. Tests hold the modules against the
file, so they need neither. It has the form of `terraform providers schema -json`, as far as tests need it.
"""

import json
import re
import sys
import tarfile
import zipfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any, cast

from infra.paths import ROOT

MODULES = ROOT / "infra" / "terraform"
FILE = Path(__file__).parent / "provider6.json"
OF_FUNCTIONS = (
    *("aws_lambda_function", "aws_lambda_permission", "aws_lambda_event_source_mapping"),
    *("aws_lambda_function_event_invoke_config", "aws_iam_role", "aws_iam_role_policy", "aws_api_gateway_rest_api"),
    *("aws_api_gateway_deployment", "aws_api_gateway_stage", "aws_api_gateway_gateway_response"),
    *("aws_api_gateway_method_settings", "aws_cloudwatch_event_rule", "aws_cloudwatch_event_target"),
    *("aws_s3_bucket_notification", "aws_sns_topic_subscription", "aws_s3_object"),
)
"""What the root with the functions uses, which is written at each deployment (infra/deploy/terraform)."""

KINDS = {"resource": "resource_schemas", "data": "data_source_schemas"}
Json = dict[str, Any]


def files() -> list[Path]:
    """The files of the root and of the modules."""
    return sorted([*MODULES.glob("*.tf"), *MODULES.glob("modules/*/*.tf")])


def used_types(kind: str = "resource") -> set[str]:
    """The types of resources, or of data sources (`data`), of the modules and of the functions."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in files())
    found = set(re.findall(rf'^{kind} "(\w+)"', text, re.MULTILINE))
    return found | set(OF_FUNCTIONS) if kind == "resource" else found


def schema(types: Mapping[str, Any], kind: str) -> Json:
    """The schema of the types used, by name; those that the provider does not have are left out."""
    found: Json = {}
    wanted = used_types(kind)
    for one in types.values():
        name = _name(one, kind)
        if name in wanted:
            config = next(p for p in one["initializer"]["parameters"] if p["name"] == "config")["type"]["fqn"]
            found[name] = {"block": _block(types, config)}
    return dict(sorted(found.items()))


def version(types: Mapping[str, Any]) -> str:
    """The provider's."""
    found = re.search(
        r"hashicorp/aws/([\d.]+)/docs", json.dumps(types["@cdktn/provider-aws.sqsQueue.SqsQueue"]["docs"])
    )
    return found[1] if found else ""


def _types(wheel: Path) -> Json:
    """What the package describes, by its full name."""
    with zipfile.ZipFile(wheel) as package:
        inner = next(name for name in package.namelist() if name.endswith(".jsii.tgz"))
        with package.open(inner) as content, tarfile.open(fileobj=content) as described:
            types: Json = json.loads(cast(IO[bytes], described.extractfile("package/.jsii")).read())["types"]
            return types


_BASES = {"resource": (".TerraformResource", "resources"), "data": (".TerraformDataSource", "data-sources")}


def _name(one: Mapping[str, Any], kind: str) -> str:
    """Terraform's name of what the class stands for; empty if it is of another kind."""
    base, page = _BASES[kind]
    is_of_kind = one["kind"] == "class" and one.get("base", "").endswith(base)
    found = re.search(rf"docs/{page}/\w+ (aws_\w+)}}", one["docs"]["summary"]) if is_of_kind else None
    return found[1] if found else ""


def _block(types: Mapping[str, Any], fqn: str) -> Json:
    attributes: Json = {}
    blocks: Json = {}
    for given in types[fqn].get("properties", ()):
        name = re.sub(r"([A-Z]|\d+)", lambda part: f"_{part[0].lower()}", given["name"])
        documented = re.search(r"#(\w+)}", given["docs"].get("remarks", "") + given["docs"].get("summary", ""))
        name = documented[1] if documented else name
        need = "optional" if given.get("optional") else "required"
        inner = next((one for one in _named(given["type"]) if types.get(one, {}).get("kind") == "interface"), None)
        if inner:
            blocks[name] = {"block": _block(types, inner), "min_items": int(need == "required")}
        elif given["type"] == {"primitive": "any"}:  # a web ACL's statement, which may hold statements
            blocks[name] = {"block": {"anything": True}, "min_items": int(need == "required")}
        else:
            attributes[name] = {need: True}
    return {"attributes": attributes, "block_types": blocks}


def _named(kind: Any) -> Iterator[str]:
    """The names of all types in a type."""
    if isinstance(kind, dict):
        yield from [kind["fqn"]] if "fqn" in kind else (name for part in kind.values() for name in _named(part))
    elif isinstance(kind, list):
        yield from (name for part in kind for name in _named(part))


def main(arguments: list[str]) -> int:
    """The command."""
    types = _types(Path(arguments[0]))
    parts = [f' "version": "{version(types)}"']
    for kind, key in KINDS.items():
        lines = [f'  "{name}": {json.dumps(one)}' for name, one in schema(types, kind).items()]
        parts.append(f' "{key}": {{\n' + ",\n".join(lines) + "\n }")
    text = "{\n" + ",\n".join(parts) + "\n}\n"
    FILE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
