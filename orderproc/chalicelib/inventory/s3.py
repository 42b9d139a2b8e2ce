"""Pictures of products in the site's bucket: uploads lie where CloudFront does not read."""

from __future__ import annotations

from typing import Any

from ..kit.s3 import content_of
from ..kit.uploads import UploadForm, signed_form
from ..kit.wiring import service

# S3 answers 404 for a missing object only to those who may list the bucket. A form is good for what its signer may do.
PERMISSIONS = {
    "form": ["s3:PutObject bucket/site/uploads/*"],
    "uploaded": ["s3:GetObject bucket/site/uploads/*", "s3:ListBucket bucket/site"],
    "show": ["s3:PutObject bucket/site/site/pictures/*"],
}


@service
class S3Images:
    client: Any
    bucket: str

    def form(self, upload_id: str, media_type: str, most_bytes: int, seconds: int) -> UploadForm:
        key, fields = f"uploads/{upload_id}", {"Content-Type": media_type}
        return signed_form(self.client, self.bucket, key, most_bytes, seconds, fields)

    def uploaded(self, upload_id: str) -> bytes | None:
        return content_of(self.client, self.bucket, f"uploads/{upload_id}")

    def show(self, path: str, content: bytes, media_type: str) -> None:
        self.client.put_object(
            Bucket=self.bucket,
            Key=f"site/{path}",
            Body=content,
            ContentType=media_type,
            CacheControl="public, max-age=31536000, immutable",
        )
