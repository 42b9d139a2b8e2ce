"""Write the OpenAPI document for the linters of `make lint`: `python -m tools.write_openapi FILE`."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent / "orderproc"))

from chalicelib.api.shared.openapi import document
from chalicelib.kit.jsonio import dumps


def main() -> None:
    target = Path(sys.argv[1])
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(dumps(document("https://api.shop.example")), encoding="utf-8")


if __name__ == "__main__":
    main()
