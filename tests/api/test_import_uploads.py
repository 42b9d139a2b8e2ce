"""Staff upload a file to import past the API, and download its report."""

from __future__ import annotations

from typing import Any

import pytest
from chalicelib.imports.model import MAX_BYTES, Import, ImportStatus

from tests.support.api.gateway import Answer, Gateway
from tests.support.api.refusals import refused
from tests.support.fakes.adapters import FakeAdapters


def offered(api: Gateway, kind: str = "orders", name: str = "week47.csv", groups: str = "admin") -> Answer:
    return api.post("/admin/imports", {"kind": kind, "fileName": name}, groups=groups)


def ended(adapters: FakeAdapters, status: ImportStatus, key: str = "orders/uploads/5c1f/Week 47.csv") -> str:
    new = Import("20261121T083000-5c1f", key, "2026-11-21T08:30:00.000Z", "2026-11-21T08:30:01.000Z", status)
    adapters.imports.begin(new)
    return f"/admin/imports/{new.import_id}/report"


@pytest.mark.parametrize("kind", ["orders", "products"])
def test_the_form_admits_one_file_into_the_folder_that_is_imported(api: Gateway, kind: str) -> None:
    answer = offered(api, kind)

    assert answer.status == 201, answer.text
    found: dict[str, Any] = answer.json
    folder, uploads, _, name = found["file"].split("/")
    assert (folder, uploads, name) == (kind, "uploads", "week47.csv")
    assert found["fields"]["key"] == found["file"]
    assert (found["maxBytes"], found["fields"]["x-most-bytes"]) == (MAX_BYTES, str(MAX_BYTES))
    assert found["expiresAt"] == "2026-11-21T15:30:25.123Z"


def test_a_second_file_of_the_same_name_replaces_neither_the_first_nor_its_report(api: Gateway) -> None:
    assert offered(api).json["file"] != offered(api).json["file"]


def test_who_may_upload_what_is_on_record(api: Gateway) -> None:
    file = offered(api).json["file"]

    [record] = api.get("/admin/audit", groups="admin").json["records"]
    assert (record["action"], record["outcome"]["file"]) == ("upload_import", file)
    assert record["details"] == {"kind": "orders", "fileName": "week47.csv"}


@pytest.mark.parametrize("name", ["", "../products/x.csv", "a/b.csv", ".csv", "x\ny.csv", "x" * 101, 'x".csv'])
def test_a_name_can_not_lead_out_of_the_folder(api: Gateway, name: str) -> None:
    refused(offered(api, name=name), "fileName")


def test_there_are_orders_and_products(api: Gateway) -> None:
    refused(offered(api, "carts"), "kind")


@pytest.mark.parametrize("status", [ImportStatus.DONE, ImportStatus.FAILED])
def test_the_report_has_links_for_programs_and_spreadsheets(
    api: Gateway, adapters: FakeAdapters, status: ImportStatus
) -> None:
    links = api.get(ended(adapters, status), groups="admin").json

    assert links["json"] == "https://imports.test/reports/uploads/5c1f/Week%2047.json?seconds=900&name=Week%2047.json"
    assert links["csv"] == "https://imports.test/reports/uploads/5c1f/Week%2047.csv?seconds=900&name=Week%2047.csv"
    assert links["expiresAt"] == "2026-11-21T14:45:25.123Z"


def test_a_file_that_was_refused_has_no_rows(api: Gateway, adapters: FakeAdapters) -> None:
    assert api.get(ended(adapters, ImportStatus.REFUSED), groups="admin").json["csv"] is None


def test_a_name_from_outside_does_not_leave_the_header_that_names_the_download(
    api: Gateway, adapters: FakeAdapters
) -> None:
    path = ended(adapters, ImportStatus.DONE, 'orders/ü"; x=\r\n.csv')

    assert api.get(path, groups="admin").json["csv"].endswith("&name=%3B%20x%3D.csv")


@pytest.mark.parametrize("status", [ImportStatus.RUNNING, ImportStatus.SUPERSEDED])
def test_there_is_no_report_yet(api: Gateway, adapters: FakeAdapters, status: ImportStatus) -> None:
    answer = api.get(ended(adapters, status), groups="admin")

    assert (answer.status, answer.json["code"]) == (404, "IMPORT_NOT_FOUND")


def test_only_staff_may(api: Gateway, adapters: FakeAdapters) -> None:
    assert offered(api, groups="other").status == 403
    assert api.get(ended(adapters, ImportStatus.DONE), groups="other").status == 403
