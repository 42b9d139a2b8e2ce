"""Where things are in the project."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
APP = ROOT / "orderproc"
TEMPLATES = ROOT / "infra" / "cloudformation"
BUILD = ROOT / ".build"
