"""The cache in front of the catalogue: what it keeps and for how long, and that nothing else can be had from it."""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from infra.deploy import catalogue_cache, site
from infra.deploy.deploy import tracked_config
from infra.deploy.settings_check import NotYet
from infra.paths import TEMPLATES
from infra.target import Target
from tests.packaging.cloudformation import Template, load, of_type, ref

SESSION = boto3.Session("a", "b")
ON_AWS = Target("blue", "eu-west-1", "111122223333", "aws", None, SESSION)
LOCAL = Target("local", "us-east-1", "0" * 12, "aws", "http://127.0.0.1:4566", SESSION)
OUTPUTS = {"CatalogueDomainName": "d1.cloudfront.net"}


@pytest.fixture(scope="module")
def template() -> Template:
    return load(TEMPLATES / "api.yaml")


@pytest.fixture(scope="module")
def distribution(template: Template) -> dict[str, Any]:
    found: dict[str, Any] = of_type(template, "AWS::CloudFront::Distribution")["CatalogueDistribution"]
    config: dict[str, Any] = found["DistributionConfig"]
    return config


def test_without_a_choice_there_is_none(template: Template) -> None:
    parts = {name: one for name, one in template["Resources"].items() if one["Type"].startswith("AWS::CloudFront::")}

    assert template["Parameters"]["CatalogueCacheSeconds"]["Default"] == 0
    assert len(parts) == 3
    assert {part["Condition"] for part in parts.values()} == {"CachesCatalogue"}
    assert template["Outputs"]["CatalogueDomainName"]["Condition"] == "CachesCatalogue"


def test_nothing_is_kept_for_longer_than_is_said(template: Template, distribution: dict[str, Any]) -> None:
    policy = of_type(template, "AWS::CloudFront::CachePolicy")["CatalogueCache"]["CachePolicyConfig"]

    assert (policy["MinTTL"], policy["DefaultTTL"], policy["MaxTTL"]) == (0, 0, ref("CatalogueCacheSeconds"))
    assert template["Parameters"]["CatalogueCacheSeconds"]["MaxValue"] == 300
    assert all(error["ErrorCachingMinTTL"] <= 5 for error in distribution["CustomErrorResponses"])
    assert not any("ResponsePagePath" in error for error in distribution["CustomErrorResponses"])


def test_no_key_token_or_cookie_reaches_an_answer_that_others_get(template: Template) -> None:
    policy = of_type(template, "AWS::CloudFront::CachePolicy")["CatalogueCache"]["CachePolicyConfig"]
    asked = policy["ParametersInCacheKeyAndForwardedToOrigin"]

    assert asked["HeadersConfig"] == {"HeaderBehavior": "none"}
    assert asked["CookiesConfig"] == {"CookieBehavior": "none"}
    # What GET /products reads; anything else would only make more entries of the same.
    assert asked["QueryStringsConfig"] == {"QueryStringBehavior": "whitelist", "QueryStrings": ["q", "limit", "cursor"]}


def test_only_the_catalogue_can_be_had_and_only_read(distribution: dict[str, Any]) -> None:
    behaviours = [distribution["DefaultCacheBehavior"], *distribution["CacheBehaviors"]]
    origins = {origin["Id"]: origin for origin in distribution["Origins"]}

    served = {one.get("PathPattern", "*"): origins[one["TargetOriginId"]]["OriginPath"] for one in behaviours}
    assert served == {
        "*": {"Fn::Sub": "${ApiPath}/products"},  # /orders is the product "orders", which there is not
        "/products": ref("ApiPath"),
        "/products/*": ref("ApiPath"),
    }
    for behaviour in behaviours:
        assert behaviour["AllowedMethods"] == ["GET", "HEAD"]
        assert behaviour["ViewerProtocolPolicy"] == "https-only"
        assert behaviour["CachePolicyId"] == ref("CatalogueCache")
        assert "OriginRequestPolicyId" not in behaviour


def test_cloudfront_asks_the_api_over_tls(distribution: dict[str, Any]) -> None:
    given = catalogue_cache.parameters(ON_AWS, "a1b2c3", "30")

    assert given == {
        "CatalogueCacheSeconds": "30",
        "ApiDomain": "a1b2c3.execute-api.eu-west-1.amazonaws.com",
        "ApiPath": "/api",
    }
    for origin in distribution["Origins"]:
        assert origin["DomainName"] == ref("ApiDomain")
        assert origin["CustomOriginConfig"]["OriginProtocolPolicy"] == ref("ApiProtocol")
        assert origin["CustomOriginConfig"]["OriginSSLProtocols"] == ["TLSv1.2"]
    assert load(TEMPLATES / "api.yaml")["Parameters"]["ApiProtocol"]["Default"] == "https-only"


def test_an_emulators_api_has_a_port_of_its_own() -> None:
    given = catalogue_cache.parameters(LOCAL, "a1b2c3", "0")

    assert given["ApiPath"] == "/restapis/a1b2c3/api/_user_request_"
    assert (given["ApiDomain"], given["ApiProtocol"], given["ApiPort"]) == ("127.0.0.1", "http-only", "4566")


def test_pages_read_the_catalogue_from_it_and_may(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PUBLIC_URL", raising=False)
    url = catalogue_cache.url(ON_AWS, OUTPUTS)
    config = site.config(ON_AWS, tracked_config(), NotYet(), ON_AWS.api_url("a1b2c3"), None, url)

    assert config["catalogueUrl"] == "https://d1.cloudfront.net"
    assert "https://d1.cloudfront.net" in site.connect_origins(config).split()


@pytest.mark.parametrize(("target", "outputs"), [(ON_AWS, {}), (LOCAL, OUTPUTS)])
def test_without_one_that_browsers_find_they_ask_the_api(target: Target, outputs: dict[str, str]) -> None:
    assert catalogue_cache.url(target, outputs) is None
