"""A KPI against its target: how far it is from it, and whether it is reached."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

#: What can be wanted of a KPI, in the order in which it is shown.
PARTS = ("rate", "count", "amount")
#: The least and the most that can be wanted of each part.
LIMITS: Mapping[str, tuple[Decimal, Decimal]] = {
    "rate": (Decimal(-1), Decimal(10)),
    "count": (Decimal(0), Decimal(1_000_000_000)),
    "amount": (Decimal(0), Decimal(10) ** 15),
}


@dataclass(frozen=True)
class Target:
    """What is wanted of a KPI in a period; a part that is None is not asked for.

    :param rate: a ratio, 1.04 for 104 %.
    :param amount: in the reporting currency.
    """

    rate: Decimal | None = None
    count: int | None = None
    amount: Decimal | None = None


@dataclass(frozen=True)
class Verdict:
    """One part of a KPI beside its target; both are None where the KPI itself is unknown.

    :param gap: actual less wanted, so a target that falls is reached from 0 down.
    """

    wanted: Decimal
    gap: Decimal | None
    is_reached: bool | None

    @property
    def points(self) -> Decimal | None:
        """Return the gap of a rate in percentage points."""
        return None if self.gap is None else self.gap * 100


def judge(
    actual: Mapping[str, Decimal | int | None], target: Target, wishes: Mapping[str, str]
) -> dict[str, Verdict]:
    """Return the verdict on each part that is asked for.

    :param wishes: `more` or `less` by part: the direction in which it gets better.
    """
    found = {}
    for part in PARTS:
        wanted = getattr(target, part)
        if wanted is not None:
            found[part] = _verdict(actual[part], Decimal(wanted), wishes[part])
    return found


def _verdict(actual: Decimal | int | None, wanted: Decimal, wish: str) -> Verdict:
    if actual is None:
        return Verdict(wanted, None, None)
    gap = Decimal(actual) - wanted
    return Verdict(wanted, gap, gap <= 0 if wish == "less" else gap >= 0)
