"""The cache in front of the catalogue: what api.yaml needs to make CloudFront ask the API, and where pages then read
the catalogue."""

from collections.abc import Mapping
from urllib.parse import urlsplit

from infra.target import Target

VARIABLE = "CATALOGUE_CACHE_SECONDS"
_DEFAULT_PORT = 80


def parameters(target: Target, rest_api_id: str, seconds: str) -> dict[str, str]:
    """Of the API's stack; `seconds` is 0 for no cache. An emulator's API is on its own port, without TLS."""
    api = urlsplit(target.api_url(rest_api_id))
    given = {"CatalogueCacheSeconds": seconds, "ApiDomain": api.hostname or "", "ApiPath": api.path}
    if api.scheme == "https":
        return given
    return {**given, "ApiProtocol": "http-only", "ApiPort": str(api.port or _DEFAULT_PORT)}


def url(target: Target, outputs: Mapping[str, str]) -> str | None:
    """Where pages read the catalogue; None where they ask the API itself. No browser finds the host name of an
    emulator's distribution, so its pages do that, too."""
    domain = outputs.get("CatalogueDomainName")
    return f"https://{domain}" if domain and not target.is_emulator else None
