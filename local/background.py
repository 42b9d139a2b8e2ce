"""A stack for commands that need one: the one that runs, or a new one that stays until `make stop`."""

import subprocess
import sys
from typing import Any

from infra.errors import Refusal
from infra.paths import ROOT
from infra.progress import Steps
from local import processes, stack

_PATIENCE = 180.0


def ready_stack(port: int | None, steps: Steps) -> tuple[dict[str, Any], bool]:
    """What stack.json says, and whether the stack was started for this."""
    found = stack.read()
    if found is not None:
        return found, False
    stack.check_none_runs()
    log = stack.FOLDER / "run.log"
    log.parent.mkdir(exist_ok=True)
    with steps.step("A local stack, as none runs"), log.open("w", encoding="utf-8") as output:
        process = None
        try:
            with processes.deferred():
                process = subprocess.Popen(
                    [sys.executable, "-m", "local.run", *(["--port", str(port)] if port else [])],
                    cwd=ROOT,
                    stdin=subprocess.DEVNULL,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
            return _wait(process), True
        except BaseException:  # Ctrl-C, too: it would go on alone
            with processes.undisturbed():
                if process:
                    processes.end(processes.identify(process.pid), patience=stack.TO_END)
                    process.wait()
            raise


def _wait(process: subprocess.Popen[bytes]) -> dict[str, Any]:
    def look() -> dict[str, Any] | None:
        if process.poll() is not None:
            said = (stack.FOLDER / "run.log").read_text(encoding="utf-8").strip().splitlines()
            raise Refusal(said[-1] if said else "The local stack ended at once: try `make run` to see why.")
        return stack.read()

    found = processes.wait_for(look, patience=_PATIENCE, pause=0.1)
    if found is None:
        raise Refusal("The local stack was not ready in time: try `make run` to see how far it comes.")
    return found
