"""The right to ask a language model: this one, however it is named, and only where one was chosen."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from infra.deploy import chat_model, render
from infra.deploy.vendor import SDK_MODELS
from infra.errors import Refusal
from infra.paths import APP
from infra.target import Target

TARGET = Target("blue", "eu-central-1", "111122223333", "aws", None, boto3.Session("a", "b"))
NOVA = "amazon.nova-micro-v1:0"
HAIKU = "anthropic.claude-haiku-4-5-20251001-v1:0"


def asked(model_id: str) -> dict[str, Any]:
    """Resources by statement."""
    found = chat_model.statements(model_id, TARGET)
    assert all(one["Action"] == ["bedrock:InvokeModel"] and one["Effect"] == "Allow" for one in found)
    return {one["Sid"]: one["Resource"] for one in found}


def rendered(model_id: str) -> dict[str, Any]:
    return render.policies(
        APP / ".chalice", TARGET, {"UserPoolId": "eu-central-1_Ab12Cd34E"}, "a@b.example", "shop@example.com", model_id
    )


def test_without_a_model_nothing_may_be_asked() -> None:
    assert "bedrock" not in json.dumps(rendered(""))


def test_only_the_api_may_ask() -> None:
    may = [name for name, policy in rendered(NOVA).items() if "bedrock" in json.dumps(policy)]

    assert may == ["policy-api_handler.json"]


def test_a_model_is_asked_in_its_own_region() -> None:
    assert asked(NOVA) == {"AskModel": f"arn:aws:bedrock:eu-central-1::foundation-model/{NOVA}"}


@pytest.mark.parametrize(
    ("prefix", "regions"), [("eu", ["eu-*"]), ("us", ["us-*"]), ("apac", ["ap-*"]), ("global", ["eu-central-1", ""])]
)
def test_a_profile_opens_its_models_in_its_regions_through_it_alone(prefix: str, regions: list[str]) -> None:
    model_id = f"{prefix}.{HAIKU}"
    profile = f"arn:aws:bedrock:eu-central-1:111122223333:inference-profile/{model_id}"

    assert asked(model_id) == {
        "AskModel": profile,
        "AskModelThroughProfile": [f"arn:aws:bedrock:{region}::foundation-model/{HAIKU}" for region in regions],
    }
    through = chat_model.statements(model_id, TARGET)[1]
    assert through["Condition"] == {"StringEquals": {"bedrock:InferenceProfileArn": profile}}


@pytest.mark.parametrize(
    "arn",
    [
        f"arn:aws:bedrock:us-east-1::foundation-model/{NOVA}",
        "arn:aws:bedrock:us-east-1:111122223333:provisioned-model/abc123",
        "arn:aws:bedrock:us-east-1:111122223333:imported-model/abc123",
    ],
)
def test_an_arn_stands_for_itself(arn: str) -> None:
    assert asked(arn) == {"AskModel": arn}


def test_the_arn_of_a_profile_opens_the_models_behind_it() -> None:
    made_by_aws = f"arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.{NOVA}"
    made_here = "arn:aws:bedrock:eu-west-1:111122223333:application-inference-profile/abc123"

    assert asked(made_by_aws)["AskModelThroughProfile"] == [f"arn:aws:bedrock:eu-*::foundation-model/{NOVA}"]
    assert asked(made_here)["AskModelThroughProfile"] == ["arn:aws:bedrock:*::foundation-model/*"]


@pytest.mark.parametrize(
    "model_id", ["*", "nova", "a b.c", "arn:aws:s3:::bucket/x", "arn:aws:bedrock:*:*:*", "x.y*", "\n"]
)
def test_what_names_no_model_is_refused_before_anything_is_deployed(model_id: str) -> None:
    with pytest.raises(Refusal, match="BEDROCK_MODEL_ID"):
        chat_model.statements(model_id, TARGET)


def test_the_package_has_the_sdks_part_for_it() -> None:
    assert "bedrock-runtime" in SDK_MODELS
