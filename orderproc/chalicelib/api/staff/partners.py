"""For admins: partners, and the keys by which they call.

What only these rare requests need is not imported with the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from chalice.app import Blueprint, Response

from ...bootstrap import services
from ..shared import http, pages
from ..shared.callers import staff
from ..shared.operations import Caller, serves
from ..shared.permissions import Permission

if TYPE_CHECKING:
    from ...access.model import Partner, PartnerKey

bp = Blueprint(__name__)
_KEYS = "/admin/partners/{partner_id}/keys"


@serves(
    bp,
    "GET /admin/partners",
    Caller.STAFF,
    "Access",
    "List partners and their keys",
    "Without the keys' values: those are secrets, which only the partners have.",
    {200: ("By id", "PartnerList")},
    may=Permission.PARTNERS,
)
def list_partners() -> Response:
    from ...access.views import partner_view

    http.only(http.query_of(bp.current_request))
    return http.json_response({"partners": pages.fitting(map(partner_view, services().access.partners.all()))})


@serves(
    bp,
    "POST /admin/partners",
    Caller.STAFF,
    "Access",
    "Add a partner",
    "With its first key. `key` is shown this once: give it to the partner over a channel that you trust.",
    {201: ("The partner with its key", "NewPartnerKey.first")},
    body="PartnerRequest",
    errors=("PARTNER_EXISTS",),
    may=Permission.PARTNERS,
)
def add_partner() -> Response:
    from ...access import requests

    who = staff(bp.current_request)
    partner_id, name, plan = requests.new_partner(http.body_of(bp.current_request))
    recorded = {"partnerId": partner_id, "plan": plan, "before": None}
    with services().operations.audit.of(who, "add_partner", **recorded) as outcome:
        partner, key, value = services().access.partners.add(partner_id, name, plan)
        outcome["after"] = _on_record(partner)
    return _with_value(partner, key, value)


@serves(
    bp,
    f"POST {_KEYS}",
    Caller.STAFF,
    "Access",
    "Make a partner another key",
    "It opens what the others do: the partner's orders stay theirs. The others end after `endOthersAfterHours`. `key` "
    "is shown this once.",
    {201: ("The partner with its new key", "NewPartnerKey")},
    body="KeyRequest",
    body_required=False,
    errors=("PARTNER_NOT_FOUND",),
    id="rotatePartnerKey",
    may=Permission.PARTNERS,
)
def rotate_partner_key(partner_id: str) -> Response:
    from ...access import requests

    who, partner_key = staff(bp.current_request), http.path_key(partner_id, "partner")
    hours = requests.new_key(http.optional_body_of(bp.current_request))
    partners = services().access.partners
    recorded = {"partnerId": partner_key, "hours": hours, "before": _on_record(partners.get(partner_key))}
    with services().operations.audit.of(who, "rotate_partner_key", **recorded) as outcome:
        partner, key, value = partners.rotate(partner_key, hours)
        outcome["after"] = _on_record(partner)
    return _with_value(partner, key, value)


@serves(
    bp,
    f"DELETE {_KEYS}/{{key_id}}",
    Caller.STAFF,
    "Access",
    "Revoke a partner's key",
    "It opens nothing any more, within a minute. Orders placed with it go on.",
    {200: ("Revoked, now or before", "Partner.revoked")},
    errors=("PARTNER_NOT_FOUND", "KEY_NOT_FOUND"),
    id="revokePartnerKey",
    may=Permission.PARTNERS,
)
def revoke_partner_key(partner_id: str, key_id: str) -> Response:
    from ...access.views import partner_view

    who, partner_key = staff(bp.current_request), http.path_key(partner_id, "partner")
    revoked, partners = http.path_key(key_id, "key"), services().access.partners
    recorded = {"partnerId": partner_key, "keyId": revoked, "before": _on_record(partners.get(partner_key))}
    with services().operations.audit.of(who, "revoke_partner_key", **recorded) as outcome:
        partner = partners.revoke(partner_key, revoked)
        outcome["after"] = _on_record(partner)
    return http.json_response(partner_view(partner))


def _on_record(partner: Partner) -> dict[str, object]:
    """Which of its keys work, and until when, by their ids: no key's value."""
    return {key.key_id: partner.ends_at(key.key_id) or True for key in partner.keys if key.enabled}


def _with_value(partner: Partner, key: PartnerKey, value: str) -> Response:
    from ...access.views import partner_view

    return http.json_response({**partner_view(partner), "keyId": key.key_id, "key": value}, 201)
