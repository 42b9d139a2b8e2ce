"""The queries of docs/guide/logs.md, by their titles."""

from __future__ import annotations

import re

from infra.paths import ROOT

PAGE = (ROOT / "docs" / "guide" / "logs.md").read_text(encoding="utf-8")
BY_TITLE = dict(re.findall(r"\n\*\*([^*]+\?)\*\*(?:(?!\n\*\*).)*?\n```insights\n(.*?)```", PAGE, re.DOTALL))
