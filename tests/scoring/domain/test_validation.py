import datetime as dt
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.validation import (
    Cluster,
    Interval,
    Point,
    Tally,
    alarm_starts,
    auc,
    auc_of_groups,
    bootstrap,
    interval,
    lead_time,
    lift_of_groups,
    migration_matrix,
    resample,
    spread,
)

RISKS = st.integers(0, 100_000).map(lambda n: n / 1000)
POINTS = st.lists(st.tuples(RISKS, st.booleans()), max_size=60)
COARSE = st.lists(st.tuples(st.integers(0, 5).map(float), st.booleans()), max_size=60)


def split(points):
    return [r for r, event in points if event], [r for r, event in points if not event]


def tallied(points):
    tally = Tally()
    for risk, event in points:
        tally.add(risk, is_event=event)
    return tally


@given(POINTS | COARSE)
def test_auc_counts_every_pair_and_ties_by_half(points):
    events, others = split(points)
    pairs = [(a > b) + (a == b) / 2 for a in events for b in others]

    found = auc(events, others)

    assert found == (pytest.approx(sum(pairs) / len(pairs)) if pairs else None)


@given(POINTS | COARSE)
def test_counts_give_the_auc_of_the_points(points):
    events, others = split(points)

    assert tallied(points).auc() == pytest.approx(auc(events, others))


@given(POINTS | COARSE)
def test_the_opposite_number_has_the_opposite_auc(points):
    events, others = split(points)
    found, turned = auc(events, others), auc([-r for r in events], [-r for r in others])

    assert turned == (None if found is None else pytest.approx(1 - found))


@given(POINTS | COARSE, st.randoms(use_true_random=False))
def test_the_order_of_points_does_not_matter(points, shuffler):
    shuffled = list(points)
    shuffler.shuffle(shuffled)

    assert tallied(points).auc() == tallied(shuffled).auc()
    assert tallied(points).lift() == pytest.approx(tallied(shuffled).lift())


@given(POINTS | COARSE)
def test_lift_lies_between_none_and_tenfold(points):
    found = tallied(points).lift()

    assert found is None or 0 <= found <= 10 + 1e-9


def test_lift_of_a_perfect_order_is_tenfold_where_a_tenth_is_lost():
    points = [(float(n), n >= 90) for n in range(100)]

    assert tallied(points).lift() == pytest.approx(10)
    assert tallied(points).auc() == 1


def test_a_number_that_knows_nothing_lifts_nothing():
    points = [(5.0, n < 10) for n in range(100)]

    assert tallied(points).lift() == pytest.approx(1)
    assert tallied(points).auc() == 0.5


def test_without_events_there_is_nothing_to_say():
    assert tallied([(1.0, False)]).auc() is None
    assert tallied([(1.0, False)]).lift() is None
    assert lift_of_groups([]) is None


def clusters_of(rng, *, accounts, months, signal):
    made = []
    for n in range(accounts):
        lost = n % 8 == 0
        base = rng.gauss(signal if lost else 0, 1)
        points = tuple(
            Point((base + rng.gauss(0, 0.2), rng.random()), int(base > 1), lost)
            for _ in range(months)
        )
        made.append(Cluster(points))
    return made


def test_the_interval_holds_the_figure_and_the_same_seed_gives_the_same():
    clusters = clusters_of(random.Random(1), accounts=120, months=6, signal=1.5)
    points = [(p.risks[0], p.is_event) for c in clusters for p in c.points]

    found = spread(clusters, seed=7)

    assert found == spread(clusters, seed=7)
    assert found.auc[0].low < auc(*split(points)) < found.auc[0].high
    assert found.gain[0] == Interval(0, 0)
    assert found.gain[1].low > 0
    assert set(found.bands) == {0, 1}


def test_months_of_one_account_do_not_make_the_interval_narrow():
    once = clusters_of(random.Random(3), accounts=80, months=1, signal=1)
    often = [Cluster(cluster.points * 12) for cluster in once]

    one, twelve = spread(once, seed=1).auc[0], spread(often, seed=1).auc[0]

    assert twelve.high - twelve.low == pytest.approx(one.high - one.low, rel=0.15)


def test_a_weight_stands_for_as_many_accounts():
    heavy = [Cluster((Point((1.0,), 0, False),), 3.0), Cluster((Point((2.0,), 0, True),))]
    seen = []

    bootstrap(heavy, lambda weights: seen.append(list(weights)) or [1.0], seed=1)

    assert {weights[0] for weights in seen} == {0, 3, 6}


def test_no_accounts_have_no_intervals():
    assert spread([], seed=1).auc == ()


def test_a_figure_that_mostly_does_not_exist_has_no_interval():
    assert interval([None] * 20 + [1.0] * 80) is None
    assert interval([1.0, None, *[2.0] * 98]).high == 2.0


FLAGS = st.lists(st.sampled_from([True, False, None]), max_size=24)


@given(FLAGS)
def test_alarms_are_unbroken_runs(flags):
    starts = alarm_starts(flags)

    text = "".join("x" if flag else " " for flag in flags)
    assert len(starts) == len(text.split())
    assert all(flags[start] for start in starts)


@given(FLAGS, st.integers(0, 30))
def test_lead_time_reaches_back_to_the_first_day_of_the_last_alarm(flags, gone):
    first = dt.date(2026, 1, 1)
    days = [first + dt.timedelta(days=n) for n in range(len(flags))]
    lost_on = first + dt.timedelta(days=gone)

    found = lead_time(days, flags, lost_on=lost_on)

    before = flags[:gone]
    if not before or not before[-1]:
        assert found is None
    else:
        start = len(days[: len(before)]) - 1
        while start and before[start - 1]:
            start -= 1
        assert found == gone - start


def test_a_loss_nobody_saw_coming_has_no_lead_time():
    days = [dt.date(2026, 1, 31), dt.date(2026, 2, 28)]

    assert lead_time(days, [True, False], lost_on=dt.date(2026, 3, 10)) is None
    assert lead_time(days, [False, True], lost_on=dt.date(2026, 3, 10)) == 10


@given(st.dictionaries(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), st.integers(0)))
def test_nobody_is_lost_in_the_matrix(cells):
    matrix = migration_matrix(cells, "abc")

    assert sum(map(sum, matrix)) == sum(cells.values())
    assert matrix[0][2] == cells.get(("a", "c"), 0)


def test_groups_without_points_change_nothing():
    assert auc_of_groups([(0, 0), (0, 2), (0, 0), (2, 0)]) == 1


def test_the_interval_of_a_mean_narrows_with_the_number_of_items():
    def mean(drawn):
        return sum(drawn) / len(drawn)

    few = resample([0.0, 1.0] * 10, mean, seed=1)
    many = resample([0.0, 1.0] * 1000, mean, seed=1)

    assert few.low < many.low < 0.5 < many.high < few.high
