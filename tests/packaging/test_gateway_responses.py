"""The gateway's own answers travel in the API document, so that no deployment is without them for a moment."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from app import app
from chalice.deploy import swagger
from chalicelib.api.shared import http, problems

from infra.deploy import chalice_entry, gateway_responses
from infra.paths import APP, ROOT

URL = "https://api.your.shop"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".chalice").mkdir()
    answers = gateway_responses.document(URL)
    (tmp_path / ".chalice" / gateway_responses.FILE).write_text(json.dumps(answers), encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_document_is_chalices_own_with_the_answers_in_it(project: Path) -> None:
    document = chalice_entry.WithGatewayResponses().generate_swagger(app)

    answers = document.pop("x-amazon-apigateway-gateway-responses")
    assert document.keys() == swagger.TemplatedSwaggerGenerator().generate_swagger(app).keys()
    assert answers == gateway_responses.document(URL)
    assert len(answers) == len(gateway_responses.PROBLEMS)
    assert answers["UNAUTHORIZED"]["statusCode"] == "401"
    assert "gatewayresponse.header.Access-Control-Allow-Origin" in answers["DEFAULT_4XX"]["responseParameters"]


def test_chalices_deployer_takes_this_generator(project: Path) -> None:
    """In a process of its own, as Chalice's modules are changed. The deployer is made as the command makes it."""
    said = subprocess.run(
        [
            sys.executable,
            "-c",
            "from infra.deploy import chalice_entry; from chalice import cli; from chalice.deploy import deployer\n"
            "made = []; deployer.SwaggerBuilder = lambda swagger_generator: made.append(swagger_generator)\n"
            "from chalice.cli.factory import CLIFactory; from chalice.utils import UI; import botocore.session\n"
            "factory = CLIFactory('.')\n"
            "cli.main = lambda: factory.create_default_deployer(botocore.session.get_session(),"
            " factory.create_config_obj('local'), UI()) and 0\n"
            "chalice_entry.main(); print(type(made[0]).__name__)",
        ],
        cwd=APP,
        env=os.environ | {"PYTHONPATH": f"{ROOT}", "AWS_DEFAULT_REGION": "us-east-1"},
        capture_output=True,
        text=True,
        check=False,
    )

    assert said.stdout.strip() == "WithGatewayResponses", said.stderr


def test_before_the_first_deployment_problems_are_named_without_the_apis_address() -> None:
    body = json.loads(gateway_responses.document("")["THROTTLED"]["responseTemplates"]["application/json"])

    assert body["type"] == "/problems#RATE_EXCEEDED"


class ApiGateway:
    """Its gateway responses of one API, and which were put."""

    def __init__(self, answers: dict[str, Any]) -> None:
        self.answers = answers
        self.put: list[str] = []

    def get_gateway_responses(self, restApiId: str) -> Any:  # noqa: N803
        return {"items": [{"responseType": kind, "extra": 1, **answer} for kind, answer in self.answers.items()]}

    def put_gateway_response(self, restApiId: str, responseType: str, **answer: Any) -> None:  # noqa: N803
        self.answers[responseType] = answer
        self.put.append(responseType)


def test_what_the_document_brought_is_left_alone() -> None:
    gateway: Any = ApiGateway(gateway_responses.document(URL))

    assert not gateway_responses.apply(gateway, "api", URL)
    assert gateway.put == []


def test_after_the_first_deployment_problems_name_the_apis_address() -> None:
    gateway: Any = ApiGateway(gateway_responses.document(""))

    assert gateway_responses.apply(gateway, "api", URL)
    assert gateway.answers == gateway_responses.document(URL)


def test_pages_of_the_site_may_read_them_and_of_no_other_where_it_is_configured() -> None:
    gateway: Any = ApiGateway(gateway_responses.document(URL))
    name = "gatewayresponse.header.Access-Control-Allow-Origin"
    assert {answer["responseParameters"][name] for answer in gateway.answers.values()} == {"'*'"}

    assert gateway_responses.apply(gateway, "api", URL, "https://shop.test")
    assert {answer["responseParameters"][name] for answer in gateway.answers.values()} == {"'https://shop.test'"}
    assert not gateway_responses.apply(gateway, "api", URL, "https://shop.test")


def test_an_answer_that_is_missing_is_set() -> None:
    answers = gateway_responses.document(URL)
    del answers["THROTTLED"]
    gateway: Any = ApiGateway(answers)

    assert gateway_responses.apply(gateway, "api", URL)
    assert gateway.put == ["THROTTLED"]


def test_every_error_of_the_gateway_is_a_problem_of_the_list_with_a_request_id() -> None:
    assert len({problem.response_type for problem in gateway_responses.PROBLEMS}) == len(gateway_responses.PROBLEMS)
    for problem in gateway_responses.PROBLEMS:
        content = json.loads(gateway_responses.body(problem, "https://api.test"))
        assert content == {
            "type": problems.type_of(problem.code, "https://api.test"),
            "title": problem.title,
            "status": problems.PROBLEMS[problem.code].status,
            "detail": problem.detail,
            "requestId": "$context.requestId",
            "code": problem.code,
        }
        assert problem.status == content["status"]


def test_errors_of_the_gateway_have_the_headers_that_our_own_have() -> None:
    for problem in gateway_responses.PROBLEMS:
        given = {
            name.removeprefix("gatewayresponse.header."): value
            for name, value in gateway_responses.headers(problem).items()
        }
        shared = {**http.ON_ALL, **http.CORS.get_access_control_headers()}
        for name in shared.keys() - {"Access-Control-Allow-Headers", "Access-Control-Max-Age"}:
            assert given[name] == f"'{shared[name]}'", (problem.response_type, name)
        assert given["X-Correlation-Id"] == "context.requestId"
        assert ("Retry-After" in given) == (problem.status == 429)
        assert ("Allow" in given) == (problem.status == 405)
