"""Two runs of one restoration, and one that is given up."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from infra.backups import backups, restoring, standstill
from infra.backups.restoring import Restore
from infra.deploy import state
from infra.errors import Refusal


class Record:
    """The stage's record in the bucket."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.values: dict[str, Any] | None = None
        self.opened: list[Any] = []
        monkeypatch.setattr(state, "load", lambda *_: self.values)
        monkeypatch.setattr(state, "put", lambda _t, _b, _d, values: self._set(dict(values)))
        monkeypatch.setattr(state, "put_new", lambda _t, _b, _d, values: not self.values and self._set(dict(values)))
        monkeypatch.setattr(state, "delete", lambda *_: self._set(None))
        monkeypatch.setattr(standstill, "look", lambda *_: {"queues": ["q"]})
        monkeypatch.setattr(standstill, "go_on", lambda _, stopped: self.opened.append(stopped))

    def _set(self, values: dict[str, Any] | None) -> bool:
        self.values = values
        return True


@pytest.fixture
def record(monkeypatch: pytest.MonkeyPatch) -> Record:
    return Record(monkeypatch)


HERE: Any = SimpleNamespace(stage="prod", is_emulator=True)


def begin() -> Restore:
    return restoring.begin(HERE, "documents", datetime(2026, 11, 20, tzinfo=UTC), "", "ops")


def test_of_two_that_begin_at_once_one_is_refused(record: Record) -> None:
    """The second one may have looked when all was stopped already, and would switch nothing on again."""
    begin()

    with pytest.raises(Refusal, match="began a moment ago"):
        begin()


def test_a_run_whose_restoration_another_one_took_ends_before_it_writes(record: Record) -> None:
    restore = begin()
    seemed_dead = restoring._take(HERE, "documents", Restore(**record.values or {}))
    restoring._take(HERE, "documents", restore)

    for act in (seemed_dead.require, lambda: seemed_dead.note(restore)):
        with pytest.raises(Refusal, match="Another run went on"):
            act()


def test_a_run_goes_on_from_what_is_noted_now_and_not_after_the_end(record: Record) -> None:
    seen_at_the_prompt = begin()
    record.values = {**(record.values or {}), "noted": ["orders"]}
    restoring._take(HERE, "documents", seen_at_the_prompt)
    assert seen_at_the_prompt.noted == ["orders"]

    record.values = None
    with pytest.raises(Refusal, match="came to its end meanwhile"):
        restoring._take(HERE, "documents", seen_at_the_prompt)


def test_a_restoration_is_given_up_until_a_table_may_be_changed(record: Record) -> None:
    restoring.abandon(HERE, "documents", begin())
    assert (record.values, record.opened) == (None, [{"queues": ["q"]}])

    late = begin()
    record.values = {**(record.values or {}), "noted": ["orders"]}
    with pytest.raises(Refusal, match="Tables are set back already"):
        restoring.abandon(HERE, "documents", late)
    assert record.values
    assert len(record.opened) == 1


def test_a_backup_that_a_restoration_reads_stays_and_none_is_made_meanwhile(
    record: Record, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = backups.Backup("before-sale", datetime(2026, 9, 1, tzinfo=UTC), True, {})
    monkeypatch.setattr(backups, "find", lambda *_: kept)
    record.values = {"backup": "before-sale", "to": "2026-09-01T00:00:00.000Z", "who": "ops"}

    with pytest.raises(Refusal, match="is being restored to before-sale"):
        backups.delete(HERE, "documents", "before-sale")
    with pytest.raises(Refusal, match=r"is being restored to .* by ops"):
        backups.make(HERE, {"DocumentsBucketName": "documents"}, "meanwhile")
