"""The queues, each with its dead-letter queue, and by which names people may call them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from ..kit.errors import FieldError, InvalidRequest
from ..kit.wiring import dataclass

DLQ = "-dlq"
_TO_CUSTOMERS = ("notifications", "mail")
_COUNTED_OTHERWISE = (
    "It says where in the stream of orders some changes stood, not what they were. Once the cause is repaired, count"
    ' their days from the archive with `make metrics ARGS="rebuild --from …"`, and then discard it.'
)
_INDEXED_OTHERWISE = (
    "It says where in the stream of orders some changes stood, not what they were. Once the cause is repaired, index"
    ' their days with `make search ARGS="rebuild --from …"`, and then discard it.'
)


@dataclass(frozen=True)
class Place:
    """Where messages die. Without a queue (`url` is empty) it is functions that S3 or a stream invokes: Lambda sends
    there what it gave up on."""

    name: str
    url: str
    dead_letters_url: str
    functions: tuple[str, ...] = ()
    stays: str = ""
    """Why nothing can be sent back from here, and what to do instead."""
    sends_messages: bool = False
    """Whether customers get mails and SMS from here."""

    @property
    def dead_letter_queue(self) -> str:
        return last_part(self.dead_letters_url)

    @property
    def called(self) -> set[str]:
        """Everything that means this place: short name, full names, URLs."""
        urls = {url for url in (self.url, self.dead_letters_url) if url}
        return {self.name, f"{self.name}{DLQ}", *urls, *map(last_part, urls)}


def places(stage: str, queues: Mapping[str, str]) -> tuple[Place, ...]:
    """Of a stage whose queues have these URLs, by short name; `orders` must be among them."""
    worked = [Place(name, url, f"{url}{DLQ}", sends_messages=name in _TO_CUSTOMERS) for name, url in queues.items()]
    called = {
        "mail": ("mail_receipt",),
        "import-files": ("import_orders", "import_products"),
    }
    invoked = [
        Place(
            name,
            "",
            dead_letters_of(name, queues["orders"]),
            tuple(f"orderproc-{stage}-{function}" for function in functions),
            sends_messages=name in _TO_CUSTOMERS,
        )
        for name, functions in called.items()
    ]
    metrics = Place("metrics", "", dead_letters_of("metrics", queues["orders"]), stays=_COUNTED_OTHERWISE)
    search = Place("search", "", dead_letters_of("search", queues["orders"]), stays=_INDEXED_OTHERWISE)
    return (*worked, *invoked, metrics, search)


def dead_letters_of(name: str, orders_url: str) -> str:
    """The URL of the dead-letter queue of a place without a queue, given that of the order queue."""
    return f"{orders_url.removesuffix('orders')}{name}{DLQ}"


def place_called(name: str, among: Sequence[Place]) -> Place:
    """Raises InvalidRequest naming those that there are."""
    for place in among:
        if name in place.called:
            return place
    known = ", ".join(place.name for place in among)
    raise InvalidRequest([FieldError("queue", f"must be one of {known}")])


def last_part(url: str) -> str:
    """A queue's name, from its URL."""
    return url.rpartition("/")[2]
