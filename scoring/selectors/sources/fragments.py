"""Pieces of SQL that every source is made of: what is known, what holds, which day it is."""

from collections.abc import Mapping


def known(alias: str) -> str:
    """Keep what was known at k."""
    return (
        f"{alias}.recorded_at <= %(k)s"
        f" AND ({alias}.retracted_at IS NULL OR {alias}.retracted_at > %(k)s)"
    )


def holds(alias: str, day: str = "%(day)s::date") -> str:
    """Keep what held on a day, as known at k."""
    return (
        f"{alias}.starts_on <= {day} AND ({alias}.ends_on IS NULL OR {alias}.ends_on > {day})"
        f" AND {known(alias)}"
    )


def local(column: str) -> str:
    """Return the day of the organisation on which an instant lies."""
    return f"({column} AT TIME ZONE %(zone)s)::date"


def workday(day: str) -> str:
    """Count the business days up to a day; differences of it are business days between."""
    return f"width_bucket({day}, %(workdays)s::date[])"


def case(column: str, values: Mapping[str, int]) -> str:
    """Translate the values of a column into numbers."""
    whens = " ".join(f"WHEN '{key}' THEN {value}" for key, value in values.items())
    return f"CASE {column} {whens} END"
