"""The two times of a fact as SQL: on which day it holds, and since when it is known."""


def known(alias: str) -> str:
    """Keep what was known at `%(k)s`."""
    return (
        f"{alias}.recorded_at <= %(k)s"
        f" AND ({alias}.retracted_at IS NULL OR {alias}.retracted_at > %(k)s)"
    )


def holds(alias: str, day: str = "%(day)s::date") -> str:
    """Keep what held on a day, as known at `%(k)s`."""
    return (
        f"{alias}.starts_on <= {day} AND ({alias}.ends_on IS NULL OR {alias}.ends_on > {day})"
        f" AND {known(alias)}"
    )
