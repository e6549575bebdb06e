"""Milestones of onboarding come from files, each once."""

import datetime as dt

import pytest

from accounts.models import AccessPolicy, DirtyAccount, OnboardingMilestone
from tests.accounts.importers.files import AT, counts, faults, statements, take_in
from tests.factories import make_account, make_milestone, make_team, make_user

pytestmark = pytest.mark.django_db
HEADER = ["account_external_id", "キー", "名称", "予定日", "達成日"]
LATER = AT + dt.timedelta(days=2)


@pytest.fixture
def account(team):
    return make_account(external_id="A-1", team=team)


def standing():
    return OnboardingMilestone.objects.filter(retracted_at=None)


def test_a_milestone_is_taken_in_once_and_then_reached(account):
    row = ["A-1", "kick_off", "キックオフ", "2026/6/20"]

    assert counts(take_in("milestones", HEADER, [*row, ""])) == (1, 0, 0, 0)

    made = standing().get()
    assert (made.label_ja, made.label_en) == ("キックオフ", "キックオフ")
    assert (made.due_on, made.done_on) == (dt.date(2026, 6, 20), None)
    assert DirtyAccount.objects.filter(account=account).exists()
    assert counts(take_in("milestones", HEADER, [*row, ""])) == (0, 0, 1, 0)
    assert counts(take_in("milestones", HEADER, [*row, "2026/6/9"], at=LATER)) == (0, 1, 0, 0)
    assert standing().get().done_on == dt.date(2026, 6, 9)


def test_a_file_may_call_the_account_by_its_word(account):
    run = take_in("milestones", ["顧客", *HEADER[1:]], ["A-1", "kick_off", "開始", "", ""])

    assert (counts(run), standing().get().account) == ((1, 0, 0, 0), account)


def test_a_step_without_a_key_is_known_by_its_label(account):
    make_milestone(account=account, key="kick_off", label_en="Kick-off", label_ja="キックオフ")
    header = ["account_external_id", "マイルストーン", "達成日"]
    rows = [["A-1", name, "2026/6/1"] for name in ("キックオフ", "Kick-off", "初回活用")]

    first = take_in("milestones", header, rows[0], rows[2])
    again = take_in("milestones", header, rows[1], rows[2], at=LATER)

    assert (counts(first), counts(again)) == ((1, 1, 0, 0), (0, 1, 1, 0)), faults(again)
    assert standing().count() == 2


def test_a_correction_leaves_what_was_known_and_a_new_name_does_not(account):
    make_milestone(account=account, key="kick_off", label_ja="開始", due_on=dt.date(2026, 6, 1))

    take_in("milestones", HEADER, ["A-1", "kick_off", "キックオフ", "", ""])
    assert not OnboardingMilestone.objects.exclude(retracted_at=None).exists()

    take_in("milestones", HEADER, ["A-1", "kick_off", "", "2026/7/1", ""], at=LATER)
    kept = OnboardingMilestone.objects.exclude(retracted_at=None).get()
    assert (kept.due_on, kept.retracted_at) == (dt.date(2026, 6, 1), LATER)
    assert (standing().get().due_on, standing().get().recorded_at) == (dt.date(2026, 7, 1), LATER)


def test_an_empty_cell_puts_a_day_off_only_where_the_mapping_says_so(account):
    make_milestone(account=account, key="kick_off", due_on=dt.date(2026, 6, 1))

    run = take_in(
        "milestones", HEADER, ["A-1", "kick_off", "", "", ""], mapping={"clear": ["due_on"]}
    )

    assert counts(run) == (0, 1, 0, 0)
    assert standing().get().due_on is None


def test_every_fault_is_named_with_its_row_and_column(account, team):
    make_account(external_id="Z", team=team, archived_at=AT)

    run = take_in(
        "milestones",
        HEADER,
        ["", "", "", "2026/6/1", ""],
        ["A-9", "a", "A", "", ""],
        ["Z", "a", "A", "", ""],
        ["A-1", "a", "", "", ""],
        ["A-1", "b", "B", "", "2026/6/11"],
        ["A-1", "c", "C", "", ""],
        ["A-1", "c", "C", "", ""],
        ["A-1", "two words", "D", "", ""],
    )

    assert faults(run) == [
        (2, "account_external_id", "required"),
        (2, "label_ja", "required"),
        (3, "account_external_id", "unknown_account"),
        (4, "account_external_id", "archived"),
        (5, "label_ja", "required"),
        (6, "done_on", "future"),
        (8, "key", "duplicate"),
        (9, "key", "slug"),
    ]


def test_milestones_of_accounts_out_of_reach_stay(account):
    outsider = make_user(team=make_team())

    run = take_in("milestones", HEADER, ["A-1", "a", "A", "", ""], by=outsider)

    assert faults(run) == [(2, "account_external_id", "unknown_account")]


def test_a_role_that_changes_no_accounts_takes_in_none(account):
    AccessPolicy.objects.create(role="member", kind="account", read_scope="all", write_scope="none")

    with pytest.raises(Exception, match="may not"):
        take_in("milestones", HEADER, ["A-1", "a", "A", "", ""], by=make_user(team=account.team))


def test_seven_rows_cost_as_many_statements_as_one(account):
    rows = [["A-1", f"step_{number}", f"S{number}", "", ""] for number in range(8)]
    statements("milestones", HEADER, rows[0])
    one = statements("milestones", HEADER, ["A-1", "one", "S", "", ""])

    assert statements("milestones", HEADER, *rows[1:]) == one
