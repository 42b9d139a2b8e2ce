"""What the report is about, and which version made it."""

import subprocess
from dataclasses import dataclass
from datetime import datetime

import boto3

from infra.deploy import tags
from infra.deploy.terraform import remote
from infra.evidence.kinds import Survey
from infra.evidence.reading import Reader
from infra.paths import ROOT
from infra.target import Target


@dataclass(frozen=True)
class About:
    """The head of the report. `account` is masked."""

    stage: str
    account: str
    region: str
    endpoint: str
    made_at: datetime
    deployment: str
    made_by: str
    commit: str
    boto3: str


def about(reader: Reader, survey: Survey, now: datetime) -> About:
    """From the stage's tags, and this checkout."""
    target = reader.target
    deployment = ""
    for found in survey.looks["Functions"][:1]:
        answer = reader.call("Versions", "lambda", "list_tags", Resource=found.raw["FunctionArn"])
        deployment = answer.get("Tags", {}).get(tags.DEPLOYMENT, "")
    return About(
        target.stage,
        masked(target.account),
        target.region,
        "a local cloud" if target.is_emulator else target.endpoint_url or "AWS",
        now,
        deployment,
        _made_by(target, survey),
        commit(),
        boto3.__version__,
    )


def _made_by(target: Target, survey: Survey) -> str:
    """As what it left tells: a bucket for Terraform's state, or stacks."""
    if remote.bucket(target) in {found.name for found in survey.looks["Buckets"]}:
        return "Terraform"
    return "CloudFormation" if survey.looks["CloudFormation stacks"] else "neither Terraform nor CloudFormation"


def masked(account: str) -> str:
    """Its last four digits: enough to tell one's own accounts apart."""
    return f"…{account[-4:]}"


def commit() -> str:
    """Of this checkout, with a word if it was changed; empty without git."""
    try:
        done = subprocess.run(
            ["git", "describe", "--always", "--dirty=, with uncommitted changes", "--abbrev=12", "--exclude=*"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
            timeout=10,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()
