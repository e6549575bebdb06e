import datetime as dt
import threading
import time

import pytest
from django.db import connection, transaction

from accounts.models import (
    Account,
    AccountStatusFact,
    AttributeDefinition,
    AttributeValue,
    DirtyAccount,
)
from accounts.services.accounts import (
    AccountArchived,
    WrongCorporateNumber,
    archive_account,
    change_phase,
    change_status,
    create_account,
    set_attributes,
    update_account,
)
from accounts.services.attributes import BadAttributes
from accounts.services.conflicts import ExternalIdTaken, UnknownMember
from accounts.services.domains import BadDomain
from accounts.services.facts import InTheFuture
from accounts.services.hierarchy import CyclicHierarchy
from tests.factories import make_account, make_organisation, make_team

pytestmark = pytest.mark.django_db

AT = dt.datetime(2026, 6, 10, 3, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 6, 10)


def day(number: int) -> dt.date:
    return dt.date(2026, 6, number)


def test_a_new_account_has_its_first_facts_from_today_on():
    account = create_account(name="株式会社青嶺精機", team=make_team(), tier="a", at=AT)

    assert (account.name_key, account.status) == ("青嶺精機", "active")
    assert account.status_facts.get().starts_on == TODAY
    assert account.phase_facts.get().recorded_at == AT
    values = dict(account.attribute_values.values_list("key", "value"))
    assert values == {"tier": "a", "touch_model": "tech", "tracked": False}
    assert DirtyAccount.objects.get().account_id == account.pk


def test_a_day_is_the_organisations_day_not_utcs():
    make_organisation(time_zone="Asia/Tokyo")
    late = dt.datetime(2026, 6, 10, 15, 0, tzinfo=dt.UTC)

    account = create_account(name="A", team=make_team(), at=late)

    assert account.status_facts.get().starts_on == day(11)


def test_an_own_system_id_can_not_be_given_twice():
    taken = make_account()

    with pytest.raises(ExternalIdTaken):
        create_account(name="B", team=taken.team, external_id=taken.external_id, at=AT)


def test_changing_the_status_moves_the_column_and_keeps_the_past():
    account = create_account(name="A", team=make_team(), at=AT - dt.timedelta(days=9))

    changed = change_status(account=account, status="churned", reason="price", on=day(5), at=AT)

    assert (changed.status, changed.churned_on, changed.churn_reason) == (
        "churned",
        day(5),
        "price",
    )
    facts = AccountStatusFact.objects.filter(account=account)
    before, after = dt.datetime(2026, 6, 9, tzinfo=dt.UTC), AT
    assert facts.as_of(day(6), before).get().status == "active"
    assert facts.as_of(day(6), after).get().status == "churned"
    assert facts.as_of(day(4), after).get().status == "active"


def test_an_older_day_can_be_filled_in_without_touching_what_followed():
    account = create_account(name="A", team=make_team(), on=day(1), at=AT)
    change_phase(account=account, phase="expansion", on=day(9), at=AT)

    changed = change_phase(account=account, phase="renewal", on=day(5), at=AT)

    standing = account.phase_facts.filter(retracted_at=None).order_by("starts_on")
    assert list(standing.values_list("phase", "starts_on", "ends_on")) == [
        ("adoption", day(1), day(5)),
        ("renewal", day(5), day(9)),
        ("expansion", day(9), None),
    ]
    assert changed.phase == "expansion"


def test_a_status_can_not_begin_tomorrow():
    with pytest.raises(InTheFuture):
        change_status(account=make_account(), status="leaving", on=day(11), at=AT)


def test_the_tier_is_a_dated_fact_and_a_column():
    account = create_account(name="A", team=make_team(), on=day(1), at=AT)

    assert update_account(account=account, changes={"tier": "a"}, at=AT).tier == "a"
    values = AttributeValue.objects.filter(account=account, key="tier", retracted_at=None)
    assert list(values.order_by("starts_on").values_list("value", flat=True)) == ["c", "a"]


def test_attributes_are_checked_against_their_declaration():
    AttributeDefinition.objects.create(key="seats", type="number", label_en="S", label_ja="S")
    account = create_account(name="A", team=make_team(), at=AT)

    with pytest.raises(BadAttributes) as refused:
        set_attributes(account=account, values={"seats": "many", "colour": "red"}, at=AT)

    assert [error.pointer for error in refused.value.errors] == [
        "/attributes/seats",
        "/attributes/colour",
    ]


def test_an_attribute_is_set_and_taken_away():
    AttributeDefinition.objects.create(key="seats", type="number", label_en="S", label_ja="S")
    account = create_account(name="A", team=make_team(), on=day(1), at=AT)

    assert set_attributes(account=account, values={"seats": 12}, on=day(2), at=AT).attributes == {
        "seats": 12
    }
    assert set_attributes(account=account, values={"seats": None}, at=AT).attributes == {}


def test_nobody_becomes_their_own_ancestor():
    top = make_account()
    below = make_account(parent=top, team=top.team)

    with pytest.raises(CyclicHierarchy):
        update_account(account=top, changes={"parent": below}, at=AT)
    with pytest.raises(CyclicHierarchy):
        update_account(account=top, changes={"parent": top}, at=AT)


@pytest.mark.django_db(transaction=True)
def test_two_who_close_a_circle_together_are_not_both_let_through():
    one, other = make_account(), make_account()
    moved = threading.Event()
    outcomes = []

    def move_first() -> None:
        with transaction.atomic():
            update_account(account=one, changes={"parent": other}, at=AT)
            moved.set()
            time.sleep(0.5)  # the other looks while this is not committed yet
        connection.close()

    def move_second() -> None:
        moved.wait(10)
        try:
            update_account(account=other, changes={"parent": one}, at=AT)
        except CyclicHierarchy:
            outcomes.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=move) for move in (move_first, move_second)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert outcomes == ["refused"]
    assert Account.objects.get(pk=one.pk).parent == other


def test_domains_are_folded_and_replaced_as_a_whole():
    account = make_account()
    account.domains.create(domain="kept.example", is_verified=True)
    account.domains.create(domain="gone.example")

    update_account(account=account, changes={"domains": ["@Kept.Example", "日本語.example"]}, at=AT)

    domains = dict(account.domains.values_list("domain", "is_verified"))
    assert domains == {"kept.example": True, "xn--wgv71a119e.example": False}


def test_something_that_is_no_domain_is_refused_at_its_place():
    with pytest.raises(BadDomain) as refused:
        update_account(
            account=make_account(), changes={"domains": ["a.example", "not a domain"]}, at=AT
        )

    assert refused.value.errors[0].pointer == "/domains/1"


def test_figures_of_contracts_can_not_be_set_by_hand():
    with pytest.raises(UnknownMember):
        update_account(account=make_account(), changes={"arr": 5}, at=AT)


def test_a_corporate_number_needs_its_check_digit():
    with pytest.raises(WrongCorporateNumber):
        update_account(account=make_account(), changes={"corporate_number": "1" * 13}, at=AT)


def test_an_archived_account_takes_no_changes():
    account = archive_account(account=make_account(), at=AT)

    with pytest.raises(AccountArchived):
        update_account(account=account, changes={"name": "New"}, at=AT)
