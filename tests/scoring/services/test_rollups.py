"""Parents after their children: in one run, across shards, and explained child by child."""

import pytest

from accounts.models import DirtyAccount
from accounts.services.accounts import archive_account
from accounts.services.contracts import archive_contract, update_contract
from scoring.models import HealthCurrent, HealthDaily, HealthShard
from scoring.selectors.explanations import explain_current, explain_day
from scoring.services.runs import (
    compute_shard,
    open_official_run,
    recompute_dirty,
    recompute_health,
)
from tests.factories import make_contract
from tests.scoring.factories import (
    DAY,
    LONG_KNOWN,
    NOON,
    ONE_DAY,
    close_day,
    daily,
    make_scorecard,
    make_scored_account,
    make_talk,
    noon,
    slot_after,
)

pytestmark = pytest.mark.django_db


def make_card(**rollup):
    return make_scorecard(
        {
            "schema": 1,
            "rollup": rollup,
            "dimensions": [
                {
                    "key": "care",
                    "label_en": "Care",
                    "label_ja": "関係",
                    "weight": 1,
                    "measures": [
                        {"metric": "touch_recency", "weight": 1, "curve": [[0, 100], [1, 0]]}
                    ],
                }
            ],
        }
    )


def make_member(score, *, parent=None, arr=None, **fields):
    """A high-touch customer, one talk so long ago that the score comes out."""
    if score is None:
        fields = {"touch_model": "tech", **fields}
    account = make_scored_account(parent=parent, **fields)
    if score is not None:
        make_talk(account, DAY - round((100 - score) * 0.3) * ONE_DAY)
    if arr is not None:
        contract = make_contract(account=account, arr=arr, starts_on=DAY - 99 * ONE_DAY)
        contract.terms.update(recorded_at=LONG_KNOWN)
    return account


def make_family(*scores, own=90, arrs=(100, 100, 100), own_arr=0):
    parent = make_member(own, arr=own_arr)
    children = [
        make_member(score, parent=parent, arr=arr) for score, arr in zip(scores, arrs, strict=False)
    ]
    return parent, children


@pytest.mark.parametrize(
    ("rollup", "score"),
    [
        ({"method": "own"}, 90),
        ({"method": "worst"}, 50),
        ({"method": "mean"}, (90 + 70 + 50) / 3),
        ({"method": "arr", "own_share": 0.5}, 0.5 * 90 + 0.5 * (3 * 70 + 50) / 4),
    ],
)
def test_a_parent_is_made_of_its_children(rollup, score):
    make_card(**rollup)
    parent, children = make_family(70, 50, arrs=(300, 100))

    close_day(DAY, parent, *children)

    assert daily(parent, DAY).score == pytest.approx(score)
    explained = explain_day(account_id=parent.pk, day=DAY)
    assert explained.evaluation.score == pytest.approx(score, abs=1e-9)
    assert explained.evaluation.explained == pytest.approx(score, abs=1e-9)
    assert daily(parent, DAY).corrections[2] == pytest.approx(score - 90)


def test_critical_children_with_a_fifth_of_the_value_cap_their_parent():
    make_card(method="own")
    parent, children = make_family(10, 80, arrs=(20, 40), own_arr=40)
    spared, others = make_family(10, 80, arrs=(19, 41), own_arr=40)

    close_day(DAY, parent, spared, *children, *others)

    assert (daily(parent, DAY).score, daily(spared, DAY).score) == (79, pytest.approx(90))
    gates = explain_day(account_id=parent.pk, day=DAY).evaluation.gates
    assert [(part.gate.key, part.binding) for part in gates] == [("critical_children", True)]
    assert daily(parent, DAY).corrections == pytest.approx([0, -11, 0, 0])


def test_a_parent_without_data_of_its_own_takes_its_childrens():
    make_card(method="worst")
    parent, children = make_family(70, 40, own=None)

    close_day(DAY, parent, *children)

    assert daily(parent, DAY).score == pytest.approx(40)
    explained = explain_day(account_id=parent.pk, day=DAY)
    assert explained.evaluation.explained == pytest.approx(40, abs=1e-9)


def test_children_that_do_not_count_are_listed_with_the_reason():
    make_card(method="worst")
    parent, [child] = make_family(70)
    silent = make_member(None, parent=parent)
    prospect = make_member(10, parent=parent, status="prospect")

    close_day(DAY, parent, child, silent, prospect)

    group = explain_current(account_id=parent.pk).evaluation.group
    assert {c.account_id: c.excluded for c in group.children} == {
        child.pk: "",
        silent.pk: "no_score",
        prospect.pk: "not_a_customer",
    }
    assert daily(parent, DAY).score == pytest.approx(70)


def test_a_grandparent_hears_of_its_grandchildren_in_the_same_run():
    make_card(method="worst")
    top, [middle] = make_family(80)
    low = make_member(20, parent=middle)

    close_day(DAY, top, middle, low)

    assert [daily(a, DAY).score for a in (low, middle, top)] == pytest.approx([20, 20, 20])


def test_a_change_of_a_child_moves_its_parent_at_once():
    make_card(method="worst")
    parent, [child] = make_family(70)
    close_day(DAY - ONE_DAY, parent, child)
    make_talk(child, DAY)
    DirtyAccount.objects.all().delete()
    DirtyAccount.objects.create(account=child, first_at=NOON, since=NOON, reason="touchpoint")

    recompute_dirty(at=NOON + ONE_DAY / 4)

    assert HealthCurrent.objects.get(account=parent).score == pytest.approx(90)


def test_shards_of_children_come_before_those_of_their_parents(monkeypatch):
    monkeypatch.setattr("scoring.services.runs.SHARD", 1)
    monkeypatch.setattr("scoring.services.runs._is_blocked", lambda slot: False)
    make_card(method="worst")
    parent, _children = make_family(70, 50)
    at = slot_after(DAY) + ONE_DAY / 24

    open_official_run(at=at)
    depths = list(HealthShard.objects.order_by("pk").values_list("depth", flat=True))
    while compute_shard(at=at):
        pass

    assert depths == [1, 1, 0]
    assert daily(parent, DAY).score == pytest.approx(50)


def test_the_whole_book_at_once_gives_the_same():
    make_card(method="worst")
    parent, _children = make_family(70, 50)

    recompute_health(at=slot_after(DAY))

    assert daily(parent, DAY).score == pytest.approx(50)


def test_a_replayed_parent_is_made_of_what_was_known_of_its_children():
    make_card(method="arr", own_share=0.5)
    parent, children = make_family(70, 50, 30, arrs=(300, 100, 100))
    close_day(DAY, parent, *children)
    before = HealthDaily.objects.values().get(account=parent)

    gone, cut, told = children
    archive_account(account=gone, at=noon(DAY + ONE_DAY))
    archive_contract(contract=cut.contracts.get(), at=noon(DAY + ONE_DAY))
    changes = {"notice_received_on": DAY - 300 * ONE_DAY, "ends_on": DAY - 9 * ONE_DAY}
    update_contract(contract=told.contracts.get(), changes=changes, at=noon(DAY + ONE_DAY))
    close_day(DAY, parent)

    assert HealthDaily.objects.values().get(account=parent) == before
    explained = explain_day(account_id=parent.pk, day=DAY).evaluation
    assert explained.score == pytest.approx(before["score"], abs=1e-9)
