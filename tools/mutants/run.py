"""Mutation testing of the core: changes one thing in the code (a `not`, a boundary, a number), runs the tests, and
expects one of them to fail. `make mutants` takes a sample, the same for the same seed and code.

A mutant that survives shows code that no test looks at, or it is equivalent: no test could tell it from the original.
Those that were found are listed in equivalent.toml with the reason, and do not count."""

from __future__ import annotations

import argparse
import difflib
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
from pathlib import Path
from queue import SimpleQueue
from typing import NamedTuple

from cosmic_ray import plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.ast.ast_query import ASTQuery
from cosmic_ray.mutating import mutate_code

ROOT = Path(__file__).parents[2]
COPIES = ROOT / ".build" / "mutants"
CHALICELIB = "orderproc/chalicelib"
AREAS = ("orders", "payments", "inventory", "workflow")
CORE = (*(f"{area}/*.py" for area in AREAS), "kit/money.py")
ADAPTERS = ("dynamodb", "eventbridge", "hand_over")
"""What these files ask of AWS is proved on emulators (tests/contract), for which a sample has no time."""
STAGES = (
    ("kit/test_money.py", *AREAS, "checkout", "documents", "fulfilment"),
    ("api", "reconciliation"),
    ("reliability",),
)
"""After the tests of the mutant's own area, as most mutants are killed early."""
IGNORED = ("api/test_fuzz.py", "api/test_large_pages.py", "api/test_metrics_api.py")
OPERATORS = (
    *("AddNot", "ReplaceUnaryOperator_Delete_Not", "ReplaceTrueWithFalse", "ReplaceFalseWithTrue"),
    *("ReplaceAndWithOr", "ReplaceOrWithAnd", "ReplaceBreakWithContinue", "ReplaceContinueWithBreak"),
    *("ExceptionReplacer", "NumberReplacer", "ZeroIterationForLoop", "ReplaceUnaryOperator_USub_UAdd"),
    *(f"ReplaceComparisonOperator_{change}" for change in ("Eq_NotEq", "NotEq_Eq", "Is_IsNot", "IsNot_Is")),
    *(f"ReplaceComparisonOperator_{change}" for change in ("Lt_LtE", "LtE_Lt", "Gt_GtE", "GtE_Gt", "Lt_GtE", "Gt_LtE")),
    *(f"ReplaceBinaryOperator_{change}" for change in ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul")),
)
"""Of each place, the change that is easiest to overlook; those that any call would notice are left out."""


class Mutant(NamedTuple):
    path: str
    operator: str
    occurrence: int
    function: str
    line: int

    def rank(self, seed: str) -> str:
        """Its place in the sample, which does not depend on changes in other files."""
        return hashlib.sha256(f"{seed} {self.path} {self.operator} {self.occurrence}".encode()).hexdigest()

    def code(self) -> str:
        operator = plugins.get_operator(self.operator)()
        return str(mutate_code((ROOT / self.path).read_text(encoding="utf-8"), operator, self.occurrence))

    def change(self) -> str:
        original = (ROOT / self.path).read_text(encoding="utf-8").splitlines()
        lines = difflib.unified_diff(original, self.code().splitlines(), n=0, lineterm="")
        return "\n".join(f"{line[0]} {line[1:].strip()}" for line in list(lines)[2:] if line[0] in "-+")


@dataclass
class Result:
    mutant: Mutant
    killed: bool
    seconds: float


def mutants() -> Iterator[Mutant]:
    for path in sorted(path for pattern in CORE for path in (ROOT / CHALICELIB).glob(pattern)):
        if not path.stem.startswith(ADAPTERS):
            yield from _mutants_of(str(path.relative_to(ROOT)), get_ast(path.read_text(encoding="utf-8")))


def _mutants_of(path: str, tree: object) -> Iterator[Mutant]:
    for name in OPERATORS:
        operator = plugins.get_operator(f"core/{name}")()
        places = ((node, at) for node in ast_nodes(tree) for at in operator.mutation_positions(node))
        for occurrence, (node, (start, _)) in enumerate(places):
            function = ASTQuery(node).get_definition_name() or "the module"
            yield Mutant(path, f"core/{name}", occurrence, function, start[0])


class Copy:
    """Of all that tests need, in which one mutant at a time lives."""

    def __init__(self, number: int, all_combinations: bool) -> None:
        self.root = COPIES / str(number)
        self._options = ["--all-combinations"] if all_combinations else []
        shutil.rmtree(self.root, ignore_errors=True)
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
        for name in filter(None, listed.split("\0")):
            if (ROOT / name).is_file():
                (self.root / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, self.root / name)

    def test(self, mutant: Mutant | None, timeout: float | None) -> bool:
        """All tests pass."""
        area = Path(mutant.path).parent.name if mutant else ""
        own = tuple(suite for suite in STAGES[0] if suite.split("/")[0] == area)
        rest = tuple(suite for suite in STAGES[0] if suite not in own)
        return all(self._pass(stage, mutant, timeout) for stage in (own, rest, *STAGES[1:]) if stage)

    def _pass(self, suites: Sequence[str], mutant: Mutant | None, timeout: float | None) -> bool:
        ignored = [f"--ignore=tests/{name}" for name in (*IGNORED, *self._needing_a_cloud())]
        pytest = [
            str(ROOT / ".venv/bin/python"),
            "-m",
            "pytest",
            "-x",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "no:xdist",
        ]
        try:
            done = subprocess.run(
                [*pytest, "--hypothesis-seed=0", *self._options, *ignored, *(f"tests/{suite}" for suite in suites)],
                cwd=self.root,
                env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1" if mutant else ""},
                stdout=subprocess.DEVNULL,
                timeout=timeout,
                check=False,
            )
        except subprocess.TimeoutExpired:
            return False
        return done.returncode == 0

    def try_out(self, mutant: Mutant, timeout: float) -> Result:
        began, path = time.monotonic(), self.root / mutant.path
        original = path.read_text(encoding="utf-8")
        path.write_text(mutant.code(), encoding="utf-8")
        for compiled in path.parent.glob(f"__pycache__/{path.stem}.*"):
            compiled.unlink()
        try:
            survived = self.test(mutant, timeout)
        finally:
            path.write_text(original, encoding="utf-8")
        return Result(mutant, not survived, time.monotonic() - began)

    def _needing_a_cloud(self) -> list[str]:
        found = (self.root / "tests/reliability").glob("*_on_the_emulator.py")
        return [str(path.relative_to(self.root / "tests")) for path in found]


def try_all(chosen: Sequence[Mutant], processes: int, all_combinations: bool) -> Iterator[Result]:
    copies: SimpleQueue[Copy] = SimpleQueue()
    for number in range(processes):
        copies.put(Copy(number, all_combinations))
    began, first = time.monotonic(), copies.get()
    if not first.test(None, None):
        sys.exit("The tests fail without any mutant: run make test-fast.")
    timeout = 60 + 10 * (time.monotonic() - began)
    copies.put(first)

    def with_a_copy(mutant: Mutant) -> Result:
        copy = copies.get()
        try:
            return copy.try_out(mutant, timeout)
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
    ranked = sorted(everything, key=lambda mutant: mutant.rank(options.seed))[: options.sample]
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
