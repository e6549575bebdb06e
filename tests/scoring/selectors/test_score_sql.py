"""The compiled SQL and the Python reference give the same numbers on random scorecards."""

import datetime as dt
import json

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from scoring.domain.bands import Past, next_state
from scoring.domain.carrying import keep, kept_readings
from scoring.domain.conditions import Condition
from scoring.domain.curves import Piecewise
from scoring.domain.definition import Definition, Dimension, Gate, Measure, Rollup
from scoring.domain.evaluator import Override, evaluate
from scoring.domain.freshness import Decay, read_metric
from scoring.models import CohortTable, HealthCurrent, HealthDaily, HealthOverride
from scoring.selectors.assignments import audience_key
from scoring.selectors.cohorts import BOOK, cohort_rows
from scoring.selectors.frames import official_frame, provisional_frame
from scoring.selectors.score_sql import ScoreCompiler
from scoring.selectors.surroundings import cohort_of, group_of, read_kept
from tests.factories import make_account, make_contract, make_organisation, make_user
from tests.scoring.domain.strategies import (
    COHORTS,
    DAY,
    METRICS,
    definitions,
    norms_of_all,
    numbers,
    pairs,
    utilities,
)
from tests.scoring.factories import LONG_KNOWN, ONE_DAY, make_scorecard, noon

pytestmark = pytest.mark.django_db

#: The third account belongs to no cohort.
MODELS = ("high", "low", "tech")
SLOTS = {metric: n for n, metric in enumerate(METRICS[:-1], start=1)}
BEFORE = DAY - ONE_DAY
ROW = {"base_weight": 1, "coverage": 1, "points": 0, "corrections": [], "dimensions": []}
COLUMNS = (
    "account_id, score, computed, coverage, points, corrections, dimensions, contributions,"
    " band, state, rise, kept, gate, let_go"
)

states = st.none() | st.integers(0, 3)
pasts = st.builds(Past, states, states, states)
bounds = st.none() | st.tuples(st.sampled_from(["value", "floor", "ceiling"]), utilities)
stored = st.fixed_dictionaries(dict.fromkeys(SLOTS, pairs))
reckonings = st.fixed_dictionaries(
    {
        metric: st.sampled_from(["window", "clock", "work_clock"])
        | st.builds(Decay, st.floats(0.5, 400), st.booleans())
        for metric in METRICS
    }
)


def days_ago(n):
    return DAY - n * ONE_DAY


kept_values = st.dictionaries(
    st.sampled_from(METRICS), st.tuples(numbers, st.integers(1, 100).map(days_ago))
)
cases = st.lists(
    st.tuples(stored, pasts, bounds, kept_values), min_size=len(MODELS), max_size=len(MODELS)
)
families = st.tuples(st.none() | utilities, st.none() | utilities)


@pytest.fixture
def book():
    make_organisation()
    accounts = [
        make_account(customer_since_on=dt.date(2026, 5, 1), touch_model=model) for model in MODELS
    ]
    children = [make_account(parent=accounts[0], customer_since_on=DAY) for _ in range(3)]
    children.append(make_account(parent=accounts[0], status="prospect"))
    for account, arr in ((accounts[0], 50), (children[0], 100), (children[1], 300)):
        contract = make_contract(account=account, arr=arr, starts_on=dt.date(2026, 1, 1))
        contract.terms.update(recorded_at=LONG_KNOWN)
    return accounts, children, make_scorecard({}), make_user()


@settings(
    max_examples=80,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(definitions(), cases, reckonings, st.booleans(), norms_of_all, families)
def test_sql_and_python_agree(book, definition, cases, reckonings, official, norms, family):
    accounts, children, version, author = book
    frame = official_frame(DAY) if official else provisional_frame(noon(DAY))
    for account, (_, past, bound, kept) in zip(accounts, cases, strict=True):
        remember(account, version, past, bound, author, kept)
    for child, score in zip(children, family, strict=False):
        remember_child(child, version, score)
    cohorts = freeze(definition, norms)

    rows = score_in_sql(definition, reckonings, frame, accounts, [c[0] for c in cases], cohorts)

    for index, (account, case) in enumerate(zip(accounts, cases, strict=True)):
        values, past, bound, kept = case
        row = rows[account.pk]
        cohort = cohort_of(account_id=account.pk, definition=definition, frame=frame)
        assert cohort == (index if index < len(definition.cohorts) else None)
        evaluation = evaluate(
            definition,
            readings(values, reckonings, frame),
            override=override(bound),
            norms=cohorts.norms(definition, cohort),
            kept=kept_readings(kept, day=DAY),
            group=group_of(account_id=account.pk, definition=definition, frame=frame),
        )
        agree(definition, evaluation, row)
        expected = keep(definition, readings(values, reckonings, frame), kept, day=DAY)
        assert read_kept(json.loads(row["kept"] or "{}")) == expected
        judge_band(definition, evaluation, past, bound, row, official=official)
        judge_gate(definition, evaluation, row)


def weighing(count):
    """Return the SQL of a scorecard of so many measures, with everything it may have."""
    line = Piecewise(((0.0, 0.0), (5.0, 60.0), (9.0, 100.0)))
    keys = [f"m_{n}" for n in range(count)]
    measures = tuple(Measure(key, 1.0, line, "carry") for key in keys)
    card = Definition(
        (Dimension("usage", 1.0, measures, "", "", 7.0, 30.0, True),),
        gates=(Gate("cap", (Condition(keys[0], above=3.0),), "", "", cap=59.0),),
        rollup=Rollup("arr"),
    )
    slots = {key: n for n, key in enumerate(keys, start=1)}
    compiler = ScoreCompiler(
        card, slots=slots, reckonings=dict.fromkeys(keys, "window"), official=True
    )
    return compiler.compile("scoring_metricvalue")


def test_every_layer_is_fenced_so_that_nothing_is_copied_into_the_next():
    small, large = weighing(10), weighing(40)

    for sql in (small, large):
        assert sql.count("\nOFFSET 0) s") == 12
    assert len(large) < 4.2 * len(small)


def judge_gate(definition, evaluation, row):
    if evaluation.computed is None:
        assert row["gate"] is None
        return
    before = evaluation.computed - evaluation.corrections.gates - evaluation.corrections.rollup
    bounds = [gate.floor if gate.cap is None else gate.cap for gate in definition.gates]
    if any(abs(before - bound) < 1e-9 for bound in bounds):
        return
    binding = [part.gate.key for part in evaluation.gates if part.binding]
    places = {gate.key: place for place, gate in enumerate(definition.gates)}
    children = len(definition.gates)
    first = places[binding[0]] if binding and binding[0] in places else None
    capped = "critical_children" in binding
    assert row["gate"] == (children if capped else first)


def agree(definition, evaluation, row):
    assert row["coverage"] == close(evaluation.coverage)
    assert row["score"] == close(evaluation.score)
    assert row["computed"] == close(evaluation.computed)
    assert row["contributions"] == close(list(evaluation.contributions))
    corrections = evaluation.corrections
    assert row["corrections"] == close(
        [corrections.clip, corrections.gates, corrections.rollup, corrections.override]
    )
    for dimension, utility in zip(evaluation.dimensions, row["dimensions"], strict=True):
        assert utility == close(dimension.utility)


def judge_band(definition, evaluation, past, bound, row, *, official):
    if evaluation.score is None:
        assert (row["band"], row["rise"], row["state"]) == (None, None, past.state)
        assert row["let_go"] is None
        return
    if near_a_bound(evaluation):
        return
    state = next_state(
        definition.bands, evaluation.computed, gated=evaluation.gated, official=official, past=past
    )
    moved = evaluation.score != evaluation.computed
    assert row["state"] == state
    assert row["band"] == (definition.bands.plain(evaluation.score) if moved else state)
    let_go = definition.bands.let_go(evaluation.computed, state)
    assert row["let_go"] == (let_go if bound is None else None)
    assert row["rise"] == (definition.bands.rise(evaluation.computed) if official else None)


def near_a_bound(evaluation):
    """A score within rounding of a bound may fall on either side of it in another order of sums."""
    bounds = (40, 43, 45, 60, 63, 65, 75, 77, 80)
    return any(
        0 < abs(score - bound) < 1e-9
        for score in (evaluation.score, evaluation.computed)
        for bound in bounds
    )


def close(expected):
    return pytest.approx(expected, abs=1e-9) if expected is not None else None


def readings(values, reckonings, frame):
    return {
        metric: read_metric(reckonings[metric], *pair, day=DAY, business_days=frame.business_days)
        for metric, pair in values.items()
    }


def override(bound):
    if bound is None:
        return None
    kind, value = bound
    return Override(
        low=value if kind != "ceiling" else None, high=value if kind != "floor" else None
    )


def freeze(definition, norms):
    """Store the tables: each metric's own for every cohort, and that of the book."""
    CohortTable.objects.all().delete()
    table = CohortTable.objects.create(t=noon(BEFORE))
    for metric, own in norms.items():
        for key, quantiles in [(BOOK, own.book), *((audience_key(c), own.cohort) for c in COHORTS)]:
            if quantiles is not None:
                values = vars(quantiles) | {"knots": quantiles.values}
                del values["values"]
                table.quantiles.create(audience=key, metric=metric, **as_lists(values))
    return cohort_rows(table.pk, metrics=METRICS)


def as_lists(values):
    return {key: list(v) if isinstance(v, tuple) else v for key, v in values.items()}


def remember_child(child, version, score):
    HealthDaily.objects.filter(account=child).delete()
    HealthDaily.objects.create(
        day=DAY,
        account=child,
        version=version,
        run_id=1,
        kind="official",
        contributions=[],
        score=score,
        computed=score,
        state=None if score is None else 0 if score < 40 else 2,
        **ROW,
    )


def remember(account, version, past, bound, author, kept):
    for model in (HealthDaily, HealthCurrent, HealthOverride):
        model.objects.filter(account=account).delete()
    common = ROW | {"account": account, "version": version, "run_id": 1, "contributions": []}
    HealthDaily.objects.create(
        day=BEFORE,
        state=past.state,
        rise=past.rise,
        kind="official",
        kept={key: [x, since.isoformat()] for key, (x, since) in kept.items()},
        **common,
    )
    HealthDaily.objects.create(day=DAY, low=past.low, kind="provisional", **common)
    HealthCurrent.objects.create(account=account, state=past.state)
    if bound is not None:
        HealthOverride.objects.create(
            account=account,
            kind=bound[0],
            value=bound[1],
            reason="merger rumour",
            author=author,
            starts_at=noon(DAY - 2 * ONE_DAY),
            expires_at=noon(DAY + 9 * ONE_DAY),
            recorded_at=noon(DAY - 2 * ONE_DAY),
        )


def score_in_sql(definition, reckonings, frame, accounts, values, cohorts):
    compiler = ScoreCompiler(
        definition,
        slots=SLOTS,
        reckonings=reckonings,
        official=frame.is_official,
        cohorts=cohorts,
    )
    table = (
        "(SELECT * FROM unnest(%(ids)s::bigint[]) WITH ORDINALITY a(account_id, n)"
        " JOIN LATERAL (SELECT (%(v)s::float8[][])[n:n] v2, (%(seen)s::date[][])[n:n] seen2) x"
        " ON true JOIN LATERAL (SELECT array(SELECT unnest(v2)) AS v,"
        " array(SELECT unnest(seen2)) AS seen) y ON true)"
    )
    parameters = {
        **frame.parameters(),
        "ids": [account.pk for account in accounts],
        "v": [[own[metric][0] for metric in SLOTS] for own in values],
        "seen": [[own[metric][1] for metric in SLOTS] for own in values],
        "was_day": BEFORE,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM ({compiler.compile(table)}) s", parameters)
        names = [column.name for column in cursor.description]
        return {row[0]: dict(zip(names, row, strict=True)) for row in cursor.fetchall()}
