"""Weights that would have told past losses best, held near the manager's while losses are few.

A logistic regression whose coefficients can't be negative: of a healthier measure the risk never
rises. The share each coefficient has is the suggestion of the data, w = (n ŵ + 200 w₀) / (n + 200)
what is proposed, with n lost customers and w₀ the weights there are.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import mul

#: So many lost customers weigh as much as the manager's judgement.
TRUST = 200
#: Keeps coefficients finite where a measure tells losses without a fault.
RIDGE = 1.0
MOST_STEPS, MOST_SWEEPS, SMALL = 100, 500, 1e-9


@dataclass(frozen=True)
class Sample:
    """Utilities of an account on a day, scaled so that 0 says nothing and 1 is all well."""

    health: tuple[float, ...]
    is_event: bool
    weight: float = 1.0


@dataclass(frozen=True)
class Fit:
    """Risk = 1 / (1 + exp(−(base − Σ strength · health)))."""

    base: float
    strengths: tuple[float, ...]

    def odds(self, health: Sequence[float]) -> float:
        """Return the logarithm of the odds of a loss."""
        return self.base - sum(map(mul, self.strengths, health), 0.0)


def shrink(found: Sequence[float], given: Sequence[float], *, events: int) -> list[float]:
    """Return w = (n ŵ + 200 w₀) / (n + 200); both sum to 1, and so does the result."""
    return [
        (events * one + TRUST * other) / (events + TRUST)
        for one, other in zip(found, given, strict=True)
    ]


def shares(fit: Fit) -> list[float] | None:
    """Return the strengths as shares of their sum; None where no measure tells anything."""
    total = sum(fit.strengths)
    return [one / total for one in fit.strengths] if total > SMALL else None


def fit_risk(samples: Sequence[Sample], *, ridge: float = RIDGE) -> Fit:
    """Fit the regression with strengths ≥ 0 by Newton steps on its quadratic model.

    Convex, so what satisfies the conditions of `slopes` is the one optimum. Needs both events and
    others, else the base runs away.
    """
    problem = _Problem(samples, ridge)
    point = [problem.start, *[0.0] * problem.width]
    loss = problem.loss(point)
    for _ in range(MOST_STEPS):
        slopes, bends = problem.expand(point)
        step = _descend(point, slopes, bends)
        size, fresh, after = 1.0, step, problem.loss(step)
        while after > loss and size > SMALL:
            size /= 2
            fresh = [old + size * (new - old) for old, new in zip(point, step, strict=True)]
            after = problem.loss(fresh)
        moved = max(abs(old - new) for old, new in zip(point, fresh, strict=True))
        if after > loss:
            break
        point, loss = fresh, after
        if moved < SMALL:
            break
    return Fit(point[0], tuple(point[1:]))


def slopes(samples: Sequence[Sample], fit: Fit, *, ridge: float = RIDGE) -> list[float]:
    """Return the derivative of the loss by base and strengths: 0, or ≥ 0 where a strength is 0."""
    return _Problem(samples, ridge).expand([fit.base, *fit.strengths])[0]


class _Problem:
    """Columns of the design matrix: −∂odds/∂strength is the health, so signs are turned here."""

    def __init__(self, samples: Sequence[Sample], ridge: float) -> None:
        self.columns = [[1.0] * len(samples)]
        width = len(samples[0].health) if samples else 0
        self.columns += [[-sample.health[n] for sample in samples] for n in range(width)]
        self.known = [float(sample.is_event) for sample in samples]
        self.weights = [sample.weight for sample in samples]
        self.width, self.ridge = width, ridge

    @property
    def start(self) -> float:
        events = sum(map(mul, self.known, self.weights))
        others = sum(self.weights) - events
        return math.log(max(events, 0.5) / max(others, 0.5))

    def _odds(self, point: Sequence[float]) -> list[float]:
        odds = [point[0]] * len(self.known)
        for strength, column in zip(point[1:], self.columns[1:], strict=True):
            if strength:
                odds = [one + strength * x for one, x in zip(odds, column, strict=True)]
        return odds

    def loss(self, point: Sequence[float]) -> float:
        rows = zip(self._odds(point), self.known, self.weights, strict=True)
        total = sum(w * (max(o, 0.0) + math.log1p(math.exp(-abs(o))) - y * o) for o, y, w in rows)
        return total + self.ridge / 2 * sum(strength**2 for strength in point[1:])

    def expand(self, point: Sequence[float]) -> tuple[list[float], list[list[float]]]:
        """Return gradient and Hessian."""
        risks = [_logistic(odds) for odds in self._odds(point)]
        rows = list(zip(risks, self.known, self.weights, strict=True))
        missed = [w * (p - y) for p, y, w in rows]
        bend = [w * p * (1 - p) for p, _, w in rows]
        gradient = [sum(map(mul, missed, column)) for column in self.columns]
        scaled = [list(map(mul, bend, column)) for column in self.columns]
        hessian = [[sum(map(mul, one, two)) for two in self.columns] for one in scaled]
        for n in range(1, self.width + 1):
            gradient[n] += self.ridge * point[n]
            hessian[n][n] += self.ridge
        return gradient, hessian


def _descend(
    point: Sequence[float], gradient: Sequence[float], hessian: Sequence[Sequence[float]]
) -> list[float]:
    """Return the minimum of the quadratic model, coordinate by coordinate; strengths stay ≥ 0."""
    found = list(point)
    for _ in range(MOST_SWEEPS):
        largest = 0.0
        for n, row in enumerate(hessian):
            slope = gradient[n] + sum(
                bend * (new - old) for bend, new, old in zip(row, found, point, strict=True)
            )
            fresh = found[n] - slope / max(row[n], SMALL)
            fresh = max(0.0, fresh) if n else fresh
            largest = max(largest, abs(fresh - found[n]))
            found[n] = fresh
        if largest < SMALL / 10:
            break
    return found


def _logistic(odds: float) -> float:
    if odds >= 0:
        return 1 / (1 + math.exp(-odds))
    grown = math.exp(odds)
    return grown / (1 + grown)
