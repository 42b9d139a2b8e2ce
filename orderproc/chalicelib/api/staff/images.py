"""Pictures of products, for staff: upload one past the API, then have it recorded."""

from __future__ import annotations

from chalice.app import Blueprint, Response

from ...bootstrap import services
from ...inventory import requests
from ...inventory.image_content import MOST_BYTES
from ..catalogue import shown
from ..shared import http
from ..shared.callers import staff
from ..shared.operations import Caller, serves
from ..shared.permissions import Permission

bp = Blueprint(__name__)
_ROUTE = "/admin/products/{product_id}/image"


@serves(
    bp,
    f"POST {_ROUTE}",
    Caller.STAFF,
    "Catalogue",
    "Upload a product's picture",
    "Answers with a form: POST it with the file to `url`, then record the upload by PUT. PNG, JPEG or WebP.",
    {201: ("The form", "ImageUpload")},
    body="ImageUploadRequest",
    errors=("PRODUCT_NOT_FOUND",),
    id="uploadProductImage",
    may=Permission.PRICES,
)
def upload_product_image(product_id: str) -> Response:
    key = http.path_key(product_id, "product")
    upload = services().inventory.images.offer(key, requests.image_upload(http.body_of(bp.current_request)))
    answer = {
        "uploadId": upload.upload_id,
        "url": upload.form.url,
        "fields": upload.form.fields,
        "expiresAt": upload.expires_at,
        "maxBytes": MOST_BYTES,
    }
    return http.json_response(answer, 201)


@serves(
    bp,
    f"PUT {_ROUTE}",
    Caller.STAFF,
    "Catalogue",
    "Set a product's picture",
    "What was uploaded is judged by its content. Uploads are kept for a day.",
    {200: ("The product", "Product")},
    body="ImageRequest",
    errors=("PRODUCT_NOT_FOUND", "UPLOAD_NOT_FOUND"),
    id="setProductImage",
    may=Permission.PRICES,
)
def set_product_image(product_id: str) -> Response:
    who, key = staff(bp.current_request), http.path_key(product_id, "product")
    upload_id = requests.image(http.body_of(bp.current_request))
    before = shown(*services().inventory.products.get(key))["imageUrl"]
    recorded = {"productId": key, "uploadId": upload_id, "before": {"imageUrl": before}}
    with services().operations.audit.of(who, "set_product_image", **recorded) as outcome:
        product = shown(*services().inventory.images.record(key, upload_id))
        outcome["after"] = {"imageUrl": product["imageUrl"]}
    return http.json_response(product)


@serves(
    bp,
    f"DELETE {_ROUTE}",
    Caller.STAFF,
    "Catalogue",
    "Remove a product's picture",
    "The product then has none. The file stays at its address.",
    {200: ("The product", "Product")},
    errors=("PRODUCT_NOT_FOUND",),
    id="removeProductImage",
    may=Permission.PRICES,
)
def remove_product_image(product_id: str) -> Response:
    who, key = staff(bp.current_request), http.path_key(product_id, "product")
    before = shown(*services().inventory.products.get(key))["imageUrl"]
    recorded = {"productId": key, "before": {"imageUrl": before}}
    with services().operations.audit.of(who, "remove_product_image", **recorded) as outcome:
        product = shown(*services().inventory.images.remove(key))
        outcome["after"] = {"imageUrl": product["imageUrl"]}
    return http.json_response(product)
