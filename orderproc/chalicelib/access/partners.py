"""Partners and their keys. A partner may have several keys at a time, all of which open the same orders."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import timedelta

from ..kit.clock import from_iso, to_iso
from ..kit.errors import Conflict, FieldError, InvalidRequest, NotFound
from ..kit.ports import Clock, Log
from ..kit.wiring import service
from .key_values import value_for
from .model import KeyEnd, Partner, PartnerKey
from .ports import ApiKeys, KeyEnds, Turn

DEFAULT_PLAN = "partner"


@service
class PartnerKeys:
    keys: ApiKeys
    ends: KeyEnds
    turn: Turn
    clock: Clock
    log: Log
    random: Callable[[], str]
    """The secret part of a key's value."""

    def all(self) -> list[Partner]:
        """By their ids."""
        found: dict[str, list[PartnerKey]] = {}
        for key in self.keys.all():
            found.setdefault(key.partner_id, []).append(key)
        ends = self.ends.all()
        return [_partner(partner_id, keys, ends) for partner_id, keys in sorted(found.items())]

    def get(self, partner_id: str) -> Partner:
        """Raises NotFound."""
        found = next((partner for partner in self.all() if partner.partner_id == partner_id), None)
        if found is None:
            raise NotFound("There is no such partner.", "PARTNER_NOT_FOUND")
        return found

    def add(self, partner_id: str, name: str, plan: str | None) -> tuple[Partner, PartnerKey, str]:
        """A new partner with its first key, and that key's value, which cannot be read again.

        Raises Conflict for a partner that there is, also one without a key that works, and InvalidRequest."""
        plan = plan or DEFAULT_PLAN
        if plan not in (plans := self.keys.plans()):
            raise InvalidRequest([FieldError("plan", f"must be one of {', '.join(sorted(plans))}")])
        with self.turn():
            if any(partner.partner_id == partner_id for partner in self.all()):
                raise Conflict("There is a partner with this id already: make it another key.", "PARTNER_EXISTS")
            return self._made(partner_id, name, plan)

    def rotate(self, partner_id: str, hours: int) -> tuple[Partner, PartnerKey, str]:
        """Another key for the partner, on the plan of the last, and its value; those of before end after so many hours,
        0: now. Raises NotFound."""
        with self.turn():
            before = self.get(partner_id)
            _, key, value = self._made(partner_id, before.name, before.plan or DEFAULT_PLAN)
            at = to_iso(from_iso(self.clock.now()) + timedelta(hours=hours))
            for old in before.keys:
                if old.enabled:
                    self._end(KeyEnd(old.key_id, partner_id, at), at_once=hours == 0)
            return self.get(partner_id), key, value

    def revoke(self, partner_id: str, key_id: str) -> Partner:
        """The key opens nothing any more; done again, nothing changes. Raises NotFound."""
        if all(key.key_id != key_id for key in self.get(partner_id).keys):
            raise NotFound("The partner has no such key.", "KEY_NOT_FOUND")
        self._end(KeyEnd(key_id, partner_id, self.clock.now()), at_once=True)
        return self.get(partner_id)

    def end_due(self) -> None:
        """End the keys whose time has come. After a crash half-way it is done again."""
        now = self.clock.now()
        for end in self.ends.all():
            if end.at > now:
                return
            self._end(end, at_once=True)
            self.ends.remove(end)

    def _made(self, partner_id: str, name: str, plan: str) -> tuple[Partner, PartnerKey, str]:
        value = value_for(partner_id, self.random())
        key = self.keys.make(partner_id, name, plan, value)
        self.log.info("partner_key_made", partnerId=partner_id, keyId=key.key_id)
        return self.get(partner_id), key, value

    def _end(self, end: KeyEnd, *, at_once: bool) -> None:
        if not at_once:
            self.ends.add(end)
            return
        self.keys.disable(end.key_id)
        self.log.info("partner_key_ended", partnerId=end.partner_id, keyId=end.key_id)


def _partner(partner_id: str, keys: list[PartnerKey], ends: Sequence[KeyEnd]) -> Partner:
    mine = tuple(sorted(keys, key=lambda key: (key.created_at, key.key_id)))
    return Partner(partner_id, mine, tuple(end for end in ends if end.partner_id == partner_id))
