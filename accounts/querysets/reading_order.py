"""Lists to pick from stand in the order of the words they show, in the reader's language.

Japanese is sorted by kana where a name has it. English shows Latin names and is sorted by them,
whatever their case; a name without a Latin form stands as it is written.
"""

from django.db.models import Case, F, Q, Value, When
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Concat, Lower, NullIf, Trim

from config.lib.formats import is_japanese

Order = tuple[str | Combinable, ...]


def by_account(path: str = "") -> Order:
    """Return the order of accounts as their names read, for `order_by`.

    :param path: the way from the row to its account, such as `account__`; the same below.
    """
    if is_japanese():
        return (f"{path}name_kana", f"{path}pk")
    return (_latin(f"{path}name_latin", f"{path}name"), f"{path}pk")


def by_contact(path: str = "") -> Order:
    """Return the order of the customers' people: family name first only in Japanese."""
    if is_japanese():
        return (f"{path}family_kana", f"{path}family_name", f"{path}pk")
    return (_person(path), f"{path}pk")


def by_user(path: str = "") -> Order:
    """Return the order of our own people, who have no kana."""
    if is_japanese():
        return (f"{path}family_name", f"{path}given_name", f"{path}pk")
    return (_person(path), f"{path}pk")


def by_team(path: str = "") -> Order:
    """Return the order of teams."""
    if is_japanese():
        return (f"{path}name", f"{path}pk")
    return (_latin(f"{path}name_en", f"{path}name"), f"{path}pk")


def _latin(latin: str, name: str) -> Combinable:
    return Lower(Coalesce(NullIf(F(latin), Value("")), F(name)))


def _person(path: str) -> Combinable:
    """Read a person as `person_name` does: given name first where there is a Latin form."""
    latin = Trim(Concat(f"{path}given_name_latin", Value(" "), f"{path}family_name_latin"))
    own = Trim(Concat(f"{path}family_name", Value(" "), f"{path}given_name"))
    has_none = Q(**{f"{path}given_name_latin": "", f"{path}family_name_latin": ""})
    return Lower(Case(When(has_none, then=own), default=latin))
