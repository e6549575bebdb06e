"""Contacts name who takes over after them and whom they report to, also within one file."""

import datetime as dt

import pytest

from accounts.models import Contact, StakeholderRelation, StakeholderRole
from accounts.services.contacts import update_contact
from accounts.services.imports.undo import undo_here
from accounts.services.stakeholders import assign_role, relate
from tests.accounts.importers.files import AT, counts, faults, take_in
from tests.factories import make_account, make_contact

pytestmark = pytest.mark.django_db
HEADER = ["account_external_id", "external_id", "family_name", "reports_to_external_id"]
LATER = AT + dt.timedelta(days=2)
APART = {"id", "account_id", "contact_id", "_state"}


@pytest.fixture
def account(team):
    return make_account(external_id="A-1", team=team)


def lines():
    rows = StakeholderRelation.objects.filter(retracted_at=None, ends_on=None, kind="reports_to")
    return dict(rows.values_list("from_contact__external_id", "to_contact__external_id"))


def test_people_of_one_file_report_to_each_other(account):
    rows = [
        HEADER,
        ["A-1", "P-1", "部下", "P-2"],
        ["A-1", "P-2", "課長", "P-3"],
        ["A-1", "P-3", "部長", ""],
    ]

    assert counts(take_in("contacts", *rows)) == (3, 0, 0, 0)

    assert lines() == {"P-1": "P-2", "P-2": "P-3"}
    assert counts(take_in("contacts", *rows, at=LATER)) == (0, 0, 3, 0)


def test_who_reports_to_somebody_new_ends_the_old_line_and_undo_draws_it_again(account):
    one, two, three = (make_contact(account=account, external_id=f"P-{n}") for n in (1, 2, 3))
    relate(from_contact=one, to_contact=two, kind="reports_to", at=AT - dt.timedelta(days=9))
    twin = make_contact(account=account, external_id="T")
    relate(from_contact=twin, to_contact=two, kind="reports_to", at=AT - dt.timedelta(days=9))
    relate(from_contact=twin, to_contact=three, kind="reports_to", at=AT)

    run = take_in("contacts", ["account_external_id", "external_id", "上司"], ["A-1", "P-1", "P-3"])

    assert counts(run) == (0, 1, 0, 0)
    spans = StakeholderRelation.objects.filter(retracted_at=None).order_by("starts_on")
    facts = ("to_contact", "starts_on", "ends_on", "recorded_at")
    assert list(spans.filter(from_contact=one).values_list(*facts)) == list(
        spans.filter(from_contact=twin).values_list(*facts)
    )
    undo_here(run=run, at=LATER)
    assert lines() == {"P-1": "P-2", "T": "P-3"}


def test_a_circle_is_refused_with_what_closes_it(account):
    boss, junior = (make_contact(account=account, external_id=f"P-{n}") for n in (1, 2))
    relate(from_contact=junior, to_contact=boss, kind="reports_to", at=AT)

    run = take_in(
        "contacts",
        HEADER,
        ["A-1", "P-1", "長", "P-3"],
        ["A-1", "P-3", "新", "P-2"],
        ["A-1", "P-4", "自", "P-4"],
    )

    assert faults(run) == [
        (2, "reports_to_external_id", "cyclic"),
        (3, "reports_to_external_id", "cyclic"),
        (4, "reports_to_external_id", "same_person"),
    ]
    assert lines() == {"P-2": "P-1"}


def test_a_row_that_names_a_refused_person_is_refused_too(account):
    run = take_in(
        "contacts",
        [*HEADER, "email"],
        ["A-1", "P-1", "部下", "P-2", ""],
        ["A-1", "P-2", "課長", "P-3", ""],
        ["A-1", "P-3", "部長", "", "no address"],
        ["A-1", "P-5", "別", "nobody", ""],
    )

    assert faults(run) == [
        (2, "reports_to_external_id", "refused_contact"),
        (3, "reports_to_external_id", "refused_contact"),
        (4, "email", "mail"),
        (5, "reports_to_external_id", "unknown_contact"),
    ]
    assert not Contact.objects.exists()


def plain(contact):
    rows = StakeholderRole.objects.filter(contact=contact).order_by("-retracted_at", "starts_on")
    return [{k: v for k, v in vars(row).items() if k not in APART} for row in rows]


@pytest.mark.parametrize("has_gone_before", [False, True])
def test_a_successor_takes_up_the_parts_as_by_hand(account, has_gone_before):
    people = [
        [make_contact(account=account, external_id=f"{who}-{n}") for who in ("old", "new")]
        for n in (1, 2)
    ]
    for old, _new in people:
        assign_role(contact=old, role="champion", on=dt.date(2026, 1, 1), at=AT)
        if has_gone_before:
            update_contact(contact=old, changes={"state": "left"}, at=AT)
    (ours, ours_new), (theirs, theirs_new) = people
    by_hand = {"successor": theirs_new, **({} if has_gone_before else {"state": "left"})}
    update_contact(contact=theirs, changes=by_hand, at=LATER)

    run = take_in(
        "contacts",
        ["account_external_id", "external_id", "state", "successor_external_id"],
        ["A-1", "old-1", "left", "new-1"],
        at=LATER,
    )

    assert counts(run) == (0, 1, 0, 0)
    ours.refresh_from_db()
    assert ours.successor == ours_new
    assert plain(ours) == plain(theirs)
    assert plain(ours_new) == plain(theirs_new)
    undo_here(run=run, at=LATER + dt.timedelta(hours=1))
    ours.refresh_from_db()
    assert ours.successor is None
    assert not StakeholderRole.objects.filter(contact=ours_new, retracted_at=None).exists()


LEAVING = ["account_external_id", "external_id", "state", "successor_external_id", "state_on"]
SINCE = dt.date(2026, 1, 1)


def parts(account):
    rows = StakeholderRole.objects.filter(account=account, retracted_at=None, role="champion")
    columns = ("contact__family_name", "starts_on", "ends_on")
    return sorted(rows.values_list(*columns), key=lambda row: (row[0], row[1]))


@pytest.fixture
def champions(account):
    """Return a maker of people x, y and n, of whom some are champions."""

    def make(owner, stem, names):
        people = {
            name: make_contact(account=owner, external_id=f"{stem}{name}", family_name=name)
            for name in "xyn"
        }
        for name in names:
            assign_role(contact=people[name], role="champion", on=SINCE, at=AT)
        return people

    return make


@pytest.mark.parametrize("has", ["xy", "x"])
@pytest.mark.parametrize(
    "leavers",
    [
        [("x", "n", "2026-06-01"), ("y", "n", "2026-05-01")],
        [("x", "y", "2026-05-01"), ("y", "n", "2026-06-01")],
    ],
    ids=["two to one", "chain"],
)
def test_several_who_leave_hand_over_as_by_hand(account, champions, team, leavers, has):
    twin = make_account(team=team, external_id="A-2")
    champions(account, "", has)
    theirs = champions(twin, "T-", has)
    for name, successor, day in sorted(leavers, key=lambda leaver: leaver[2]):
        changes = {"state": "left", "successor": theirs[successor]}
        on = dt.date.fromisoformat(day)
        update_contact(contact=theirs[name], changes=changes, on=on, at=LATER)
    before = parts(account)

    rows = [["A-1", name, "left", successor, day] for name, successor, day in leavers]
    run = take_in("contacts", LEAVING, *rows, at=LATER)

    assert (counts(run), faults(run)) == ((0, 2, 0, 0), [])
    assert parts(account) == parts(twin)
    assert parts(account) != before
    undo_here(run=run, at=LATER + dt.timedelta(hours=1))
    assert parts(account) == before


def test_parts_pass_by_a_successor_who_had_left_before(account, champions):
    champions(account, "", "x")
    rows = [["A-1", "x", "left", "y", "2026-06-01"], ["A-1", "y", "left", "n", "2026-05-01"]]

    assert counts(take_in("contacts", LEAVING, *rows)) == (0, 2, 0, 0)

    left = dt.date(2026, 6, 1)
    assert parts(account) == [("n", left, None), ("x", SINCE, left)]


def test_who_name_each_other_as_successors_leave_nobody_behind(account, champions):
    champions(account, "", "xy")
    rows = [["A-1", "x", "left", "y", "2026-06-01"], ["A-1", "y", "left", "x", "2026-06-01"]]

    assert counts(take_in("contacts", LEAVING, *rows)) == (0, 2, 0, 0)

    left = dt.date(2026, 6, 1)
    assert parts(account) == [("x", SINCE, left), ("y", SINCE, left)]
