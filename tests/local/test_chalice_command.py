"""`chalice` in `orderproc/`: which stage is meant, and one sentence where there is none."""

import sys
from pathlib import Path

import pytest

from infra.paths import APP
from local import chalice_command, chalice_script


@pytest.fixture(autouse=True)
def here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(APP)


@pytest.fixture
def passed_on(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What Chalice itself was called with."""
    calls: list[list[str]] = []
    monkeypatch.setattr(chalice_command, "_chalice", lambda arguments: calls.append(list(arguments)) or 0)
    return calls


@pytest.mark.parametrize(
    ("typed", "verb", "stage", "rest"),
    [
        (["url"], "url", None, []),
        (["--debug", "logs", "-n", "notify", "--stage", "prod"], "logs", "prod", ["-n", "notify"]),
        (["deploy", "--stage=prod", "--profile", "shop"], "deploy", "prod", []),
        ([], "", None, []),
    ],
)
def test_what_was_typed_is_understood(typed: list[str], verb: str, stage: str | None, rest: list[str]) -> None:
    call = chalice_command.parse(typed)

    assert (call.verb, call.stage, call.rest, call.project) == (verb, stage, rest, APP)


@pytest.mark.parametrize("typed", [["--project-dir", str(APP)], [f"--project-dir={APP}"]])
def test_the_project_may_be_named_from_elsewhere(
    typed: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert chalice_command.parse([*typed, "url"]).project == APP


@pytest.mark.parametrize("verb", ["local", "deploy", "url", "logs", "invoke"])
@pytest.mark.parametrize("stage", [[], ["--stage", "dev"], ["--stage", "local"]])
def test_without_a_running_stack_it_is_one_sentence(
    verb: str, stage: list[str], tmp_path: Path, passed_on: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert chalice_command.main([verb, *stage], tmp_path) == 1

    said = capsys.readouterr()
    assert said.err.startswith("No local cloud runs here: start one with `make run`")
    assert (len(said.err.splitlines()), said.out, passed_on) == (1, "", [])


@pytest.mark.parametrize("typed", [["new-project", "x"], ["deploy", "--help"], ["--version"], ["dev", "plan"], []])
def test_what_touches_no_stage_is_chalices_own(typed: list[str], tmp_path: Path, passed_on: list[list[str]]) -> None:
    assert chalice_command.main(typed, tmp_path) == 0
    assert passed_on == [typed]


def test_in_another_project_it_is_chalice_as_it_is(
    tmp_path: Path, passed_on: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert chalice_command.main(["deploy"], tmp_path) == 0
    assert passed_on == [["deploy"]]


def test_the_script_runs_under_a_path_with_blanks(tmp_path: Path) -> None:
    folder = tmp_path / "my projects"
    folder.mkdir()
    (folder / "python").symlink_to(sys.executable)
    script = folder / "chalice"

    chalice_script.write(script, folder / "python")

    assert script.stat().st_mode & 0o111
    assert f'"{folder}/python"' in script.read_text()
    compile(script.read_text(), "chalice", "exec")
