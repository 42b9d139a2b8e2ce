"""What a local cloud keeps between two runs, under `.local/state`: MiniStack's own files, and `kept.json`, which says
whose they are and what is deployed in them."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from infra.deploy import choices, web_build
from infra.errors import Refusal
from infra.paths import APP, ROOT, TEMPLATES
from local import stack

FORMAT = 1
"""Of `kept.json` and what this project's own code keeps beside it. A state of another one is refused."""
_ANEW = "begin anew with `make run FRESH=1`"
_BUILT = {"__pycache__", "vendor", "deployed", "deployments"}
_DEPLOYED_BY = ("provision.py", "catalogue.py", "run.py")


def emulator_version() -> str:
    """The MiniStack that this project runs on: what it wrote, another may not be able to read."""
    lines = (ROOT / "local" / "requirements-cloud.txt").read_text(encoding="utf-8").splitlines()
    return next(line.partition("==")[2].strip() for line in lines if line.startswith("ministack=="))


def load(folder: Path) -> dict[str, Any] | None:
    """What is kept, or None where no run completed a state. Refuses what this version can't go on from."""
    state = stack.state_folder(folder)
    if not _file(folder).exists():
        return None
    try:
        kept: dict[str, Any] = json.loads(_file(folder).read_text(encoding="utf-8"))
        found = (int(kept["format"]), str(kept["ministack"]))
        kept = {**kept, "port": int(kept["port"]), "deployment": str(kept["deployment"]), "stack": dict(kept["stack"])}
    except (ValueError, TypeError, KeyError):
        raise Refusal(f"What {_file(folder)} says can't be read: {_ANEW}, which removes {state}.") from None
    if found != (FORMAT, emulator_version()):
        raise Refusal(
            f"The orders and users kept in {state} are of another version (MiniStack {found[1]}, format {found[0]};"
            f" this is MiniStack {emulator_version()}, format {FORMAT}): go back to that version, or {_ANEW}."
        )
    return kept


def remove(folder: Path) -> None:
    """Remove a state that is not wanted any more, or that no run completed."""
    shutil.rmtree(stack.state_folder(folder), ignore_errors=True)


def port_of(kept: dict[str, Any] | None, chosen: int | None) -> int:
    """The port to run on: addresses of queues and of the API hold it, so it stays what it was."""
    if kept is None:
        return chosen or stack.DEFAULT_PORT
    port: int = kept["port"]
    if chosen and chosen != port:
        raise Refusal(
            f"What is kept here belongs to port {port}: go on with `make run PORT={port}`,"
            f" or begin anew with `make run PORT={chosen} FRESH=1`."
        )
    return port


def site_port_of(kept: dict[str, Any] | None) -> int | None:
    """The port of the storefront, which addresses of pictures hold; None where none is chosen yet."""
    port = kept.get("site_port") if kept else None
    return int(port) if port else None


def note(folder: Path, described: dict[str, Any], port: int, deployment: str, site_port: int | None) -> None:
    """Note that the state is whole, and which deployment is in it; "" is one that does not count as done."""
    content = {"format": FORMAT, "ministack": emulator_version(), "port": port, "deployment": deployment}
    content |= {"site_port": site_port}
    stack.write(_file(folder), {**content, "stack": described})


def note_deployment(folder: Path, deployment: str) -> None:
    """Note another deployment, if anything is kept here."""
    kept = load(folder)
    if kept is not None:
        note(folder, kept["stack"], kept["port"], deployment, site_port_of(kept))


def deployment() -> str:
    """A digest of all that decides what is deployed: sources, templates, the choices in the environment, and whether
    the storefront can be built."""
    digest = hashlib.sha256(f"{web_build.digest()} {web_build.missing()}\n".encode())
    for path in _sources():
        digest.update(f"{path.relative_to(ROOT)}\n".encode() + path.read_bytes())
    for name in sorted(choices.NAMES):
        digest.update(f"{name}={os.environ.get(name, '')}\n".encode())
    return digest.hexdigest()


def size(folder: Path) -> str:
    """How much is kept, for people."""
    files = (path for path in stack.state_folder(folder).rglob("*") if path.is_file())
    return f"{sum(path.stat().st_size for path in files) / 1e6:.0f} MB"


def _sources() -> Iterator[Path]:
    found = [path for top in (APP, TEMPLATES) for path in top.rglob("*") if path.is_file()]
    found += [ROOT / "local" / name for name in _DEPLOYED_BY]
    return (path for path in sorted(found) if not _BUILT & set(path.relative_to(ROOT).parts))


def _file(folder: Path) -> Path:
    return stack.state_folder(folder) / "kept.json"
