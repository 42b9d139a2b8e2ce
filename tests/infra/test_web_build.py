"""The pages are built once for each state of their sources, and without npm it is said what is missing."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from infra.deploy import web_build
from infra.errors import Refusal

_NPM = """#!/bin/sh
echo "$@" >>"$NPM_CALLS"
[ "$1" = ci ] && mkdir -p node_modules
while [ $# -gt 0 ]; do [ "$1" = --outDir ] && mkdir -p "$2" && echo "<html>" >"$2/index.html"; shift; done
exit ${NPM_STATUS:-0}
"""


@pytest.fixture
def web(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Pages with an npm that only notes what it is asked."""
    folder, tools = tmp_path / "web", tmp_path / "bin"
    for name in ("package.json", "package-lock.json", ".npmrc", "tsconfig.json", "storefront/src/a.ts", "shared/b.ts"):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(name)
    tools.mkdir()
    for name, content in (("npm", _NPM), ("node", "#!/bin/sh\necho ${NODE_SAYS:-v20.19.0}\n")):
        (tools / name).write_text(content)
        (tools / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    monkeypatch.setenv("NPM_CALLS", str(tmp_path / "calls"))
    monkeypatch.setattr(web_build, "WEB", folder)
    monkeypatch.setattr(web_build, "BUILD", tmp_path / "build")
    return folder


def calls(web: Path) -> list[str]:
    file = web.parent / "calls"
    return [line.split()[0] for line in file.read_text().splitlines()] if file.exists() else []


def test_it_is_built_once(web: Path) -> None:
    first = web_build.built(web.parent / "built")
    second = web_build.built(web.parent / "built")

    assert first == second
    assert (first / "index.html").exists()
    assert calls(web) == ["ci", "run"]


def test_a_changed_source_is_built_and_replaces_the_build_before(web: Path) -> None:
    before = web_build.built(web.parent / "built")
    (web / "storefront/src/a.ts").write_text("changed")

    after = web_build.built(web.parent / "built")

    assert before != after
    assert not before.exists()
    assert calls(web) == ["ci", "run", "run"]


@pytest.mark.parametrize("name", ["storefront/src/a.test.ts", "storefront/dist/index.html", "shared/node_modules/x.js"])
def test_what_is_no_source_changes_nothing(web: Path, name: str) -> None:
    before = web_build.digest()
    (web / name).parent.mkdir(parents=True, exist_ok=True)
    (web / name).write_text("x")

    assert web_build.digest() == before


def test_a_build_that_failed_is_none(web: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NPM_STATUS", "1")
    with pytest.raises(Refusal, match="`npm ci --ignore-scripts` failed"):
        web_build.built(web.parent / "built")

    monkeypatch.setenv("NPM_STATUS", "0")
    assert (web_build.built(web.parent / "built") / "index.html").exists()


@pytest.mark.parametrize("said", ["v18.20.4", "v20.18.3", "broken"])
def test_an_old_node_is_said(web: Path, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("NODE_SAYS", said)

    with pytest.raises(Refusal, match=rf"Node.js is {said} here: install Node.js 20.19 or newer with npm"):
        web_build.built(web.parent / "built")
    assert calls(web) == []


@pytest.mark.parametrize("said", ["v20.19.0", "v20.20.2", "v24.1.0"])
def test_a_new_one_will_do(web: Path, monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    monkeypatch.setenv("NODE_SAYS", said)

    assert web_build.missing() == ""


def test_without_npm_that_is_said_and_what_is_built_is_used_all_the_same(
    web: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = web_build.built(web.parent / "built")
    monkeypatch.setenv("PATH", "/nowhere")

    assert web_build.missing() == ("There is no node and no npm here: install Node.js 20.19 or newer with npm.")
    assert web_build.built(web.parent / "built") == done
