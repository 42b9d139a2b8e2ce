"""One page per alarm and per command, all in the same form, found from the index. That their commands work is shown on
a running stack (tests/e2e/test_zv_runbooks.py)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from infra.paths import ROOT, TEMPLATES
from tests.e2e.runbooks import FOLDER, PAGES, commands_of
from tests.packaging.cloudformation import load, of_type

FORM = ["What it means", "What customers see", "How to check", "What to do", "When it ends"]
INDEX = (FOLDER / "README.md").read_text(encoding="utf-8")
SHELL = (ROOT / "infra" / "ops" / "shell.sh").read_text(encoding="utf-8")
TARGETS = re.findall(r"^([a-z-]+):.*## ", (ROOT / "Makefile").read_text(encoding="utf-8"), flags=re.MULTILINE)
ALARMS = {
    alarm["AlarmName"]["Fn::Sub"].removeprefix("orderproc-${Stage}-"): alarm["AlarmDescription"]["Fn::Sub"]
    for alarm in of_type(load(TEMPLATES / "alarms.yaml"), "AWS::CloudWatch::Alarm").values()
}
TEXTS = {page.stem: page.read_text(encoding="utf-8") for page in PAGES if page.stem != "README"}


def sections(text: str) -> dict[str, str]:
    found = re.split(r"^## (.+)$", text, flags=re.MULTILINE)
    return dict(zip(found[1::2], found[2::2], strict=True))


def test_every_alarm_has_a_page_and_says_so_in_its_description() -> None:
    assert len(ALARMS) > 30
    for name, description in ALARMS.items():
        assert re.fullmatch(r"[^.]+\. See \$\{RunbookUrl\}/" + name + r"\.md\.", description), name
        assert name in TEXTS


@pytest.mark.parametrize("name", TEXTS)
def test_a_page_has_the_form_of_all(name: str) -> None:
    parts = sections(TEXTS[name])

    assert TEXTS[name].startswith(f"# {name}\n")
    assert list(parts) == FORM
    assert all(len(part.strip()) > 20 for part in parts.values())


@pytest.mark.parametrize("name", ALARMS)
def test_a_page_about_an_alarm_ends_with_the_alarms_own_state(name: str) -> None:
    assert f"`orderproc-<stage>-{name}`" in TEXTS[name]
    assert f"\nalarm {name}\n" in sections(TEXTS[name])["When it ends"]


@pytest.mark.parametrize("name", TEXTS)
def test_a_page_is_in_the_index_once(name: str) -> None:
    rows = [line for line in INDEX.splitlines() if line.startswith(f"| [`{name}`]({name}.md) | ")]
    others = [line for line in INDEX.splitlines() if f"]({name}.md)" in line and line not in rows]

    assert len(rows) == (name in ALARMS)
    assert rows or others


@pytest.mark.parametrize("name", ["deploy", "destroy", "dead-letters", "metrics", "dashboard"])
def test_a_command_for_a_running_stage_has_a_page(name: str) -> None:
    assert name in TARGETS
    assert f"make {name} STAGE=$STAGE" in TEXTS[name]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_its_commands_use_variables_and_targets_that_there_are(page: Path) -> None:
    text = "\n".join(commands.text for commands in commands_of(page))
    used = set(re.findall(r"\$\{?([A-Z][A-Z_]*)", text))

    assert used <= set(re.findall(r"(?:^|[\s(])([A-Z][A-Z_]*)=", text + SHELL))
    assert set(re.findall(r"^ *make ([a-z-]+)", text, flags=re.MULTILINE)) <= set(TARGETS)
