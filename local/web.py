"""`make web`: the pages of storefront and back office with hot reload, against a local stack.

Vite serves them from the sources and passes `/api` on to the stack's API: the API names the published site in its CORS
headers, and this is another origin. The CSP is the published site's alone.
"""

import argparse
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from infra.deploy import foundation, site, web_build
from infra.deploy.deploy import tracked_config
from infra.errors import Refusal
from infra.ops import operate
from infra.progress import Steps
from local import processes, stack
from local.background import ready_stack

PORT = 5173
_PATIENCE = 60.0


def config(described: dict[str, Any]) -> dict[str, Any]:
    """The published site's config.json, but for the API's address."""
    target = operate.target_of(described)
    outputs = foundation.outputs(target)
    key = described.get("publishable_key")
    return {**site.config(target, tracked_config(), outputs, described["api_url"], key), "apiUrl": "/api"}


def main(arguments: list[str]) -> int:
    """The command; 0 after Ctrl-C."""
    parser = argparse.ArgumentParser(prog="local.web")
    parser.add_argument("--port", type=processes.port_number, help="the local cloud's, if one must be started")
    parser.add_argument("--web-port", type=int, default=PORT)
    options = parser.parse_args(arguments)
    steps = Steps()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    started = False
    try:
        processes.check_free(options.web_port, "WEB_PORT")
        with steps.step("The pages' packages (installed once)"):
            web_build.install()
        described, started = ready_stack(options.port, steps)
        return _serve(described, options.web_port, steps)
    except Refusal as refusal:
        steps.refuse(refusal)
        return 1
    except KeyboardInterrupt:
        return 0
    finally:
        if started:
            with processes.undisturbed():
                stack.stop()


def _serve(described: dict[str, Any], port: int, steps: Steps) -> int:
    file = stack.FOLDER / "web-config.json"
    file.write_text(json.dumps(config(described)), encoding="utf-8")
    command = [
        str(Path("node_modules/.bin/vite")),
        "storefront",
        "--port",
        str(port),
        "--strictPort",
        "--logLevel",
        "warn",
    ]
    environment = {**os.environ, "SHOP_CONFIG": str(file), "SHOP_API": described["api_url"]}
    with processes.group(command, cwd=web_build.WEB, env=environment) as server:
        # It says so once it can be opened: that takes seconds on a busy machine.
        processes.wait_for(lambda: processes.listens(port) or server.poll() is not None, patience=_PATIENCE)
        if server.poll() is None:
            here = f"http://127.0.0.1:{port}"
            steps.say(f"The storefront is at {here}, the back office at {here}/{site.OFFICE}.")
            steps.say("Both follow the sources; Ctrl-C stops.")
        return server.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
