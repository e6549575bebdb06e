import copy

import pytest

from accounts.models import DirtyAccount
from scoring.models import HealthCurrent, Scorecard, ScorecardVersion
from scoring.registry import metrics
from scoring.selectors.assignments import audience_sql
from scoring.selectors.scorecards import acting_scorecards
from scoring.services.scorecard_versions import AlreadyPublished, publish_version
from scoring.services.scorecards import (
    InvalidScorecard,
    digest_of,
    draft_version,
    install_starter_content,
)
from tests.factories import make_organisation
from tests.scoring.factories import (
    DAY,
    NOON,
    ONE_DAY,
    close_day,
    daily,
    install_scorecards,
    make_live_source,
    make_scored_account,
)

pytestmark = pytest.mark.django_db


def standard():
    return Scorecard.objects.get(key="standard")


def test_what_is_shipped_is_live_and_installed_once():
    assert install_starter_content(at=NOON) == ["onboarding", "records_only", "standard"]
    assert install_starter_content(at=NOON) == []

    assert set(ScorecardVersion.objects.values_list("state", flat=True)) == {"published"}
    assert [card.key for card in acting_scorecards(DAY)] == [
        "onboarding",
        "records_only",
        "standard",
    ]


def test_an_edited_scorecard_is_never_overwritten():
    install_scorecards()
    Scorecard.objects.filter(key="standard").update(name_en="Ours")

    install_starter_content(at=NOON)

    assert standard().name_en == "Ours"


def test_measures_without_a_metric_are_left_out_and_the_rest_keeps_its_proportions():
    install_scorecards()
    card = acting_scorecards(DAY)[-1].definition

    weights = {measure.metric: weight for _, measure, weight in card.measures}
    assert sum(weights.values()) == pytest.approx(1)
    assert set(weights) <= set(metrics)
    assert weights["active_user_share"] / weights["usage_change"] == pytest.approx(0.35 / 0.25)


def test_a_draft_affects_nobody_and_a_published_version_acts_from_its_day():
    install_scorecards()
    definition = copy.deepcopy(standard().versions.get().definition)
    definition["reference"] = 60
    draft = draft_version(scorecard=standard(), definition=definition)
    assert (draft.number, draft.state, draft.digest) == (2, "draft", digest_of(definition))
    assert acting_scorecards(DAY)[-1].number == 1

    publish_version(version=draft, effective_on=DAY, at=NOON)

    assert acting_scorecards(DAY - ONE_DAY)[-1].number == 1
    assert acting_scorecards(DAY)[-1].number == 2


def test_publishing_has_every_account_computed_anew():
    make_organisation()
    account = make_scored_account()

    install_starter_content(at=NOON)

    assert DirtyAccount.objects.get().account_id == account.pk


def test_a_published_version_is_published_once():
    install_scorecards()

    with pytest.raises(AlreadyPublished):
        publish_version(version=standard().versions.get(), effective_on=DAY, at=NOON)


def test_a_faulty_definition_is_refused_with_every_place():
    install_scorecards()
    definition = copy.deepcopy(standard().versions.get().definition)
    definition["dimensions"][0]["weight"] = -1
    definition["gates"][0]["any"][0]["metric"] = "invented"

    with pytest.raises(InvalidScorecard) as caught:
        draft_version(scorecard=standard(), definition=definition)

    assert {error.pointer for error in caught.value.errors} == {
        "/dimensions/0/weight",
        "/gates/0/any/0/metric",
    }


def test_the_order_of_keys_does_not_change_the_digest():
    assert digest_of({"a": 1, "b": 2}) == digest_of({"b": 2, "a": 1})


@pytest.mark.parametrize(
    "condition", [{"arr": True}, {"phase": "x' OR true --"}, {"tracked": 1}, {"tier": ["a"]}]
)
def test_a_condition_can_not_carry_sql(condition):
    with pytest.raises(ValueError, match="no condition"):
        audience_sql(condition)


def test_the_rows_of_a_run_name_the_version_they_were_computed_with():
    install_scorecards()
    account = make_scored_account()
    make_live_source(account=account)

    close_day(DAY, account)

    version = standard().versions.get()
    assert daily(account, DAY).version == version
    assert HealthCurrent.objects.get().version == version
