"""Logs Insights of the local cloud as a caller sees it."""

from __future__ import annotations

import json
import time
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.contract import engines

GROUP = "/aws/lambda/asked"


@pytest.fixture(scope="module")
def logs(ministack: str) -> Any:
    client = engines.client("logs", ministack)
    client.create_log_group(logGroupName=GROUP)
    client.create_log_stream(logGroupName=GROUP, logStreamName="one")
    lines = [{"level": "ERROR", "step": "charge"}, {"level": "INFO", "step": "charge"}, {"level": "INFO"}]
    now = int(time.time() * 1000)
    events = [{"timestamp": now, "message": json.dumps(line)} for line in lines]
    client.put_log_events(logGroupName=GROUP, logStreamName="one", logEvents=events)
    return client


def start(logs: Any, query: str) -> str:
    now = int(time.time())
    asked = logs.start_query(logGroupNames=[GROUP], startTime=now - 60, endTime=now + 60, queryString=query)
    return str(asked["queryId"])


def test_a_query_groups_and_counts_the_fields_of_json_lines(logs: Any) -> None:
    name = start(logs, "filter ispresent(step) | stats count(*) as lines by level | sort level")

    found = logs.get_query_results(queryId=name)

    rows = [{cell["field"]: cell["value"] for cell in row} for row in found["results"]]
    assert found["status"] == "Complete"
    assert rows == [{"level": "ERROR", "lines": "1"}, {"level": "INFO", "lines": "1"}]
    assert found["statistics"]["recordsScanned"] == 3


def test_a_query_that_is_wrong_is_refused(logs: Any) -> None:
    with pytest.raises(ClientError, match="MalformedQueryException"):
        start(logs, "filter level = ")
