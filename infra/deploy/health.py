"""Asks a stage's API whether it is ready, and finds out why it is not."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from botocore.exceptions import BotoCoreError, ClientError

from infra.target import Target

PATIENCE = 90.0
"""Seconds: a role's new rights take some until every service knows them, and a busy machine's first start, too."""
_PAUSE = 3.0
_SECONDS = 35
"""More than the API's function has."""
_LOOK_BACK = 300
_MOST = 300


class Answer(NamedTuple):
    """The status is 0 where there was no answer."""

    status: int
    text: str


def get(url: str) -> Answer:
    """Ask once."""
    try:
        with urllib.request.urlopen(url, timeout=_SECONDS) as answer:
            return Answer(answer.status, answer.read().decode("utf-8", "replace"))
    except urllib.error.HTTPError as error:
        with error:
            return Answer(error.code, error.read().decode("utf-8", "replace"))
    except OSError as error:
        return Answer(0, str(error))


def trouble(
    api_url: str,
    ask: Callable[[str], Answer] = get,
    clock: Callable[[], float] = time.monotonic,
    pause: Callable[[float], None] = time.sleep,
) -> str:
    """What /health answers instead of 200 after some patience; empty once it is 200."""
    end = clock() + PATIENCE
    while (answer := ask(f"{api_url}/health")).status != 200:
        if clock() >= end:
            return _in_words(answer)
        pause(_PAUSE)
    return ""


def last_error(target: Target, now: Callable[[], float] = time.time) -> str:
    """The newest error in the log of the API's function; empty if there is none, or none can be read."""
    try:
        found = target.logs.filter_log_events(
            logGroupName=f"/aws/lambda/{target.prefix}",
            startTime=int((now() - _LOOK_BACK) * 1000),
            filterPattern="?ERROR ?Error",
        )["events"]
    except (BotoCoreError, ClientError):
        return ""
    said = [words for event in found if (words := " ".join(_errors(event.get("message", ""))))]
    return said[-1][:_MOST] if said else ""


def _in_words(answer: Answer) -> str:
    if not answer.status:
        return f"nothing ({answer.text[:_MOST]})"
    content = _object(answer.text)
    if isinstance(checks := content.get("checks"), dict):
        return (
            f"{answer.status}, as these do not answer: {', '.join(name for name, is_up in checks.items() if not is_up)}"
        )
    return f"{answer.status}: {content.get('detail') or content.get('message') or answer.text[:_MOST]}"


def _errors(line: str) -> Iterator[str]:
    """Of a line that our logger wrote, or Lambda itself in either of its formats."""
    content = _object(line)
    if "exception" in content:
        yield str(content["exception"]).strip().splitlines()[-1]
    elif "errorMessage" in content:
        yield f"{content.get('errorType', 'Error')}: {content['errorMessage']}"
    elif not content:
        yield line.strip().splitlines()[0] if line.strip() else ""


def _object(text: str) -> dict[str, Any]:
    try:
        content = json.loads(text)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
