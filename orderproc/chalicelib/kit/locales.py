"""Languages in which customers are written to."""

from __future__ import annotations

LOCALES = ("en", "nl", "de", "fr", "es")
"""ISO 639-1. The first is the shop's unless it is configured."""
