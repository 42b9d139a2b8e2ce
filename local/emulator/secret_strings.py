"""Secrets that CloudFormation generates: MiniStack passes over `ExcludePunctuation`, so that they could not be pasted
into a shell, where a `>` in one writes a file, as on AWS they can
(https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-secretsmanager-secret-generatesecretstring.html).
"""

import string
from typing import Any


def install() -> None:
    """Generate secrets as their templates say."""
    from ministack.services.cloudformation import provisioners

    generated = provisioners._sm_secret_string
    provisioners._sm_secret_string = lambda props: generated(as_meant(props))


def as_meant(properties: dict[str, Any]) -> dict[str, Any]:
    """The same properties of a secret, in the one that MiniStack knows."""
    rules = properties.get("GenerateSecretString")
    if not rules or str(rules.get("ExcludePunctuation", "")).lower() != "true":
        return properties
    excluded = rules.get("ExcludeCharacters", "") + string.punctuation
    return {**properties, "GenerateSecretString": {**rules, "ExcludeCharacters": excluded}}
