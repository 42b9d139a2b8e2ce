"""The rights that a language model needs: to ask this one, and no other.

A model is named by BEDROCK_MODEL_ID: its own id, an inference profile's (which spreads the questions over regions), or
an ARN. https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-prereq.html"""

import re
from typing import Any

from infra.errors import Refusal
from infra.target import Target

# The regions that a profile of this prefix may send a question to.
_REGIONS = {
    "us": "us-*",
    "us-gov": "us-gov-*",
    "eu": "eu-*",
    "apac": "ap-*",
    "jp": "ap-northeast-*",
    "au": "ap-southeast-*",
    "ca": "ca-*",
    "global": "*",
}
_MODEL = re.compile(r"[a-z0-9-]+\.[a-z0-9.-]+(?::[a-z0-9]+)*")
_ARN = re.compile(r"arn:(aws[a-z-]*):bedrock:([a-z0-9-]*):(\d{12}|):([a-z-]+)/([A-Za-z0-9.:-]+)")
_ASK = "bedrock:InvokeModel"  # which `converse` needs, too


def statements(model_id: str, target: Target) -> list[dict[str, Any]]:
    """What the API's policy says about the model; nothing without one. Refuses what can not name a model."""
    if not model_id:
        return []
    arn = _ARN.fullmatch(model_id)
    if arn:
        return _of_arn(model_id, arn[4], arn[5], target)
    if not _MODEL.fullmatch(model_id):
        raise Refusal(
            f"BEDROCK_MODEL_ID={model_id!r} names no model: give the id of a model or of an inference profile,"
            " or an ARN, as in `BEDROCK_MODEL_ID=eu.amazon.nova-micro-v1:0`."
        )
    if model_id.partition(".")[0] in _REGIONS:
        profile = f"arn:{target.partition}:bedrock:{target.region}:{target.account}:inference-profile/{model_id}"
        return [_ask(profile), _through(profile, model_id, target)]
    return [_ask(f"arn:{target.partition}:bedrock:{target.region}::foundation-model/{model_id}")]


def _of_arn(arn: str, kind: str, name: str, target: Target) -> list[dict[str, Any]]:
    """A profile needs the models behind it; one that was made in this account does not say which those are."""
    if kind == "inference-profile":
        return [_ask(arn), _through(arn, name, target)]
    if kind == "application-inference-profile":
        return [_ask(arn), _through(arn, "*.*", target)]
    return [_ask(arn)]


def _ask(arn: str) -> dict[str, Any]:
    return {"Sid": "AskModel", "Effect": "Allow", "Action": [_ASK], "Resource": arn}


def _through(profile: str, name: str, target: Target) -> dict[str, Any]:
    """The models in the profile's regions, when they are asked through it."""
    geography, _, model = name.partition(".")
    regions = [_REGIONS.get(geography, "*")]
    if geography == "global":
        regions = [target.region, ""]  # one without a region means any region that the question goes to
    models = [f"arn:{target.partition}:bedrock:{region}::foundation-model/{model}" for region in regions]
    return {
        "Sid": "AskModelThroughProfile",
        "Effect": "Allow",
        "Action": [_ASK],
        "Resource": models,
        "Condition": {"StringEquals": {"bedrock:InferenceProfileArn": profile}},
    }
