"""Who is judged by which scorecard and held against whom, as it was known at (t, k).

Conditions read dated facts, so that a replay finds the account in the phase it was in. Segments
count where their rules do without health itself, by the memberships there were.
"""

# ruff: noqa: S608 -- SQL is composed of our own text and checked names; values are parameters.

import json
from collections.abc import Mapping, Sequence

from accounts.selectors.dated import holds

#: Apps whose fields a segment may use to be named by a scorecard.
STAGES_BELOW = ("accounts", "surveys")

_PHASE = (
    "coalesce((SELECT max(p.phase) FROM accounts_accountphasefact p"
    f" WHERE p.account_id = a.id AND {holds('p')}), a.phase)"
)
_ATTRIBUTE = (
    "coalesce((SELECT max(v.value #>> '{{}}') FROM accounts_attributevalue v"
    " WHERE v.account_id = a.id AND v.key = '{key}' AND " + holds("v") + "), a.{key})"
)
_TRACKED = (
    "coalesce((SELECT bool_or(v.value = 'true') FROM accounts_attributevalue v"
    f" WHERE v.account_id = a.id AND v.key = 'tracked' AND {holds('v')}), a.tracked)"
)
_COLUMNS = {
    "phase": _PHASE,
    "touch_model": _ATTRIBUTE.format(key="touch_model"),
    "tier": _ATTRIBUTE.format(key="tier"),
    "kind": "a.kind",
}
_SEGMENT = (
    "EXISTS (SELECT FROM accounts_segmentmembership sm"
    " JOIN accounts_segment sg ON sg.id = sm.segment_id"
    " WHERE sm.account_id = a.id AND sg.key = '{key}'"
    f" AND sg.stage IN ({', '.join(repr(stage) for stage in STAGES_BELOW)})"
    " AND sm.entered_at <= %(k)s AND (sm.left_at IS NULL OR sm.left_at > %(k)s))"
)


def audience_sql(audience: Mapping[str, object]) -> str:
    """Write {"phase": "onboarding"} as SQL over `a`, an account; {} holds for nobody.

    Values are checked, never pasted as they come.
    """
    if not audience:
        return "false"
    return " AND ".join(_holds(key, value) for key, value in sorted(audience.items()))


def audience_key(audience: Mapping[str, object]) -> str:
    """Return the one way to write an audience as text."""
    return json.dumps(dict(audience), sort_keys=True, ensure_ascii=False)


def first_of(conditions: Sequence[str]) -> str:
    """Write the index of the first condition that holds, as SQL; NULL where none does."""
    if not conditions:
        return "NULL::int"
    whens = " ".join(f"WHEN {sql} THEN {index}" for index, sql in enumerate(conditions))
    return f"CASE {whens} END"


def _holds(key: str, value: object) -> str:
    if key == "tracked" and isinstance(value, bool):
        return f"{_TRACKED} IS {str(value).upper()}"
    if not isinstance(value, str) or not value.replace("_", "").replace("-", "").isalnum():
        raise ValueError(f"no condition on {key} with {value!r}")
    if key == "segment":
        return _SEGMENT.format(key=value)
    if key not in _COLUMNS:
        raise ValueError(f"no condition on {key}")
    return f"{_COLUMNS[key]} = '{value}'"
