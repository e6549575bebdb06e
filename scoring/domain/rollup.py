"""What a parent makes of its children's scores, and the cap critical ones put on it.

It stands after the gates. A child without a score, or that is no customer, is left out and listed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from scoring.domain.definition import Gate, Rollup


@dataclass(frozen=True)
class Child:
    """A child as computed: its score (None is left out, `excluded` says why) and yearly value."""

    account_id: int
    score: float | None
    arr: float = 0.0
    is_critical: bool = False
    excluded: str = ""


@dataclass(frozen=True)
class Group:
    """The children of an account, with its own yearly value."""

    own_arr: float = 0.0
    children: tuple[Child, ...] = ()

    @property
    def counted(self) -> list["Child"]:
        """Return the children with a score."""
        return [child for child in self.children if child.score is not None]

    @property
    def scores(self) -> list[float]:
        """Return the scores of the children that count."""
        return [child.score for child in self.children if child.score is not None]

    @property
    def critical_share(self) -> float:
        """Return the share of the group's yearly value that critical children hold."""
        total = self.own_arr + sum(child.arr for child in self.counted)
        critical = sum(child.arr for child in self.counted if child.is_critical)
        return critical / total if total > 0 else 0.0

    def weighted(self) -> float:
        """Return Σ ARR·S / Σ ARR; the plain mean where nobody pays anything."""
        counted = [(c.arr, c.score) for c in self.children if c.score is not None]
        total = sum(arr for arr, _ in counted)
        if total > 0:
            return sum(arr * score for arr, score in counted) / total
        return _mean([score for _, score in counted])


@dataclass(frozen=True)
class Rolled:
    """The score after the children, and after the cap of critical ones."""

    value: float
    capped: float


def roll_up(rollup: Rollup, own: float, *, has_own: bool, group: Group) -> Rolled:
    """Return what the children make of the parent's own score."""
    scores = group.scores
    if not scores:
        return Rolled(own, own)
    value = _combine(rollup, own, has_own=has_own, group=group)
    if group.critical_share >= rollup.critical_share and any(c.is_critical for c in group.counted):
        return Rolled(value, min(value, rollup.critical_cap))
    return Rolled(value, value)


def _combine(rollup: Rollup, own: float, *, has_own: bool, group: Group) -> float:
    everybody = [own, *group.scores] if has_own else group.scores
    match rollup.method:
        case "worst":
            return min(everybody)
        case "mean":
            return _mean(everybody)
        case "arr" if has_own:
            return rollup.own_share * own + (1 - rollup.own_share) * group.weighted()
        case "arr":
            return group.weighted()
        case _:
            return own


def critical_children_gate(rollup: Rollup) -> Gate:
    """Return the cap of critical children as a gate, with its text."""
    share = f"{100 * rollup.critical_share:g}"
    return Gate(
        key="critical_children",
        conditions=(),
        text_en=f"Critical children hold {share} % or more of the group's ARR",
        text_ja=f"重大な子会社がグループのARRの{share}%以上",
        cap=rollup.critical_cap,
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
