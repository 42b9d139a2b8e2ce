"""Builds the copy of the app that `chalice deploy` packs: sources, bytecode, vendored packages, the stage's
config.

The tracked app stays untouched, so that several stages can be deployed side by side and at once.
"""

import importlib.util
import json
import py_compile
import shutil
from pathlib import Path
from typing import Any

import chalice

from infra.deploy import vendor

_KEPT_PACKAGES = 2


def stage_app(app: Path, build: Path, vendored: Path) -> Path:
    """Copy the app to `build`/orderproc with bytecode and vendor/; returns that folder. What Chalice packed
    before stays.
    """
    staged = build / "orderproc"
    for name in ("chalicelib", "vendor"):
        shutil.rmtree(staged / name, ignore_errors=True)
    (staged / ".chalice").mkdir(parents=True, exist_ok=True)
    shutil.copytree(app / "chalicelib", staged / "chalicelib", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copyfile(app / "app.py", staged / "app.py")
    # Everything that is to be installed is in vendor/ already.
    (staged / "requirements.txt").write_text("", encoding="utf-8")
    vendor.compile_tree(staged / "chalicelib", "/var/task/chalicelib")
    _link_vendor(staged, vendored)
    _drop_old_packages(staged)
    return staged


def write_config(staged: Path, config: dict[str, Any], policies: dict[str, Any]) -> None:
    """Write the stage's config.json and its functions' policies where Chalice looks for them."""
    folder = staged / ".chalice"
    for name, document in {"config.json": config, **policies}.items():
        (folder / name).write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _link_vendor(staged: Path, vendored: Path) -> None:
    """Fill vendor/ with links, and add the bytecode of what Chalice itself puts beside it: app.py and its own
    runtime.
    """
    folder = staged / "vendor"
    folder.mkdir()
    for entry in vendored.iterdir():
        (folder / entry.name).symlink_to(entry.resolve())
    _compile(staged / "app.py", folder, "app.py")
    runtime = Path(chalice.__file__).parent
    for module in ("__init__.py", "app.py"):
        _compile(runtime / module, folder, f"chalice/{module}")


def _compile(source: Path, folder: Path, name: str) -> None:
    target = folder / name
    tag = Path(importlib.util.cache_from_source(str(target)))
    tag.parent.mkdir(parents=True, exist_ok=True)
    mode = py_compile.PycInvalidationMode.UNCHECKED_HASH
    py_compile.compile(str(source), str(tag), dfile=f"/var/task/{name}", doraise=True, invalidation_mode=mode)


def _drop_old_packages(staged: Path) -> None:
    packages = sorted((staged / ".chalice" / "deployments").glob("*.zip"), key=lambda path: path.stat().st_mtime)
    for package in packages[:-_KEPT_PACKAGES]:
        package.unlink()
