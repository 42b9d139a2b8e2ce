"""The index of orders in memory: conditions fail, what two write at once is one after the other."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence

from chalicelib.kit.page import ListPosition
from chalicelib.orders.search_index import Indexed, Tokens

_NUMBER = 6
_NOTHING: Tokens = frozenset()


class FakeOrderIndex:
    def __init__(self) -> None:
        self._lock = threading.RLock()
        self.entries: set[tuple[str, ListPosition]] = set()
        self.lists: dict[ListPosition, Tokens] = {}
        self.noted: dict[str, str] = {}
        self.writes = 0

    def add(self, new: Sequence[Indexed]) -> list[Indexed]:
        assert len({one.place for one in new}) == len(new)
        for one in new:
            self._put(one.place, one.tokens)
        return [one for one in new if not self._listed(one)]

    def known(self, places: Sequence[ListPosition]) -> dict[ListPosition, Tokens]:
        with self._lock:
            return {place: self.lists[place] for place in places if place in self.lists}

    def change(self, place: ListPosition, before: Tokens | None, after: Tokens, stale: Tokens = frozenset()) -> bool:
        old = before or _NOTHING
        assert 1 + len(old ^ after | stale) <= 100  # items of a transaction, of which the list of all is one
        with self._lock:
            if self.lists.get(place) != before:
                return False
            self.writes += 1
            self.entries -= {(token, place) for token in old - after | stale}
            self._put(place, after - old)
            self.lists[place] = after
            return True

    def few(self, text: str, most: int) -> list[ListPosition] | None:
        found = [place for _, place in self._begin(text)]
        return None if len(found) > most else found

    def tokens(self, text: str, most: int) -> list[str] | None:
        found = sorted({token for token, _ in self._begin(text)})
        return None if len(found) > most else found

    def newest(self, token: str, before: ListPosition | None = None, since: str = "") -> Iterator[ListPosition]:
        found = [place for known, place in self.entries if known == token and place[0] >= since]
        return iter(sorted((place for place in found if before is None or place < before), reverse=True))

    def progress(self) -> Mapping[str, str]:
        return self.noted

    def note_progress(self, progress: Mapping[str, str]) -> None:
        self.noted = dict(progress)

    def _put(self, place: ListPosition, tokens: Tokens) -> None:
        with self._lock:
            self.writes += bool(tokens)
            self.entries |= {(token, place) for token in tokens}

    def _listed(self, one: Indexed) -> bool:
        with self._lock:
            is_new = one.place not in self.lists
            self.lists.setdefault(one.place, one.tokens)
            return is_new

    def _begin(self, text: str) -> list[tuple[str, ListPosition]]:
        part = _part(text)
        return [entry for entry in sorted(self.entries) if _part(entry[0]) == part and entry[0].startswith(text)]


def _part(token: str) -> str:
    """What is stored together: only there a text is looked for."""
    number = token[:_NUMBER]
    return number if len(number) == _NUMBER and number.isascii() and number.isdigit() else token[:3]
