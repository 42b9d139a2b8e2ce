"""`python -m local.chalice_script`: makes the environment's `chalice` command this project's
(`local/chalice_command.py`), so that people use Chalice in `orderproc/` as in any project of theirs."""

import sys
from pathlib import Path

from infra.paths import ROOT


def text(python: Path, folder: Path | None = None) -> str:
    """The command's script; `folder` is that of another local cloud than this clone's. The first lines are a shell's,
    as a shebang takes no path with a blank in it."""
    return f"""#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys

sys.path.insert(0, {str(ROOT)!r})
from local.chalice_command import main

sys.exit(main(sys.argv[1:]{f", {str(folder)!r}" if folder else ""}))
"""


def write(path: Path, python: Path, folder: Path | None = None) -> None:
    """Write it, in the place of Chalice's own."""
    path.write_text(text(python, folder), encoding="utf-8")
    path.chmod(0o755)


if __name__ == "__main__":
    write(Path(sys.executable).parent / "chalice", Path(sys.executable))
