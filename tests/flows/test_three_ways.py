"""A thousand customers, scored every day, go three ways: review at once, review, expansion.

Below 60 somebody looks at once, from 60 to 80 they are reviewed each quarter, above 80 they are
offered more. 80.0 is not above 80, 60.0 not below 60. Said once by weights and once by rules.
"""

from collections import Counter

import pytest

from accounts.models import Account
from playbooks.models import Task
from playbooks.services.act_on_transitions import act_on_transitions
from scoring.models import HealthCurrent, HealthTransition
from scoring.registry import Metric, metrics
from scoring.services.runs import recompute_health
from tests.factories import make_account, make_account_role, make_organisation, make_user
from tests.playbooks.factories import make_definition, make_playbook, make_step
from tests.scoring.factories import DAY, ONE_DAY, make_scorecard, slot_after

pytestmark = pytest.mark.django_db

SEATS = Metric(
    key="seats", label="Seats", unit="count", value="{licensed}", lowest=0.0, highest=100.0
)
WEIGHTS = {
    "schema": 1,
    "dimensions": [
        {
            "key": "use",
            "label_en": "Use",
            "label_ja": "利用",
            "weight": 1,
            "measures": [{"metric": "seats", "weight": 1, "curve": [[0, 0], [100, 100]]}],
        }
    ],
}


def rule(key, severity, band, **when):
    texts = {"text_en": key, "text_ja": key}
    return {
        "key": key,
        "severity": severity,
        "band": band,
        "when": {"metric": "seats", **when},
    } | texts


RULES = {
    "schema": 1,
    "method": "rules",
    "combine": "most_severe",
    "start": 70,
    "rules": [
        rule("immediate", 3, "at_risk", below=60),
        rule("quarterly", 2, "steady", at_least=60, at_most=80),
        rule("expansion", 1, "expansion", above=80),
    ],
}
WAYS = {
    "Immediate review": ["critical", "at_risk"],
    "Quarterly business review": ["steady"],
    "Expansion": ["expansion"],
}


@pytest.fixture
def book():
    make_organisation()
    manager = make_user()
    accounts = [make_account() for _ in range(1000)]
    for n, account in enumerate(accounts):
        account.licensed_users, account.customer_since_on = n % 101, DAY - 400 * ONE_DAY
    Account.objects.bulk_update(accounts, ["licensed_users", "customer_since_on"])
    for account in accounts:
        make_account_role(account=account, user=manager)
    for title, bands in WAYS.items():
        trigger = {"key": "health_band_entered", "params": {"bands": bands}}
        make_playbook(
            name_en=title,
            definition=make_definition(
                trigger=trigger, exit=None, steps=[make_step(title={"en": title, "ja": title})]
            ),
        )
    with metrics.register_temporarily("seats", SEATS):
        yield accounts


def expected_way(seats):
    return (
        "Immediate review"
        if seats < 60
        else "Expansion"
        if seats > 80
        else ("Quarterly business review")
    )


@pytest.mark.parametrize("definition", [WEIGHTS, RULES], ids=["weights", "rules"])
def test_a_thousand_customers_go_three_ways(book, definition):
    make_scorecard(definition)

    outcome = recompute_health(at=slot_after(DAY))
    act_on_transitions(at=slot_after(DAY) + ONE_DAY / 96)

    assert outcome.accounts == 1000
    went = dict(Task.objects.values_list("account__licensed_users", "title_en"))
    assert {seats: expected_way(seats) for seats in range(101)} == went
    tasks = Counter(Task.objects.values_list("title_en", flat=True))
    assert sum(tasks.values()) == 1000
    assert HealthCurrent.objects.exclude(band="not_enough_data").count() == 1000


def test_the_next_day_moves_only_who_crossed_a_line(book):
    make_scorecard(WEIGHTS)
    recompute_health(at=slot_after(DAY))
    Account.objects.filter(licensed_users=60).update(licensed_users=59)
    Account.objects.filter(licensed_users=80).update(licensed_users=81)

    recompute_health(at=slot_after(DAY + ONE_DAY))
    recompute_health(at=slot_after(DAY + 2 * ONE_DAY))

    news = HealthTransition.objects.filter(day__gt=DAY)
    moves = Counter(news.values_list("from_band", "to_band", "day"))
    fallen = Account.objects.filter(licensed_users=59).count() - 10
    assert moves == {
        ("steady", "at_risk", DAY + ONE_DAY): fallen,
        ("steady", "expansion", DAY + 2 * ONE_DAY): fallen,
    }
