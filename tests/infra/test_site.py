"""Publishing the pages: what is uploaded, how long it may be kept, and what the pages are told."""

from __future__ import annotations

import io
import json
from datetime import UTC, datetime, timedelta
from hashlib import md5
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra.deploy import site
from infra.deploy.deploy import tracked_config
from infra.target import Target

OUTPUTS = {
    "SiteBucketName": "b",
    "SiteDistributionId": "D1",
    "UserPoolId": "pool",
    "UserPoolClientId": "client",
    "StaffClientId": "staff",
}
API = "https://a1b2c3.execute-api.eu-west-1.amazonaws.com/api"


class Aws:
    """S3 and CloudFront in memory."""

    def __init__(self) -> None:
        self.objects: dict[str, dict[str, Any]] = {}
        self.uploaded: list[str] = []
        self.invalidated: list[dict[str, Any]] = []

    def put_object(self, Bucket: str, Key: str, Body: bytes, **more: Any) -> None:  # noqa: N803
        etag = md5(Body, usedforsecurity=False).hexdigest()
        self.objects[Key] = {"Key": Key, "ETag": f'"{etag}"', "LastModified": datetime.now(UTC), "Body": Body, **more}
        self.uploaded.append(Key)

    def delete_object(self, Bucket: str, Key: str) -> None:  # noqa: N803
        del self.objects[Key]

    def get_paginator(self, _operation: str) -> Any:
        aws = self

        class Pages:
            def paginate(self, Bucket: str, Prefix: str) -> Any:  # noqa: N803
                yield {"Contents": [one for key, one in sorted(aws.objects.items()) if key.startswith(Prefix)]}

        return Pages()

    def create_invalidation(self, **given: Any) -> None:
        self.invalidated.append(given)


@pytest.fixture
def aws() -> Aws:
    return Aws()


@pytest.fixture
def target(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> Target:
    monkeypatch.delenv("SHOP_NAME", raising=False)
    monkeypatch.delenv("PUBLIC_URL", raising=False)
    found = Target("blue", "eu-west-1", "111122223333", "aws", None, boto3.Session("a", "b"))
    vars(found).update(s3=aws, client=lambda _service: aws)
    return found


@pytest.fixture
def built(tmp_path: Path) -> Path:
    for name in (
        "index.html",
        "api.html",
        "favicon.svg",
        "assets/index-1a2b.js",
        "assets/s-3c.css",
        ".vite/manifest.json",
    ):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    return tmp_path


def config(target: Target, **more: Any) -> dict[str, Any]:
    return {**site.config(target, tracked_config(), OUTPUTS, API, None), **more}


def test_hashed_files_are_kept_for_a_year_and_all_others_asked_for_each_time(
    target: Target, aws: Aws, built: Path
) -> None:
    site.publish(target, OUTPUTS, built, config(target))

    kept = {key: one["CacheControl"] for key, one in aws.objects.items()}
    assert kept == {
        "site/assets/index-1a2b.js": "public, max-age=31536000, immutable",
        "site/assets/s-3c.css": "public, max-age=31536000, immutable",
        "site/favicon.svg": "no-cache",
        "site/index.html": "no-cache",
        "site/api.html": "no-cache",
        "site/config.json": "no-cache",
    }
    assert aws.objects["site/assets/index-1a2b.js"]["ContentType"] == "text/javascript; charset=utf-8"
    assert aws.objects["site/index.html"]["ContentType"] == "text/html; charset=utf-8"


def test_a_page_is_uploaded_after_what_it_needs(target: Target, aws: Aws, built: Path) -> None:
    site.publish(target, OUTPUTS, built, config(target))

    pages = [n for n, key in enumerate(aws.uploaded) if key.endswith(".html")]
    assert max(n for n, key in enumerate(aws.uploaded) if "/assets/" in key) < min(pages)


def test_only_what_changed_is_uploaded_again_and_forgotten_by_cloudfront(target: Target, aws: Aws, built: Path) -> None:
    site.publish(target, OUTPUTS, built, config(target))
    site.publish(target, OUTPUTS, built, config(target))
    assert aws.invalidated == []
    aws.uploaded.clear()

    site.publish(target, OUTPUTS, built, config(target, shopName="Another"))

    assert aws.uploaded == ["site/config.json"]
    [invalidation] = aws.invalidated
    assert invalidation["DistributionId"] == "D1"
    assert invalidation["InvalidationBatch"]["Paths"]["Items"] == ["/*"]


def test_parts_of_an_old_build_stay_for_a_month_and_pictures_for_ever(target: Target, aws: Aws, built: Path) -> None:
    for key, days in (("site/assets/old-1.js", 31), ("site/assets/old-2.js", 29), ("site/pictures/a.png", 999)):
        aws.put_object("b", key, b"x")
        aws.objects[key]["LastModified"] -= timedelta(days=days)
    aws.put_object("b", "uploads/1", b"x")

    site.publish(target, OUTPUTS, built, config(target))

    assert "site/assets/old-1.js" not in aws.objects
    assert {"site/assets/old-2.js", "site/pictures/a.png", "uploads/1"} <= aws.objects.keys()


def test_the_pages_are_told_where_their_stage_is(target: Target, aws: Aws, built: Path) -> None:
    site.publish(target, OUTPUTS, built, config(target))

    assert json.load(io.BytesIO(aws.objects["site/config.json"]["Body"])) == {
        "apiUrl": API,
        "catalogueUrl": None,
        "region": "eu-west-1",
        "userPoolId": "pool",
        "userPoolClientId": "client",
        "staffClientId": "staff",
        "cognitoUrl": None,
        "publishableKey": None,
        "shopName": "Orderproc Demo Shop",
        "payments": "simulated",
    }


def test_on_aws_the_pages_may_call_the_api_and_cognito(target: Target) -> None:
    assert site.connect_origins(config(target)) == (
        "https://a1b2c3.execute-api.eu-west-1.amazonaws.com https://cognito-idp.eu-west-1.amazonaws.com"
    )


def test_on_an_emulator_both_are_at_one_origin() -> None:
    local = Target("local", "us-east-1", "000000000000", "aws", "http://127.0.0.1:4566", boto3.Session("a", "b"))

    assert site.connect_origins(config(local, apiUrl="http://127.0.0.1:4566/restapis/x")) == "http://127.0.0.1:4566"


def test_the_api_is_called_at_its_own_domain_where_it_has_one(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PUBLIC_URL", "https://api.your.shop/v1")

    assert site.connect_origins(config(target)).startswith("https://api.your.shop ")
