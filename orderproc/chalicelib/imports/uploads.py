"""Files that staff import from the back office: uploaded straight to the imports bucket, by a form that the API signed.
From then on each is imported like any file that is put there."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import NamedTuple

from ..kit.clock import from_iso, to_iso
from ..kit.errors import NotFound
from ..kit.ports import Clock
from ..kit.uploads import UploadForm
from ..kit.wiring import service
from .model import MAX_BYTES, Import, ImportStatus
from .ports import ImportFiles

FORM_SECONDS = 3600
"""To upload 256 MB over a slow line."""
LINK_SECONDS = 900
_REPORTED = (ImportStatus.DONE, ImportStatus.REFUSED, ImportStatus.FAILED)


class Upload(NamedTuple):
    """An upload that may be made. `key` is that of the file in the bucket, by which its import is found."""

    key: str
    form: UploadForm
    expires_at: str
    max_bytes: int = MAX_BYTES


class ReportLinks(NamedTuple):
    """Where an import's report can be downloaded, for programs and for spreadsheets. A refused file has no rows."""

    json: str
    csv: str | None
    expires_at: str


def _new_id() -> str:
    return uuid.uuid4().hex[:12]


@service
class ImportUploads:
    files: ImportFiles
    clock: Clock
    new_id: Callable[[], str] = _new_id

    def offer(self, kind: str, file_name: str) -> Upload:
        """Let a file of orders or products be uploaded. Each upload has a folder of its own: a second file of the same
        name replaces neither the first nor its report."""
        key = f"{kind}/uploads/{self.new_id()}/{file_name}"
        return Upload(key, self.files.form(key, MAX_BYTES, FORM_SECONDS), self._in(FORM_SECONDS))

    def report(self, ended: Import) -> ReportLinks:
        """Raises NotFound as long as there is none."""
        if ended.status not in _REPORTED:
            raise NotFound("The import has no report yet.", "IMPORT_NOT_FOUND")
        name = ended.reports["json"].rpartition("/")[2]
        sheet = None if ended.status is ImportStatus.REFUSED else self._link(ended.reports["csv"])
        return ReportLinks(self._link(ended.reports["json"], name), sheet, self._in(LINK_SECONDS))

    def _link(self, key: str, name: str = "") -> str:
        file_name = "".join(
            c for c in name or key.rpartition("/")[2] if c.isascii() and c.isprintable() and c not in '"\\'
        )
        return self.files.link(key, LINK_SECONDS, file_name)

    def _in(self, seconds: int) -> str:
        return to_iso(from_iso(self.clock.now()) + timedelta(seconds=seconds))
