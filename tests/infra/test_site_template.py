"""What the site's template promises: only CloudFront reads the bucket, and of that only the site; strict headers."""

from __future__ import annotations

from typing import Any

import pytest

from infra.paths import ROOT, TEMPLATES
from tests.packaging.cloudformation import Template, arn, load, of_type, ref

POLICIES = ["PageHeaders", "OfficeHeaders", "ReferenceHeaders"]


@pytest.fixture(scope="module")
def template() -> Template:
    return load(TEMPLATES / "site.yaml")


def distribution(template: Template) -> dict[str, Any]:
    config: dict[str, Any] = of_type(template, "AWS::CloudFront::Distribution")["Distribution"]["DistributionConfig"]
    return config


def behaviours(template: Template) -> list[dict[str, Any]]:
    config = distribution(template)
    return [config["DefaultCacheBehavior"], *config["CacheBehaviors"]]


def headers(template: Template, policy: str) -> dict[str, Any]:
    config = of_type(template, "AWS::CloudFront::ResponseHeadersPolicy")[policy]["ResponseHeadersPolicyConfig"]
    found: dict[str, Any] = config["SecurityHeadersConfig"]
    return found


def csp(template: Template, policy: str) -> dict[str, str]:
    text = headers(template, policy)["ContentSecurityPolicy"]["ContentSecurityPolicy"]["Fn::Sub"]
    parts = (part.strip().partition(" ") for part in text.split(";"))
    return {name: value.strip() for name, _, value in parts}


def test_the_bucket_is_private_and_encrypted(template: Template) -> None:
    bucket = of_type(template, "AWS::S3::Bucket")["SiteBucket"]

    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}
    assert bucket["OwnershipControls"] == {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}
    assert bucket["BucketEncryption"]
    assert "WebsiteConfiguration" not in bucket


def test_only_this_distribution_reads_the_site_and_nothing_beside_it(template: Template) -> None:
    [policy] = of_type(template, "AWS::S3::BucketPolicy").values()
    denied, allowed = policy["PolicyDocument"]["Statement"]

    assert denied["Effect"] == "Deny"
    assert denied["Condition"] == {"Bool": {"aws:SecureTransport": "false"}}
    assert denied["Resource"] == [arn("SiteBucket"), {"Fn::Sub": "${SiteBucket.Arn}/*"}]
    assert allowed["Principal"] == {"Service": "cloudfront.amazonaws.com"}
    assert allowed["Action"] == "s3:GetObject"
    assert allowed["Resource"] == {"Fn::Sub": "${SiteBucket.Arn}/site/*"}
    source = "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/${Distribution}"
    assert allowed["Condition"] == {"StringEquals": {"aws:SourceArn": {"Fn::Sub": source}}}
    [origin] = distribution(template)["Origins"]
    assert (origin["OriginPath"], origin["OriginAccessControlId"]) == ("/site", ref("OriginAccess"))
    control = of_type(template, "AWS::CloudFront::OriginAccessControl")["OriginAccess"]["OriginAccessControlConfig"]
    assert (control["SigningBehavior"], control["SigningProtocol"]) == ("always", "sigv4")


def test_uploads_are_forgotten_after_a_day(template: Template) -> None:
    rules = of_type(template, "AWS::S3::Bucket")["SiteBucket"]["LifecycleConfiguration"]["Rules"]

    assert [(rule["Prefix"], rule["ExpirationInDays"]) for rule in rules if "Prefix" in rule] == [("uploads/", 1)]


def test_every_address_leads_to_the_pages_over_tls_and_compressed(template: Template) -> None:
    config = distribution(template)

    assert config["DefaultRootObject"] == "index.html"
    pages = {(one["ErrorCode"], one["ResponseCode"], one["ResponsePagePath"]) for one in config["CustomErrorResponses"]}
    assert pages == {(403, 200, "/index.html"), (404, 200, "/index.html")}
    for behaviour in behaviours(template):
        assert behaviour["ViewerProtocolPolicy"] == "redirect-to-https"
        assert behaviour["Compress"] is True
        assert behaviour["AllowedMethods"] == ["GET", "HEAD"]


def test_each_object_says_how_long_it_is_kept(template: Template) -> None:
    policy = of_type(template, "AWS::CloudFront::CachePolicy")["CachePolicy"]["CachePolicyConfig"]

    assert (policy["MinTTL"], policy["DefaultTTL"]) == (0, 0)
    assert policy["MaxTTL"] == 31536000
    key = policy["ParametersInCacheKeyAndForwardedToOrigin"]
    assert (key["EnableAcceptEncodingGzip"], key["EnableAcceptEncodingBrotli"]) == (True, True)
    assert all(behaviour["CachePolicyId"] == ref("CachePolicy") for behaviour in behaviours(template))


@pytest.mark.parametrize("policy", POLICIES)
def test_no_page_runs_foreign_or_inline_script_or_is_framed(template: Template, policy: str) -> None:
    found = csp(template, policy)

    assert "unsafe" not in str(found)
    assert found["default-src"] == "'none'"
    assert found["script-src"] == "'self'"
    assert all(source == "'self'" or source.startswith("'sha256-") for source in found["style-src"].split())
    assert found["connect-src"].startswith("'self' ${ConnectOrigins}")
    assert (found["connect-src"] == "'self' ${ConnectOrigins}") is (policy != "OfficeHeaders")
    assert (found["frame-ancestors"], found["base-uri"], found["form-action"]) == ("'none'", "'none'", "'none'")
    assert {behaviour["ResponseHeadersPolicyId"]["Ref"] for behaviour in behaviours(template)} == set(POLICIES)


@pytest.mark.parametrize("policy", POLICIES)
def test_the_other_headers_are_strict(template: Template, policy: str) -> None:
    found = headers(template, policy)

    assert found["StrictTransportSecurity"]["AccessControlMaxAgeSec"] >= 31536000
    assert "ContentTypeOptions" in found
    assert found["FrameOptions"]["FrameOption"] == "DENY"
    assert found["ReferrerPolicy"]["ReferrerPolicy"] == "no-referrer"
    assert all(header["Override"] is True for header in found.values())


def test_the_shops_pages_are_tested_under_the_policy_that_is_deployed(template: Template) -> None:
    """The journeys run under what web/README.md says, and that the shop in memory sends."""
    readme = (ROOT / "web" / "README.md").read_text(encoding="utf-8")
    said = readme.partition("## Content security policy\n```\n")[2].partition("```")[0]
    parts = (part.strip().partition(" ") for part in " ".join(said.split()).split(";"))
    promised = {name: value.strip() for name, _, value in parts}

    for policy in ("PageHeaders", "OfficeHeaders"):
        assert promised | {"connect-src": ""} == csp(template, policy) | {"connect-src": ""}


def test_only_the_back_office_reaches_the_buckets_and_no_others(template: Template) -> None:
    known = ["https://${SiteBucket}", "https://orderproc-${Stage}-imports-${AWS::AccountId}"]
    at = [".s3.${AWS::URLSuffix}", ".s3.${AWS::Region}.${AWS::URLSuffix}"]

    assert csp(template, "OfficeHeaders")["connect-src"].split()[2:] == [bucket + end for bucket in known for end in at]
    assert of_type(load(TEMPLATES / "resources.yaml"), "AWS::S3::Bucket")["ImportsBucket"]["BucketName"] == {
        "Fn::Sub": "orderproc-${Stage}-imports-${AWS::AccountId}"
    }
    [behaviour] = [one for one in behaviours(template) if one.get("PathPattern") == "/admin.html"]
    assert behaviour["ResponseHeadersPolicyId"] == ref("OfficeHeaders")
