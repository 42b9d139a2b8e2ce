"""What runs before a deployment is noted whole, outlives an interruption at any call, and is put back whole."""

import json
from typing import Any

import pytest

from infra.deploy import health, post_deploy, proof, state, versions
from infra.deploy.names import function
from infra.deploy.post_deploy import FUNCTIONS
from infra.errors import Refusal
from infra.progress import Steps
from infra.target import Target
from tests.packaging.stage_in_memory import API, BUCKET, Killed, StageInMemory
from tests.support.aws_stub import refused

URL = "https://api.test"


def noted(version: str = "old", choices: dict[str, Any] | None = None) -> StageInMemory:
    """A stage on which that version ran when a deployment began."""
    stage = StageInMemory()
    stage.run(version)
    state.put(stage.target, BUCKET, state.CHOICES, choices or {"SHOP_NAME": version})
    versions.note(stage.target, BUCKET, API)
    return stage


def replaced() -> tuple[StageInMemory, Any]:
    """A stage whose new version runs, and what ran before."""
    stage = noted()
    before = stage.version()
    stage.run("newer")
    state.put(stage.target, BUCKET, state.CHOICES, {"SHOP_NAME": "newer"})
    return stage, before


def calls_of(act: Any, stage: StageInMemory) -> int:
    stage.calls = 0
    act(stage)
    return stage.calls


def killed(stage: StageInMemory, at: int, act: Any) -> None:
    stage.calls, stage.deadline = 0, at
    with pytest.raises(Killed):
        act(stage)
    stage.deadline = None


def note(stage: StageInMemory) -> None:
    versions.note(stage.target, BUCKET, API)


def put_back(stage: StageInMemory) -> list[str]:
    return versions.put_back(stage.target, BUCKET)


def test_all_of_it_is_put_back() -> None:
    stage, before = replaced()

    assert put_back(stage) == []
    assert stage.version() == before
    assert state.load(stage.target, BUCKET, state.CHOICES) == {"SHOP_NAME": "old"}


def test_the_package_is_kept_once_and_only_until_the_new_version_is_proven() -> None:
    stage, _ = replaced()
    packages = [key for key in stage.objects if key.endswith(".zip")]
    versions.forget(stage.target, BUCKET)

    assert len(packages) == 1
    assert [key for key in stage.objects if "code" in key or "before" in key] == []


def test_what_did_not_change_is_left_alone() -> None:
    stage = noted()
    asked = [stage.update_function_code, stage.update_function_configuration]
    stage.update_function_code = stage.update_function_configuration = None  # type: ignore[assignment, method-assign]

    assert put_back(stage) == []
    assert asked


def test_a_function_that_the_new_version_does_not_have_is_named() -> None:
    stage, _ = replaced()
    del stage.functions["orderproc-blue-notify"]

    assert put_back(stage) == ["orderproc-blue-notify"]


@pytest.fixture
def _few_functions(monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them are treated alike."""
    monkeypatch.setattr(post_deploy, "FUNCTIONS", FUNCTIONS[:3])


@pytest.mark.usefixtures("_few_functions")
def test_noting_can_be_killed_at_each_call_and_repeated() -> None:
    _, wanted = replaced()
    calls = calls_of(note, _old())
    assert calls > 12
    for at in range(1, calls + 1):
        stage = _old()

        killed(stage, at, note)
        note(stage)

        stage.run("newer")
        put_back(stage)
        assert stage.version() == wanted, at


@pytest.mark.usefixtures("_few_functions")
def test_putting_back_can_be_killed_at_each_call_and_repeated() -> None:
    calls = calls_of(put_back, replaced()[0])
    assert calls > 12
    for at in range(1, calls + 1):
        stage, wanted = replaced()

        killed(stage, at, put_back)
        note(stage)  # as each deployment begins
        put_back(stage)

        assert stage.version() == wanted, at


def _old() -> StageInMemory:
    stage = StageInMemory()
    stage.run("old")
    return stage


def test_after_an_interrupted_deployment_what_ran_before_it_is_still_what_is_put_back() -> None:
    stage = noted()
    before = stage.version()
    for name in FUNCTIONS[:7]:
        stage.make(function(stage.target, name), "half")

    note(stage)
    stage.run("newer")
    put_back(stage)

    assert stage.version() == before


def test_a_first_deployment_that_was_interrupted_leaves_nothing_to_put_back() -> None:
    stage = StageInMemory()
    versions.note(stage.target, BUCKET, "")
    stage.run("half")

    versions.note(stage.target, BUCKET, API)

    assert not versions.is_noted(stage.target, BUCKET)


class Asked:
    """/health, which answers by the version of the API's function."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, stage: StageInMemory, works: set[str]) -> None:
        self.seconds = 0.0
        monkeypatch.setattr(Target, "api_url", lambda *_: URL)
        monkeypatch.setattr(health, "last_error", lambda _: "ImportError: no module named shop")
        judge = health.trouble

        def ask(url: str) -> health.Answer:
            assert url == f"{URL}/health"
            version = stage.functions["orderproc-blue"]["Environment"]["Variables"]["VERSION"]
            return health.Answer(200, "{}") if version in works else health.Answer(502, "<html>")

        monkeypatch.setattr(health, "trouble", lambda url: judge(url, ask, lambda: self.seconds, self.pause))

    def pause(self, seconds: float) -> None:
        self.seconds += seconds


def prove(stage: StageInMemory) -> None:
    proof.prove(stage.target, Steps(quiet=True), BUCKET, URL)


def test_a_version_that_answers_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, _ = replaced()
    Asked(monkeypatch, stage, {"newer"})
    after = stage.version()

    prove(stage)

    assert stage.version() == after
    assert state.load(stage.target, BUCKET, state.NOTE) is None


def test_a_version_that_does_not_is_taken_back_with_the_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, before = replaced()
    Asked(monkeypatch, stage, {"old"})

    with pytest.raises(Refusal) as refusal:
        prove(stage)

    assert str(refusal.value) == (
        "The new version was not ready: /health answers 502: <html>; the log has: ImportError: no module named shop."
        " The version before was put back and answers."
    )
    assert stage.version() == before
    assert state.load(stage.target, BUCKET, state.NOTE) is None


def test_when_neither_answers_both_are_said_and_the_note_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, before = replaced()
    Asked(monkeypatch, stage, set())

    with pytest.raises(Refusal, match="The version before was put back, but /health answers 502"):
        prove(stage)

    assert stage.version() == before
    assert versions.is_noted(stage.target, BUCKET)


def test_a_putting_back_that_fails_is_a_sentence_and_can_be_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, before = replaced()
    Asked(monkeypatch, stage, {"old"})

    def throttled(**_: Any) -> None:
        raise refused("TooManyRequestsException")

    with monkeypatch.context() as busy:
        busy.setattr(stage, "update_function_configuration", throttled)
        with pytest.raises(Refusal, match=r"could not be put back .* deploy again"):
            prove(stage)
    note(stage)

    assert put_back(stage) == []
    assert stage.version() == before


def fail_on_the_way(stage: StageInMemory, error: BaseException) -> None:
    record = {"resources": [{"resource_type": "rest_api", "rest_api_id": API}]}
    stage.put_object(BUCKET, state.key(stage.target), json.dumps(record).encode())
    with proof.guarded(stage.target, Steps(quiet=True), BUCKET):
        raise error


@pytest.mark.parametrize("error", [Refusal("`chalice deploy` failed: no rights."), RuntimeError("throttled")])
def test_half_a_version_that_does_not_answer_is_taken_back_too(
    monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    stage, before = replaced()
    Asked(monkeypatch, stage, {"old"})

    with pytest.raises(Refusal) as refusal:
        fail_on_the_way(stage, error)

    assert str(refusal.value).startswith(
        f"{str(error).rstrip('.')}. The new version was not ready: /health answers 502"
    )
    assert stage.version() == before


def test_half_a_version_that_answers_is_left_for_the_deployment_to_be_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    stage, _ = replaced()
    Asked(monkeypatch, stage, {"newer"})
    after = stage.version()

    with pytest.raises(RuntimeError, match="throttled"):
        fail_on_the_way(stage, RuntimeError("throttled"))

    assert stage.version() == after
    assert versions.is_noted(stage.target, BUCKET)


@pytest.mark.parametrize("error", [KeyboardInterrupt(), proof.NotReady("said already")])
def test_who_interrupts_wants_no_more_to_happen_and_what_was_done_is_not_done_twice(
    monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    stage, _ = replaced()
    Asked(monkeypatch, stage, {"old"})
    after = stage.version()

    with pytest.raises(type(error)):
        fail_on_the_way(stage, error)

    assert stage.version() == after


def test_a_first_version_that_does_not_answer_is_told_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    stage = StageInMemory()
    versions.note(stage.target, BUCKET, "")
    stage.run("newer")
    after = stage.version()
    Asked(monkeypatch, stage, set())

    with pytest.raises(Refusal, match=r"It is the first version, so there is none to put back: .* deploy again\.$"):
        prove(stage)

    assert stage.version() == after


def test_a_function_whose_role_is_gone_is_noted_without_its_policies() -> None:
    stage = StageInMemory()
    stage.run("old")
    stage.policies.clear()

    versions.note(stage.target, BUCKET, API)

    assert versions.is_noted(stage.target, BUCKET)
