"""What people of the demo say of scores: overrides, false alarms, objections, acknowledgements."""

import datetime as dt
import random
from contextlib import suppress
from typing import Any

from accounts.models import Account, User
from config.demo.load import at
from scoring.models import HealthAlert, HealthOverride, ScoreFeedback
from scoring.services.alerts import acknowledge_alerts, mark_false_alarms
from scoring.services.feedback import NothingToObjectTo, object_to_score
from scoring.services.overrides import review_override, set_override

#: A merger is rumoured: 18 days ago the band was set, in 12 days it ends.
RUMOUR_AGO, RUMOUR_LEFT = 18, 12
#: A finished override that was judged, and one its author is asked about today.
JUDGED, ASKED = (70, 40), (34, 2)
#: An objection to a score that stays green, and the share of alerts taken up each day.
OBJECTED, TAKEN_A_DAY = 20, 0.12
SEASON = "毎年夏は仕込みを止めるため、利用が減ります。季節変動です。"
QUIET = "150日お話しできていないのに安定のままです。実態より高いと思います。"
RUMOUR = "競合グループとの統合の噂があり、来期の継続は経営判断待ちです。"
PROMISE = "新工場の稼働が決まり、翌月から利用が戻ると伺っています。"
PENDING = "更新の稟議が止まっているため、確定するまで拡大候補にしません。"


def judge_on(day: dt.date, *, today: dt.date, rng: random.Random) -> None:
    """Do what people did on one day of the past, about the scores of that morning."""
    ago, now = (today - day).days, at(day, 11)
    values: dict[str, Any]
    if not ago:
        return
    if ago == RUMOUR_AGO:
        values = {"kind": "band", "band": "at_risk", "reason": RUMOUR}
        _override("shiranami", "mori", now, _start(today, -RUMOUR_LEFT), values)
    if ago == JUDGED[0]:
        values = {"kind": "floor", "value": 60.0, "reason": PROMISE}
        _override("kitamine", "mori", now, _start(today, JUDGED[1]), values)
    if ago == ASKED[0]:
        values = {"kind": "ceiling", "value": 80.0, "reason": PENDING}
        _override("minatohi", "saeki", now, _start(today, ASKED[1]), values)
    if ago == JUDGED[1] - 1:
        for row in HealthOverride.objects.to_review(_user("mori"), now):
            review_override(override=row, verdict="right", by=row.author, at=now)
    if ago == OBJECTED:
        _object("kotori", "hayashi", "too_high", QUIET, now)
    _look_at_alerts(now, rng)


def _look_at_alerts(now: dt.datetime, rng: random.Random) -> None:
    """Let people take alerts up within days, and call the brewery's quiet season a false alarm."""
    a_day_old = now - dt.timedelta(days=1)
    fresh = HealthAlert.objects.filter(acknowledged_at=None, false_at=None, closed_at=None)
    seen = fresh.filter(opened_at__lte=a_day_old).order_by("pk").values_list("pk", "account")
    brewery = _account("yukiakari").pk
    false = [pk for pk, account_id in seen if account_id == brewery]
    if false:
        mark_false_alarms(alert_ids=false, reason=SEASON, by=_user("mori"), at=now)
        if not ScoreFeedback.objects.filter(account=brewery).exists():
            _object("yukiakari", "mori", "too_low", SEASON, now)
    taken = [pk for pk, account_id in seen if account_id != brewery and rng.random() < TAKEN_A_DAY]
    if taken:
        acknowledge_alerts(alert_ids=taken, by=_user("saeki"), at=now)


def _override(
    key: str, login: str, now: dt.datetime, until: dt.datetime, values: dict[str, Any]
) -> None:
    set_override(account=_account(key), by=_user(login), at=now, expires_at=until, **values)


def _object(key: str, login: str, direction: str, reason: str, now: dt.datetime) -> None:
    with suppress(NothingToObjectTo):
        object_to_score(
            account=_account(key), direction=direction, reason=reason, by=_user(login), at=now
        )


def _start(today: dt.date, ago: int) -> dt.datetime:
    """Return the first instant of the day so many days ago."""
    return at(today - dt.timedelta(days=ago), 0)


def _account(key: str) -> Account:
    return Account.objects.get(external_id=f"cust-{key}")


def _user(login: str) -> User:
    person: User = User.objects.get(email=f"{login}@harukaze.example")
    return person
