"""How much of what a back-test reads was declared: dated by a file, not by when we came to know."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import connection

from scoring.selectors.custom_metrics import all_metrics

#: The tables behind each source of metrics; usage always bears the time we came to know of it.
TABLES = {
    "touches": ("accounts_touchpoint",),
    "attendees": ("accounts_touchpoint",),
    "signals": ("accounts_touchpoint",),
    "roles": ("accounts_stakeholderrole",),
    "tickets": ("accounts_ticket", "accounts_ticketstatefact"),
    "invoices": ("accounts_invoice", "accounts_invoicepayment"),
    "terms": ("accounts_contractterm",),
    "milestones": ("accounts_onboardingmilestone",),
    "measurements": ("scoring_measurement",),
}


def declared_share(keys: Iterable[str], *, until: dt.datetime) -> dict[str, Any]:
    """Return facts read, how many of them are declared, and the share, by one statement.

    :param keys: the metrics that are read.
    """
    known = all_metrics()
    parts = [a for key in keys if key in known for a in known[key].parts.values()]
    tables = sorted({table for part in parts for table in TABLES.get(part.source, ())})
    counts = " UNION ALL ".join(
        "SELECT count(*) AS facts, count(*) FILTER (WHERE is_declared) AS declared"  # noqa: S608
        f" FROM {table} WHERE recorded_at <= %(until)s AND retracted_at IS NULL"
        for table in tables
    )
    if not counts:
        return {"facts": 0, "declared": 0, "share": 0.0}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT sum(facts)::bigint, sum(declared)::bigint FROM ({counts}) x",  # noqa: S608
            {"until": until},
        )
        facts, declared = cursor.fetchone()
    return {"facts": facts, "declared": declared, "share": declared / facts if facts else 0.0}
