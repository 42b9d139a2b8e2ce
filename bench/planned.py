"""`python -m bench.planned FOLDER STAGE`: what `chalice deploy` would make for a staged app, as JSON; nothing is packed
and no AWS is called.

In a process of its own: Chalice imports the app, with the stage's variables in its environment."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

_NO_PACKAGE = "deployment.zip"


@dataclass(frozen=True)
class Planned:
    """The parts that AWS sets limits to."""

    functions: Mapping[str, Mapping[str, str]]
    """Environments by the functions' names."""
    roles: Mapping[str, Any]
    """Inline policies by the roles' names."""
    rules: tuple[str, ...]
    document: Mapping[str, Any]
    """The API's, as Chalice gives it to API Gateway."""


def planned(staged: Path, stage: str) -> Planned:
    """As the module's own process; the app is imported here."""
    from chalice.cli.factory import CLIFactory
    from chalice.deploy import models
    from chalice.deploy.appgraph import ApplicationGraphBuilder, DependencyBuilder
    from chalice.deploy.deployer import DeploymentPackager, create_build_stage
    from chalice.deploy.swagger import TemplatedSwaggerGenerator
    from chalice.utils import UI, OSUtils

    config = CLIFactory(str(staged)).create_config_obj(chalice_stage_name=stage)
    application = ApplicationGraphBuilder().build(config, stage)
    resources = DependencyBuilder().build_dependencies(application)
    build = create_build_stage(OSUtils(), UI(), TemplatedSwaggerGenerator(), config)
    build._steps = [step for step in build._steps if not isinstance(step, DeploymentPackager)]
    build.execute(config, resources)
    [api] = [one for one in resources if isinstance(one, models.RestAPI)]
    events = (models.ScheduledEvent, models.CloudWatchEvent)
    return Planned(
        {one.function_name: one.environment_variables for one in resources if isinstance(one, models.LambdaFunction)},
        {one.role_name: one.policy.document for one in resources if isinstance(one, models.ManagedIAMRole)},
        tuple(one.rule_name for one in resources if isinstance(one, events)),
        cast(dict[str, Any], api.swagger_doc),
    )


def _jsonable(value: Any) -> str:
    """Chalice leaves names of variables in the document where AWS tells it the ARN only later."""
    return str(getattr(value, "template", value))


def main(arguments: list[str]) -> None:
    folder, stage = Path(arguments[0]), arguments[1]
    config = json.loads((folder / ".chalice" / "config.json").read_text(encoding="utf-8"))
    os.environ.update(config["stages"][stage]["environment_variables"])
    found = planned(folder, stage)
    json.dump(vars(found), sys.stdout, default=_jsonable)


if __name__ == "__main__":
    main(sys.argv[1:])
