"""One place to add a thing: members register under a key, everybody else looks them up.

A plug-in package holds only members; `discover` imports its modules once, from an `apps.py`.
"""

import pkgutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Generic, TypeVar

T = TypeVar("T")


class UnknownKey(LookupError):
    """Nothing is registered under this key."""


class DuplicateKey(ValueError):
    """The key is taken: two members must never share one."""


class Registry(Generic[T]):
    """Members by key. Iterating yields the keys in alphabetical order."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._members: dict[str, T] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(sorted(self._members))

    def __len__(self) -> int:
        return len(self._members)

    def __contains__(self, key: object) -> bool:
        return key in self._members

    def register(self, key: str) -> Callable[[T], T]:
        """Return a decorator that adds a member.

        :raises DuplicateKey: when the key is taken.
        """

        def add(member: T) -> T:
            if key in self._members:
                raise DuplicateKey(f"{self.name}: {key!r} is registered already")
            self._members[key] = member
            return member

        return add

    def get(self, key: str) -> T:
        """Return the member under `key`.

        :raises UnknownKey: when there is none; the message lists the keys there are.
        """
        try:
            return self._members[key]
        except KeyError:
            raise UnknownKey(f"{self.name}: no {key!r} among {', '.join(self)}") from None

    def items(self) -> list[tuple[str, T]]:
        """Return (key, member) pairs in key order."""
        return sorted(self._members.items(), key=lambda pair: pair[0])

    def members(self) -> list[T]:
        """Return the members in key order."""
        return [member for _, member in self.items()]

    @contextmanager
    def register_temporarily(self, key: str, member: T) -> Iterator[T]:
        """Register for the length of a `with` block; meant for tests."""
        self.register(key)(member)
        try:
            yield member
        finally:
            del self._members[key]


def discover(package: str) -> None:
    """Import every module of the plug-in package, so that its members register themselves."""
    for module in pkgutil.iter_modules(import_module(package).__path__, f"{package}."):
        import_module(module.name)
