import pytest

from scoring.models import ScoreFeedback
from scoring.selectors.feedback import feedback_figures
from scoring.services.feedback import (
    BadFeedback,
    NothingToObjectTo,
    object_to_score,
    retract_feedback,
)
from tests.factories import make_user
from tests.scoring.factories import (
    DAY,
    NOON,
    ONE_DAY,
    close_day,
    install_scorecards,
    last_days,
    make_live_source,
    make_paid_invoice,
    make_scored_account,
    make_usage,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    install_scorecards()
    account = make_scored_account()
    make_live_source(account=account, days=60)
    make_paid_invoice(account)
    make_usage(account=account, days=last_days(60), users=1)
    close_day(DAY - ONE_DAY, account)
    return account


def say(account, **values):
    fields = {"direction": "too_low", "reason": "They close each summer", **values}
    return object_to_score(account=account, by=make_user(), at=NOON, **fields)


def test_it_names_the_day_the_score_and_the_version(account):
    said = say(account, metric="login_days")

    assert (said.day, said.band) == (DAY - ONE_DAY, "at_risk")
    assert (said.score, said.version.number) == (account.health.score, 1)


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"direction": "odd"}, "/direction"),
        ({"reason": " "}, "/reason"),
        ({"metric": "invented"}, "/metric"),
    ],
)
def test_every_fault_is_named(account, values, pointer):
    with pytest.raises(BadFeedback) as problem:
        say(account, **values)

    assert [error.pointer for error in problem.value.errors] == [pointer]
    assert not ScoreFeedback.objects.exists()


def test_before_a_score_there_is_nothing_to_object_to():
    with pytest.raises(NothingToObjectTo):
        say(make_scored_account())


def test_the_figures_count_false_alarms_by_version_until_taken_back(account):
    said = say(account)
    say(account, direction="too_high")

    (figures,) = feedback_figures(since=DAY - ONE_DAY, until=DAY)
    assert (figures.scorecard, figures.version) == ("standard", 1)
    assert (figures.too_low, figures.too_high) == (1, 1)
    assert (figures.false_alarms, figures.missed) == (1, 0)

    retract_feedback(feedback=said, by=said.author, at=NOON)

    assert feedback_figures(since=DAY - ONE_DAY, until=DAY)[0].false_alarms == 0
    assert feedback_figures(since=DAY, until=DAY) == []
