"""What is uploaded: the deployment package's largest parts, and whether it carries bytecode that is used as it is.
`bench.limits` holds its size against what Lambda takes."""

from __future__ import annotations

import importlib.util
import zipfile
from collections import Counter

from bench import built
from bench.report import Measure, Result, at_most, console, main

UNCHECKED = (0b01).to_bytes(4, "little")
"""The flags of bytecode that is used without a look at its source (PEP 552)."""
PARTS = 8


def measure() -> Result:
    with console.status("Building the package …"):
        path = built.package_file()
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        names = set(archive.namelist())
        compiled = {name: importlib.util.cache_from_source(name) for name in sorted(names) if name.endswith(".py")}
        missing = [name for name, bytecode in compiled.items() if bytecode not in names]
        checked = [name for name, b in compiled.items() if b in names and archive.read(b)[4:8] != UNCHECKED]
    sizes: Counter[str] = Counter()
    for entry in entries:
        sizes[entry.filename.partition("/")[0]] += entry.file_size
    for name in [*missing, *checked][:PARTS]:
        console.print(f"[red]{name}[/]")
    found = [
        at_most("modules without bytecode", len(missing), 0, digits=0),
        at_most("bytecode that is checked against its source", len(checked), 0, digits=0),
        Measure("files", f"{len(entries):,}"),
        *(Measure(f"  {name}", f"{size / 1e6:.1f} MB") for name, size in sizes.most_common(PARTS)),
    ]
    return Result("The deployment package", found)


if __name__ == "__main__":
    main(measure)
