"""Leave out of a shipped definition what no metric stands behind; weights stay relative."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any


def prune_definition(data: Mapping[str, Any], *, metrics: Collection[str]) -> dict[str, Any]:
    """Return the definition without measures, points, gates and rules that can't be read."""

    def known(items: Sequence[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
        return [item for item in items if mentioned(item) <= set(metrics)]

    pruned = {
        **data,
        "points": [
            {**group, "rules": rules}
            for group in data.get("points", [])
            if (rules := known(group["rules"]))
        ],
        "gates": [
            {**gate, "any": tests}
            for gate in data.get("gates", [])
            if (tests := known(gate["any"]))
        ],
    }
    if "dimensions" in data:
        pruned["dimensions"] = [
            {**dimension, "measures": measures}
            for dimension in data["dimensions"]
            if (measures := known(dimension["measures"]))
        ]
    if "rules" in data:
        pruned["rules"] = known(data["rules"])
    return pruned


def mentioned(data: object) -> set[str]:
    """Return the keys of every metric a piece of a definition names."""
    if isinstance(data, Mapping):
        own = {data["metric"]} if isinstance(data.get("metric"), str) else set()
        required = data.get("requires")
        if isinstance(required, list):
            own |= {key for key in required if isinstance(key, str)}
        return own.union(*(mentioned(value) for value in data.values()))
    if isinstance(data, list):
        return set().union(*(mentioned(value) for value in data))
    return set()
