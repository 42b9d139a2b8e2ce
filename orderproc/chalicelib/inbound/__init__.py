"""Reads what comes by other ways than HTTP, by the same schemas as the API's.
May import domain, `jsonio`, and from `web` what judges bodies: `requests`, `schemas`, `validation`."""
