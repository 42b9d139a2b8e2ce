"""Leases of order numbers on real engines: no two overlap, however many are taken at once."""

from __future__ import annotations

from tests.contract.adapters import Storage
from tests.contract.threads import concurrently


def test_each_lease_begins_behind_those_before(storage: Storage) -> None:
    first = storage.number_leases.lease(100)
    second = storage.number_leases.lease(7)
    third = storage.number_leases.lease(1)

    assert first >= 100_000
    assert second >= first + 100
    assert third >= second + 7


def test_leases_taken_at_once_never_overlap(storage: Storage) -> None:
    first = concurrently(20, lambda n: storage.number_leases.lease(n + 1))

    numbers = [start + offset for n, start in enumerate(first) for offset in range(n + 1)]
    assert len(set(numbers)) == len(numbers) == 210
