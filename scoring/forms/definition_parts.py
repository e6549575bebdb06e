"""What reading and writing rows of a definition share."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scoring.forms.numbers import number_of
from scoring.forms.rows import text_at
from scoring.selectors.labels import metric_unit

PERCENT = 100.0


def scale_of(metric: str) -> float:
    """Return by what values of a metric are multiplied on the form: shares are per cent there."""
    return PERCENT if metric_unit(metric) == "share" else 1.0


@dataclass
class Written:
    """A definition as written down from rows, and where its parts were typed."""

    places: dict[str, str] = field(default_factory=dict)
    definition: dict[str, Any] = field(default_factory=dict)

    def place_of(self, pointer: str) -> str:
        """Return the path on the form of what a pointer into the definition names."""
        parts = pointer.strip("/").split("/")
        for count in range(len(parts), 0, -1):
            if (place := self.places.get("/".join(parts[:count]))) is not None:
                return "/".join([place, *parts[count:]])
        return "/".join(parts)


def texts_of(said: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """Return the texts at some keys; empty ones are left out."""
    return {key: text for key in keys if (text := text_at(said, key))}


def set_number(into: dict[str, Any], key: str, row: Any, scale: float = 1.0) -> None:
    """Write a typed number down; one that was left empty is left out."""
    if text := text_at(row, key):
        into[key] = number_of(text, scale)
