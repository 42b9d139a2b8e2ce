"""What callers reach: the API with its routes, plans and keys, and the site."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from infra.evidence.kinds import Found, Looks
from infra.evidence.model import Cell, Group, lines, moment, yes
from infra.evidence.reading import Reader

APIS, PLANS, KEYS, SITES = "REST APIs", "Usage plans", "API keys", "Distributions"
ROUTES, POLICIES = "API routes", "Policies of the site"


def groups(reader: Reader, looks: Looks) -> list[Group]:
    """Of API and site."""
    return [
        Group(
            APIS,
            ("API", "Endpoint", "Stage", "Tracing", "Limit of every route", "Access log", "Cache"),
            [row for api in looks[APIS] for row in _api(reader, api)],
        ),
        Group(
            ROUTES,
            ("Route", "Methods", "Caller shows", "Limits of its own"),
            [row for api in looks[APIS] for row in _routes(reader, api)],
            "Preflight requests (OPTIONS) are answered by the API itself and left out.",
        ),
        Group(
            PLANS,
            ("Plan", "Requests per second", "Burst", "Quota", "Keys"),
            [_plan(reader, found) for found in looks[PLANS]],
        ),
        Group(
            KEYS,
            ("Key", "Enabled", "Made"),
            [[one.name, yes(one.raw.get("enabled")), moment(one.raw.get("createdDate"))] for one in looks[KEYS]],
            "Names only: the keys themselves are not read.",
        ),
        Group(
            SITES,
            ("Distribution", "Address", "Status", "Origins", "Default page", "HTTPS", "TLS", "Price class", "Web ACL"),
            [_site(found.raw) for found in looks[SITES]],
        ),
        Group(
            POLICIES,
            ("Policy", "Kind", "Comment"),
            [
                *([one.name, "cache", _config(one, "CachePolicy").get("Comment")] for one in looks["Cache policies"]),
                *(
                    [one.name, "response headers", _config(one, "ResponseHeadersPolicy").get("Comment")]
                    for one in looks["Response headers policies"]
                ),
                *(
                    [one.name, "origin access", one.raw.get("SigningProtocol")]
                    for one in looks["Origin access controls"]
                ),
            ],
        ),
    ]


def _config(found: Found, kind: str) -> dict[str, Any]:
    config: dict[str, Any] = found.raw.get(kind, {}).get(f"{kind}Config", {})
    return config


def _stages(reader: Reader, api: Found, what: str) -> list[Any]:
    return reader.pages(what, "apigateway", "get_stages", "item", restApiId=api.raw["id"])


def _api(reader: Reader, api: Found) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for stage in _stages(reader, api, APIS):
        limits = stage.get("methodSettings", {}).get("*/*", {})
        rows.append(
            [
                f"{api.name} ({api.raw['id']})",
                ", ".join(api.raw.get("endpointConfiguration", {}).get("types", ())).lower(),
                stage.get("stageName"),
                "on" if stage.get("tracingEnabled") else "off",
                _limit(limits) if limits else None,
                "on" if stage.get("accessLogSettings", {}).get("destinationArn") else "off",
                stage.get("cacheClusterSize", "on") if stage.get("cacheClusterEnabled") else "off",
            ]
        )
    return rows


def _limit(setting: Any) -> str:
    return f"{setting.get('throttlingRateLimit', 0):g} a second, burst {setting.get('throttlingBurstLimit', 0)}"


def _resources(reader: Reader, api: Found, what: str) -> list[Any]:
    return reader.pages(
        *(what, "apigateway", "get_resources", "items"),
        restApiId=api.raw["id"],
        embed=["methods"],
        PaginationConfig={"PageSize": 500},
    )


def routes_by_function(reader: Reader, looks: Looks) -> Mapping[str, int]:
    """How many methods of the API each function answers."""
    found: Counter[str] = Counter()
    for api in looks[APIS]:
        for resource in _resources(reader, api, ROUTES):
            for method in resource.get("resourceMethods", {}).values():
                uri = (method.get("methodIntegration") or {}).get("uri", "")
                if ":function:" in uri:
                    found[uri.partition(":function:")[2].partition("/")[0]] += 1
    return found


def _routes(reader: Reader, api: Found) -> list[list[Cell]]:
    authorizers = {
        one["id"]: one.get("name", "")
        for one in reader.pages(ROUTES, "apigateway", "get_authorizers", "items", restApiId=api.raw["id"])
    }
    limits = {
        place.replace("~1", "/"): setting
        for stage in _stages(reader, api, ROUTES)
        for place, setting in stage.get("methodSettings", {}).items()
    }
    rows: list[list[Cell]] = []
    for resource in sorted(_resources(reader, api, ROUTES), key=lambda one: str(one["path"])):
        path, methods = resource["path"], resource.get("resourceMethods", {})
        served = {name: method for name, method in methods.items() if name != "OPTIONS"}
        if not served:
            continue
        own = {n: limits[key] for n in sorted(served) if (key := f"{path.lstrip('/')}/{n}") in limits}
        shown = {name: _caller(method, authorizers) for name, method in served.items()}
        same = len(set(shown.values())) == 1
        rows.append(
            [
                path,
                " ".join(sorted(served)),
                next(iter(shown.values())) if same else lines(f"{n}: {caller}" for n, caller in shown.items()),
                [f"{name}: {_limit(setting)}" for name, setting in own.items()],
            ]
        )
    return rows


def _caller(method: Any, authorizers: Mapping[str, str]) -> str:
    shown = []
    if method.get("apiKeyRequired"):
        shown.append("an API key")
    if (kind := method.get("authorizationType", "NONE")) != "NONE":
        shown.append(f"a token of {authorizers.get(method.get('authorizerId', ''), kind)}")
    return " and ".join(shown) or "nothing here"


def _plan(reader: Reader, found: Found) -> list[Cell]:
    throttle, quota = found.raw.get("throttle", {}), found.raw.get("quota", {})
    keys = reader.pages(PLANS, "apigateway", "get_usage_plan_keys", "items", usagePlanId=found.raw["id"])
    return [
        found.name,
        throttle.get("rateLimit"),
        throttle.get("burstLimit"),
        f"{quota['limit']:,} a {quota.get('period', '').lower()}" if quota else None,
        lines(key.get("name", "") for key in keys),
    ]


def _site(raw: Any) -> list[Cell]:
    behaviour = raw.get("DefaultCacheBehavior", {})
    return [
        f"{raw.get('Comment')} ({raw.get('Id')})",
        lines({raw.get("DomainName", ""), *raw.get("Aliases", {}).get("Items", ())}),
        raw.get("Status", "").lower(),
        lines(origin["DomainName"] for origin in raw.get("Origins", {}).get("Items", ())),
        raw.get("DefaultRootObject") or None,
        behaviour.get("ViewerProtocolPolicy"),
        raw.get("ViewerCertificate", {}).get("MinimumProtocolVersion"),
        raw.get("PriceClass"),
        raw.get("WebACLId") or "none",
    ]
