import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import Job
from scoring.services.scorecards import draft_version
from tests.scoring.losses import care_card, make_past
from tests.scoring.selectors.test_what_if import STRICT, definition_of, make_book

pytestmark = pytest.mark.django_db


def run(*args):
    out = StringIO()
    call_command(*args, stdout=out)
    return out.getvalue()


def test_what_if_tells_who_would_move():
    version, _accounts = make_book()
    draft_version(scorecard=version.scorecard, definition=definition_of(STRICT))

    text = run("what_if", version.scorecard.key)
    report = json.loads(run("what_if", f"{version.scorecard.key}:2", "--json"))

    assert f"Scorecard {version.scorecard.key}, version 2" in text
    assert "Who moves most" in text
    assert report["version"] == 2
    assert Job.objects.filter(state="done").count() == 2


def test_backtest_prints_the_share_of_declared_inputs_and_a_verdict():
    version = care_card()
    make_past(lost=2, kept=2)

    text = run("backtest", version.scorecard.key, "--months", "6")
    report = json.loads(run("backtest", version.scorecard.key, "--days", "30", "--json"))

    assert "Declared inputs: 0% of" in text
    assert "not yet measurable:" in text
    assert (report["horizon_days"], len(report["dates"])) == (30, 12)


@pytest.mark.parametrize(
    ("name", "words"),
    [("unknown", "There is no scorecard 'unknown'"), ("card:99", "There is no scorecard")],
)
def test_an_unknown_scorecard_is_named(name, words):
    with pytest.raises(CommandError, match=words):
        run("backtest", name)


def test_an_unknown_version_is_named():
    version = care_card()

    with pytest.raises(CommandError, match="has no version '99'"):
        run("what_if", f"{version.scorecard.key}:99")


def test_odd_months_are_refused():
    version = care_card()

    with pytest.raises(CommandError):
        run("backtest", version.scorecard.key, "--months", "0")
