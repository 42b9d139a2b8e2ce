"""The same faults one floor lower: between the SDK and AWS. A call here is one of a client of boto3, which may be sent
several times; what goes wrong is chosen by the call, and the SDK's own repetitions are real."""

from __future__ import annotations

from typing import Any

from botocore.awsrequest import AWSResponse
from botocore.exceptions import ReadTimeoutError

from tests.reliability.faults import Died, Kind


class WireFault:
    """The call of this number (from 1) goes wrong. Hooked into every client, so that it counts the calls of all."""

    def __init__(self, number: int, kind: Kind) -> None:
        self._number, self._kind = number, kind
        self._made = 0
        self._sent = 0
        self.hit: list[str] = []

    def __str__(self) -> str:
        return f"at call {self._number} ({', '.join(self.hit)}): {self._kind}"

    def before_call(self) -> None:
        self._made += 1

    def before_send(self, client: Any, request: Any, event_name: str) -> AWSResponse | None:
        """None to let it be sent, else its answer. May raise what the network would, or Died."""
        if self._made != self._number:
            return None
        self.hit.append(event_name.removeprefix("before-send."))
        if self._kind is Kind.DIES_BEFORE:
            raise Died(event_name)
        if self._kind is Kind.REFUSED:
            return _unavailable(request.url)
        if self._kind is Kind.REPEATED and len(self.hit) > 1:
            return None
        client._endpoint.http_session.send(request)
        if self._kind is Kind.DIES_AFTER:
            raise Died(event_name)
        raise ReadTimeoutError(endpoint_url=request.url)


class Wire:
    """Where the clients' calls pass: `fault` sees them, if there is one."""

    def __init__(self, clients: list[Any]) -> None:
        self.fault: WireFault | None = None
        for client in clients:
            self._hook(client)

    def _hook(self, client: Any) -> None:
        def before_call(**_: Any) -> None:
            if self.fault:
                self.fault.before_call()

        def before_send(request: Any, event_name: str, **_: Any) -> AWSResponse | None:
            return self.fault.before_send(client, request, event_name) if self.fault else None

        client.meta.events.register("before-call", before_call)
        client.meta.events.register("before-send", before_send)


class _NoBody:
    def stream(self) -> Any:
        return iter([b""])


def _unavailable(url: str) -> AWSResponse:
    return AWSResponse(url, 503, {}, _NoBody())
