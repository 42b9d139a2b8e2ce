"""Mutation testing of the core: changes one thing in the code (a `not`, a boundary, a number), runs the tests, and
expects one of them to fail. `make mutants` takes a sample, the same for the same seed and code.

A mutant that survives shows code that no test looks at, or it is equivalent: no test could tell it from the original.
Those that were found are listed in equivalent.toml with the reason, and do not count."""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from queue import SimpleQueue
from threading import Lock

from mutant import AREAS, CHALICELIB, ROOT, Mutant, mutants
from reached import Reached, Test

COPIES = ROOT / ".build" / "mutants"
SUITES = (
    (
        *("kit/test_money.py", "kit/test_damaged_items.py", *AREAS, "checkout", "fulfilment", "imports"),
        *("api/test_claims.py", "api/test_isolation.py", "api/test_orders_api.py", "api/test_product_images.py"),
    ),
    ("documents", "notifications", "consumers", "api", "reconciliation", "reliability"),
)
"""The second ones run for what the first do not notice: they take ten times as long."""
IGNORED = ("api/test_fuzz.py", "api/test_large_pages.py", "api/test_metrics_api.py")


@dataclass
class Result:
    mutant: Mutant
    killed: bool
    seconds: float


class Copy:
    """Of all that tests need, in which one mutant at a time lives."""

    def __init__(self, number: int, all_combinations: bool) -> None:
        self.root = COPIES / str(number)
        self._options = ["--all-combinations"] if all_combinations else []
        shutil.rmtree(self.root, ignore_errors=True)
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
        contents = hashlib.sha256(" ".join(self._options).encode())
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.root / name)
                if name.startswith(("orderproc/", "tests/")):
                    contents.update(name.encode() + (ROOT / name).read_bytes())
        self.contents = contents.hexdigest()

    def test_all(self, suites: Sequence[str], noted: Path) -> bool:
        """All tests pass without any mutant. Which lines each runs is noted."""
        return self._pass([f"tests/{suite}" for suite in suites], {"MUTANTS_REACHED": str(noted)}, None)

    def _notices(self, mutant: Mutant, notes: Notes) -> bool:
        return any(not self._pass_with(tests) for suites in SUITES for tests in notes.of(suites).rounds(mutant))

    def _pass_with(self, tests: Sequence[Test]) -> bool:
        chosen = self.root / ".build" / "chosen"
        chosen.parent.mkdir(exist_ok=True)
        chosen.write_text("\0".join(test.nodeid for test in tests), encoding="utf-8")
        files = sorted({test.nodeid.split("::")[0] for test in tests})
        timeout = 60 + 10 * sum(test.seconds for test in tests)
        return self._pass(files, {"MUTANTS_CHOSEN": str(chosen), "PYTHONDONTWRITEBYTECODE": "1"}, timeout)

    def _pass(self, paths: Sequence[str], environment: dict[str, str], timeout: float | None) -> bool:
        ignored = [f"--ignore=tests/{name}" for name in (*IGNORED, *self._needing_a_cloud())]
        options = ["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", "-p", "tools.mutants.reach"]
        pytest = [str(ROOT / ".venv/bin/python"), "-m", "pytest", *options, "--hypothesis-seed=0", *self._options]
        try:
            done = subprocess.run(
                [*pytest, *ignored, *paths],
                cwd=self.root,
                env=os.environ | environment,
                stdout=subprocess.DEVNULL,
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False
        if done.returncode not in (0, 1, 2, 4):  # passed, failed, or the code could not be imported
            raise RuntimeError(f"pytest ended with {done.returncode}")
        return done.returncode == 0

    def try_out(self, mutant: Mutant, notes: Notes) -> Result:
        began, path = time.monotonic(), self.root / mutant.path
        original = path.read_text(encoding="utf-8")
        path.write_text(mutant.code(), encoding="utf-8")
        for compiled in path.parent.glob(f"__pycache__/{path.stem}.*"):
            compiled.unlink()
        try:
            killed = self._notices(mutant, notes)
        finally:
            path.write_text(original, encoding="utf-8")
        return Result(mutant, killed, time.monotonic() - began)

    def _needing_a_cloud(self) -> list[str]:
        found = (self.root / "tests/reliability").glob("*_on_the_emulator.py")
        return [str(path.relative_to(self.root / "tests")) for path in found]


class Notes:
    """Which tests run which line, of some suites: noted when first asked for, and once for the same code and tests."""

    def __init__(self, copy: Copy) -> None:
        self._copy, self._lock = copy, Lock()
        self._found: dict[Sequence[str], Reached] = {}

    def of(self, suites: Sequence[str]) -> Reached:
        with self._lock:
            if suites not in self._found:
                self._found[suites] = self._noted(suites)
            return self._found[suites]

    def _noted(self, suites: Sequence[str]) -> Reached:
        contents = hashlib.sha256(f"{self._copy.contents} {suites}".encode()).hexdigest()
        noted = COPIES / f"reached-{contents[:16]}.json"
        if not noted.exists() and not self._copy.test_all(suites, noted):
            noted.unlink(missing_ok=True)
            sys.exit("The tests fail without any mutant: run make test-fast.")
        return Reached(noted)


def try_all(chosen: Sequence[Mutant], processes: int, all_combinations: bool) -> Iterator[Result]:
    notes = Notes(Copy(processes, all_combinations))
    copies: SimpleQueue[Copy] = SimpleQueue()
    for number in range(processes):
        copies.put(Copy(number, all_combinations))

    def with_a_copy(mutant: Mutant) -> Result:
        copy = copies.get()
        try:
            return copy.try_out(mutant, notes)
        finally:
            copies.put(copy)

    with ThreadPoolExecutor(processes) as pool:
        yield from pool.map(with_a_copy, chosen)


def equivalents() -> set[tuple[str, str]]:
    listed = tomllib.loads((Path(__file__).parent / "equivalent.toml").read_text(encoding="utf-8"))
    return {(entry["file"], entry["change"].strip()) for entry in listed.get("equivalent", [])}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=150, help="how many mutants (150)")
    parser.add_argument("--seed", default="1", help="another seed takes other mutants (1)")
    parser.add_argument("--at-least", type=float, default=90, help="per cent that must be killed (90)")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--all-combinations", action="store_true", help="as make test-full runs the tests")
    parser.add_argument("--only", default="", help="mutants of files whose path contains this")
    options = parser.parse_args()

    everything, known = [m for m in mutants() if options.only in m.path], equivalents()
    ranked = sorted(everything, key=lambda mutant: mutant.rank(options.seed))
    ranked = list(islice(filter(Mutant.is_code, ranked), options.sample))
    chosen = [m for m in ranked if (m.path.removeprefix(f"{CHALICELIB}/"), m.change()) not in known]
    print(f"{len(chosen)} of {len(everything)} mutants; {len(ranked) - len(chosen)} more are known to be equivalent")
    survivors = []
    for number, result in enumerate(try_all(chosen, options.processes, options.all_combinations), 1):
        mutant = result.mutant
        outcome = "killed" if result.killed else "SURVIVED"
        print(f"{number:4} {outcome} {mutant.path}:{mutant.line} {mutant.function}, {result.seconds:.0f} s", flush=True)
        if not result.killed:
            survivors.append(mutant)
            print(mutant.change(), flush=True)
    killed = len(chosen) - len(survivors)
    share = 100 * killed / len(chosen)
    print(f"{killed} killed, {len(survivors)} survived: {share:.1f} %, at least {options.at_least:g} % must be killed")
    return int(share < options.at_least)


if __name__ == "__main__":
    sys.exit(main())
