"""The project's folder holds what belongs there."""

from __future__ import annotations

import re

from infra.paths import ROOT


def test_no_stray_file_is_at_the_root() -> None:
    """As a redirection to a name that nobody meant leaves one, or a test that writes where it runs."""
    strays = [path.name for path in ROOT.iterdir() if not re.fullmatch(r"\.?[A-Za-z0-9][A-Za-z0-9._-]*", path.name)]

    assert strays == []


def test_no_file_at_the_root_is_empty() -> None:
    assert [path.name for path in ROOT.iterdir() if path.is_file() and not path.stat().st_size] == []
