"""A stage with the longest name has room left in everything that AWS limits: `python -m bench.limits` shows it all."""

from __future__ import annotations

from pathlib import Path

import pytest

from bench import limits
from bench.limits import Limit
from infra.deploy import settings_check
from infra.paths import TEMPLATES
from tests.packaging.cloudformation import load

MEASURED = {
    *("template alarms.yaml", "resources.yaml: resources", "resources.yaml: outputs", "state machine's definition"),
    *("name of an AWS::S3::Bucket", "name of an AWS::SQS::Queue", "name of one of Chalice's rules"),
    *("environment of a function", "policies of orderproc-…-api_handler", "policy of a function"),
    *("paths of the API, with those between", "document of the API", "description of an alarm"),
}
"""Some of each kind: a measure that finds nothing would find room, too."""


@pytest.fixture(scope="module")
def measured() -> dict[str, Limit]:
    return {limit.name: limit for limit in limits.measure()}


def test_nothing_uses_more_than_nine_tenths_of_its_limit(measured: dict[str, Limit]) -> None:
    assert [str(limit) for limit in measured.values() if limit.share > limits.MOST] == []


def test_a_function_has_room_for_all_the_texts_that_a_deployer_may_choose(measured: dict[str, Limit]) -> None:
    chosen = sum(len(limits.CHOSEN.get(name, "").encode()) for name in settings_check.TEXTS)
    without = measured["environment of a function"].used - chosen

    assert without + settings_check.ROOM_FOR_TEXTS <= measured["environment of a function"].most


def test_everything_that_is_limited_is_measured(measured: dict[str, Limit]) -> None:
    assert measured.keys() >= MEASURED
    assert {f"template {path.name}" for path in TEMPLATES.glob("*.yaml")} <= measured.keys()
    assert [name for name in MEASURED if measured[name].used == 0] == []


def test_it_measures_what_has_been_measured_by_hand(measured: dict[str, Limit]) -> None:
    """Of names, whose length is easily counted."""
    assert measured["name of an AWS::S3::Bucket"].used == len(f"orderproc-{'s' * 20}-documents-{'1' * 12}")
    assert measured["name of one of Chalice's rules"].used == len(f"orderproc-{'s' * 20}-publish_metrics-event")


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("*.yaml")), ids=lambda path: path.name)
def test_every_name_with_the_stage_in_it_is_among_the_limits(path: Path) -> None:
    for logical, resource in load(path)["Resources"].items():
        named = [
            key
            for key, value in resource.get("Properties", {}).items()
            if key.endswith("Name") and isinstance(value, dict) and "${Stage}" in str(value.get("Fn::Sub"))
        ]

        assert not named or named == [limits.NAMES[resource["Type"]][0]], logical


def test_a_limit_that_is_nearly_reached_is_over() -> None:
    [full, empty] = limits.shown([Limit("one", 91, 100, "bytes"), Limit("another", 90, 100, "bytes")])

    assert (full.within, empty.within) == (False, True)


def test_the_lease_of_an_export_ends_after_its_function_does() -> None:
    """Else two processes could write the same part."""
    from chalicelib.exports.write import LEASE

    from infra.deploy.deploy import tracked_config

    timeout = tracked_config()["stages"]["local"]["lambda_functions"]["write_export"]["lambda_timeout"]

    assert timeout < LEASE <= 900  # a message can't be sent for later than that
