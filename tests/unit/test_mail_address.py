"""Which e-mail addresses are taken, and how they are kept: as SES can send to them."""

from __future__ import annotations

import pytest
from chalicelib.mail_address import as_sent
from chalicelib.web.validation import read


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("a@b.cc", "a@b.cc"),
        (" A.B+c@Example.COM\u200b", "A.B+c@Example.COM"),
        ("kunde@müller.de", "kunde@xn--mller-kva.de"),
        ("kunde@MÜLLER.de", "kunde@xn--mller-kva.de"),
        ("kunde@mu\u0308ller.de", "kunde@xn--mller-kva.de"),
        ("kunde@xn--mller-kva.de", "kunde@xn--mller-kva.de"),
        ("kunde@straße.de", "kunde@xn--strae-oqa.de"),  # not strasse.de, which may be another's
        ("kunde@mail.例え。テスト", "kunde@mail.xn--r8jz45g.xn--zckzah"),
        ("a@" + "b" * 63 + ".cc", "a@" + "b" * 63 + ".cc"),
    ],
)
def test_an_address_is_kept_as_it_is_sent_to(sent: str, kept: str) -> None:
    assert read({"customerEmail": sent}, "BUYER") == ({"customerEmail": kept}, [])
    assert as_sent(kept) == kept
