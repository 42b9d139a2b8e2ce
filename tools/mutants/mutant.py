"""The small changes of the core: which there are, what each is, and where it stands."""

from __future__ import annotations

import ast
import difflib
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from cosmic_ray import plugins
from cosmic_ray.ast import ast_nodes, get_ast
from cosmic_ray.ast.ast_query import ASTQuery
from cosmic_ray.mutating import mutate_code

ROOT = Path(__file__).parents[2]
CHALICELIB = "orderproc/chalicelib"
AREAS = ("orders", "payments", "inventory", "workflow")
CORE = (*(f"{area}/*.py" for area in AREAS), "kit/money.py")
ADAPTERS = ("dynamodb", "eventbridge", "hand_over", "s3", "simulated")
"""What these files ask of AWS is proved on emulators (tests/contract), for which a sample has no time."""
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

    def is_code(self) -> bool:
        """A `not` before `x := y` is none."""
        try:
            ast.parse(self.code())
        except SyntaxError:
            return False
        return True

    def change(self) -> str:
        original = (ROOT / self.path).read_text(encoding="utf-8").splitlines()
        lines = difflib.unified_diff(original, self.code().splitlines(), n=0, lineterm="")
        return "\n".join(f"{line[0]} {line[1:].strip()}" for line in list(lines)[2:] if line[0] in "-+")


def mutants() -> Iterator[Mutant]:
    for path in sorted(path for pattern in CORE for path in (ROOT / CHALICELIB).glob(pattern)):
        if not path.stem.startswith(ADAPTERS):
            yield from _mutants_of(str(path.relative_to(ROOT)), get_ast(path.read_text(encoding="utf-8")))


def _mutants_of(path: str, tree: object) -> Iterator[Mutant]:
    for name in OPERATORS:
        operator = plugins.get_operator(f"core/{name}")()
        places = ((node, at) for node in ast_nodes(tree) for at in operator.mutation_positions(node))
        for occurrence, (node, (start, _)) in enumerate(places):
            if node.parent.type == "parameters":  # its star is no multiplication
                continue
            function = ASTQuery(node).get_definition_name() or "the module"
            yield Mutant(path, f"core/{name}", occurrence, function, start[0])
