"""What several people do at the same moment happens once, and nothing breaks down."""

import pytest
from django.db import connection, transaction
from django.test import Client

from accounts.models import (
    AccountShare,
    DefaultView,
    ListMember,
    MinutesTemplate,
    SavedView,
    TouchpointType,
)
from accounts.services.holds import hold_talk
from accounts.services.merges.accounts import merge_accounts
from accounts.services.merges.contacts import merge_contacts
from accounts.services.merges.undo import MergeUndone, undo_merge
from accounts.services.minutes import write_minutes_template
from accounts.services.saved_views import ViewGone, change_view, open_with, remove_view, save_view
from accounts.services.shares import share_account
from accounts.services.static_lists import add_to_list, create_list
from accounts.services.touchpoint_types import write_touchpoint_type
from accounts.services.touchpoints import restore_touchpoint, update_touchpoint
from config.lib.clock import app_now
from playbooks.services.tasks import create_task
from scoring.models import KpiTarget
from scoring.services.kpi_targets import (
    KpiTargetExists,
    KpiTargetGone,
    change_kpi_target,
    make_kpi_target,
    remove_kpi_target,
    set_kpi_target,
)
from tests.browsed_forms import forms_of, opened, sent_by
from tests.factories import (
    make_account,
    make_contact,
    make_contract,
    make_invoice,
    make_organisation,
    make_team,
    make_touchpoint,
    make_user,
)
from tests.threads import at_once, during

pytestmark = pytest.mark.django_db(transaction=True)
ALL = ["done"] * 4


class Never(Exception):
    """Nothing may be refused."""


@pytest.fixture(autouse=True)
def organisation():
    make_organisation()


def four(call, *, refused=Never):
    return sorted(at_once([call] * 4, refused=refused))


def test_an_account_is_shared_once():
    account, user, team = make_account(), make_user(), make_team()

    assert four(lambda: share_account(account=account, user=user, at=app_now())) == ALL
    assert four(lambda: share_account(account=account, team=team, at=app_now())) == ALL
    assert AccountShare.objects.count() == 2


def test_a_target_is_one_row_and_holds_what_one_of_them_said():
    numbers = iter(range(4))

    def aim():
        set_kpi_target(kpi="nrr", period="FY2026", rate=1 + next(numbers), at=app_now())

    assert four(aim) == ALL
    assert KpiTarget.objects.get().rate in range(1, 5)


def test_a_target_that_four_make_is_made_once():
    numbers = iter(range(4))

    def make():
        make_kpi_target(kpi="nrr", period="FY2026", rate=1 + next(numbers), at=app_now())

    assert four(make, refused=KpiTargetExists) == ["done", "refused", "refused", "refused"]
    assert KpiTarget.objects.count() == 1


def test_parts_of_a_target_changed_at_once_all_hold():
    wanted = {"rate": 2, "count": 3, "amount": 4}
    for _round in range(5):
        KpiTarget.objects.all().delete()
        row = make_kpi_target(kpi="nrr", period="FY2026", rate=1, count=1, amount=1, at=app_now())
        calls = [
            lambda part=part, value=value, row=row: change_kpi_target(
                target=row, changes={part: value}, at=app_now()
            )
            for part, value in wanted.items()
        ]

        assert at_once(calls, refused=Never) == ["done"] * 3
        assert KpiTarget.objects.values(*wanted).get() == wanted


def test_a_target_that_was_removed_is_not_changed():
    row = make_kpi_target(kpi="nrr", period="FY2026", rate=1, at=app_now())
    remove_kpi_target(target=KpiTarget.objects.get())

    with pytest.raises(KpiTargetGone):
        change_kpi_target(target=row, changes={"rate": 2}, at=app_now())
    assert not KpiTarget.objects.exists()


def test_a_shipped_template_for_minutes_is_stood_in_for_once():
    def write():
        write_minutes_template(
            key="regular_meeting", type="visit", name="Ours", body="x", at=app_now()
        )

    assert four(write) == ALL
    assert MinutesTemplate.objects.count() == 1


def test_a_shipped_type_of_talk_is_changed_once():
    assert four(lambda: write_touchpoint_type(key="call", label_en="Ring", at=app_now())) == ALL
    assert TouchpointType.objects.count() == 1


def test_accounts_stand_on_a_list_once():
    user = make_user(role="administrator")
    row = create_list(name="L", owner=user, at=app_now())
    accounts = [make_account().pk for _number in range(20)]

    assert four(lambda: add_to_list(row=row, accounts=accounts, by=user, at=app_now())) == ALL
    assert ListMember.objects.count() == 20


def make_view(user):
    return save_view(list_key="tickets", name="V", query="q=x", owner=user, at=app_now())


def test_a_view_that_is_taken_away_is_neither_changed_nor_opened():
    user = make_user()
    view = make_view(user)
    stale = SavedView.objects.get(pk=view.pk)
    remove_view(view=view, by=user)

    with pytest.raises(ViewGone):
        change_view(view=stale, changes={"name": "W"}, by=user, at=app_now())
    with pytest.raises(ViewGone):
        open_with(user=user, list_key="tickets", view=stale)


def test_a_view_opened_and_taken_away_at_once_leaves_no_trace_or_stays_away():
    user = make_user()
    for _round in range(5):
        view = make_view(user)
        other = SavedView.objects.get(pk=view.pk)
        calls = [
            lambda view=view: remove_view(view=view, by=user),
            lambda other=other: open_with(user=user, list_key="tickets", view=other),
        ]

        assert set(at_once(calls, refused=ViewGone)) <= {"done", "refused"}
        assert not DefaultView.objects.exists()


def test_a_merge_is_undone_once():
    team = make_team()
    source, target = make_account(team=team), make_account(team=team)
    record = merge_accounts(source=source, into=target, at=app_now())

    told = four(lambda: undo_merge(record=record, at=app_now()), refused=MergeUndone)

    assert told == ["done", "refused", "refused", "refused"]


def test_a_merge_of_people_is_undone_once():
    account = make_account()
    source, target = make_contact(account=account), make_contact(account=account)
    record = merge_contacts(source=source, into=target, at=app_now())

    told = four(lambda: undo_merge(record=record, at=app_now()), refused=MergeUndone)

    assert told == ["done", "refused", "refused", "refused"]


def signed_in(user):
    client = Client()
    client.force_login(user)
    return client


def test_of_two_who_save_one_field_at_once_the_second_learns_of_the_first():
    team = make_team()
    account = make_account(team=team, short_name="港")
    address = f"/accounts/{account.pk}/edit/"
    one, other = (signed_in(make_user(team=team)) for _ in range(2))
    form = opened(one, address)

    told = during(
        lambda: one.post(address, form | {"short_name": ["灯"]}),
        lambda: other.post(address, form | {"short_name": ["丘"]}),
    )

    account.refresh_from_db()
    assert account.short_name == "灯"
    assert "short_name" in told[0].context["form"].errors


def test_of_two_who_save_other_fields_at_once_both_prevail():
    team = make_team()
    contact = make_contact(account=make_account(team=team), title="課長")
    address = f"/contacts/{contact.pk}/edit/"
    one, other = (signed_in(make_user(team=team)) for _ in range(2))
    form = opened(one, address)

    told = during(
        lambda: one.post(address, form | {"title": ["部長"]}),
        lambda: other.post(address, form | {"department": ["営業部"]}),
    )

    contact.refresh_from_db()
    assert (contact.title, contact.department) == ("部長", "営業部")
    assert told[0].status_code == 302


def test_of_two_domains_verified_at_once_both_are():
    team = make_team()
    account = make_account(team=team)
    addresses = [
        f"/accounts/{account.pk}/domains/{account.domains.create(domain=name).pk}/verify/"
        for name in ("one.example", "other.example")
    ]
    one, other = (signed_in(make_user(team=team)) for _ in range(2))

    during(lambda: one.post(addresses[0]), lambda: other.post(addresses[1]))

    assert account.domains.filter(is_verified=True).count() == 2


def test_a_talk_sent_twice_by_a_double_click_is_one():
    team = make_team()
    account = make_account(team=team)
    address = f"/touchpoints/new/?account={account.pk}"
    user = make_user(team=team)
    one, other = signed_in(user), signed_in(user)
    form = sent_by(next(f for f in forms_of(one.get(address)) if "sent_as" in dict(f["sent"])))
    talk = form | {"subject": ["定例"], "do": ["log"]}

    told = during(
        lambda: one.post("/touchpoints/new/", talk), lambda: other.post("/touchpoints/new/", talk)
    )
    again = one.post("/touchpoints/new/", talk)
    changed = one.post("/touchpoints/new/", talk | {"subject": ["臨時"]})

    led = {answer.headers["Location"] for answer in (*told, again, changed)}
    assert led == {f"/accounts/{account.pk}/"}
    assert sorted(account.touchpoints.values_list("subject", flat=True)) == ["定例", "臨時"]


def test_a_payment_sent_twice_by_a_double_click_is_one():
    team = make_team()
    invoice = make_invoice(account=make_account(team=team))
    address = f"/invoices/{invoice.pk}/payments/new/"
    user = make_user(team=team)
    one, other = signed_in(user), signed_in(user)
    form = opened(one, address)

    told = during(lambda: one.post(address, form), lambda: other.post(address, form))

    assert told[0].status_code == 302
    assert invoice.payments.count() == 1


def test_a_contract_is_not_renewed_twice_by_two():
    team = make_team()
    contract = make_contract(account=make_account(team=team))
    address = f"/contracts/{contract.pk}/renew/"
    one, other = (signed_in(make_user(team=team)) for _ in range(2))
    form = opened(one, address)

    told = during(lambda: one.post(address, form), lambda: other.post(address, form))

    was = contract.ends_on
    contract.refresh_from_db()
    assert contract.ends_on.year == was.year + 1
    assert "ends_on" in told[0].context["form"].errors


def test_a_talk_published_with_a_task_and_brought_back_at_once_end_both():
    account = make_account(team=make_team())
    talk = make_touchpoint(account=account)

    def wait(seconds):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(%s)", [seconds])

    def change():
        with transaction.atomic():
            hold_talk(talk.pk)
            update_touchpoint(touchpoint=talk, changes={"subject": "定例"}, at=app_now())
            wait(0.5)
            today = app_now().date()
            create_task(account=account, title="見積", due_on=today, by=None, at=app_now())

    def bring_back():
        with transaction.atomic():
            wait(0.2)
            restore_touchpoint(touchpoint=talk, at=app_now())

    assert at_once([change, bring_back], refused=Never) == ["done", "done"]
