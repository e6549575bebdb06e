"""Which column of a file is which: headers are matched by words, in both languages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from accounts.domain.cells import CellParser, fold_word


@dataclass(frozen=True)
class Column:
    """What a kind of file may hold: where it goes, by which headers it is known, how it is read.

    :param label: the name shown to people, translated when read.
    :param headers: the words it is known by beside its key and its label in both languages.
    :param sql_type: the type it has on the stage.
    :param is_required: a file without this column is refused.
    :param is_key: it says which record a row is about, so a value for it is never taken back.
    :param cleared: the SQL value an emptied cell stands for where the mapping says so; without it
        the column can't be emptied.
    :param derived: further columns of the stage, worked out in Python from what was read.
    """

    key: str
    label: object
    parse: CellParser
    headers: tuple[str, ...] = ()
    sql_type: str = "text"
    is_required: bool = False
    is_key: bool = False
    cleared: str | None = None
    derived: Mapping[str, Callable[[str], str]] = field(default_factory=dict)


@dataclass(frozen=True)
class Match:
    """How the headers of one file were understood.

    :param places: place in the row → key of the column.
    :param ignored: headers that mean nothing to us.
    """

    places: Mapping[int, str]
    ignored: tuple[str, ...] = ()
    twice: tuple[str, ...] = ()
    missing: tuple[str, ...] = field(default=())


def match_headers(
    header: Sequence[str],
    columns: Sequence[Column],
    *,
    words: Mapping[str, str],
    mapping: Mapping[str, str | None],
) -> Match:
    """Match the cells of a header row.

    :param words: folded header → key of the column.
    :param mapping: what a person decided: header → key, or None to leave it out.
    """
    decided = {fold_word(name): key for name, key in mapping.items()}
    places: dict[int, str] = {}
    ignored, twice = [], []
    for place, name in enumerate(header):
        word = fold_word(name)
        key = decided[word] if word in decided else words.get(word)
        if key is None:
            ignored += [name.strip()] if word else []
        elif key in places.values():
            twice.append(key)
        else:
            places[place] = key
    missing = [c.key for c in columns if c.is_required and c.key not in places.values()]
    return Match(places, tuple(ignored), tuple(twice), tuple(missing))
