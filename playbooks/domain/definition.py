"""What a playbook version says, read from its JSON and checked for sense.

    {"trigger": {"key": "health_band_entered", "params": {"bands": ["at_risk", "critical"]}},
     "cool_down_days": 30,
     "exit": {"trigger": {"key": …, "params": …}, "outcome": "recovered"},
     "steps": [{"key": "read", "offset": 0, "role": "account_manager", "after": [],
                "action": {"key": "create_task", "params": {}}, "priority": "normal",
                "title": {"en": …, "ja": …}, "text": {"en": …, "ja": …}}]}

A step opens on its day, `offset` business days after the run began, and not before every step
named in `after` is settled. Faults carry JSON pointers and codes; the services word them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from graphlib import CycleError, TopologicalSorter
from typing import Any

ROLES = frozenset(
    {
        "account_manager",
        "deputy",
        "account_owner",
        "solution_architect",
        "executive_sponsor",
        "abm_marketer",
        "team_manager",
    }
)
PRIORITIES = frozenset({"low", "normal", "high"})
OUTCOMES = frozenset({"recovered", "stabilised", "completed", "lost", "false_alarm", "stopped"})
LONGEST_OFFSET = 500
LONGEST_COOL_DOWN = 3650
LONGEST_TITLE = 200


@dataclass(frozen=True)
class Fault:
    """What is wrong where: a JSON pointer and a code."""

    pointer: str
    code: str


class BadDefinition(ValueError):
    """A definition that can't be followed; `faults` names every place."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__(", ".join(f"{fault.pointer} {fault.code}" for fault in faults))


@dataclass(frozen=True)
class Plugin:
    """A registered trigger or action with its parameters."""

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Words:
    """A text in both languages."""

    en: str = ""
    ja: str = ""


@dataclass(frozen=True)
class Exit:
    """What closes a run before its last step, and with which outcome."""

    trigger: Plugin
    outcome: str


@dataclass(frozen=True)
class Step:
    """One thing to do, `offset` business days after the run began, for the holder of `role`."""

    key: str
    offset: int
    role: str
    action: Plugin
    title: Words
    text: Words = Words()
    after: tuple[str, ...] = ()
    priority: str = "normal"


@dataclass(frozen=True)
class Definition:
    """A playbook version: when it starts, what is to be done, what ends it."""

    trigger: Plugin
    steps: tuple[Step, ...]
    cool_down_days: int = 0
    exit: Exit | None = None

    def step(self, key: str) -> Step:
        """Return the step named `key`.

        :raises KeyError: when there is none.
        """
        return {step.key: step for step in self.steps}[key]


def read_definition(raw: Any) -> Definition:
    """Read a definition.

    :raises BadDefinition: with every fault found.
    """
    reader = _Reader()
    definition = reader.definition(raw)
    if reader.faults:
        raise BadDefinition(reader.faults)
    return definition


class _Reader:
    """Reads on after a fault, so that one answer names them all."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def definition(self, raw: Any) -> Definition:
        raw = self._mapping(raw, "")
        exit_raw = raw.get("exit")
        return Definition(
            trigger=self._plugin(raw.get("trigger"), "/trigger"),
            steps=self._steps(raw.get("steps")),
            cool_down_days=self._number(
                raw.get("cool_down_days", 0), "/cool_down_days", 0, LONGEST_COOL_DOWN
            ),
            exit=None if exit_raw is None else self._exit(exit_raw),
        )

    def _exit(self, raw: Any) -> Exit:
        raw = self._mapping(raw, "/exit")
        return Exit(
            self._plugin(raw.get("trigger"), "/exit/trigger"),
            self._one_of(raw.get("outcome"), OUTCOMES, "/exit/outcome"),
        )

    def _plugin(self, raw: Any, pointer: str) -> Plugin:
        raw = self._mapping(raw, pointer)
        key = self._text(raw.get("key"), f"{pointer}/key")
        return Plugin(key, self._mapping(raw.get("params", {}), f"{pointer}/params"))

    def _steps(self, raw: Any) -> tuple[Step, ...]:
        if not isinstance(raw, list) or not raw:
            self._fault("/steps", "required")
            return ()
        steps = [self._step(item, f"/steps/{index}") for index, item in enumerate(raw)]
        self._check_keys(steps)
        return tuple(steps)

    def _step(self, raw: Any, pointer: str) -> Step:
        raw = self._mapping(raw, pointer)
        after = raw.get("after", [])
        if not isinstance(after, list):
            self._fault(f"{pointer}/after", "not_a_list")
            after = []
        return Step(
            key=self._text(raw.get("key"), f"{pointer}/key", longest=60),
            offset=self._number(raw.get("offset"), f"{pointer}/offset", 0, LONGEST_OFFSET),
            role=self._one_of(raw.get("role"), ROLES, f"{pointer}/role"),
            action=self._plugin(raw.get("action", {"key": "create_task"}), f"{pointer}/action"),
            title=self._words(raw.get("title"), f"{pointer}/title", is_required=True),
            text=self._words(raw.get("text", {}), f"{pointer}/text"),
            after=tuple(str(key) for key in after),
            priority=self._one_of(raw.get("priority", "normal"), PRIORITIES, f"{pointer}/priority"),
        )

    def _check_keys(self, steps: list[Step]) -> None:
        seen: set[str] = set()
        for index, step in enumerate(steps):
            if step.key in seen:
                self._fault(f"/steps/{index}/key", "duplicate")
            seen.add(step.key)
        for index, step in enumerate(steps):
            if set(step.after) - seen:
                self._fault(f"/steps/{index}/after", "unknown_step")
        try:
            TopologicalSorter({step.key: step.after for step in steps}).prepare()
        except CycleError as error:
            keys = [step.key for step in steps]
            first = min(keys.index(key) for key in error.args[1] if key in keys)
            self._fault(f"/steps/{first}/after", "cycle")

    def _words(self, raw: Any, pointer: str, *, is_required: bool = False) -> Words:
        raw = self._mapping(raw, pointer)
        if not is_required:
            return Words(str(raw.get("en", "")), str(raw.get("ja", "")))
        longest = LONGEST_TITLE
        return Words(
            self._text(raw.get("en"), f"{pointer}/en", longest=longest),
            self._text(raw.get("ja"), f"{pointer}/ja", longest=longest),
        )

    def _mapping(self, raw: Any, pointer: str) -> Mapping[str, Any]:
        if isinstance(raw, Mapping):
            return raw
        self._fault(pointer, "required" if raw is None else "not_an_object")
        return {}

    def _text(self, raw: Any, pointer: str, *, longest: int = 120) -> str:
        if not isinstance(raw, str) or not raw.strip():
            self._fault(pointer, "required")
            return ""
        if len(raw) > longest:
            self._fault(pointer, "too_long")
        return raw

    def _number(self, raw: Any, pointer: str, low: int, high: int) -> int:
        if isinstance(raw, bool) or not isinstance(raw, int) or not low <= raw <= high:
            self._fault(pointer, "not_in_range")
            return low
        return raw

    def _one_of(self, raw: Any, allowed: frozenset[str], pointer: str) -> str:
        if raw not in allowed:
            self._fault(pointer, "not_a_choice")
            return ""
        return str(raw)

    def _fault(self, pointer: str, code: str) -> None:
        faulted = any(
            pointer == fault.pointer or pointer.startswith(f"{fault.pointer}/")
            for fault in self.faults
        )
        if not faulted:
            self.faults.append(Fault(pointer, code))
