"""Where things are in the project."""

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "orderproc"
TEMPLATES = ROOT / "infra"
BUILD = ROOT / ".build"


def make_importable() -> None:
    """Let this process import `chalicelib`, as a function does."""
    if str(APP) not in sys.path:
        sys.path.insert(0, str(APP))
