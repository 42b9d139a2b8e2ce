"""Pictures of products. Staff upload one straight to S3, by a form that the API signed, and then have it recorded: only
then it is looked at, and gets to the site. Its path is made of its content, so what is at an address never changes."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from hashlib import sha256
from typing import NamedTuple

from ..kit.clock import from_iso, to_iso
from ..kit.errors import FieldError, InvalidRequest, NotFound
from ..kit.ports import Clock
from ..kit.uploads import UploadForm
from ..kit.wiring import service
from . import image_content
from .model import Product
from .ports import Catalogue, Images
from .products import Products

FORM_SECONDS = 600


class Upload(NamedTuple):
    """An upload that may be made."""

    upload_id: str
    form: UploadForm
    expires_at: str


def _new_id() -> str:
    return str(uuid.uuid4())


@service
class ProductImages:
    products: Products
    catalogue: Catalogue
    images: Images
    clock: Clock
    new_id: Callable[[], str] = _new_id

    def offer(self, product_id: str, media_type: str) -> Upload:
        """Let a picture of the product be uploaded. Raises NotFound."""
        self.products.get(product_id)
        upload_id = self.new_id()
        form = self.images.form(upload_id, media_type, image_content.MOST_BYTES, FORM_SECONDS)
        return Upload(upload_id, form, to_iso(from_iso(self.clock.now()) + timedelta(seconds=FORM_SECONDS)))

    def record(self, product_id: str, upload_id: str) -> tuple[Product, int]:
        """Show the uploaded picture from now on; the same again changes nothing. Raises NotFound for a product or an
        upload that is not there, InvalidRequest for what is no picture."""
        self.products.get(product_id)
        content = self.images.uploaded(upload_id)
        if content is None:
            raise NotFound("Nothing was uploaded with this id, or it has expired.", "UPLOAD_NOT_FOUND")
        try:
            found = image_content.read(content)
        except image_content.NoImage as error:
            raise InvalidRequest([FieldError("uploadId", f"what was uploaded {error}")]) from None
        end = image_content.MEDIA_TYPES[found.media_type]
        path = f"pictures/{sha256(content).hexdigest()[:32]}.{end}"
        self.images.show(path, content, found.media_type)  # before the product names it
        return self._set(product_id, path)

    def remove(self, product_id: str) -> tuple[Product, int]:
        """Show none from now on. Raises NotFound."""
        return self._set(product_id, "")

    def _set(self, product_id: str, path: str) -> tuple[Product, int]:
        if not self.catalogue.set_image(product_id, path):
            raise NotFound("There is no such product.", "PRODUCT_NOT_FOUND")
        return self.products.get(product_id)
