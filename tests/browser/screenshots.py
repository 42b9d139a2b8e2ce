"""`make screenshots`: a picture of every page and state in .build/screenshots, at both widths, light and dark."""

from __future__ import annotations

import shutil
import sys
from concurrent.futures import ThreadPoolExecutor

from infra.deploy import web_build
from infra.paths import BUILD
from tests.browser.journeys import in_memory, run

FOLDER = BUILD / "screenshots"
_JOURNEYS = ("customer", "faults", "guest", "pages", "shell", "backoffice", "backoffice-tools")


def main() -> int:
    """0 when every journey came to its end."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    pages = str(web_build.built())
    with ThreadPoolExecutor(2) as pool:
        ended = list(pool.map(lambda name: run(name, **in_memory(pages), PICTURES=str(FOLDER)), _JOURNEYS))
    print(f"{len(list(FOLDER.glob('*.png')))} pictures: {FOLDER}")  # noqa: T201
    for one in ended:
        if one.returncode:
            print(one.stdout, one.stderr)  # noqa: T201
    return max(one.returncode for one in ended)


if __name__ == "__main__":
    sys.exit(main())
