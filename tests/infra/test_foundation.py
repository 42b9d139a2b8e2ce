"""A stage is made by CloudFormation or by Terraform, and both are given and give the same."""

import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml
from botocore.exceptions import ClientError

from infra.deploy import foundation, templates
from infra.deploy.terraform import binary, remote, workspace
from infra.deploy.terraform import foundation as by_terraform
from infra.errors import Refusal
from infra.paths import TEMPLATES
from tests.infra.test_site_deployment import ON_AWS


class _Loader(yaml.SafeLoader):
    """Reads over `!Ref` and the like."""


_Loader.add_multi_constructor("!", lambda *_: None)


def said(part: str, but: frozenset[str] = frozenset()) -> set[str]:
    """Of all templates, but of those."""
    found: set[str] = set()
    for path in TEMPLATES.glob("*.yaml"):
        if path.stem in but:
            continue
        found |= {*(yaml.load(path.read_text(encoding="utf-8"), _Loader).get(part) or ())}  # noqa: S506
    return found


def declared(kind: str) -> set[str]:
    """Of the root."""
    text = (workspace.SOURCES / f"{kind}s.tf").read_text(encoding="utf-8")
    return set(re.findall(rf'^{kind} "(\w+)"', text, re.MULTILINE))


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Says what made the stage."""

    def make(by: str) -> None:
        noted = {"deployment": "abc", "region": "eu-west-1", "parameters": {}, "workflow_types": ["STANDARD"]}
        monkeypatch.setattr(remote, "stage", lambda target: noted if by == "terraform" else None)
        monkeypatch.setattr(remote, "deployment", lambda target: "abc" if by == "terraform" else "")
        stacks = {"orderproc-prod": {}} if by == "cloudformation" else {}
        monkeypatch.setattr(templates, "own_stacks", lambda target: stacks)

    return make


@pytest.mark.parametrize("name", sorted(said("Outputs") | said("Parameters")))
def test_names_are_translated_there_and_back(name: str) -> None:
    assert by_terraform.in_cloudformation(by_terraform.in_terraform(name)) == name


def test_the_root_puts_out_what_the_stacks_put_out() -> None:
    outputs = {by_terraform.in_cloudformation(name) for name in declared("output")}

    assert outputs >= said("Outputs", templates.OPTIONAL) - {"CatalogueDomainName"}


def test_the_root_takes_what_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MAX_RECEIVES", "7")
    monkeypatch.setenv("DELETION_PROTECTION", "true")
    noted = {"parameters": by_terraform.parameters(ON_AWS), "workflow_types": ["EXPRESS", "STANDARD"]}

    given = by_terraform.variables(ON_AWS, noted)

    assert given.keys() <= declared("variable")
    assert (given["max_receives"], given["deletion_protection"]) == ("7", "true")
    assert given["kept_workflow_types"] == ["EXPRESS"]
    assert given["connect_origins"] == ""


def test_what_the_root_does_not_know_is_refused_before_anything_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(by_terraform, "declared", lambda: frozenset({"stage", "max_receives"}))
    by_terraform.refuse_unknown({"MaxReceives": "7"})

    with pytest.raises(Refusal, match="DELETION_PROTECTION is not there for a stage by Terraform yet"):
        by_terraform.refuse_unknown({"DeletionProtection": "true"})


def test_a_key_stays_for_what_it_encrypted_and_a_network_until_functions_left(monkeypatch: pytest.MonkeyPatch) -> None:
    on = {"CustomerKey": "true", "PrivateNetwork": "true"}
    off = by_terraform.kept({}, {"parameters": on})

    assert by_terraform.kept(on, {}) == []
    assert off == ["CustomerKey", "PrivateNetwork"]
    noted = {"parameters": {}, "workflow_types": [], "kept": off}
    given = by_terraform.variables(ON_AWS, noted)
    assert (given["keep_customer_key"], given["keep_private_network"]) == (True, True)

    applied: list[Any] = []
    monkeypatch.setattr(remote, "stage", lambda target: noted)
    monkeypatch.setattr(by_terraform.network, "wait_until_empty", lambda *_: True)
    monkeypatch.setattr(by_terraform, "_applied", lambda target, **said: applied.append(said))
    by_terraform.retire(ON_AWS, {})

    assert applied == [{"kept": ["CustomerKey"]}]
    assert by_terraform.kept({}, {"parameters": {}, "kept": ["CustomerKey"]}) == ["CustomerKey"]


def test_secrets_go_back_to_awss_key_when_the_stages_own_is_switched_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which Terraform's provider does not do, so that every plan listed them as changed."""
    keys = {"carrier": "arn:key", "links": ""}
    calls: list[str] = []
    deleted: dict[str, Any] = {}

    class Secrets:
        def describe_secret(self, SecretId: str) -> dict[str, Any]:  # noqa: N803
            if SecretId not in keys:
                raise ClientError({"Error": {"Code": "ResourceNotFoundException"}}, "DescribeSecret")
            return {"KmsKeyId": keys[SecretId], **deleted}

        def update_secret(self, SecretId: str, KmsKeyId: str) -> None:  # noqa: N803
            calls.append(SecretId)
            keys[SecretId] = KmsKeyId

    noted: dict[str, Any] = {"parameters": {"CustomerKey": "true"}}
    made = {"CarrierSecretArn": "carrier", "LinkSecretArn": "links"}
    monkeypatch.setattr(by_terraform.binary, "find", lambda target: None)
    for name in ("refuse_unstored", "make", "refuse_while_locked"):
        monkeypatch.setattr(workspace if name == "refuse_unstored" else remote, name, lambda *_: None)
    monkeypatch.setattr(remote, "stage", lambda target: noted)
    monkeypatch.setattr(remote, "note", lambda target, **more: noted.update(more) or noted)
    monkeypatch.setattr(by_terraform, "outputs", lambda target: made)
    monkeypatch.setattr(by_terraform, "_applied", lambda target: calls.append("applied") or made)
    monkeypatch.setattr(type(ON_AWS), "client", lambda self, name: Secrets())

    monkeypatch.setenv("CUSTOMER_KEY", "true")
    by_terraform.apply(ON_AWS)
    assert calls == ["applied"]

    monkeypatch.delenv("CUSTOMER_KEY")
    by_terraform.apply(ON_AWS)
    by_terraform.apply(ON_AWS)

    assert calls == ["applied", "carrier", "applied", "applied"]

    keys["links"], deleted["DeletedDate"] = "arn:key", "2026-11-29"
    del keys["carrier"]
    by_terraform.apply(ON_AWS)

    assert calls[4:] == ["applied"], "what was deleted by hand is Terraform's to make again"


def test_guards_are_called_as_their_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FIREWALL", "true")
    monkeypatch.setenv("CUSTOMER_KEY", "true")

    given = by_terraform.parameters(ON_AWS)

    assert (given["Firewall"], given["CustomerKey"]) == ("true", "true")
    assert "InUse" not in given


@pytest.mark.parametrize(("by", "other"), [("cloudformation", "terraform"), ("terraform", "cloudformation")])
def test_a_stage_stays_with_what_made_it(made: Any, by: str, other: str) -> None:
    made(by)

    assert foundation.made_by(ON_AWS) == by
    assert foundation.choose(ON_AWS) is foundation.choose(ON_AWS, by) is foundation.of(ON_AWS)
    with pytest.raises(Refusal, match=f"say IAC={by}, or leave IAC out. To change, destroy it first"):
        foundation.choose(ON_AWS, other)


def test_a_new_stage_is_made_by_what_is_named(made: Any) -> None:
    made("")

    assert foundation.choose(ON_AWS) is templates
    assert foundation.choose(ON_AWS, "terraform") is by_terraform
    with pytest.raises(Refusal, match="IAC is 'pulumi'"):
        foundation.choose(ON_AWS, "pulumi")


def test_a_choice_is_recalled(made: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = {"parameters": {"Stage": "prod", "MaxReceives": "7", "LogRetentionDays": "30"}}
    monkeypatch.setattr(remote, "stage", lambda target: noted)
    monkeypatch.setattr(templates, "defaults", lambda template: {"MaxReceives": "10", "LogRetentionDays": "30"})

    assert by_terraform.chosen(ON_AWS) == {"MAX_RECEIVES": "7"}


LOCKED = """╷
│ Error: Error acquiring the state lock
│
│ Error message: operation error S3: PutObject, https response error StatusCode: 412
│ Lock Info:
│   ID:        1b2c
│   Path:      orderproc-prod-terraform-123456789012/foundation.tfstate
│   Operation: OperationTypeApply
│   Who:       ann@desk
│   Version:   1.11.4
│   Created:   2026-11-29 11:00:00 UTC
│   Info:
╵
"""


def test_a_lock_says_whose_it_is_and_how_to_remove_it() -> None:
    said = binary.explain("apply", LOCKED, Path("x.log"))

    assert "by ann@desk since 2026-11-29 11:00:00 UTC" in said
    assert "aws s3 rm s3://orderproc-prod-terraform-123456789012/foundation.tfstate.tflock" in said


def test_a_failure_says_the_first_error() -> None:
    said = binary.explain(
        "apply",
        "aws_queue.a: Creating...\n╷\n│ Error: creating queue: AccessDenied\n│ \n│   with aws_queue.a,\n"
        "│   on main.tf line 2, in resource:\n╵\n╷\n│ Error: another\n╵\n",
        Path("x.log"),
    )

    assert said.startswith("`terraform apply` failed: creating queue: AccessDenied")
    assert "another" not in said


def test_an_interrupted_terraform_may_store_what_it_made(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As Ctrl-C does it: to both at once."""
    script = tmp_path / "terraform"
    script.write_text(
        "#!/bin/bash\ntrap 'sleep 0.5; echo saved > state; exit 1' INT\nsleep 0.3; kill -INT $PPID\n"
        "for i in {1..50}; do sleep 0.1; [ -e ../told ] && kill -INT $$; done\n"
    )
    script.chmod(0o755)
    monkeypatch.setenv("TERRAFORM", str(script))
    folder = tmp_path / "root"
    folder.mkdir()
    (tmp_path / "told").touch()

    with pytest.raises(KeyboardInterrupt):
        binary.run(ON_AWS, folder, "apply")

    assert (folder / "state").read_text() == "saved\n"


def _terraform(folder: Path, *lines: str) -> Path:
    """One that does what is said; returns the root that it runs in."""
    script = folder / "terraform"
    script.write_text("\n".join(("#!/bin/bash", *lines)) + "\n")
    script.chmod(0o755)
    root = folder / "root"
    root.mkdir()
    return root


def test_a_terraform_whose_deployment_was_killed_goes_on_to_its_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A pipe to the killed process would kill it at its next word, before it stores what it made."""
    root = _terraform(
        tmp_path, "kill -KILL $PPID; sleep 0.3", "echo 'aws_sqs_queue.a: made' || exit 1", "echo saved > state"
    )
    code = (
        "from pathlib import Path; from infra.deploy.terraform import binary;"
        f"from tests.infra.test_site_deployment import ON_AWS; binary.run(ON_AWS, Path({str(root)!r}), 'apply')"
    )
    subprocess.run(
        [sys.executable, "-c", code], env={**os.environ, "TERRAFORM": str(tmp_path / "terraform")}, check=False
    )

    until = time.monotonic() + 10
    while not (root / "state").exists() and time.monotonic() < until:
        time.sleep(0.05)

    assert (root / "state").read_text() == "saved\n"
    assert "aws_sqs_queue.a: made" in (tmp_path / "terraform-root.log").read_text()


def test_no_secret_of_a_plan_is_left_on_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`show -json` has sensitive values in clear."""
    plan = '{"resource_changes": [], "prior_state": {"value": "op_partner_secret"}}'
    root = _terraform(tmp_path, "case $1 in plan) echo secret > now.tfplan;;", f"show) echo '{plan}';; esac")
    monkeypatch.setenv("TERRAFORM", str(tmp_path / "terraform"))

    assert binary.changes(binary.planned(ON_AWS, root)) == {}

    assert [path.name for path in root.iterdir()] == []
    assert "secret" not in (tmp_path / "terraform-root.log").read_text()


def test_nothing_of_a_persons_own_settings_reaches_terraform(monkeypatch: pytest.MonkeyPatch) -> None:
    own = {"TF_VAR_stage": "other", "TF_WORKSPACE": "x", "TF_CLI_ARGS_destroy": "-target=a", "TF_DATA_DIR": "/data"}
    for name, value in own.items():
        monkeypatch.setenv(name, value)

    assert not own.keys() & binary.environment(ON_AWS).keys()
