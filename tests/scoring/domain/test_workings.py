from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.domain.kpis import RenewalSums, add_up, figures_of
from scoring.domain.workings import Step, workings_of
from scoring.selectors.kpi_workings import round_chains
from tests.scoring.domain.test_kpis import periods

counts = st.integers(0, 40)
renewals = st.builds(RenewalSums, renewed=counts, lost=counts)
exact = pytest.approx
NOTHING = RenewalSums()


def worked(rows, by_end=NOTHING, days=365):
    sums = add_up(rows)
    found = figures_of(sums, by_end=by_end, by_decision=by_end, days=days)
    figures = {one.key: one for one in found}
    return figures, workings_of(sums, by_end=by_end, by_decision=by_end, figures=figures)


def follow(steps):
    """Reckon as the signs say and yield what each result should be beside what stands there."""
    value = None
    for step in steps:
        known = value is not None and step.value is not None
        match step.sign:
            case "" | "→":
                value = step.value
            case "+" | "−":
                change = step.value if step.sign == "+" else -(step.value or 0)
                value = value + change if known else None
            case "÷":
                value = Decimal(value) / step.value if known and step.value else None
            case "=":
                yield value, step.value
                value = step.value


@given(st.lists(periods, max_size=12), renewals)
def test_every_step_leads_to_the_figure_of_its_kpi(rows, by_end):
    figures, workings = worked(rows, by_end)

    assert workings.keys() == figures.keys()
    for key, steps in workings.items():
        results = list(follow(steps))
        assert all(
            shown is None if found is None else shown == exact(found) for found, shown in results
        ), key
        rates = [step.value for step in steps if step.what in ("rate", "yearly_loss")]
        assert rates[-1] == figures[key].rate


thirds = st.integers(-(10**9), 10**9).map(lambda n: Decimal(n) / 3)


@given(st.lists(thirds, min_size=1, max_size=5), st.sampled_from([0, 2]))
def test_amounts_that_are_added_up_still_add_up_when_rounded(values, places):
    signs = ["", *(["+", "−"] * len(values))][: len(values)]
    total = sum(-v if s == "−" else v for s, v in zip(signs, values, strict=True))
    steps = [Step(sign, "arpa", value, "money") for sign, value in zip(signs, values, strict=True)]

    shown = round_chains([*steps, Step("=", "arpa", total, "money")], places=places)

    assert all(abs(a.value - b.value) <= 1 for a, b in zip(steps, shown, strict=False))
    assert all(one.value == round(one.value, places) for one in shown)
    assert [found for found, _shown in follow(shown)] == [shown[-1].value]
