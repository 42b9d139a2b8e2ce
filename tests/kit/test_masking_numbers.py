"""Numbers of cards, accounts, phones and persons are masked in any text; what only looks like one stays."""

from __future__ import annotations

import pytest
from chalicelib.kit.jsonio import dumps
from chalicelib.kit.redaction import MASK, masked, masked_text

NUMBERS = [
    "4111111111111111",
    "4111 1111 1111 1111",
    "4111-1111-1111-1111",
    "5555555555554444",
    "2223003122003222",
    "378282246310005",
    "3782 822463 10005",
    "30569309025904",
    "6011111111111117",
    "3530111333300000",
    "6304000000000000000",
    "NL91ABNA0417164300",
    "NL91 ABNA 0417 1643 00",
    "DE89370400440532013000",
    "FR1420041010050500013M02606",
    "ES91 2100 0418 4502 0005 1332",
    "GB29NWBK60161331926819",
    "MT84MALT011000012345MTLCAST001S",
    "123-45-6789",
    "12345678Z",
    "X1234567L",
    "X1234567-L",
    "2 55 08 14 168 025 38",
    "255081416802538",
    "65170839J003",
]

OTHERWISE_WRITTEN = [
    "nl91abna0417164300",
    "nl91 abna 0417 1643 00",
    "Gb29Nwbk60161331926819",
    "NL91-ABNA-0417-1643-00",
    "４１１１１１１１１１１１１１１１",
    "4111\xa01111\xa01111\xa01111",
    "4111–1111–1111–1111",
    "4111.1111.1111.1111",
    "٤١١١١١١١١١١١١١١١",
    "ＮＬ９１ＡＢＮＡ０４１７１６４３００",
    "0031612345678",
    "0031 6 1234 5678",
    "00123456-7890-4123",
    "00 49 (30) 1234-5678",
    "＋31612345678",
    '"a b"@x.de',
    "a＠x.de",
    "a@x。de",
    "a@[10.0.0.1]",
]


@pytest.mark.parametrize("number", [*NUMBERS, *OTHERWISE_WRITTEN])
@pytest.mark.parametrize("around", ["{}", "It was {}.", "{} 12/27", "ref={}, later", "<{}>", "{} EUR 5"])
def test_a_number_of_a_card_an_account_or_an_authority_is_masked_wherever_it_stands(number: str, around: str) -> None:
    text = around.format(number)

    assert number not in masked_text(text)
    assert masked({"message": text}) == {"message": masked_text(text)}
    assert MASK in masked_text(text)


def test_a_card_that_is_sent_as_a_number_is_masked() -> None:
    shown = masked({"x": 4111111111111111, "y": [4111111111111112, 5, True]})

    assert shown == {"x": MASK, "y": [4111111111111112, 5, True]}


@pytest.mark.parametrize(
    "text",
    [
        "4111111111111112",  # the check digit is wrong
        "4006381333931",  # EAN-13
        "00340434161094042557",  # a shipment
        "1795271400000",  # milliseconds
        "20261121A001",
        "NL92ABNA0417164300",
        "12345678A",
        "255081416802539",
        "ABC-123-45-6789-X",
        "0c37e717-4d5f-4f63-9a0e-5d0a7f6f2b11",
        "41111111-1111-4111-8111-111111111111",
        "00123456-7890-4f63-9a0e-5d0a7f6f2b11",
        "00123456-7890-4123-9a0e-5d0a7f6f2b11",
        "1-6b0125cb-2b312033b3343e5b6c68a140",
        "2026-11-21T14:30:25.123Z",
        "1234567890.12",
        "LAPTOP001",
        "from some word that goes on with ab12 word word word and more",
        "ab12cdef-4d5f-4f63-9a0e-5d0a7f6f2b11",
        "14:30:00 2026-11-21",
        "０１２３",
        "dé–là",
    ],
)
def test_what_only_looks_like_one_stays(text: str) -> None:
    assert masked_text(text) == text
    assert masked({"note": text, "orderId": text}) == {"note": text, "orderId": text}


def test_the_id_of_a_product_is_readable_though_it_looks_like_a_number_of_a_person() -> None:
    items = [{"productId": "12345678Z", "quantity": 1}, {"productId": 4111111111111111}, {"SKU": "4111111111111111"}]

    assert masked({"items": items}) == {"items": items}
    assert masked(dumps({"items": items})) == dumps({"items": items})
    assert masked({"productId": "anna@example.com"}) == {"productId": MASK}
