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

Json = dict[str, Any]


def used_types() -> set[str]:
    """The resource types of the modules, and of the functions."""
    texts = [path.read_text(encoding="utf-8") for path in sorted(MODULES.glob("modules/*/*.tf"))]
    return {*OF_FUNCTIONS, *re.findall(r'^resource "(\w+)"', "\n".join(texts), re.MULTILINE)}


def schema(types: Mapping[str, Any], wanted: set[str]) -> Json:
    """The schema of the resource types, by name; those that the provider does not have are left out."""
    found: Json = {}
    for one in types.values():
        name = _resource_type(one)
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


def _resource_type(one: Mapping[str, Any]) -> str:
    is_resource = one["kind"] == "class" and one.get("base", "").endswith(".TerraformResource")
    found = re.search(r"docs/resources/\w+ (aws_\w+)}", one["docs"]["summary"]) if is_resource else None
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
    lines = [f'  "{name}": {json.dumps(one)}' for name, one in schema(types, used_types()).items()]
    of_types = ",\n".join(lines)
    text = f'{{\n "version": "{version(types)}",\n "resource_schemas": {{\n{of_types}\n }}\n}}\n'
    FILE.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
