"""`make dev`: the API by `chalice local`, reloading when a file changes, against a local stack's queues,
tables and buckets.

`chalice local` checks neither API keys nor tokens: for developing, never for judging security. Stage `dev` is
in no configuration, so that the functions' variables come from here, with this stack's addresses in them.
"""

import argparse
import signal
import sys
from pathlib import Path
from typing import Any

from infra.deploy import foundation, post_deploy, render
from infra.deploy.deploy import tracked_config
from infra.errors import Refusal
from infra.ops import operate
from infra.paths import APP
from infra.progress import Steps
from infra.target import Target
from local import processes, stack
from local.background import ready_stack


def environment(target: Target) -> dict[str, str]:
    """What the deployed functions have, plus root credentials and permission to trust the X-API-Key header: without a
    gateway a key's id is unknown, so that of the publishable key is its value."""
    outputs = foundation.outputs(target)
    if not outputs:
        raise Refusal("The local stack has no resources: stop it with `make stop`, then try again.")
    base = tracked_config()["stages"][render.BASE_STAGE]["environment_variables"]
    variables = render.environment(base, target, outputs)
    publishable_key = post_deploy.key_value(target, outputs["PublishableKeyId"])
    believed = {"TRUST_API_KEY_HEADER": "true", "PUBLISHABLE_KEY_ID": publishable_key}
    return {**target.environment(), **variables, **believed}


def main(arguments: list[str]) -> int:
    """The command; 0 after Ctrl-C."""
    parser = argparse.ArgumentParser(prog="local.dev")
    parser.add_argument("--port", type=processes.port_number, help="the local cloud's, if one must be started")
    parser.add_argument("--api-port", type=int, default=8000)
    options = parser.parse_args(arguments)
    steps = Steps()
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    started = False
    try:
        processes.check_free(options.api_port, "DEV_PORT")
        described, started = ready_stack(options.port, steps)
        return _serve(described, options.api_port, steps)
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
    target = operate.target_of(described)
    steps.say(f"The API is at http://127.0.0.1:{port} (any X-API-Key is accepted); Ctrl-C stops it.")
    command = [str(Path(sys.executable).parent / "chalice"), "local", "--stage", "dev", "--port", str(port)]
    # A group of its own, as Chalice's reloader is two processes and ends only one of them on SIGTERM.
    with processes.group([*command, "--autoreload"], cwd=APP, env=environment(target)) as server:
        return server.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
