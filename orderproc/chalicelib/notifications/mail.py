"""Makes MIME messages from the templates in `assets/mail`: a text and an HTML alternative, and perhaps a PDF.

`email` is imported where a mail is made, Jinja2 where its first template is filled."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..kit.clock import from_iso
from ..kit.language import Language
from ..kit.mail_address import as_sent
from ..kit.plain_text import isolated, one_line
from ..kit.shop import Shop
from ..kit.templates import render

if TYPE_CHECKING:
    from email.message import EmailMessage

_ADDRESS = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*@[\w-]+(\.[\w-]+)*", re.ASCII)
"""What goes into a header: RFC 5322's addr-spec of two dot-atoms, without comments, quotes and lists."""


@dataclass(frozen=True, slots=True)
class Letter:
    """What a mail says. `template` names a pair of files, `texts` are what only this pair shows. Inboxes show `preview`
    beside the subject. The values of `facts` may have lines. `lines` are name, quantity and amount of what was
    bought."""

    template: str
    language: Language
    subject: str
    title: str
    preview: str
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
    labels = [letter.language.say("label", label=label) for label, _ in letter.facts]
    width = max(map(len, labels))
    values = [", ".join(map(isolated, value.split("\n"))) for _, value in letter.facts]
    return _filled(
        f"{letter.template}.txt",
        letter,
        shop,
        facts=[(f"{label:{width}}", value) for label, value in zip(labels, values, strict=True)],
        lines=[(isolated(name), quantity, amount) for name, quantity, amount in letter.lines],
    )


def _html(letter: Letter, shop: Shop) -> str:
    return _filled(f"{letter.template}.html", letter, shop, facts=letter.facts, lines=letter.lines)


def _filled(template: str, letter: Letter, shop: Shop, **shown: object) -> str:
    return render(
        f"mail/{template}",
        **letter.texts,
        **shown,
        language=letter.language,
        title=letter.title,
        preview=letter.preview,
        feedback_link=letter.feedback_link,
        shop=one_line(shop.name),
        imprint=list(filter(None, map(one_line, (shop.name, *shop.address.splitlines(), shop.url)))),
    )
