"""Which e-mail addresses are taken, and how they are kept: as SES can send to them."""

from __future__ import annotations

import pytest
from chalicelib.checkout.schema import BUYER
from chalicelib.kit.mail_address import as_sent
from chalicelib.kit.validation import read


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
    assert read({"customerEmail": sent}, BUYER) == ({"customerEmail": kept}, [])
    assert as_sent(kept) == kept


@pytest.mark.parametrize("host", ["1.2.3.4", "127.1", "b.cc.1", "1.0x7f", "b.0X"])
def test_an_ip_address_is_no_domain(host: str) -> None:
    [error] = read({"customerEmail": f"a@{host}"}, BUYER)[1]

    assert (error.field, error.message) == ("customerEmail", "must be an e-mail address (before the @ in ASCII)")


@pytest.mark.parametrize("host", ["1.2.3.example", "4.nl", "b.xn--zckzah", "b.c1"])
def test_a_domain_may_have_numbers_before_its_end(host: str) -> None:
    assert read({"customerEmail": f"a@{host}"}, BUYER) == ({"customerEmail": f"a@{host}"}, [])
