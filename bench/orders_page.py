"""How long staff wait for the first page of the orders' list when there are 10,000 orders: the back office over the
shop in memory, in Chromium. What the page adds to the API's own time is judged: rows shown less the API's p50."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from statistics import median

from bench.report import Measure, Result, at_most, console, main
from bench.site import shop
from infra.deploy import web_build
from infra.errors import Refusal
from infra.paths import ROOT

ORDERS = 10_000
MOST_MS = 300
_PATIENCE = 300


def measure() -> Result:
    chromium = shutil.which(os.environ.get("CHROMIUM", "chromium"))
    if chromium is None:
        raise Refusal("Chromium is missing: `apt-get install chromium`.")
    with console.status("Building the pages …"):
        pages = web_build.built()
    with shop(pages, "--orders", str(ORDERS)) as url, console.status("Opening the list …"):
        rounds = _rounds(url, chromium)
    return Result(f"The first page of {ORDERS:,} orders, {len(rounds)} times", list(measures_of(rounds)))


def measures_of(rounds: list[dict[str, float]]) -> list[Measure]:
    """Of what each round took, in milliseconds."""
    api, shown = (median(one[what] for one in rounds) for what in ("api", "shown"))
    return [
        Measure("the API's answer, p50", f"{api:.0f} ms"),
        Measure("from the click to the first row, p50", f"{shown:.0f} ms"),
        at_most("of these the page's own", shown - api, MOST_MS, " ms", 0),
    ]


def _rounds(url: str, chromium: str) -> list[dict[str, float]]:
    done = subprocess.run(
        ["node", "journeys/orders-page.mjs"],
        cwd=ROOT / "web",
        env={**os.environ, "SHOP_URL": url, "CHROMIUM": chromium},
        check=False,
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
    )
    if done.returncode:
        raise Refusal(f"The list was not opened: {done.stderr[-2000:]}")
    found: list[dict[str, float]] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    main(measure)
