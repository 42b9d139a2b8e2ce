"""The end of a deployment: the new version answers, or the one before is put back."""

from botocore.exceptions import WaiterError

from infra.deploy import health, versions
from infra.errors import Refusal
from infra.progress import Steps
from infra.target import Target


def prove(target: Target, steps: Steps, bucket: str, api_url: str) -> None:
    """Ask the new version's /health. Refuses when it does not answer, after what ran before is put back."""
    try:
        with steps.step("The new version answers /health"):
            _expect(target, api_url)
    except Refusal as refusal:
        raise Refusal(_instead(target, steps, bucket, api_url, str(refusal))) from None
    versions.forget(target, bucket)


def _expect(target: Target, api_url: str) -> None:
    try:  # until then the version before may answer
        target.functions.get_waiter("function_updated_v2").wait(FunctionName=target.prefix)
    except WaiterError as error:
        raise Refusal(f"Lambda did not take the API's function ({error})") from error
    if said := health.trouble(api_url):
        logged = health.last_error(target)
        raise Refusal(
            f"/health answers {said.rstrip('.')}" + (f"; the log has: {logged.rstrip('.')}" if logged else "")
        )


def _instead(target: Target, steps: Steps, bucket: str, api_url: str, why: str) -> str:
    """The sentence for the person who deployed."""
    if not versions.is_noted(target, bucket):
        return (
            f"Stage {target.stage} is there, but {why}. It is the first version, so there is none to put back: put that"
            " right and deploy again."
        )
    with steps.step("The version before is put back"):
        gone = versions.put_back(target, bucket)
    left = (
        f" Without {', '.join(gone)}, which Chalice removed: deploy the earlier commit to have that, too."
        if gone
        else ""
    )
    try:
        with steps.step("The version before answers /health"):
            _expect(target, api_url)
    except Refusal as refusal:
        return f"The new version was not ready: {why}. The version before was put back, but {refusal}.{left}"
    versions.forget(target, bucket)
    return f"The new version was not ready: {why}. The version before was put back and answers.{left}"
