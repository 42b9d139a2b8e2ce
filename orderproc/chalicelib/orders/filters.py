"""What staff's list of orders is narrowed by."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC

from ..kit.clock import to_iso
from ..kit.errors import FieldError, InvalidRequest
from ..kit.moments import FORM_IN_URL, moment_of
from ..kit.schemas import CUSTOMER_ID, EMAIL, Schema, object_of, text_of
from ..kit.validation import read
from ..kit.wiring import dataclass
from .model import Order, Status
from .requests import status_of
from .schema import REFERENCE, TAG
from .search_tokens import SearchText, normalised, tag_token

SEARCH_TEXT: Schema = text_of(200)
_QUERY = object_of(
    [], {"q": SEARCH_TEXT, "email": EMAIL, "customerId": CUSTOMER_ID, "reference": REFERENCE, "tag": TAG}
)
NAMES = ("q", "status", "email", "customerId", "reference", "tag", "from", "to")


@dataclass(frozen=True)
class Filters:
    """All of them must hold. `since` and `until` are times of creation: from the one to before the other."""

    text: SearchText | None = None
    status: Status | None = None
    email: str = ""
    customer_id: str = ""
    reference: str = ""
    tag: str = ""
    since: str = ""
    until: str = ""

    @property
    def token(self) -> str:
        """What every such order has as a whole, where there is something; empty if not."""
        whole = self.reference or self.email or self.customer_id
        return tag_token(self.tag) if self.tag and not whole else normalised(whole)

    def wanted(self, order: Order) -> bool:
        return (
            self.status in (None, order.status)
            and (not self.since or order.created_at >= self.since)
            and (not self.until or order.created_at < self.until)
            and _is_same(self.email, order.customer_email)
            and _is_same(self.customer_id, order.customer_id)
            and _is_same(self.reference, order.reference or "")
            and (not self.tag or tag_token(self.tag) in map(tag_token, order.tags))
            and (self.text is None or self.text.matches(order))
        )


def filters_of(query: Mapping[str, str]) -> Filters:
    """Raises InvalidRequest with every wrong parameter."""
    asked = {name: value for name, value in query.items() if name in _QUERY["properties"]}
    meant, errors = read(asked, _QUERY)
    text = SearchText.of(meant["q"]) if isinstance(meant.get("q"), str) else None
    if text and not text.whole and not errors:
        errors.append(FieldError("q", "must have a letter, a digit or a sign in it"))
    since, until = (_moment(query, name, errors) for name in ("from", "to"))
    if since and until and until <= since:
        errors.append(FieldError("to", "must be later than from"))
    status = None
    try:
        status = status_of(query)
    except InvalidRequest as error:
        errors += error.errors
    if errors:
        raise InvalidRequest(errors)
    texts = (str(meant.get(name, "")) for name in ("email", "customerId", "reference", "tag"))
    email, customer_id, reference, tag = texts
    return Filters(text, status, email, customer_id, reference, tag, since, until)


def _is_same(wanted: str, found: str) -> bool:
    return not wanted or normalised(wanted) == normalised(found)


def _moment(query: Mapping[str, str], name: str, errors: list[FieldError]) -> str:
    """The time as orders have it; a day at the end is meant with all of its hours, in UTC."""
    if name not in query:
        return ""
    try:
        return to_iso(moment_of(query[name], UTC, whole_day=name == "to").astimezone(UTC))
    except (ValueError, OverflowError):
        errors.append(FieldError(name, FORM_IN_URL))
        return ""
