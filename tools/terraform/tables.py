"""`python -m tools.terraform.tables`: write the tables of variables and outputs into infra/terraform/README.md, out of
the code's own descriptions. A test holds them equal."""

import json
import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from infra.deploy.terraform import hcl
from infra.paths import ROOT

TERRAFORM = ROOT / "infra" / "terraform"
README = TERRAFORM / "README.md"


@dataclass(frozen=True)
class Declared:
    """A variable or an output: its arguments as they are written, and the text of its whole body."""

    name: str
    arguments: dict[str, str]
    text: str = field(repr=False)

    @property
    def description(self) -> str:
        """Without its quotes."""
        return str(json.loads(self.arguments["description"]))


def declared(kind: str, path: Path) -> dict[str, Declared]:
    """The file's blocks of the kind, `variable` or `output`, by name."""
    lines = path.read_text(encoding="utf-8").splitlines()
    found = {}
    for at, line in enumerate(lines):
        if head := re.fullmatch(rf'{kind} "(\w+)" {{', line):
            body = lines[at + 1 : hcl.end(lines, at)]
            arguments = {item.name: _value(item) for item in hcl.items(body) if item.is_argument}
            found[head[1]] = Declared(head[1], arguments, "\n".join(body))
    return found


def _value(item: hcl.Item) -> str:
    return "\n".join(item.lines).partition("=")[2].strip()


def with_tables(text: str) -> str:
    """The README with its tables as the code has them."""
    for kind, rows in (("variable", _variables()), ("output", _outputs())):
        first, last = f"<!-- {kind}s -->\n", f"<!-- end of {kind}s -->"
        before, _, rest = text.partition(first)
        _, _, after = rest.partition(last)
        text = "".join([before, first, *(f"{row}\n" for row in rows), last, after])
    return text


def _variables() -> list[str]:
    rows = ["| variable | type | default | what it is |", "|---|---|---|---|"]
    for name, one in declared("variable", TERRAFORM / "variables.tf").items():
        default = f"`{given}`" if (given := one.arguments.get("default")) else "required"
        rows.append(f"| `{name}` | `{one.arguments['type']}` | {default} | {one.description} |")
    return rows


def _outputs() -> list[str]:
    rows = ["| output | what it is |", "|---|---|"]
    for name, one in declared("output", TERRAFORM / "outputs.tf").items():
        rows.append(f"| `{name}` | {one.description} |")
    return rows


def main() -> int:
    """The command."""
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
