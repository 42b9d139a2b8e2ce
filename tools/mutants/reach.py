"""A plugin of pytest with two uses. With MUTANTS_REACHED it notes which test runs which line of the core, and how long
each takes. With MUTANTS_CHOSEN only the tests listed in that file run, in its order."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

_reached, _chosen = os.environ.get("MUTANTS_REACHED"), os.environ.get("MUTANTS_CHOSEN")
_seconds: Counter[str] = Counter()

if _reached:
    import coverage

    _coverage = coverage.Coverage(data_file=None, config_file=False, include=["orderproc/chalicelib/*"])
    _coverage.start()  # before the core is imported

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(item: pytest.Item) -> Iterator[object]:
        _coverage.switch_context(item.nodeid)
        result = yield
        _coverage.switch_context("")
        return result

    def pytest_runtest_logreport(report: pytest.TestReport) -> None:
        _seconds[report.nodeid] += report.duration

    def pytest_sessionfinish() -> None:
        _coverage.stop()
        data, bits = _coverage.get_data(), {nodeid: 1 << number for number, nodeid in enumerate(_seconds)}
        lines = {
            str(Path(path).relative_to(Path.cwd())): {
                line: hex(sum(bits[nodeid] for nodeid in set(nodeids) if nodeid))
                for line, nodeids in data.contexts_by_lineno(path).items()
            }
            for path in data.measured_files()
            if path.endswith(".py")  # not the templates of mails
        }
        Path(str(_reached)).write_text(json.dumps({"tests": list(_seconds.items()), "lines": lines}), encoding="utf-8")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    if _chosen:
        by_id = {item.nodeid: item for item in items}
        chosen = Path(_chosen).read_text(encoding="utf-8").split("\0")
        items[:] = [by_id[nodeid] for nodeid in chosen if nodeid in by_id]
