"""Survey answers for the metrics that read them."""

import datetime as dt
from typing import Any

from accounts.models import Account
from surveys.models import Response, Wave
from tests.scoring.factories import DAY, ONE_DAY, noon
from tests.surveys.factories import make_response


def answer(
    account: Account, wave: Wave, score: int, *, day: dt.date = DAY - ONE_DAY, **fields: Any
) -> Response:
    return make_response(
        account=account,
        wave=wave,
        score=score,
        answered_at=noon(day),
        recorded_at=noon(day),
        **fields,
    )
