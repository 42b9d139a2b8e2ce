"""Where a stage goes: which account, region and endpoint, as the environment's credentials name them."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlparse

import boto3
from botocore.config import Config
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    EndpointConnectionError,
    NoCredentialsError,
    ProfileNotFound,
)

from infra.errors import Refusal

if TYPE_CHECKING:
    from mypy_boto3_apigateway.client import APIGatewayClient
    from mypy_boto3_cloudformation.client import CloudFormationClient
    from mypy_boto3_events.client import EventBridgeClient
    from mypy_boto3_iam.client import IAMClient
    from mypy_boto3_lambda.client import LambdaClient
    from mypy_boto3_logs.client import CloudWatchLogsClient
    from mypy_boto3_s3.client import S3Client

STAGE_NAME = re.compile(r"[a-z][a-z0-9]{0,19}")
API_STAGE = "api"
EDGE_REGION = "us-east-1"
_CONFIG = Config(
    connect_timeout=5,
    read_timeout=60,
    retries={"mode": "standard", "total_max_attempts": 5},
    signature_version="v4",
)
_S3_CONFIG = _CONFIG.merge(Config(signature_version="s3v4", s3={"addressing_style": "path"}))


def check_stage_name(stage: str) -> str:
    """The name itself; refuses what could not be part of every resource's name."""
    if not STAGE_NAME.fullmatch(stage):
        raise Refusal(
            f"'{stage}' cannot be a stage's name: use a letter, then up to 19 lower-case letters or digits,"
            " as in STAGE=test."
        )
    return stage


def _client(service: str) -> Any:
    return cached_property(lambda target: target.client(service))


@dataclass(frozen=True)
class Target:
    """One stage in one account and region. `endpoint_url` is None for AWS itself."""

    stage: str
    region: str
    account: str
    partition: str
    endpoint_url: str | None
    session: boto3.Session
    deployment: str = ""
    """The id of the stage's deployment, as `infra.deploy.ownership` found or chose it; empty before."""
    site_endpoint: str | None = None
    """Where an emulator serves the stage's site; None for AWS, where the distribution's own name leads to it."""
    home: str = ""
    """The stage's region, if this is another one."""

    @property
    def prefix(self) -> str:
        """What the name of everything in the stage begins with, without the dash."""
        return f"orderproc-{self.stage}"

    @property
    def tags(self) -> dict[str, str]:
        """What everything of the stage is tagged with."""
        return {
            "orderproc:stage": self.stage,
            "orderproc:region": self.home or self.region,
            "orderproc:deployment": self.deployment,
        }

    @property
    def is_emulator(self) -> bool:
        """Whether the endpoint is on this machine, so that functions run here and not in Lambda."""
        host = urlparse(self.endpoint_url or "").hostname
        return host in ("127.0.0.1", "localhost", "::1")

    def api_url(self, rest_api_id: str) -> str:
        """The API's address, without a slash at its end."""
        if self.endpoint_url:
            return f"{self.endpoint_url}/restapis/{rest_api_id}/{API_STAGE}/_user_request_"
        suffix = "amazonaws.com.cn" if self.partition == "aws-cn" else "amazonaws.com"
        return f"https://{rest_api_id}.execute-api.{self.region}.{suffix}/{API_STAGE}"

    def at_edge(self) -> Target:
        """Where CloudFront looks for what belongs to a distribution, as part of the same stage."""
        return self if self.region == EDGE_REGION else replace(self, region=EDGE_REGION, home=self.region)

    def site_url(self, domain: str) -> str:
        """The site's address, without a slash at its end; `domain` is the distribution's."""
        return self.site_endpoint or f"https://{domain}"

    cloudformation: ClassVar[cached_property[CloudFormationClient]] = _client("cloudformation")
    apigateway: ClassVar[cached_property[APIGatewayClient]] = _client("apigateway")
    functions: ClassVar[cached_property[LambdaClient]] = _client("lambda")
    events: ClassVar[cached_property[EventBridgeClient]] = _client("events")
    iam: ClassVar[cached_property[IAMClient]] = _client("iam")
    logs: ClassVar[cached_property[CloudWatchLogsClient]] = _client("logs")
    s3: ClassVar[cached_property[S3Client]] = _client("s3")

    def client(self, service: Any) -> Any:
        """Of any other service, where the stage is."""
        config = _S3_CONFIG if service == "s3" else _CONFIG
        return self.session.client(service, region_name=self.region, endpoint_url=self.endpoint_url, config=config)

    def environment(self) -> dict[str, str]:
        """This process's environment, completed so that a child reaches the same account, region and
        endpoint.
        """
        env = dict(os.environ, AWS_DEFAULT_REGION=self.region, AWS_REGION=self.region)
        credentials = self.session.get_credentials()
        if self.endpoint_url and credentials:
            frozen = credentials.get_frozen_credentials()
            env["AWS_ENDPOINT_URL"] = self.endpoint_url
            env["AWS_ACCESS_KEY_ID"] = frozen.access_key or ""
            env["AWS_SECRET_ACCESS_KEY"] = frozen.secret_key or ""
        return env


def connect(
    stage: str,
    *,
    profile: str | None = None,
    session: boto3.Session | None = None,
    endpoint_url: str | None = None,
    site_endpoint: str | None = None,
) -> Target:
    """Find out whose account this is; refuses a wrong stage name, two regions, missing credentials, a dead endpoint.
    Without a session the environment says where, and the profile, if one is named."""
    check_stage_name(stage)
    try:
        region = session.region_name if session else _region_of_environment(profile)
        session = session or boto3.Session(profile_name=profile, region_name=region)
        endpoint_url = endpoint_url or os.environ.get("AWS_ENDPOINT_URL") or None
        if not region:
            raise Refusal("No AWS region is set: say AWS_DEFAULT_REGION=… (or AWS_PROFILE=…) in front of the command.")
        sts = session.client("sts", region_name=region, endpoint_url=endpoint_url, config=_CONFIG)
        arn = sts.get_caller_identity()["Arn"]
    except (NoCredentialsError, ProfileNotFound) as error:
        raise Refusal(
            "No AWS credentials were found: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY,"
            " or use `make run` for a cloud on this machine."
        ) from error
    except EndpointConnectionError as error:
        if endpoint_url is None:
            raise Refusal(f"AWS does not answer in {region}: check the region's name and the network.") from error
        raise Refusal(
            f"Nothing answers at {endpoint_url}: start the local cloud with `make run`, or unset AWS_ENDPOINT_URL."
        ) from error
    except ClientError as error:
        raise Refusal(f"AWS refuses these credentials ({error.response['Error']['Code']}): sign in again.") from error
    except BotoCoreError as error:
        raise Refusal(f"AWS cannot be reached: {error} Check AWS_PROFILE, AWS_ENDPOINT_URL and the network.") from error
    _, partition, _, _, account, _ = arn.split(":", 5)
    return Target(stage, region, account, partition, endpoint_url, session, site_endpoint=site_endpoint)


def _region_of_environment(profile: str | None) -> str | None:
    """boto3 does not look at AWS_REGION, the AWS CLI prefers it: where two places disagree, a person must say."""
    named = {name: os.environ[name] for name in ("AWS_REGION", "AWS_DEFAULT_REGION") if os.environ.get(name)}
    if not named.get("AWS_DEFAULT_REGION") and (of_profile := boto3.Session(profile_name=profile).region_name):
        named[f"the profile {profile or os.environ.get('AWS_PROFILE') or 'default'}"] = of_profile
    if len(set(named.values())) > 1:
        said = ", ".join(f"{name} says {region}" for name, region in named.items())
        raise Refusal(f"Which region is meant? {said}. Set AWS_REGION and AWS_DEFAULT_REGION to the same one.")
    return next(iter(named.values()), None)
