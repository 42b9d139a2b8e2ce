"""The documents say what is there: links resolve, and every route, setting, requirement and target is named."""

from __future__ import annotations

import ast
import itertools
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from chalicelib.kit.config import Settings
from chalicelib.notifications import wording
from chalicelib.orders.model import Status

from infra.deploy import render
from infra.paths import ROOT

DOCUMENTS = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
REQUIREMENTS = (
    "orderproc/requirements.txt",
    "requirements-dev.txt",
    "local/requirements-cloud.txt",
    "tests/e2e/schemathesis/requirements.txt",
    "tools/mutants/requirements.txt",
    "docs/requirements.txt",
)


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def guide() -> str:
    """All of its pages."""
    return "\n".join(page.read_text(encoding="utf-8") for page in sorted((ROOT / "docs" / "guide").glob("*.md")))


def outside_code(text: str) -> str:
    return re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)


def links(document: Path) -> Iterator[str]:
    """Every target of a link or picture that is not an address."""
    text = outside_code(document.read_text(encoding="utf-8"))
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if not target.startswith(("http://", "https://", "mailto:")):
            yield target


def anchors(document: Path) -> set[str]:
    """The names that GitHub gives the headings."""
    headings = re.findall(r"^#+ (.+)$", outside_code(document.read_text(encoding="utf-8")), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def names_in_config() -> set[str]:
    """The environment variables that config.py reads: its constants that look like one."""
    tree = ast.parse(read("orderproc/chalicelib/kit/config.py"))
    texts = {n.value for n in ast.walk(tree) if isinstance(n, ast.Constant) and isinstance(n.value, str)}
    return {text for text in texts if re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+", text)} | {"STAGE"}


def packages(requirements: str) -> list[str]:
    lines = (line.split("#")[0].strip() for line in read(requirements).splitlines())
    return [re.split(r"[\[=]", line)[0] for line in lines if line and not line.startswith("-r")]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_leads_somewhere(document: Path) -> None:
    for target in links(document):
        name, _, anchor = target.partition("#")
        file = (document.parent / name).resolve() if name else document

        assert file.exists(), f"{document.name} → {target}"
        assert not anchor or anchor in anchors(file), f"{document.name} → {target}"


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_headings_and_tables_stand_apart_from_what_is_above(document: Path) -> None:
    lines = outside_code(document.read_text(encoding="utf-8")).splitlines()

    glued = [
        below
        for above, below in itertools.pairwise(lines)
        if above.strip() and (below.startswith("#") or (below.startswith("|") and not above.startswith("|")))
    ]

    assert not glued


def test_each_log_line_is_explained_once() -> None:
    rows = re.findall(r"^\| ((?:`[a-z_]+`(?:, )?)+) \|", read("docs/guide/logs.md"), flags=re.MULTILINE)
    names = [name for row in rows for name in re.findall(r"`([a-z]+(?:_[a-z]+)+)`", row)]

    assert len(names) > 40
    assert not [name for name in sorted(set(names)) if names.count(name) > 1]


def test_the_guide_names_every_route() -> None:
    from app import app

    pages = guide()
    routes = {
        f"{method} {re.sub('_([a-z])', lambda letter: letter[1].upper(), path)}"
        for path, methods in app.routes.items()
        for method in methods
        if method != "HEAD" and path not in ("/", "/{proxy+}")
    }

    assert not [route for route in sorted(routes) if f"`{route}`" not in pages]


def test_the_guide_names_every_status_and_every_reason_of_failure() -> None:
    pages = guide()

    assert not [status for status in Status if f"| {status} |" not in pages]
    assert not [code for code in wording.CODES if f"`{code}`" not in pages]


def test_settings_name_every_environment_variable() -> None:
    settings = read("docs/guide/settings.md")
    read_or_chosen = names_in_config() | set(render.CHOSEN) | {"MAIL_IDENTITY"}

    assert len(read_or_chosen) > 20
    assert not [name for name in sorted(read_or_chosen) if f"`{name}`" not in settings]


def test_settings_give_the_defaults_that_hold() -> None:
    settings = read("docs/guide/settings.md")
    defaults = {
        "HANDOVER_AFTER_SECONDS": Settings.handover_after,
        "GIVE_UP_AFTER_SECONDS": Settings.give_up_after,
        "RETRY_BASE_SECONDS": Settings.retry_base,
        "RETRY_MOST_SECONDS": Settings.retry_most,
        "RECONCILIATION_MARGIN_SECONDS": Settings.reconciliation_margin,
        "ABANDONED_AFTER_SECONDS": Settings.abandoned_after,
    }

    for name, seconds in defaults.items():
        assert f"| `{name}` | seconds | `{seconds}` |" in settings


@pytest.mark.parametrize("requirements", REQUIREMENTS)
def test_each_dependency_has_its_reason(requirements: str) -> None:
    decisions = read("docs/decisions/dependencies.md")

    assert not [package for package in packages(requirements) if f"`{package}`" not in decisions]


def test_each_dependency_of_node_has_its_reason() -> None:
    dependencies = re.findall(r'"([\w@/-]+)": "[\d.]+"', read("local/package.json"))

    assert dependencies
    assert not [name for name in dependencies if f"`{name}`" not in read("docs/decisions/dependencies.md")]


def test_the_readme_names_targets_that_there_are_and_all_that_make_help_lists() -> None:
    readme, makefile = read("README.md"), read("Makefile")
    there = set(re.findall(r"^([a-z-]+):", makefile, flags=re.MULTILINE))
    there |= {name for line in re.findall(r"^\.PHONY: (.+)$", makefile, flags=re.MULTILINE) for name in line.split()}
    named = set(re.findall(r"(?:`|\$ |^)make ([a-z-]+)", readme, flags=re.MULTILINE))
    listed = set(re.findall(r"^([a-z-]+):.*## ", makefile, flags=re.MULTILINE)) - {"help"}

    assert named <= there
    assert listed <= named


def test_no_document_names_the_machine_it_was_written_on() -> None:
    for document in DOCUMENTS:
        found = re.findall(r"(?:^|[\s(=\"'`])(/(?:home|root|Users|tmp|work)/\S*)", document.read_text(encoding="utf-8"))

        assert not found, document.name
