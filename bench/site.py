"""The first load of storefront and back office as Lighthouse judges it on a phone (slow 4G, a quarter of this
processor), from the shop in memory: with the headers and the compression of the deployed site."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import requests

from bench.report import Measure, Result, at_most, console, main
from infra.deploy import web_build
from infra.errors import Refusal
from infra.paths import ROOT
from local.processes import free_port

LIGHTHOUSE = ROOT / ".local" / "lighthouse" / "node_modules" / ".bin" / "lighthouse"
CATEGORIES = {"performance": "performance", "accessibility": "accessibility", "best-practices": "best practices"}
OFFICE = "back office"
PAGES = {"catalogue": "", "product": "#/products/MOUSE001", "quick order": "#/quick-order", OFFICE: "admin.html"}
LEAST, JAVASCRIPT, JAVASCRIPT_OF_STAFF = 95, 170, 190
"""Points of 100, and kB as they are sent."""
RUNS = 3
"""Points for performance vary from run to run: as Lighthouse's authors advise, the median counts."""


def measure() -> Result:
    chromium = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    if chromium is None or not LIGHTHOUSE.exists():
        raise Refusal("Chromium or Lighthouse is missing: `apt-get install chromium`, then `make bench`.")
    found: list[Measure] = []
    with console.status("Building the pages …"):
        pages = web_build.built()
    with shop(pages) as url:
        for name, path in PAGES.items():
            with console.status(f"Lighthouse on {name} …"):
                reports = [_report(url + path, chromium) for _ in range(1 if name == OFFICE else RUNS)]
            found += measures_of(name, median(reports))
    return Result("The pages' first load", found)


def median(reports: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """The one with as many better as worse ones, by its points for performance."""
    return sorted(reports, key=lambda report: _points(report, "performance"))[len(reports) // 2]


def measures_of(page: str, report: Mapping[str, Any]) -> list[Measure]:
    """What one report says of one page."""
    # Staff have a desk; what a phone on a slow line makes of their pages is not judged.
    judged = {key: shown for key, shown in CATEGORIES.items() if page != OFFICE or key != "performance"}
    points = [at_least(f"{page}: {shown}", _points(report, key)) for key, shown in judged.items()]
    most = JAVASCRIPT_OF_STAFF if page == OFFICE else JAVASCRIPT
    scripts = at_most(f"{page}: JavaScript, gzipped", _javascript(report) / 1000, most, " kB", 1)
    return [*points, scripts]


def at_least(name: str, points: float) -> Measure:
    return Measure(name, f"{points:.0f}", f"≥ {LEAST}", points >= LEAST)


def _points(report: Mapping[str, Any], category: str) -> float:
    return float(report["categories"][category]["score"] or 0) * 100


def _javascript(report: Mapping[str, Any]) -> int:
    """Bytes of all scripts that were loaded, with their headers."""
    loaded = report["audits"]["network-requests"]["details"]["items"]
    return sum(int(one["transferSize"]) for one in loaded if one.get("resourceType") == "Script")


def _report(url: str, chromium: str) -> dict[str, Any]:
    flags = "--headless=new --no-sandbox --disable-gpu --disable-background-networking"
    with TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        options = [f"--chrome-flags={flags}", f"--only-categories={','.join(CATEGORIES)}", "--output=json", "--quiet"]
        done = subprocess.run(
            [str(LIGHTHOUSE), url, *options, f"--output-path={file}"],
            env={**os.environ, "CHROME_PATH": chromium},
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode or not file.exists():
            raise Refusal(f"Lighthouse failed: {done.stderr[-2000:]}")
        report: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        return report


@contextmanager
def shop(pages: Path, *more: str) -> Iterator[str]:
    """The address of the shop in memory while the body runs."""
    port = free_port()
    command = [sys.executable, "-m", "web.dev.shop", "--port", str(port), "--pages", str(pages), *more]
    paths = {"PYTHONPATH": os.pathsep.join([str(ROOT / "orderproc"), str(ROOT)])}
    running = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **paths}, stdout=subprocess.DEVNULL)
    try:
        yield _answering(f"http://127.0.0.1:{port}/", running)
    finally:
        running.terminate()
        running.wait()


def _answering(url: str, shop: subprocess.Popen[bytes]) -> str:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline and shop.poll() is None:
        try:
            if requests.get(f"{url}config.json", timeout=5).ok:
                return url
        except requests.ConnectionError:
            time.sleep(0.3)
    raise Refusal("The shop in memory did not start.")


if __name__ == "__main__":
    main(measure)
