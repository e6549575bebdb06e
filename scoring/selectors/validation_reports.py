"""A kept report as one reader may see it: figures of the whole book, accounts only of their own."""

from collections.abc import Mapping
from typing import Any

from accounts.choices import RecordKind
from accounts.models import Account
from scoring.choices import ValidationKind
from scoring.models import ScorecardVersion, Validation

#: Parts of a report that name accounts.
LISTS = ("movers", "unscored")


def report_for(validation: Validation, user: Any) -> dict[str, Any] | None:
    """Return the report with the accounts the user sees; None while there is none. One query.

    `hidden` counts what was left out of each list.
    """
    report: Mapping[str, Any] = validation.job.result
    if not report:
        return None
    rows = [row for name in LISTS for row in report.get(name, ())]
    wanted = {row["account"] for row in rows}
    accounts = Account.objects.showing(user, RecordKind.HEALTH).filter(pk__in=wanted)
    names = {account.pk: str(account) for account in accounts} if wanted else {}
    shown = dict(report)
    for name in LISTS:
        if name in report:
            shown[name] = [
                {**row, "name": names[row["account"]]}
                for row in report[name]
                if row["account"] in names
            ]
    hidden = {name: len(report[name]) - len(shown[name]) for name in LISTS if name in report}
    return {**shown, "hidden": hidden} if hidden else shown


def newest_what_if(version: ScorecardVersion) -> Validation | None:
    """Return the last what-if asked for of a version, with its job; one query."""
    rows = Validation.objects.filter(kind=ValidationKind.WHAT_IF, version=version)
    return rows.select_related("job", "scorecard", "version").order_by("-pk").first()
