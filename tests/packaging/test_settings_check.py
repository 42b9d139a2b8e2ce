"""Each wrong setting is a sentence of its own, all of them are said at once, and before anything is changed."""

import os
from typing import Any

import boto3
import pytest

from infra.deploy import deploy, settings_check, templates
from infra.errors import Refusal
from infra.progress import Steps
from infra.target import Target

LOCAL = "http://127.0.0.1:1"


def target(endpoint_url: str | None = None) -> Target:
    """Nothing answers there: whoever asked would fail otherwise than by a refusal."""
    return Target("blue", "eu-central-1", "111122223333", "aws", endpoint_url, boto3.Session("a", "b"))


@pytest.fixture(autouse=True)
def _nothing_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in set(os.environ) - {"PATH", "HOME"}:
        monkeypatch.delenv(name)
    monkeypatch.setenv("MAIL_SENDER", "orders@your.shop")


def told(monkeypatch: pytest.MonkeyPatch, **given: str) -> list[str]:
    """The sentences, without the last one."""
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(Refusal) as refusal:
        settings_check.check(target(), deploy.tracked_config())
    *found, last = str(refusal.value).split("\n")
    assert last == "Nothing was changed."
    return found


@pytest.mark.parametrize("endpoint_url", [None, LOCAL])
def test_what_is_tracked_and_the_templates_defaults_are_right(endpoint_url: str | None) -> None:
    settings_check.check(target(endpoint_url), deploy.tracked_config())


def test_what_may_be_chosen_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {
        "MAIL_IDENTITY": "your.shop",
        "DEFAULT_CURRENCY": "JPY",
        "SHOP_TIME_ZONE": "Asia/Tokyo",
        "LOG_RETENTION_DAYS": "90",
        "ACCESS_LOGS": "addresses",
        "CATALOGUE_CACHE_SECONDS": "30",
        "ACCESS_LOG_RETENTION_DAYS": "3653",
        "MAX_RECEIVES": "8",
        "ALARM_EMAIL": "on.call@your.shop",
        "STAFF_MFA": "OPTIONAL",
        "DOCUMENTS_KEPT_DAYS": "0",
        "BACKUPS_KEPT_DAYS": "365",
        "PUBLIC_RATE": "900",
        "TRACING": "false",
        "METRICS_PROFILE": "full",
        "BEDROCK_MODEL_ID": "eu.amazon.nova-micro-v1:0",
        "RUNBOOK_URL": "https://wiki.your.shop/runbook",
        "PUBLIC_URL": "https://api.your.shop/v1/",
        "SHOP_NAME": "東京の店",
    }.items():
        monkeypatch.setenv(name, value)

    settings_check.check(target(), deploy.tracked_config())


WRONG = {
    "METRICS_PROFILE": "ful",
    "DEFAULT_CURRENCY": "EURO",
    "SHOP_TIME_ZONE": "Europe",
    "GIVE_UP_AFTER_SECONDS": "1h",
    "MAIL_SENDER": "Your Shop <orders@your.shop>",
    "PUBLIC_URL": "api.your.shop",
    "LOG_LEVEL": "LOUD",
    "BEDROCK_MODEL_ID": "gpt",
    "TRACING": "yes",
    "PUBLIC_RATE": "many",
    "RUNBOOK_URL": "wiki",
    "MAX_RECEIVES": "3",
    "LOG_RETENTION_DAYS": "10",
    "ACCESS_LOGS": "yes",
    "CONCURRENCY_LIMITS": "0",
    "API_WARM": "some",
    "API_WARM_HOURS": "8-20",
    "CATALOGUE_CACHE_SECONDS": "1m",
    "ACCESS_LOG_RETENTION_DAYS": "0",
    "STAFF_MFA": "ON",
    "DOCUMENTS_KEPT_DAYS": "never",
    "BACKUPS_KEPT_DAYS": "0",
    "DELETION_PROTECTION": "yes",
    "WORKFLOW_TYPE": "FAST",
    "ALARM_EMAIL": "oncall",
}


@pytest.mark.parametrize(("name", "value"), WRONG.items())
def test_each_wrong_setting_is_one_sentence(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    (found,) = told(monkeypatch, **{name: value})

    assert found.startswith((f"{name} is {value!r}", f"{name}={value!r}"))
    assert found.endswith((".", "`."))


def test_all_of_them_are_said_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(told(monkeypatch, **WRONG)) == len(WRONG)


def test_texts_that_fit_alone_may_be_too_long_together(monkeypatch: pytest.MonkeyPatch) -> None:
    url = "https://" + "a" * 50 + ".example/"
    texts = {"SHOP_ADDRESS": "東" * 250, "SHOP_URL": url + "x" * 100, "PUBLIC_URL": url}

    (found,) = told(monkeypatch, **texts)

    assert "bytes together, but must be 900 at most" in found


def test_without_a_sender_nothing_else_is_left_unsaid(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MAIL_SENDER")

    missing, other = told(monkeypatch, METRICS_PROFILE="ful")

    assert missing.startswith("MAIL_SENDER is not set: name the address")
    assert other.startswith("METRICS_PROFILE")


@pytest.mark.parametrize("identity", ["other.shop", "shop", "notyour.shop", "someone@your.shop", "*", "your.shop/x"])
def test_functions_can_not_send_as_another_identity(monkeypatch: pytest.MonkeyPatch, identity: str) -> None:
    (found,) = told(monkeypatch, MAIL_IDENTITY=identity)

    assert found.startswith(f"MAIL_IDENTITY is {identity!r}")


@pytest.mark.parametrize("identity", ["your.shop", "orders@your.shop"])
def test_an_identity_may_be_the_senders_domain_or_address(monkeypatch: pytest.MonkeyPatch, identity: str) -> None:
    monkeypatch.setenv("MAIL_IDENTITY", identity)

    settings_check.check(target(), deploy.tracked_config())


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("DEFAULT_CURENCY", "DEFAULT_CURRENCY"), ("MAX_RECIEVES", "MAX_RECEIVES"), ("PUBLIC_URI", "PUBLIC_URL")],
)
def test_a_misspelt_name_is_told_the_right_one(monkeypatch: pytest.MonkeyPatch, typed: str, meant: str) -> None:
    (found,) = told(monkeypatch, **{typed: "x"})

    assert found.startswith(f"{typed} is no setting: {meant} is one.")


def test_a_setting_that_was_renamed_is_told_its_new_name(monkeypatch: pytest.MonkeyPatch) -> None:
    (found,) = told(monkeypatch, INSPECTION_MARGIN_SECONDS="60")

    assert found == "INSPECTION_MARGIN_SECONDS is now RECONCILIATION_MARGIN_SECONDS: set that instead, and unset it."


@pytest.mark.parametrize("name", ["LOGLEVEL", "STAGE_NAME", "SHOP_HOME", "AWS_DEFAULT_REGION", "MAIL", "PUBLIC"])
def test_variables_of_others_are_left_alone(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "x")

    settings_check.check(target(), deploy.tracked_config())


@pytest.mark.parametrize("given", ["deploy", "deploy_functions"])
def test_nothing_is_made_with_a_wrong_setting(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    def untouched(*_: Any, **__: Any) -> Any:
        raise AssertionError("something was changed")

    monkeypatch.setenv("METRICS_PROFILE", "ful")
    monkeypatch.setattr(templates, "apply", untouched)
    monkeypatch.setattr(deploy, "vendored_for", untouched)
    ways: dict[str, Any] = {
        "deploy": lambda: deploy.deploy(target(), Steps(quiet=True)),
        "deploy_functions": lambda: deploy.deploy_functions(target(), Steps(quiet=True), {}),
    }

    with pytest.raises(Refusal, match="METRICS_PROFILE is 'ful'"):
        ways[given]()


def test_every_parameter_that_may_be_chosen_has_a_rule() -> None:
    for template, choosable in templates.CHOOSABLE.items():
        for name in choosable:
            rule = templates.declared(template)[name]
            bounded = rule["Type"] == "Number" and {"MinValue", "MaxValue"} <= rule.keys()
            assert bounded or rule.keys() & {"AllowedValues", "AllowedPattern"}, name
