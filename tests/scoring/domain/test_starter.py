"""The shipped scorecards give the worked account of docs/algorithms/health-score.md."""

import json
from collections import defaultdict
from pathlib import Path

import pytest

import scoring
from scoring.domain.cohorts import Norms, Quantiles
from scoring.domain.evaluator import evaluate
from scoring.domain.explanation import difference, round_together
from scoring.domain.freshness import Reading
from scoring.domain.parsing import parse_definition
from scoring.domain.pruning import mentioned, prune_definition

STARTER = Path(scoring.__file__).parent / "starter"

KEYS = [
    *("active_user_share", "login_days", "key_workflow_share", "usage_change", "key_features_used"),
    *("output_per_user", "touch_recency", "required_roles", "contacts_touched", "sponsor_recency"),
    *(
        "resolution_time",
        "tickets_beyond_target",
        "ticket_csat",
        "days_late",
        "arr_change",
        "overdue_share",
    ),
    *("event_contacts", "mails_answered", "nps", "survey_participation", "relationship_csat"),
]
HEALTHY = [
    *(0.66, 18, 0.42, 0.03, 0.60, 60, 0.5, 1.0, 4, 82),
    *(1.0, 0, 4.2, 0, 1.08, 0, 2, 0.5, None, 0.40, None),
]
FALLEN = [
    *(0.31, 12, 0.18, -0.65, 0.45, 40, 2.1, 0.5, 1, 130),
    *(1.3, 0.1, 4.0, 0, 1.00, 0, 0, 0.2, None, 0.25, None),
]


#: A cohort in which a value is its own percentile, as the worked account has it.
EVEN = Quantiles(n=1000, values=(0.0, 100.0), below=(0.0, 1.0), upto=(0.0, 1.0), median=50, mad=25)


def standard():
    data = json.loads((STARTER / "standard.json").read_text())["definition"]
    return parse_definition(data, metrics=mentioned(data))


def worked(values):
    return evaluate(
        standard(),
        {key: Reading(value) for key, value in zip(KEYS, values, strict=True)},
        norms={"output_per_user": Norms(book=EVEN)},
    )


@pytest.mark.parametrize(("values", "score"), [(HEALTHY, 85.9), (FALLEN, 55.3)])
def test_the_worked_account_scores_as_written_down(values, score):
    evaluation = worked(values)

    assert evaluation.coverage == pytest.approx(0.925)
    assert round(evaluation.score, 1) == score


def test_the_worked_account_fell_for_the_reasons_written_down():
    change = difference(worked(HEALTHY), worked(FALLEN))

    by_dimension = defaultdict(float)
    for move in change.moves:
        by_dimension[move.dimension] += move.total
    usage, relationship = by_dimension.pop("usage"), by_dimension.pop("relationship")
    rest = sum(by_dimension.values()) + change.points + change.corrections
    assert round_together([usage, relationship, rest]) == [-12.5, -11.0, -7.1]


def test_a_dead_account_scores_about_15_and_use_without_contact_about_69():
    dead = [
        *(0, 0, None, None, 0, 0, 5, 0, 0, 400),
        *(None, None, None, 20, 1.0, 0.1, 0, 0, None, 0, None),
    ]
    alone = [
        *(0.95, 20, 0.7, 0.2, 0.8, 80, 4, 0.25, 0, 400),
        *(None, None, None, 0, 1.0, 0, 0, 0.2, None, 0.2, None),
    ]

    assert worked(dead).score == pytest.approx(15, abs=1.5)
    assert worked(alone).score == pytest.approx(69, abs=1.5)


@pytest.mark.parametrize("path", sorted(STARTER.glob("*.json")), ids=lambda path: path.stem)
def test_every_shipped_scorecard_can_be_read_and_is_bilingual(path):
    item = json.loads(path.read_text())
    known = {"active_user_share", "touch_recency", "days_late", "notice_received"}

    definition = parse_definition(
        prune_definition(item["definition"], metrics=known), metrics=known
    )

    assert item["key"] == path.stem
    assert item["name_en"] != item["name_ja"]
    assert definition.metrics() <= known
    assert sum(weight for *_, weight in definition.measures) == pytest.approx(1)


@pytest.mark.parametrize("path", sorted(STARTER.glob("*.json")), ids=lambda path: path.stem)
def test_what_stands_beside_the_number_is_in_no_shipped_scorecard(path):
    data = json.loads(path.read_text())["definition"]

    assert mentioned(data) & {"manager_sentiment", "champion_present"} == set()
