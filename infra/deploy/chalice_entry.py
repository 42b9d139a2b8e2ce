"""Chalice's own command, with three changes: the package is uploaded once (package_upload.py); the API document that it
generates also says what API Gateway itself answers; and which alias of the function it calls, if any (warm.py).

PutRestApi replaces the whole document, gateway responses with it, and Chalice deploys the API right after. Set by calls
of their own they would be missing from there to the end of each deployment: a path that no route has would be answered
without CORS headers. Chalice has no setting for them; it makes the generator that is replaced here in
`chalice.deploy.deployer.create_default_deployer`."""

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from botocore.session import Session
from chalice import cli
from chalice.cli import factory
from chalice.deploy import deployer, swagger

from infra.deploy import gateway_responses, package_upload, warm


class WithGatewayResponses(swagger.TemplatedSwaggerGenerator):
    """Chalice's generator, and `x-amazon-apigateway-gateway-responses` from the project's `.chalice` folder."""

    def generate_swagger(self, app: Any, rest_api: Any = None) -> dict[str, Any]:
        """The document."""
        document: dict[str, Any] = super().generate_swagger(app, rest_api)
        return document | {gateway_responses.EXTENSION: answers()}

    def _uri(self, lambda_arn: str | None = None) -> Any:
        """Of the function behind all routes: its alias, where there is one."""
        uri = super()._uri(lambda_arn)
        if warm.chosen():
            uri.template = uri.template.replace("}/invocations", f"}}:{warm.ALIAS}/invocations")
        return uri


def answers(project: Path = Path()) -> Mapping[str, Any]:
    """What `deploy.lay_out` wrote; Chalice runs in the project's folder."""
    return gateway_responses.read(project / ".chalice")


def main() -> int:
    """The command."""
    deployer.TemplatedSwaggerGenerator = WithGatewayResponses  # type: ignore[attr-defined]
    original = factory.create_botocore_session
    with contextlib.ExitStack() as stack:

        def create_session(*args: Any, **options: Any) -> Session:
            session = original(*args, **options)
            stack.enter_context(package_upload.once(session))
            return session

        factory.create_botocore_session = create_session
        return cli.main() or 0
