"""What import-linter's contracts (pyproject.toml) do not say. Judged on the sources, so that no import is missed."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from infra.paths import ROOT
from tests.support.sources import nodes

ORDERPROC = ROOT / "orderproc"
LIBRARY = ORDERPROC / "chalicelib"
LONGEST = 360
"""Lines of a file, tests as well: about 350 are read in one go."""
SOURCES = sorted(path for path in [ORDERPROC / "app.py", *LIBRARY.rglob("*.py")])


@cache
def imports(path: Path) -> tuple[str, ...]:
    """Every module that a source imports anywhere in it, by its whole name."""
    return tuple(_imported(path))


def _imported(path: Path) -> Iterator[str]:
    package = ("chalicelib", *path.relative_to(LIBRARY).parent.parts) if path.is_relative_to(LIBRARY) else ()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            module = ".".join([*base, *([node.module] if node.module else [])])
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def is_in(module: str, *packages: str) -> bool:
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def named(path: Path) -> str:
    return str(path.relative_to(ORDERPROC))


def is_adapter(path: Path) -> bool:
    """It speaks to something outside: it imports AWS's SDK, or declares what it calls there."""
    source = path.read_text(encoding="utf-8")
    return "\nPERMISSIONS = {" in source or any(is_in(module, "boto3", "botocore") for module in imports(path))


def module_of(path: Path) -> str:
    return ".".join(path.relative_to(ORDERPROC).with_suffix("").parts).removesuffix(".__init__")


def area_of(path: Path) -> str:
    return path.relative_to(LIBRARY).parts[0] if path.is_relative_to(LIBRARY) else ""


ADAPTERS = [path for path in SOURCES if is_adapter(path) and area_of(path) not in ("kit", "bootstrap", "")]


def test_the_sources_are_found_and_their_imports_read() -> None:
    assert "chalicelib.orders.dynamodb" in {module_of(path) for path in ADAPTERS}
    assert "chalicelib.kit.page" in set(imports(LIBRARY / "orders" / "dynamodb.py"))
    assert "boto3" in set(imports(LIBRARY / "kit" / "aws.py"))


@pytest.mark.parametrize("path", [p for p in SOURCES if p not in ADAPTERS and area_of(p) != "bootstrap"], ids=named)
def test_use_cases_know_ports_and_only_bootstrap_chooses_adapters(path: Path) -> None:
    adapters = [module_of(adapter) for adapter in ADAPTERS]

    assert [module for module in imports(path) if is_in(module, *adapters)] == []


@pytest.mark.parametrize("path", [p for p in SOURCES if p.name in ("model.py", "rules.py")], ids=named)
def test_models_have_no_clock_no_chance_and_no_outside(path: Path) -> None:
    outside = ("os", "sys", "time", "random", "secrets", "socket", "http", "urllib", "subprocess", "logging", "pathlib")

    assert [module for module in imports(path) if is_in(module, *outside, "boto3", "botocore", "chalice")] == []


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_only_config_reads_the_environment(path: Path) -> None:
    if path.name == "config.py":
        return

    read = [n.lineno for n in nodes(path) if isinstance(n, ast.Attribute) and n.attr in ("environ", "getenv")]
    assert read == []
    assert not {"os.environ", "os.getenv"} & set(imports(path))


@pytest.mark.parametrize("folder", ["orderproc", "infra", "local", "bench", "tools", "tests"])
def test_no_file_is_too_long_to_be_read(folder: str) -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
        for path in (ROOT / folder).rglob("*.py")
        if "vendor" not in path.parts
    }

    assert lengths
    assert {path: length for path, length in lengths.items() if length > LONGEST} == {}


def test_what_is_slow_to_import_is_not_imported_with_the_app() -> None:
    """fpdf2 costs half a second, the e-mail package, Jinja2 and babel a tenth: they, and what draws receipts, are
    imported inside the functions that need them."""
    slow = ("fpdf", "fontTools", "email", "html", "babel", "jinja2", "aws_xray_sdk", "stripe")

    eager = {
        named(path): found
        for path in SOURCES
        if (found := [m for m in _at_module_level(path) if is_in(m, *slow)]) and area_of(path) != "documents"
    }

    assert eager == {}


def _at_module_level(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""
