"""One person across accounts: what an export about them, and an erasure, look for."""

from dataclasses import dataclass

from accounts.domain.spellings import (
    Spelling,
    either,
    written_address,
    written_names,
    written_number,
)


@dataclass(frozen=True)
class Person:
    """A person as the record knows them: rows of contacts, addresses, names as they are written.

    :param key: keyed hash of the address, if there is an address.
    :param phones: numbers that nobody else on record has.
    :param external_ids: how other systems name their contacts, and so their usage events.
    :param pairs: family and given name in each script on record; a family name alone is shared by
        many.
    """

    key: bytes | None
    contacts: tuple[int, ...]
    accounts: tuple[int, ...]
    addresses: tuple[str, ...]
    pairs: tuple[tuple[str, str], ...] = ()
    external_ids: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()

    def written_anywhere(self) -> Spelling:
        """Return what finds a mail address of theirs."""
        return either(map(written_address, self.addresses))

    def written_among_us(self) -> Spelling:
        """Return what finds addresses, full names and numbers, in texts about their accounts."""
        numbers = [form for phone in self.phones for form in written_number(phone)]
        addresses = map(written_address, self.addresses)
        return either([*addresses, *written_names(self.pairs), *numbers])
