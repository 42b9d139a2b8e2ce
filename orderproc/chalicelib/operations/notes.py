"""Notes of staff on an order, for each other: only ever added."""

from __future__ import annotations

import uuid

from ..kit.errors import IdempotencyMismatch
from ..kit.ports import Clock, Log
from ..kit.wiring import service
from ..orders.model import Order
from .ports import Note, Notes

_NAMES = uuid.UUID("5d9d3c1e-7b0f-5a64-9c22-31f5a1e0c7d4")


def id_of(who: str, order: Order, key: str | None) -> str:
    """A new note's id; with an Idempotency-Key always the same for the same author, order and key."""
    return str(uuid.uuid5(_NAMES, f"{who}\n{order.order_id}\n{key}") if key else uuid.uuid4())


@service
class AddNote:
    notes: Notes
    clock: Clock
    log: Log

    def __call__(self, who: str, order: Order, text: str, note_id: str) -> Note:
        """The note; one that has this id already as it is. Raises IdempotencyMismatch where that says something
        else."""
        note = Note(note_id, order.order_id, self.clock.now(), who, text)
        there = self.notes.add(note)
        if there is None:
            self.log.info("note_added", orderId=order.order_id)
            return note
        if there.text != text:
            raise IdempotencyMismatch("The Idempotency-Key was used for another note: send a new key.")
        return there
