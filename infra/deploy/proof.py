"""The end of a deployment: the new version answers, or the one before is put back."""

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import BotoCoreError, ClientError, WaiterError

from infra.deploy import health, state, versions
from infra.errors import Refusal
from infra.progress import Steps
from infra.target import Target


class NotReady(Refusal):
    """What a version's /health says, and what was done about it."""


@contextmanager
def guarded(target: Target, steps: Steps, bucket: str) -> Iterator[None]:
    """A deployment that fails on its way, as the body does, may leave half a version. If that does not answer, what ran
    before is put back; if it does, the deployment may be repeated."""
    try:
        yield
    except NotReady:
        raise
    except Exception as error:
        api_url = state.api_url(target, bucket)
        if not api_url or not versions.is_noted(target, bucket):
            raise
        try:
            _expect(target, api_url)
        except NotReady as why:
            stop = "" if str(error).endswith((".", ")")) else "."
            raise Refusal(f"{error}{stop} {_instead(target, steps, bucket, api_url, str(why))}") from error
        raise


def prove(target: Target, steps: Steps, bucket: str, api_url: str) -> None:
    """Ask the new version's /health. Refuses when it does not answer, after what ran before is put back."""
    try:
        with steps.step("The new version answers /health"):
            _expect(target, api_url)
    except NotReady as why:
        raise NotReady(_instead(target, steps, bucket, api_url, str(why))) from None
    versions.forget(target, bucket)


def _expect(target: Target, api_url: str) -> None:
    try:  # until then the version before may answer
        target.functions.get_waiter("function_updated_v2").wait(FunctionName=target.prefix)
    except WaiterError as error:
        raise NotReady(f"Lambda did not take the API's function ({error})") from error
    if said := health.trouble(api_url):
        logged = health.last_error(target).rstrip(".")
        raise NotReady(f"/health answers {said.rstrip('.')}{f'; the log has: {logged}' if logged else ''}")


def _instead(target: Target, steps: Steps, bucket: str, api_url: str, why: str) -> str:
    """The sentence for the person who deployed."""
    if not versions.is_noted(target, bucket):
        return (
            f"Stage {target.stage} is there, but {why}. It is the first version, so there is none to put back: put that"
            " right and deploy again."
        )
    try:
        with steps.step("The version before is put back"):
            gone = versions.put_back(target, bucket)
    except (BotoCoreError, ClientError, WaiterError) as error:
        return (
            f"The new version was not ready: {why}. The version before could not be put back ({error}): it is noted"
            " still, so deploy again, this or the earlier commit."
        )
    left = f" Chalice removed {', '.join(gone)}: deploy the earlier commit to have that, too." if gone else ""
    try:
        with steps.step("The version before answers /health"):
            _expect(target, api_url)
    except NotReady as why_not:
        return f"The new version was not ready: {why}. The version before was put back, but {why_not}.{left}"
    versions.forget(target, bucket)
    return f"The new version was not ready: {why}. The version before was put back and answers.{left}"
