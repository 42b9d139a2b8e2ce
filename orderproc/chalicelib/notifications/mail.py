"""Makes MIME messages from the templates in `assets/mail`: a text and an HTML alternative, and perhaps a PDF.

Every value is escaped on its way into HTML. `email` and `html` are imported where a mail is made."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import Template
from typing import TYPE_CHECKING

from ..kit.clock import from_iso
from ..kit.mail_address import as_sent
from ..kit.plain_text import isolated, one_line
from ..kit.shop import Shop

if TYPE_CHECKING:
    from email.message import EmailMessage

_FOLDER = Path(__file__).parent.parent / "assets" / "mail"
_ADDRESS = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@[\w-]+(\.[\w-]+)*", re.ASCII)
"""What goes into a header: RFC 5322's addr-spec of two dot-atoms, without comments, quotes and lists."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says. `template` names a pair of files, `texts` fill their places; `title` and `preview` (what
    inboxes show beside the subject) are always among them. `lines` are name, quantity and amount of what was bought."""

    template: str
    subject: str
    texts: Mapping[str, str]
    facts: Sequence[tuple[str, str]]
    lines: Sequence[tuple[str, str, str]] = ()
    feedback_link: str = ""
    """Where the customer may say what it was like; empty for a mail that does not ask."""


def compose(letter: Letter, shop: Shop, sender: str, recipient: str, sent_at: str) -> EmailMessage:
    """The message with its headers and both alternatives.

    No header holds more than was meant for it: line breaks are removed from the subject and the shop's name, and a
    recipient that is no plain address is not named at all (the envelope decides who gets it)."""
    from email.headerregistry import Address
    from email.message import EmailMessage
    from email.policy import SMTP
    from email.utils import format_datetime, parseaddr

    message = EmailMessage(policy=SMTP.clone(cte_type="7bit"))
    message["Subject"] = one_line(letter.subject)
    message["From"] = Address(display_name=one_line(shop.name), addr_spec=parseaddr(sender)[1])
    recipient = as_sent(recipient)  # orders have it so, but for those from before that rule
    plain = _ADDRESS.fullmatch(recipient)
    message["To"] = Address(addr_spec=recipient) if plain else "undisclosed-recipients:;"
    message["Date"] = format_datetime(from_iso(sent_at))
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(_text(letter, shop))
    message.add_alternative(_html(letter, shop), subtype="html")
    return message


def _text(letter: Letter, shop: Shop) -> str:
    width = max(len(label) for label, _ in letter.facts) + 1
    ask = _filled("feedback.txt", link=letter.feedback_link) if letter.feedback_link else ""
    return _filled(
        f"{letter.template}.txt",
        **letter.texts,
        facts="\n".join(f"{label + ':':{width}} {isolated(value)}" for label, value in letter.facts),
        lines="\n".join(f"  {quantity} x {isolated(name)}: {amount}" for name, quantity, amount in letter.lines),
        feedback=ask,
        imprint="\n".join(_imprint(shop)),
    )


def _html(letter: Letter, shop: Shop) -> str:
    from html import escape

    def filled(template: str, **texts: str) -> str:
        return _filled(template, **{place: escape(text) for place, text in texts.items()})

    facts = "".join(filled("fact.html", label=label, value=value) for label, value in letter.facts)
    lines = "".join(filled("line.html", name=n, quantity=q, total=t) for n, q, t in letter.lines)
    ask = filled("feedback.html", link=letter.feedback_link) if letter.feedback_link else ""
    texts = {place: escape(text) for place, text in letter.texts.items()}
    return _filled(
        "frame.html",
        **{**texts, "body": _filled(f"{letter.template}.html", **texts, facts=facts, lines=lines, feedback=ask)},
        shop=escape(one_line(shop.name)),
        imprint="<br>\n".join(map(escape, _imprint(shop))),
    )


def _imprint(shop: Shop) -> list[str]:
    return list(filter(None, map(one_line, (shop.name, *shop.address.splitlines(), shop.url))))


def _filled(template: str, **texts: str) -> str:
    """The template with its places filled. Raises KeyError for a place that nothing was given for."""
    return _template(template).substitute(texts)


@cache
def _template(name: str) -> Template:
    return Template((_FOLDER / name).read_text(encoding="utf-8"))
