"""Take values out of JSON written by hand; every fault is noted by its place, all at once."""

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

T = TypeVar("T")
#: What is better of a metric.
Direction = Literal["higher", "lower"]


@dataclass(frozen=True)
class Fault:
    """What is wrong at a place of the definition: a JSON pointer and a code."""

    pointer: str
    code: str


class InvalidDefinition(ValueError):
    """The definition can't be read; `faults` says where and why."""

    def __init__(self, faults: Collection[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("; ".join(f"{fault.pointer}: {fault.code}" for fault in faults))


@dataclass
class JsonReader:
    """A fault is noted and a harmless value goes on, so that later faults are found, too."""

    faults: list[Fault] = field(default_factory=list)

    def fault(self, pointer: str, code: str) -> None:
        """Note a fault."""
        self.faults.append(Fault(pointer, code))

    def only(self, data: Mapping[str, Any], at: str, *known: str) -> None:
        """Note every key that means nothing; `note` is free for remarks."""
        for key in data:
            if key not in known and key != "note":
                self.fault(f"{at}/{key}", "unknown_field")

    def checked(
        self, value: Any, at: str, *, low: float | None = None, high: float | None = None
    ) -> float | None:
        """Return a finite number within the bounds, or None with a fault."""
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(at, "not_a_number")
        elif not _is_finite(value):
            self.fault(at, "not_finite")
        elif (low is not None and value < low) or (high is not None and value > high):
            self.fault(at, "out_of_range")
        else:
            return float(value)
        return None

    def number(
        self,
        data: Mapping[str, Any],
        key: str,
        at: str,
        *,
        low: float | None = None,
        high: float | None = None,
        default: float = 1.0,
    ) -> float:
        """Return the number at a key; `default` where there is none, or a wrong one."""
        found = self.checked(data.get(key, default), f"{at}/{key}", low=low, high=high)
        return default if found is None else found

    def optional(
        self,
        data: Mapping[str, Any],
        key: str,
        at: str,
        *,
        low: float | None = None,
        high: float | None = None,
    ) -> float | None:
        """Return the number at a key, or None where there is none."""
        value = data.get(key)
        return None if value is None else self.checked(value, f"{at}/{key}", low=low, high=high)

    def positive(self, data: Mapping[str, Any], key: str, at: str) -> float:
        """Return a number above 0, which has to be there."""
        if key not in data:
            self.fault(f"{at}/{key}", "must_be_positive")
            return 1.0
        value = self.checked(data[key], f"{at}/{key}")
        if value is not None and value <= 0:
            self.fault(f"{at}/{key}", "must_be_positive")
            return 1.0
        return 1.0 if value is None else value

    def flag(self, data: Mapping[str, Any], key: str, at: str) -> bool:
        """Return true or false; false where there is nothing."""
        value = data.get(key, False)
        if not isinstance(value, bool):
            self.fault(f"{at}/{key}", "not_a_boolean")
        return value is True

    def text(self, data: Mapping[str, Any], key: str, at: str) -> str:
        """Return a text that is not blank."""
        value = data.get(key)
        if not isinstance(value, str) or not value.strip():
            self.fault(f"{at}/{key}", "required")
            return ""
        return value

    def choice(
        self,
        data: Mapping[str, Any],
        key: str,
        at: str,
        options: Collection[str],
        *,
        default: str,
        code: str,
    ) -> str:
        """Return one of the options; the default where there is none, or a wrong one."""
        value = data.get(key, default)
        if isinstance(value, str) and value in options:
            return value
        self.fault(f"{at}/{key}", code)
        return default

    def object(self, data: Mapping[str, Any], key: str, at: str) -> Mapping[str, Any]:
        """Return the object at a key; an empty one where there is none, or something else."""
        value = data.get(key, {})
        if isinstance(value, Mapping):
            return value
        self.fault(f"{at}/{key}", "not_an_object")
        return {}

    def each(
        self, data: Mapping[str, Any], key: str, at: str, read: Callable[[Any, str], T]
    ) -> tuple[T, ...]:
        """Read every object of the list at a key."""
        items = data.get(key, [])
        if not isinstance(items, list):
            self.fault(f"{at}/{key}", "not_a_list")
            return ()
        result: list[T] = []
        for index, item in enumerate(items):
            place = f"{at}/{key}/{index}"
            if isinstance(item, Mapping):
                result.append(read(item, place))
            else:
                self.fault(place, "not_an_object")
        return tuple(result)

    def once(self, items: Collection[str], at: str) -> None:
        """Note where a key stands twice."""
        if len(set(items)) < len(items):
            self.fault(at, "twice")


@dataclass
class MetricReader(JsonReader):
    """A reader that knows the metrics, and what is better of them where that can be said.

    `is_new` also refuses what can be computed but says nothing; what is stored stays readable.
    """

    is_new: bool = False
    metrics: Collection[str] = ()
    directions: Mapping[str, Direction] = field(default_factory=dict)

    def metric(self, data: Mapping[str, Any], at: str) -> str:
        """Return the key of a metric there is."""
        key = self.text(data, "metric", at)
        if key and key not in self.metrics:
            self.fault(f"{at}/metric", "unknown_metric")
        return key


def _is_finite(value: float) -> bool:
    try:
        return math.isfinite(value)
    except OverflowError:  # a whole number too large for a double
        return False
