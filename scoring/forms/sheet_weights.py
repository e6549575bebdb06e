"""Weights of a sheet as they are typed: their sums, each share, and making a hundred of them."""

from typing import Any

from scoring.forms.numbers import number_of, text_of
from scoring.forms.rows import Node, rows_at, text_at


def weigh(root: Node, dimensions: list[Node]) -> None:
    """Add the sum of each level and every measure's share of the score."""
    total = sum_of(dimensions)
    root["dimensions"]["sum"] = total
    for node, dimension in zip(root["dimensions"]["rows"], dimensions, strict=True):
        measures = rows_at(dimension, "measures")
        inside = sum_of(measures)
        node["measures"]["sum"] = inside
        for below, measure in zip(node["measures"]["rows"], measures, strict=True):
            outer, inner = typed_number(dimension["weight"]), typed_number(measure["weight"])
            known = total and inside and outer is not None and inner is not None
            below["share"] = outer / total * inner / inside if known else None  # type: ignore[operator]


def typed_number(text: str) -> float | None:
    value = number_of(text)
    is_number = not isinstance(value, str) and abs(value) < 1e15
    return float(value) if is_number else None


def sum_of(rows: list[Any]) -> float | None:
    """Return the sum of the weights of rows; None where one of them is no number."""
    weights = [typed_number(text_at(row, "weight")) for row in rows]
    known = [weight for weight in weights if weight is not None]
    return sum(known) if len(known) == len(weights) else None


def even_out(rows: list[Any]) -> None:
    """Bring the weights of a level to 100 in tenths, keeping their proportions."""
    weights = [max(typed_number(text_at(row, "weight")) or 0.0, 0.0) for row in rows]
    if not rows:
        return
    total = sum(weights)
    exact = [1000 * weight / total if total else 1000 / len(rows) for weight in weights]
    whole = [int(share) for share in exact]
    behind = sorted(range(len(rows)), key=lambda n: whole[n] - exact[n])
    for n in behind[: 1000 - sum(whole)]:
        whole[n] += 1
    for row, share in zip(rows, whole, strict=True):
        row["weight"] = text_of(share / 10)
