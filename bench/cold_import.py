"""What a cold start imports: `import app` with a first DynamoDB client, against `import boto3` with that client.

Fresh processes by turns, on the deployment package as it is on a function's disk, bytecode and all. It is CPU time:
importing waits for nothing once the files are in memory, and neighbours on a busy machine don't change it."""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
from collections import Counter
from pathlib import Path

from bench import built
from bench.report import Measure, Result, at_most, main, rounds
from infra.deploy import render
from infra.deploy.deploy import tracked_config

PAIRS = 20
PROFILES = 4
RATIO = 1.35
PARTS = 8
_FLOOR = "import boto3; boto3.client('dynamodb')"
_APP = "import app; from chalicelib.kit import aws; aws.dynamodb()"
_TIMED = "import sys, time; sys.path[:0] = [{path!r}]; t = time.process_time(); {code}; print(time.process_time() - t)"
_IMPORT = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+([\w.]+)")


def measure() -> Result:
    path = built.unpacked()
    for code in (_FLOOR, _APP):
        _seconds(path, code)  # the first of each reads the disk
    pairs = [(_seconds(path, _FLOOR), _seconds(path, _APP)) for _ in rounds(PAIRS, "Cold imports")]
    floor, app = (statistics.median(times) for times in zip(*pairs, strict=True))
    extra = _fastest(path, _APP) - _fastest(path, _FLOOR)
    found = [
        Measure("boto3 and a DynamoDB client", f"{floor * 1000:.0f} ms"),
        Measure("app and that client", f"{app * 1000:.0f} ms"),
        at_most("app against boto3, median of pairs", statistics.median(app / floor for floor, app in pairs), RATIO),
        *(Measure(f"  {name}", f"+{micros / 1000:.1f} ms") for name, micros in extra.most_common(PARTS)),
    ]
    return Result("Cold import, CPU time; below, what costs most beyond boto3 (profiled, so slower)", found)


def _seconds(path: Path, code: str) -> float:
    return float(_run(["-c", _TIMED.format(path=str(path), code=code)]).stdout.split()[-1])


def _fastest(path: Path, code: str) -> Counter[str]:
    """Each package's import at its fastest."""
    runs = [_self_times(path, code) for _ in range(PROFILES)]
    return Counter({name: min(run[name] for run in runs) for name in runs[0]})


def _self_times(path: Path, code: str) -> Counter[str]:
    """Microseconds that each package, and each module of ours, takes to import, without what it imports in turn."""
    said = _run(["-X", "importtime", "-c", _TIMED.format(path=str(path), code=code)]).stderr
    times: Counter[str] = Counter()
    for micros, module in _IMPORT.findall(said):
        package = module.partition(".")[0]
        times[module if package == "chalicelib" else package] += int(micros)
    return times


def _run(arguments: list[str]) -> subprocess.CompletedProcess[str]:
    """An interpreter that sees the standard library and nothing else, as in Lambda."""
    environment: dict[str, str] = tracked_config()["stages"][render.BASE_STAGE]["environment_variables"]
    environment = {**environment, "AWS_DEFAULT_REGION": "us-east-1", "AWS_LAMBDA_FUNCTION_NAME": "bench"}
    command = [sys.executable, "-I", "-S", *arguments]
    return subprocess.run(command, check=True, env=environment, capture_output=True, text=True)


if __name__ == "__main__":
    main(measure)
