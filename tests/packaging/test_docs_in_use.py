"""End-to-end tests take queries, commands and samples from the documents: what they look up there is there.

Without these checks, a changed title fails only after the local cloud has run for half an hour."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from infra.paths import ROOT
from tests.e2e import log_queries, runbooks, snippets
from tests.e2e.runbook_samples import Samples

E2E = ROOT / "tests" / "e2e"


def asked() -> Iterator[tuple[str, frozenset[str]]]:
    """The titles that the test of log queries asks for, each with its placeholders."""
    tree = ast.parse((E2E / "test_zy_log_queries.py").read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "ask":
            yield ast.literal_eval(node.args[0]), frozenset(str(keyword.arg) for keyword in node.keywords)


ASKED = sorted(set(asked()), key=str)


@pytest.mark.parametrize(("title", "placeholders"), ASKED, ids=[title for title, _ in ASKED])
def test_a_query_that_is_asked_is_in_the_guide(title: str, placeholders: frozenset[str]) -> None:
    assert title in log_queries.BY_TITLE
    assert [name for name in placeholders if name not in log_queries.BY_TITLE[title]] == []


def test_every_query_of_the_guide_is_asked() -> None:
    assert {title for title, _ in ASKED} == set(log_queries.BY_TITLE)


def test_every_query_of_the_guide_has_a_title_of_its_own() -> None:
    assert len(log_queries.BY_TITLE) >= 10
    assert len(log_queries.BY_TITLE) == log_queries.PAGE.count("```insights")


def test_what_runs_on_aws_alone_is_named() -> None:
    found = {page.stem: [s.title for s in snippets.snippets_of(page) if s.only_on_aws] for page in snippets.PAGES}

    assert {page: titles for page, titles in found.items() if titles} == snippets.ON_AWS_ALONE
    assert {s.title for s in snippets.snippets_of(snippets.README)} >= snippets.STARTED_BY_THE_TEST


@pytest.mark.parametrize("page", snippets.PAGES, ids=lambda page: page.stem)
def test_every_block_of_commands_is_one_that_the_test_runs(page: Path) -> None:
    assert snippets.languages_of(page) <= snippets.LANGUAGES


def test_there_are_commands_with_and_without_output() -> None:
    shown = [s.shown is not None for page in snippets.PAGES for s in snippets.snippets_of(page) if not s.only_on_aws]

    assert (shown.count(True) > 30, shown.count(False) > 10) == (True, True)


def test_the_output_of_a_page_is_compared() -> None:
    snippet = snippets.Snippet("curl …", '{"id": "…", "status": "PENDING"}')

    assert snippet.explains('{"id": "5b1c9c1e", "status": "PENDING"}')
    assert not snippet.explains('{"id": "5b1c9c1e", "status": "FAILED"}')


@pytest.mark.parametrize("page", runbooks.PAGES, ids=lambda page: page.stem)
def test_every_sample_of_a_runbook_can_be_made(page: Path) -> None:
    shop: Any = SimpleNamespace(described={"stage": "local"}, client=lambda service: None)

    wanted = set().union(*(commands.samples for commands in runbooks.commands_of(page) if commands.runs_here))

    assert wanted <= Samples(shop).of(page.stem).keys()


def test_commands_of_runbooks_that_run_on_aws_alone_say_why_and_are_counted() -> None:
    blocks = [commands for page in runbooks.PAGES for commands in runbooks.commands_of(page) if commands.only_on_aws]

    assert len(blocks) == runbooks.BLOCKS_ONLY_ON_AWS
    assert all(len(block.text.partition("\n")[0]) > len(runbooks.ONLY_ON_AWS) + 20 for block in blocks)


@pytest.mark.parametrize("there", runbooks.REPLACED)
def test_what_the_test_replaces_in_runbooks_is_said_there(there: str) -> None:
    assert any(there in page.read_text(encoding="utf-8") for page in runbooks.PAGES)
