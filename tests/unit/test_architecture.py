"""Arrows point inward: app, web → services → domain. Judged on the sources, so that no import is missed."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ORDERPROC = Path(__file__).parents[2] / "orderproc"
LIBRARY = ORDERPROC / "chalicelib"
SOURCES = sorted(path for path in [ORDERPROC / "app.py", *LIBRARY.rglob("*.py")])


def imports(path: Path) -> Iterator[str]:
    """Every module that a source imports anywhere in it, by its whole name."""
    package = ("chalicelib", *path.relative_to(LIBRARY).parent.parts) if path.is_relative_to(LIBRARY) else ()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
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


def sources_of(*parts: str) -> list[Path]:
    return [path for path in SOURCES if path.is_relative_to(LIBRARY) and path.relative_to(LIBRARY).parts[0] in parts]


def test_the_sources_are_found_and_their_imports_read() -> None:
    assert len(sources_of("domain")) > 5
    assert len(sources_of("services")) > 10
    assert "chalicelib.services.ports" in set(imports(LIBRARY / "adapters" / "dynamodb_orders.py"))
    assert "boto3" in set(imports(LIBRARY / "adapters" / "aws.py"))
    assert "chalicelib.kit.aws" in set(imports(LIBRARY / "bootstrap.py"))


@pytest.mark.parametrize("path", sources_of("domain"), ids=named)
def test_the_domain_imports_the_standard_library_and_itself(path: Path) -> None:
    foreign = [
        module
        for module in imports(path)
        if module.split(".")[0] not in sys.stdlib_module_names and not is_in(module, "chalicelib.domain")
    ]

    assert foreign == []


@pytest.mark.parametrize("path", sources_of("domain"), ids=named)
def test_the_domain_has_no_clock_no_chance_and_no_outside(path: Path) -> None:
    outside = ("os", "sys", "time", "random", "secrets", "socket", "http", "urllib", "subprocess", "logging", "pathlib")

    assert [module for module in imports(path) if is_in(module, *outside)] == []


@pytest.mark.parametrize("path", sources_of("services"), ids=named)
def test_services_import_neither_aws_nor_chalice_nor_adapters_nor_the_web(path: Path) -> None:
    forbidden = ("boto3", "botocore", "chalice", "mypy_boto3_dynamodb", "aws_lambda_powertools")
    inward = tuple(f"chalicelib.{part}" for part in ("adapters", "web", "inbound", "bootstrap", "config"))

    assert [module for module in imports(path) if is_in(module, *forbidden, *inward)] == []


@pytest.mark.parametrize("path", sources_of("inbound"), ids=named)
def test_what_reads_from_outside_judges_as_the_api_does_and_knows_nothing_else(path: Path) -> None:
    of_ours = [module for module in imports(path) if is_in(module, "chalicelib")]
    judges = ("chalicelib.web.requests", "chalicelib.web.schemas", "chalicelib.kit.validation")
    known = ("chalicelib.inbound", "chalicelib.domain", "chalicelib.kit.jsonio", *judges)

    assert [m for m in of_ours if m != "chalicelib.web" and not is_in(m, *known)] == []


@pytest.mark.parametrize("path", sources_of("adapters"), ids=named)
def test_adapters_know_ports_and_domain_and_nothing_that_uses_them(path: Path) -> None:
    of_ours = [module for module in imports(path) if is_in(module, "chalicelib")]
    of_services = (
        "ports",
        "list_ports",
        "shipping_ports",
        "counter_ports",
        "metrics_ports",
        "chatbot.ports",
        "chatbot.context",
    )
    ports = tuple(f"chalicelib.services.{name}" for name in of_services)
    of_metrics = ("chalicelib.kit.metric_names", "chalicelib.kit.emf")
    made_of = ("chalicelib.kit.jsonio", "chalicelib.kit.wiring")
    known = ("chalicelib.adapters", "chalicelib.domain", *made_of, *of_metrics, *ports)

    assert [module for module in of_ours if module != "chalicelib" and not is_in(module, *known)] == []


@pytest.mark.parametrize("path", [p for p in SOURCES if p not in sources_of("adapters")], ids=named)
def test_only_bootstrap_chooses_adapters(path: Path) -> None:
    if path.name in ("bootstrap.py", "outside.py", "office.py", "insight.py"):  # the composition root
        return

    assert [module for module in imports(path) if is_in(module, "chalicelib.adapters", "boto3", "botocore")] == []


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_only_config_reads_the_environment(path: Path) -> None:
    if path.name == "config.py":
        return

    tree = ast.parse(path.read_text(encoding="utf-8"))
    read = [n.lineno for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr in ("environ", "getenv")]
    assert read == []
    assert not {"os.environ", "os.getenv"} & set(imports(path))


@pytest.mark.parametrize("path", SOURCES, ids=named)
def test_no_source_is_too_long_to_be_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 400


def test_what_is_slow_to_import_is_not_imported_with_the_app() -> None:
    """fpdf2 costs half a second, the e-mail package a tenth: they are imported inside the functions that need them."""
    slow = ("fpdf", "fontTools", "email", "html", "aws_xray_sdk", "stripe")

    eager = {
        named(path): found
        for path in SOURCES
        if (found := [m for m in _at_module_level(path) if is_in(m, *slow)]) and "receipt" not in path.name
    }

    assert eager == {}


def _at_module_level(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield node.module or ""
