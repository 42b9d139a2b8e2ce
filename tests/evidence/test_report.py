"""The report of a stage that stands: what is in it, what never is, and that it is one page for any reader."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from typing import Any

import pytest

from infra.errors import Refusal
from infra.evidence import page, report
from infra.evidence.reading import Reader
from infra.evidence.report import Report
from infra.progress import Steps
from tests.evidence import stage
from tests.support.aws_answers import AwsAnswers

VOID = {"meta", "br", "img", "hr", "input", "link"}


class Read(HTMLParser):
    """Tags with their attributes, the texts, and what was never closed or closed wrongly."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.wrong: list[str] = []
        self.words = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)

    def handle_data(self, data: str) -> None:
        self.words += data

    def named(self, tag: str) -> Iterator[dict[str, str | None]]:
        return (attributes for name, attributes in self.tags if name == tag)


@pytest.fixture(scope="module")
def collected() -> tuple[Report, list[tuple[str, dict[str, Any]]]]:
    """The stage's report, and the calls that it took."""
    with pytest.MonkeyPatch.context() as patch:
        stage.serve_package(patch)
        aws = stage.aws()
        return report.collect(aws.target(), Steps(quiet=True)), aws.sent


@pytest.fixture(scope="module")
def made(collected: tuple[Report, Any]) -> Report:
    return collected[0]


@pytest.fixture(scope="module")
def html(made: Report) -> str:
    return page.render(made, stage.ACCOUNT)


def test_what_people_wrote_stays_text(html: str) -> None:
    read = Read(html)

    assert not list(read.named("script"))
    assert not list(read.named("img"))
    assert not [name for _, attributes in read.tags for name in attributes if name.startswith("on")]
    assert "<script>alert('x')</script>" in read.words


def test_it_loads_nothing(html: str) -> None:
    read = Read(html)
    addresses = [value for _, attributes in read.tags for name, value in attributes.items() if name in ("href", "src")]

    assert addresses
    assert [address for address in addresses if not str(address).startswith("#")] == []
    assert not re.search(r"@import|url\((?!#)", html)


def test_every_element_is_closed_and_every_link_leads_somewhere(html: str) -> None:
    read = Read(html)
    ids = [attributes["id"] for _, attributes in read.tags if "id" in attributes]

    assert (read.wrong, read.open) == ([], [])
    assert {str(link["href"])[1:] for link in read.named("a")} <= set(ids)
    assert len(ids) == len(set(ids))


def test_personal_data_secrets_and_the_account_are_not_in_it(html: str) -> None:
    for hidden in (*stage.PERSONAL, *stage.SECRETS, stage.ACCOUNT):
        assert hidden not in html
    assert "…9012" in html


def test_names_of_items_are_not_in_it_for_partners_write_them_freely(html: str) -> None:
    assert "LAPTOP001" in html
    assert "Laptop" not in html


def test_no_call_reads_a_secret_or_changes_anything(collected: tuple[Report, list[tuple[str, Any]]]) -> None:
    _, sent_to_aws = collected

    reads = re.compile(r"[a-z0-9-]+:(List|Get|Describe|Query|BatchGet)")
    assert [call for call, _ in sent_to_aws if not reads.match(call)] == []
    assert not {"secretsmanager:GetSecretValue", "cognito-idp:ListUsers", "logs:GetLogEvents"} & {
        c for c, _ in sent_to_aws
    }
    assert not [sent for call, sent in sent_to_aws if sent.get("includeValues") or sent.get("includeValue")]


@pytest.mark.parametrize(
    ("call", "found", "said"),
    [
        ("s3:ListBuckets", {"Buckets": [{"Name": f"orderproc-blue-terraform-{stage.ACCOUNT}"}]}, "Terraform"),
        (
            "cloudformation:ListStacks",
            {
                "StackSummaries": [
                    {"StackName": "orderproc-blue", "CreationTime": stage.AT, "StackStatus": "CREATE_COMPLETE"}
                ]
            },
            "CloudFormation",
        ),
        ("cloudformation:ListStacks", {"StackSummaries": []}, "neither Terraform nor CloudFormation"),
    ],
)
def test_it_says_what_made_the_stage(aws: AwsAnswers, call: str, found: dict[str, Any], said: str) -> None:
    aws.answers[call] = found

    assert report.collect(aws.target(), Steps(quiet=True)).about.made_by == said


def test_what_guards_the_stage_is_shown(made: Report) -> None:
    rows = {group.title: group.rows for group in made.groups}

    assert rows["Network"] == [
        ["vpc-1", "VPC", "10.0.0.0/24"],
        ["sg-1", "security group", ["in tcp 443: 10.0.0.0/24"]],
    ]
    assert rows["KMS keys"] == [["alias/orderproc-blue", "enabled", "every year"]]
    assert rows["Web ACLs"] == []


def test_another_stage_whose_name_begins_alike_is_not_in_it(html: str) -> None:
    assert "orderproc-blue-charge" in html
    assert "orderproc-blue2" not in html


def test_what_must_not_be_read_is_said_where_it_is_missing(html: str) -> None:
    roles = html[html.index('id="r-roles"') :]

    assert "Not allowed to read iam:ListRoles." in roles[: roles.index("</section>")]
    assert "Not allowed to read iam:ListRoles." in html[html.index('id="sources"') :]


def test_the_latest_order_of_each_kind_is_shown_and_its_execution_drawn(html: str) -> None:
    words = Read(html).words

    assert "Order 100001: COMPLETED" in words
    assert "Order 100002: FAILED" in words
    assert "Execution order-99999: failed" in words
    assert "Charge: 2.40 s, 2 tries, caught Declined<script>alert('x')</script>" in words


def test_one_order_can_be_chosen_and_one_that_is_not_there_is_refused(aws: AwsAnswers) -> None:
    made = report.collect(aws.target(), Steps(quiet=True), "order-99999")

    assert [order.order_id for order in made.orders] == ["order-99999"]
    with pytest.raises(Refusal, match="There is no order nowhere"):
        report.collect(aws.target(), Steps(quiet=True), "nowhere")


def test_our_own_sources_are_shown_as_lambda_has_them(made: Report) -> None:
    [package] = made.packages

    assert package.verified
    assert [source.name for source in package.sources] == ["app.py", "chalicelib/orders/model.py"]
    assert package.versions == {"some-package": "1.2.3"}
    assert "<script" not in package.sources[0].html
    assert "<i class=k>class </i><i class=f>Order</i>:" in package.sources[1].html


def test_bytes_that_do_not_have_lambdas_hash_are_called_so(aws: AwsAnswers) -> None:
    functions = stage.answers()["lambda:ListFunctions"]
    assert isinstance(functions, dict)
    functions["Functions"][0]["CodeSha256"] = "another"
    aws.answers["lambda:ListFunctions"] = functions

    made = report.collect(aws.target(), Steps(quiet=True))

    assert sorted(package.verified for package in made.packages) == [False, True]
    assert [len(package.sources) for package in made.packages if not package.verified] == [0]
    assert "have another hash, so they are not shown" in page.render(made, stage.ACCOUNT)


def test_costs_are_counted_from_what_stands(made: Report) -> None:
    bill = made.bill
    assert bill

    counted = {line.what: line.quantity for line in bill.lines}
    assert counted["metrics that alarms watch"] == counted["secrets"] == counted["dashboards"] == 1
    assert counted["bytes in buckets, with old versions"] == 3 * 1200
    assert 4.5 <= bill.usd < 4.6


def test_the_dashboards_numbers_are_drawn(html: str) -> None:
    drawn = html[html.index('id="dashboard"') : html.index('id="alarms"')]

    assert "<polyline" in drawn
    assert "Orders &lt;script&gt;" in drawn


def test_a_throttled_call_is_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """On the wire: the first answers say that there were too many calls."""
    from botocore.awsrequest import AWSResponse

    class Raw:
        def __init__(self, body: bytes) -> None:
            self._body = body

        def stream(self, *_: object, **__: object) -> Iterator[bytes]:
            yield self._body

    throttled = (400, b'{"__type": "com.amazonaws.dynamodb.v20120810#ThrottlingException", "message": "slow down"}')
    replies = iter([throttled, throttled, (200, b'{"TableNames": ["orderproc-blue-orders"]}')])

    def reply(request: object, **_: object) -> AWSResponse:
        status, body = next(replies)
        return AWSResponse("", status, {}, Raw(body))

    monkeypatch.setattr("time.sleep", lambda _: None)
    import boto3

    target = AwsAnswers().target()
    target = type(target)(
        target.stage,
        target.region,
        target.account,
        target.partition,
        None,
        boto3.Session("a", "b", region_name="eu-west-1"),
    )
    reader = Reader(target)
    reader.client("dynamodb").meta.events.register("before-send", reply)

    assert reader.pages("DynamoDB tables", "dynamodb", "list_tables", "TableNames") == ["orderproc-blue-orders"]
    assert reader.gaps.found == {}
    assert reader.calls == {"dynamodb:ListTables": 1}


def test_a_day_without_orders_is_no_error(aws: AwsAnswers) -> None:
    aws.answers["dynamodb:Query"] = {"Items": []}

    made = report.collect(aws.target(), Steps(quiet=True))

    assert "There was no order to show" in page.render(made, stage.ACCOUNT)
    assert date(2026, 1, 1) < made.about.made_at.date()
