"""What is uploaded: the deployment package's largest parts, and whether it carries bytecode. `bench.limits` holds its
size against what Lambda takes.

`python -m bench.package` prints a table and ends with exit status 1 when a budget is exceeded."""

from __future__ import annotations

import struct
import sys
import zipfile
from collections import Counter

from bench import built
from bench.report import Measure, at_most, console, exit_status, show

UNCHECKED = 0b01
"""The flags of bytecode that is used without a look at its source (PEP 552)."""
PARTS = 8


def measure() -> list[Measure]:
    path = built.package_file()
    with zipfile.ZipFile(path) as archive:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        missing, checked = _without_bytecode(archive)
    sizes: Counter[str] = Counter()
    for entry in entries:
        sizes[entry.filename.partition("/")[0]] += entry.file_size
    found = [
        at_most("modules without bytecode", len(missing), 0, digits=0),
        at_most("bytecode that is checked against its source", len(checked), 0, digits=0),
        Measure("files", f"{len(entries):,}"),
    ]
    found += [Measure(f"  {name}", f"{size / 1e6:.1f} MB") for name, size in sizes.most_common(PARTS)]
    for name in [*missing, *checked][:PARTS]:
        console.print(f"[red]{name}[/]")
    return found


def run() -> bool:
    """Build, measure and print. True if everything is within its budget."""
    with console.status("Building the package …"):
        measures = measure()
    return show("The deployment package", measures)


def _without_bytecode(archive: zipfile.ZipFile) -> tuple[list[str], list[str]]:
    """Modules that Lambda would have to compile at each cold start, and those it would look at twice."""
    names = set(archive.namelist())
    tag = f".{sys.implementation.cache_tag}.pyc"
    missing, checked = [], []
    for name in sorted(names):
        if not name.endswith(".py"):
            continue
        folder, _, module = name.rpartition("/")
        compiled = f"{folder}/__pycache__/{module[:-3]}{tag}".lstrip("/")
        if compiled not in names:
            missing.append(name)
        elif _flags(archive, compiled) != UNCHECKED:
            checked.append(name)
    return missing, checked


def _flags(archive: zipfile.ZipFile, name: str) -> int:
    with archive.open(name) as file:
        return int(struct.unpack("<4xI", file.read(8))[0])


if __name__ == "__main__":
    sys.exit(exit_status(run))
