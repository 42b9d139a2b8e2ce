"""Publishes the pages of a stage: what `web_build` built, and the `config.json` that says where the stage is."""

import json
import os
import uuid
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from hashlib import md5
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from infra.deploy import names, render
from infra.target import Target

ROOT = "site/"
"""What the distribution serves of the bucket (`OriginPath` in site.yaml)."""
FOREVER = "public, max-age=31536000, immutable"
"""Of files whose names have a hash of their content."""
ASK_ALWAYS = "no-cache"
"""Of all others: browsers and CloudFront ask each time whether theirs is the newest."""
_HASHED = "assets/"
_KEPT = timedelta(days=30)
"""How long a page that is open may still load parts of a build that was replaced."""
_MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
    ".png": "image/png",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}


OFFICE = "admin.html"
"""The back office's page."""


class File(NamedTuple):
    """One file of the site; `path` is that in its address, without the first slash."""

    path: str
    content: bytes

    @property
    def cache_control(self) -> str:
        """How long it may be kept."""
        return FOREVER if self.path.startswith(_HASHED) else ASK_ALWAYS

    @property
    def media_type(self) -> str:
        """Its Content-Type; with nosniff a wrong one would not be used."""
        return _MEDIA_TYPES.get(Path(self.path).suffix, "application/octet-stream")

    @property
    def etag(self) -> str:
        """As S3 makes it of an object that was uploaded in one part."""
        return md5(self.content, usedforsecurity=False).hexdigest()


def config(
    target: Target,
    tracked: Mapping[str, Any],
    outputs: Mapping[str, str],
    api_url: str,
    publishable_key: str | None,
    catalogue_url: str | None = None,
) -> dict[str, Any]:
    """What `config.json` says (web/README.md). No secret: everybody can read it."""
    variables = names.stage_of(target, tracked).get("environment_variables", {})
    return {
        **addresses(target, api_url, catalogue_url),
        "userPoolId": outputs["UserPoolId"],
        "userPoolClientId": outputs["UserPoolClientId"],
        "staffClientId": outputs["StaffClientId"],
        "publishableKey": publishable_key,
        "shopName": os.environ.get("SHOP_NAME") or variables.get("SHOP_NAME"),
        "payments": "simulated",
    }


def addresses(target: Target, api_url: str, catalogue_url: str | None = None) -> dict[str, str | None]:
    """The part of it that says where the pages send requests."""
    return {
        "apiUrl": render.public_url(api_url),
        "catalogueUrl": catalogue_url,
        "region": target.region,
        "cognitoUrl": f"{target.endpoint_url}/" if target.endpoint_url else None,
    }


def connect_origins(config: Mapping[str, Any]) -> str:
    """The origins that the pages call, as their CSP lists them."""
    cognito = config["cognitoUrl"] or f"https://cognito-idp.{config['region']}.amazonaws.com"
    parts = (urlsplit(url) for url in (config["apiUrl"], cognito, config.get("catalogueUrl")) if url)
    return " ".join(dict.fromkeys(f"{part.scheme}://{part.netloc}" for part in parts))


def files(built: Path, config: Mapping[str, Any]) -> Iterator[File]:
    """The build and its config.json, in the order in which they are uploaded: what a page refers to before the page."""
    found = sorted(path for path in built.rglob("*") if path.is_file())
    parts = [(path.relative_to(built).as_posix(), path) for path in found]
    shown = [(name, path) for name, path in parts if not name.startswith(".")]
    for name, path in sorted(shown, key=lambda part: part[0].endswith(".html")):
        yield File(name, path.read_bytes())
    yield File("config.json", json.dumps(config, indent=2).encode() + b"\n")


def publish(target: Target, outputs: Mapping[str, str], built: Path, config: Mapping[str, Any]) -> None:
    """Upload what changed, remove what no open page needs any more, and have CloudFront forget what it keeps."""
    bucket = outputs["SiteBucketName"]
    there = _there(target, bucket)
    wanted = list(files(built, config))
    changed = [file for file in wanted if _etag_of(there.get(file.path)) != file.etag]
    for file in changed:
        target.s3.put_object(
            Bucket=bucket,
            Key=ROOT + file.path,
            Body=file.content,
            ContentType=file.media_type,
            CacheControl=file.cache_control,
        )
    _remove(target, bucket, there, {file.path for file in wanted})
    if any(file.path in there for file in changed):
        target.client("cloudfront").create_invalidation(
            DistributionId=outputs["SiteDistributionId"],
            InvalidationBatch={"Paths": {"Quantity": 1, "Items": ["/*"]}, "CallerReference": uuid.uuid4().hex},
        )


def _there(target: Target, bucket: str) -> dict[str, Any]:
    """The pages' files in the bucket by path, without the pictures of products."""
    pages = target.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=ROOT)
    listed = {str(found["Key"]).removeprefix(ROOT): found for page in pages for found in page.get("Contents", [])}
    return {path: found for path, found in listed.items() if not path.startswith("pictures/")}


def _etag_of(found: Mapping[str, Any] | None) -> str:
    return str(found["ETag"]).strip('"') if found else ""


def _remove(target: Target, bucket: str, there: Mapping[str, Any], wanted: set[str]) -> None:
    forgotten = datetime.now(UTC) - _KEPT
    for path, found in there.items():
        if path not in wanted and found["LastModified"] < forgotten:
            target.s3.delete_object(Bucket=bucket, Key=ROOT + path)
