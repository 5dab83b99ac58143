"""How the conditions of a list stand in its address, and back.

`language=fr&language=de` is any of both, `kind__not=media` none of it, `city__contains=lyo`,
`created__after=2027-01-01`, `created__last=90` the last ninety days, `phone__empty=1` and
`phone__not_empty=1`.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from crm.rules.conditions import OPERATORS, InvalidCondition


@dataclass(frozen=True)
class Leaf:
    """One condition of a list: all of them must hold."""

    field: str
    operator: str
    values: tuple[str, ...]
    negated: bool = False

    @property
    def param(self) -> str:
        """The name by which it stands in the address."""
        if self.operator == "in":
            return f"{self.field}__not" if self.negated else self.field
        return f"{self.field}__{'not_' if self.negated else ''}{self.operator}"

    @property
    def tree(self) -> dict[str, Any]:
        leaf = {"f": self.field, "op": self.operator, "v": list(self.values)}
        return {"not": leaf} if self.negated else leaf

    @property
    def pairs(self) -> list[tuple[str, str]]:
        return [(self.param, value) for value in self.values or ("1",)]


def leaf_of(param: str, values: Iterable[str], fields: Iterable[str]) -> Leaf | None:
    """The condition that a parameter of the address stands for; None where it is no field."""
    field, _, said = param.partition("__")
    if field not in set(fields):
        return None
    negated = said == "not" or said.startswith("not_")
    operator = said.removeprefix("not").removeprefix("_") if negated else said
    given = tuple(value.strip() for value in values if value.strip() and "\x00" not in value)
    if (operator or "in") not in OPERATORS or not given:
        return None
    return Leaf(field, operator or "in", () if operator == "empty" else given, negated)


def tree_of(leaves: Iterable[Leaf]) -> dict[str, Any]:
    """The same conditions as they are saved; {} where there is none."""
    branches = [leaf.tree for leaf in leaves]
    return {"all": branches} if branches else {}


def leaves_of(tree: Mapping[str, Any]) -> list[Leaf]:
    """The conditions of a saved view. Raises InvalidCondition where a list cannot show them."""
    if not tree:
        return []
    leaves = []
    if set(tree) != {"all"}:
        raise InvalidCondition("A list cannot show these conditions.")
    for branch in tree["all"]:
        try:
            inner = branch.get("not", branch)
            leaves.append(Leaf(inner["f"], inner["op"], tuple(inner["v"]), "not" in branch))
        except (AttributeError, KeyError, TypeError) as error:
            raise InvalidCondition("A list cannot show these conditions.") from error
    return leaves
