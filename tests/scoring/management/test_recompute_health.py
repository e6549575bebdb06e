import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from scoring.models import HealthCurrent, HealthRun, Scorecard
from tests.scoring.factories import DAY, make_scored_account

pytestmark = pytest.mark.django_db


def run(*args):
    out = StringIO()
    call_command("recompute_health", *args, stdout=out)
    return json.loads(out.getvalue().splitlines()[-1])


def test_the_last_line_says_what_was_done():
    make_scored_account()

    done = run()

    assert set(done) == {"accounts", "seconds", "transitions"}
    assert (done["accounts"], done["transitions"]) == (1, 0)
    assert HealthCurrent.objects.get().computed_at is not None


def test_a_new_organisation_gets_the_shipped_scorecards():
    make_scored_account()

    run()

    assert set(Scorecard.objects.values_list("key", flat=True)) == {
        "onboarding",
        "records_only",
        "standard",
    }


def test_a_midnight_of_the_organisation_is_the_official_run_of_the_day_before():
    make_scored_account()

    run("--at", "2026-06-20T00:00:00+09:00")
    run("--at", "2026-06-20T00:00")

    assert HealthRun.objects.values_list("kind", "day").get() == ("official", DAY)


def test_accounts_are_named_by_their_external_id():
    chosen, _ = make_scored_account(external_id="aomine"), make_scored_account()

    assert run("--account", "aomine")["accounts"] == 1
    assert HealthCurrent.objects.get().account_id == chosen.pk


def test_an_unknown_account_or_instant_is_refused():
    with pytest.raises(CommandError, match="invented"):
        run("--account", "invented")
    with pytest.raises(CommandError, match="yesterday"):
        run("--at", "yesterday")
