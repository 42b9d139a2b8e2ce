"""Builds the pages of `web/` with npm, once for each state of their sources: one build serves every stage.

`python -m infra.deploy.web_build` only installs what `web/package-lock.json` pins, for checks and tests of the pages.
"""

import fcntl
import hashlib
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.errors import Refusal
from infra.paths import BUILD, ROOT

WEB = ROOT / "web"
NODE = (20, 19)
"""The oldest Node.js that Vite runs on."""
_PARTS = ("shared", "storefront", "backoffice")
_SETTINGS = ("package.json", "package-lock.json", ".npmrc", "tsconfig.json")
_NO_SOURCES = {"node_modules", "dist"}


def built(folder: Path = BUILD / "web") -> Path:
    """The folder with the pages as they are now. Refuses when they must be built and what that needs is missing."""
    done = folder / digest()[:16]
    if _is_whole(done):
        return done
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(folder):
        if not _is_whole(done):
            check_tools()
            _install()
            scratch = folder / "unfinished"
            shutil.rmtree(scratch, ignore_errors=True)
            _npm("run", "build", "--", "--outDir", str(scratch), "--emptyOutDir")
            for old in folder.iterdir():
                if old.is_dir() and old != scratch:
                    shutil.rmtree(old)
            scratch.rename(done)
    return done


def install() -> None:
    """What the lock file pins, if it is not there yet. Refuses when npm is missing or fails."""
    check_tools()
    (BUILD / "web").mkdir(parents=True, exist_ok=True)
    with _alone(BUILD / "web"):
        _install()


def missing() -> str:
    """A sentence if Node.js or npm is not there or too old; empty if all is."""
    needed = f"install Node.js {NODE[0]}.{NODE[1]} or newer with npm"
    absent = [name for name in ("node", "npm") if shutil.which(name) is None]
    if absent:
        return f"There is no {' and no '.join(absent)} here: {needed}."
    said = subprocess.run(["node", "--version"], check=False, capture_output=True, text=True).stdout.strip()
    found = re.match(r"v(\d+)\.(\d+)", said)
    if not found or (int(found[1]), int(found[2])) < NODE:
        return f"Node.js is {said or 'broken'} here: {needed}."
    return ""


def check_tools() -> None:
    """Refuses with `missing`."""
    if said := missing():
        raise Refusal(said)


def digest() -> str:
    """Of all that decides what the pages are."""
    found = hashlib.sha256()
    for path in sources():
        found.update(f"{path.relative_to(WEB)}\n".encode() + path.read_bytes())
    return found.hexdigest()


def sources() -> Iterator[Path]:
    """The files that the build reads, in a stable order."""
    yield from (WEB / name for name in _SETTINGS)
    for part in _PARTS:
        for path in sorted((WEB / part).rglob("*")):
            named = path.relative_to(WEB).parts
            if path.is_file() and not _NO_SOURCES & set(named) and ".test." not in path.name:
                yield path


def _is_whole(folder: Path) -> bool:
    return (folder / "index.html").exists()


def _install() -> None:
    wanted = hashlib.sha256((WEB / "package-lock.json").read_bytes()).hexdigest()
    mark = WEB / "node_modules" / ".installed"
    if mark.exists() and mark.read_text(encoding="utf-8") == wanted:
        return
    _npm("ci", "--ignore-scripts")
    mark.write_text(wanted, encoding="utf-8")


def _npm(*arguments: str) -> None:
    done = subprocess.run(["npm", *arguments], cwd=WEB, check=False, capture_output=True, text=True)
    if done.returncode:
        said = "\n".join((done.stdout + done.stderr).strip().splitlines()[-15:])
        raise Refusal(f"`npm {' '.join(arguments[:2])}` failed in {WEB}:\n{said}")


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Other processes that build here wait; the system ends that with this process."""
    with (folder / "lock").open("a", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def main() -> int:
    """The command."""
    try:
        install()
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
