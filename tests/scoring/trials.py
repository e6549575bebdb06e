"""A small book, and a draft tried on it."""

from scoring.selectors.scorecards import read_definition
from scoring.selectors.what_if import try_definition
from scoring.services.scorecards import draft_version
from tests.factories import make_touchpoint
from tests.scoring.factories import (
    DAY,
    NOON,
    ONE_DAY,
    close_day,
    make_scorecard,
    make_scored_account,
    noon,
)

HARMLESS = [[0, 100], [10, 0]]
STRICT = [[0, 100], [2, 0]]


def definition_of(curve, **fields):
    measure = {"metric": "touch_recency", "weight": 1, "curve": curve}
    dimension = {"key": "care", "label_en": "Care", "label_ja": "関係", "weight": 1}
    return {"schema": 1, "dimensions": [{**dimension, "measures": [measure]}], **fields}


def talked(account, days_ago):
    at = noon(DAY - days_ago * ONE_DAY)
    make_touchpoint(account=account, occurred_at=at, recorded_at=at)


def make_book():
    """Three accounts whose last talks are 6, 12 and 66 days ago; a cadence is 30 days."""
    version = make_scorecard(definition_of(HARMLESS))
    accounts = [make_scored_account(arr=arr) for arr in (1_000_000, 2_000_000, 4_000_000)]
    for account, days in zip(accounts, (6, 12, 66), strict=True):
        talked(account, days)
    for ago in (2, 1):
        close_day(DAY - ago * ONE_DAY, *accounts)
    return version, accounts


def compare(version, definition, at=NOON):
    draft = draft_version(scorecard=version.scorecard, definition=definition)
    told = []
    found = try_definition(
        scorecard=version.scorecard,
        definition=read_definition(draft),
        at=at,
        progress=lambda done, total: told.append((done, total)),
    )
    return found, told


def cell(found, name, was, becomes):
    row, column = found["bands"].index(was), found["bands"].index(becomes)
    return found["matrix"][name][row][column]
