import datetime as dt

import pytest

from accounts.models import (
    ContactStanding,
    DirtyAccount,
    StakeholderRelation,
    StakeholderRole,
)
from accounts.services.stakeholders import assign_role, change_role, relate, set_standing
from tests.accounts.importers.files import AT, TODAY, counts, faults, statements, take_in
from tests.factories import make_account, make_contact, make_team, make_user

pytestmark = pytest.mark.django_db
HEADER = ["contact_external_id", "role"]
LATER = AT + dt.timedelta(days=2)
APART = {"id", "account_id", "contact_id", "_state", "_prefetched_objects_cache"}


@pytest.fixture
def account(team):
    return make_account(external_id="A-1", team=team)


@pytest.fixture
def person(account):
    return make_contact(account=account, external_id="P-1", email="taro@aomine.example")


@pytest.fixture
def twin(person):
    return make_contact(account=person.account, external_id="P-2", email="")


def plain(row):
    return {name: value for name, value in vars(row).items() if name not in APART}


def standing(model, contact):
    rows = model.objects.filter(contact=contact, retracted_at=None)
    return list(map(plain, rows.order_by("starts_on", "pk")))


def test_a_new_part_is_what_the_service_would_have_made(person, twin):
    since, confirmed = dt.date(2026, 4, 1), dt.date(2026, 5, 1)
    assign_role(contact=twin, role="decision_maker", on=since, confirmed_on=confirmed, at=AT)
    set_standing(contact=twin, stance="supporter", influence="high", at=AT)

    run = take_in(
        "stakeholders",
        ["先方担当者ID", "役割", "開始日", "確認日", "賛否", "影響度"],
        ["P-1", "決裁者", "2026/4/1", "2026/5/1", "Supporter", "高"],
    )

    assert counts(run) == (1, 0, 0, 0)
    assert standing(StakeholderRole, person) == standing(StakeholderRole, twin)
    assert standing(ContactStanding, person) == standing(ContactStanding, twin)
    assert DirtyAccount.objects.filter(account=person.account).exists()


@pytest.mark.parametrize(
    "changes",
    [
        {"confirmed_on": dt.date(2026, 6, 9)},
        {"ends_on": dt.date(2026, 6, 11)},
        {"confirmed_on": dt.date(2026, 6, 9), "ends_on": dt.date(2026, 6, 11)},
    ],
)
def test_a_change_is_what_the_service_would_have_written(person, twin, changes):
    since = dt.date(2026, 4, 1)
    ours, theirs = (
        assign_role(contact=one, role="champion", on=since, at=AT) for one in (person, twin)
    )
    change_role(stakeholder=theirs, changes=changes, at=LATER)
    cells = {name: str(value) for name, value in changes.items()}

    run = take_in("stakeholders", [*HEADER, *cells], ["P-1", "champion", *cells.values()], at=LATER)

    assert counts(run) == (0, 1, 0, 0)
    assert standing(StakeholderRole, person) == standing(StakeholderRole, twin)
    ours.refresh_from_db()
    assert (ours.retracted_at, ours.recorded_at) == (None, LATER)
    kept = StakeholderRole.objects.get(contact=person, retracted_at=LATER)
    assert (kept.confirmed_on, kept.ends_on, kept.recorded_at) == (None, None, AT)


def test_the_same_file_again_changes_nothing(person):
    rows = [[*HEADER, "stance"], ["P-1", "champion", "neutral"]]
    take_in("stakeholders", *rows)

    assert counts(take_in("stakeholders", *rows, at=LATER)) == (0, 0, 1, 0)
    assert StakeholderRole.objects.get().starts_on == TODAY
    assert ContactStanding.objects.count() == 1


def test_a_part_that_is_over_is_found_again(person):
    rows = [[*HEADER, "starts_on", "ends_on"], ["P-1", "champion", "2024-04-01", "2025-04-01"]]
    take_in("stakeholders", *rows)
    take_in("stakeholders", HEADER, ["P-1", "champion"])

    assert counts(take_in("stakeholders", *rows, at=LATER)) == (0, 0, 1, 0)
    ends = StakeholderRole.objects.order_by("starts_on").values_list("ends_on", flat=True)
    assert list(ends) == [dt.date(2025, 4, 1), None]


def test_several_parts_and_a_person_known_by_address(person):
    header = ["account_external_id", "contact_email", "role"]
    address = "Taro@aomine.example"
    take_in("stakeholders", header, ["A-1", address, "champion"], ["A-1", address, "起案者"])

    roles = StakeholderRole.objects.filter(contact=person).values_list("role", flat=True)
    assert set(roles) == {"champion", "drafter"}


def test_a_row_without_a_part_says_how_somebody_stands(person):
    set_standing(contact=person, stance="opponent", influence="low", at=AT)

    run = take_in("stakeholders", ["contact_external_id", "strength"], ["P-1", "medium"], at=LATER)

    assert counts(run) == (0, 1, 0, 0)
    row = ContactStanding.objects.get(contact=person, ends_on=None, retracted_at=None)
    assert (row.stance, row.influence, row.strength) == ("opponent", "low", "medium")
    assert not StakeholderRole.objects.exists()


def test_every_fault_is_named_with_its_row_and_column(account, person):
    make_account(external_id="OTHER", team=account.team)
    make_contact(account=account, external_id="GONE", archived_at=AT)
    header = ["account_external_id", "contact_external_id", "contact_email", "role", "starts_on",
              "ends_on", "confirmed_on"]  # fmt: skip
    run = take_in(
        "stakeholders",
        header,
        ["A-1", "", "", "champion", "", "", ""],
        ["A-1", "NOBODY", "", "champion", "", "", ""],
        ["", "NOBODY", "", "champion", "", "", ""],
        ["", "", "taro@aomine.example", "champion", "", "", ""],
        ["A-1", "", "hanako@aomine.example", "champion", "", "", ""],
        ["OTHER", "P-1", "", "drafter", "", "", ""],
        ["A-1", "GONE", "", "champion", "", "", ""],
        ["A-1", "P-1", "", "", "", "", ""],
        ["A-1", "P-1", "", "king", "", "", ""],
        ["A-1", "P-1", "", "champion", "2026-05-01", "2026-04-01", ""],
        ["A-1", "P-1", "", "blocker", "", "", "2026-12-01"],
        ["A-1", "P-1", "", "billing", "", "", ""],
        ["A-1", "P-1", "", "請求先担当", "", "", ""],
    )

    assert faults(run) == [
        (2, "contact_external_id", "required"),
        (3, "contact_external_id", "unknown_contact"),
        (4, "contact_external_id", "unknown_contact"),
        (5, "account_external_id", "required"),
        (6, "contact_email", "unknown_contact"),
        (7, "account_external_id", "foreign"),
        (8, "contact_external_id", "archived_contact"),
        (9, "role", "required"),
        (10, "role", "choice"),
        (11, "ends_on", "role_ends_before"),
        (12, "confirmed_on", "future"),
        (14, "role", "duplicate"),
    ]
    assert counts(run) == (1, 0, 0, 12)


def test_people_of_another_team_are_out_of_reach(person):
    stranger = make_user(team=make_team())

    run = take_in("stakeholders", HEADER, ["P-1", "champion"], by=stranger)

    assert faults(run) == [(2, "contact_external_id", "unknown_contact")]
    assert not StakeholderRole.objects.exists()


def test_thirty_rows_take_as_many_statements_as_three(account):
    for number in range(40):
        make_contact(account=account, external_id=f"Q-{number}", email="")

    def rows(first, count):
        return [[f"Q-{first + n}", "influencer"] for n in range(count)]

    statements("stakeholders", HEADER, *rows(0, 1))
    assert statements("stakeholders", HEADER, *rows(1, 3)) == statements(
        "stakeholders", HEADER, *rows(4, 30)
    )


def test_lines_are_added_once_and_conflicts_in_either_direction(person, twin):
    relate(from_contact=twin, to_contact=person, kind="conflicts", at=AT)
    header = ["contact_external_id", "影響を与える相手", "対立する相手"]
    rows = [header, ["P-1", "P-2", "P-2"], ["P-2", "P-1", ""]]

    assert counts(take_in("stakeholders", *rows)) == (0, 2, 0, 0)

    standing = StakeholderRelation.objects.filter(retracted_at=None).order_by("kind", "pk")
    people = ("kind", "from_contact__external_id", "to_contact__external_id", "starts_on")
    assert list(standing.values_list(*people)) == [
        ("conflicts", "P-2", "P-1", TODAY),
        ("influences", "P-1", "P-2", TODAY),
        ("influences", "P-2", "P-1", TODAY),
    ]
    assert take_in("stakeholders", *rows, at=LATER).job.result["unchanged"] == 2


def test_a_line_to_nobody_of_the_account_is_a_fault(person, team):
    make_contact(account=make_account(external_id="B", team=team), external_id="X")

    run = take_in(
        "stakeholders", [*HEADER, "influences"], ["P-1", "champion", "P-1"], ["P-1", "", "X"]
    )

    assert [fault[1:] for fault in faults(run)] == [
        ("influences_external_ids", "unknown_contact"),
        ("influences_external_ids", "unknown_contact"),
    ]
