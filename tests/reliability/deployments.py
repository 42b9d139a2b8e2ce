"""Deployments and destructions of a small app, one trigger of each kind, that die where they are told to. All but the
app is real: the templates, `chalice deploy`, what is done around it, on the emulator."""

from __future__ import annotations

import json
import multiprocessing
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from infra.backups import standstill
from infra.deploy import deploy, destroy, destroy_plan, names, ownership, post_deploy, verify
from infra.paths import APP
from infra.progress import Steps
from infra.target import Target
from tests.reliability.dying import dying

FUNCTIONS = ("api_handler", "process_orders", "mail_receipt", "housekeeper", "count_orders")
_APP = """
import os
from chalice import Chalice, Rate

app = Chalice(app_name=f"orderproc-{os.environ['STAGE']}")

@app.route("/health")
def health():
    return {"status": "ok"}

@app.on_sqs_message(queue=os.environ["ORDER_QUEUE_URL"].rpartition("/")[2])
def process_orders(event): ...

@app.on_s3_event(bucket=os.environ["DOCUMENTS_BUCKET"], events=["s3:ObjectCreated:*"], prefix="receipts/")
def mail_receipt(event): ...

@app.schedule(Rate(1, unit=Rate.MINUTES))
def housekeeper(event): ...

@app.on_dynamodb_record(os.environ["ORDERS_STREAM_ARN"], starting_position="TRIM_HORIZON")
def count_orders(event): ...
"""


class SmallStage:
    """A stage of the small app; `folder` is where it is built."""

    def __init__(self, target: Target, folder: Path) -> None:
        self.target = target
        self._build = folder / "build"
        self._app = folder / "app"
        self._vendored = folder / "vendored"
        self._struck = folder / "struck"
        self._struck.parent.mkdir(parents=True, exist_ok=True)
        self._struck.touch()
        self._lay_out()

    def deploy(self, *, dies: bool = False, with_parent: bool = True) -> int | None:
        """In a process of its own; its exit status. Chalice, a process of its own as well, dies with its parent or
        alone."""
        if not with_parent:
            os.environ["ORDERPROC_DIES_ALONE"] = "true"
        try:
            return self._run(lambda: deploy.deploy(self.target, Steps(quiet=True), build=self._build), dies=dies)
        finally:
            os.environ.pop("ORDERPROC_DIES_ALONE", None)

    def destroy(self, *, dies: bool = False) -> int | None:
        """Likewise; not 0 if something is left. One that died after its last call is not repeated: it would refuse."""
        return self._run(self._destroy, dies=dies)

    def run(self, act: Callable[[], object], *, dies: bool = False) -> int | None:
        """Anything else, likewise."""
        return self._run(act, dies=dies)

    def dies_not_after(self, *kinds: str) -> None:
        """These kinds of calls are as if something had died after them already."""
        with self._struck.open("a", encoding="utf-8") as file:
            file.writelines(f"{kind}\n" for kind in kinds)

    def until_whole(self, act: Callable[..., int | None]) -> list[str]:
        """Let it die after the first call of each kind, and repeat it each time, until it comes through; returns the
        kinds."""
        self._struck.write_text("")
        for _ in range(400):
            before = self._struck.read_text()
            status = act(dies=True)
            if self._struck.read_text() == before:
                assert status == 0, f"Repeated after {before.splitlines()[-1:]}, it failed: look at what it printed."
                return before.splitlines()
        raise AssertionError("It dies again and again.")

    def _run(self, act: Callable[[], object], *, dies: bool) -> int | None:
        process = multiprocessing.get_context("fork").Process(target=self._in_child, args=(act, dies))
        process.start()
        process.join()
        return process.exitcode

    def _in_child(self, act: Callable[[], object], dies: bool) -> None:
        """This process is a copy of the tests' own, so that what is replaced here is replaced here alone."""
        tracked: dict[str, Any] = json.loads((self._app / ".chalice" / "config.json").read_text())
        for module in (deploy, destroy, destroy_plan, standstill):
            module.tracked_config = lambda: tracked  # type: ignore[attr-defined]
        deploy.APP = self._app  # type: ignore[attr-defined]
        deploy.vendored_for = lambda *_: self._vendored
        post_deploy.FUNCTIONS = FUNCTIONS  # type: ignore[assignment]
        post_deploy.KNOW_THE_URL = ("api_handler",)  # type: ignore[assignment]
        post_deploy.IMPORTS = ()  # type: ignore[assignment]
        verify.triggers = lambda *_: None  # of the whole app; the tests look at these
        if dies:
            os.environ["ORDERPROC_STRUCK"] = str(self._struck)
            os.environ["PYTHONPATH"] = str(Path(dying.__file__).parent)
            dying.install()
        act()

    def _destroy(self) -> None:
        if ownership.find(self.target, names.planned(self.target, deploy.tracked_config())):
            left = destroy.destroy(self.target, Steps(quiet=True))
            assert left == []

    def _lay_out(self) -> None:
        chalice = self._app / ".chalice"
        chalice.mkdir(parents=True)
        (self._app / "chalicelib").mkdir()
        (self._app / "chalicelib" / "__init__.py").write_text("")
        self._vendored.mkdir()
        (self._app / "app.py").write_text(_APP)
        tracked = deploy.tracked_config()
        stage = tracked["stages"]["local"]
        stage["lambda_functions"] = {name: stage["lambda_functions"][name] for name in FUNCTIONS}
        (chalice / "config.json").write_text(json.dumps({**tracked, "stages": {"local": stage}}))
        for name in FUNCTIONS:
            (chalice / f"policy-{name}.json").write_text((APP / ".chalice" / f"policy-{name}.json").read_text())
