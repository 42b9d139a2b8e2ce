"""Who sells: what customers see on receipts and in mails."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Shop:
    """The shop's face. `address` may have several lines; `address` and `url` may be empty."""

    name: str
    address: str
    url: str
