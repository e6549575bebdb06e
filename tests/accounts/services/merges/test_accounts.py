import datetime as dt
import threading

import pytest
from django.db import connection, connections, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import (
    Account,
    AccountRole,
    Contact,
    DirtyAccount,
    ExternalRef,
    Invoice,
    MergeRecord,
    StakeholderRole,
    Ticket,
    Touchpoint,
)
from accounts.services.accounts import archive_account, update_account
from accounts.services.contacts import update_contact
from accounts.services.contract_figures import refresh_contract_figures
from accounts.services.merges.accounts import merge_accounts, preview_account_merge
from accounts.services.merges.choices import BadChoice
from accounts.services.merges.records import AlreadyMerged, MergeOfOne
from accounts.services.merges.undo import ChangedSinceMerge, MergeUndone, undo_merge
from accounts.services.touchpoints import record_touchpoint
from playbooks.models import PlaybookRun, Task
from surveys.models import Invitation
from tests.accounts.services.merges.books import AT, fill, give_runs, make_twin, picture
from tests.factories import make_account, make_organisation, make_team

pytestmark = pytest.mark.django_db
LATER = AT + dt.timedelta(hours=1)


@pytest.fixture
def twins(db):
    make_organisation()
    team = make_team()
    source = make_twin(team=team, name="ひなた工業(株)", external_id="b", name_latin="Hinata")
    target = make_twin(team=team, name="株式会社ひなた工業", external_id="a")
    fill(source, mail="s")
    fill(target, mail="t")
    give_runs(source, target)
    refresh_contract_figures(at=AT)
    source.refresh_from_db()
    target.refresh_from_db()
    return source, target


def test_open_items_move_and_closed_facts_stay(twins):
    source, target = twins

    merge_accounts(source=source, into=target, at=AT)

    source.refresh_from_db()
    assert (source.merged_into, source.archived_at) == (target, AT)
    assert Contact.objects.filter(account=target).count() == 4
    assert [c.product for c in source.contracts.all()] == ["old"]
    assert [t.resolved_at for t in Ticket.objects.filter(account=source)] == [AT]
    assert Invoice.objects.get(account=source).payments.exists()
    assert Touchpoint.objects.filter(account=target, is_draft=True).count() == 2
    assert Touchpoint.objects.get(account=source).is_draft is False
    assert Invitation.objects.filter(account=target).count() == 2
    assert Task.objects.unfinished().filter(account=source).count() == 0
    assert set(DirtyAccount.objects.values_list("pk", flat=True)) >= {source.pk, target.pk}


def test_the_figures_follow_the_contracts(twins):
    source, target = twins

    merge_accounts(source=source, into=target, at=AT)

    assert Account.objects.get(pk=target.pk).arr == 2_400_000
    assert Account.objects.get(pk=source.pk).arr == 0


def test_ids_of_other_systems_lead_to_the_target(twins):
    source, target = twins

    merge_accounts(source=source, into=target, at=AT)

    refs = ExternalRef.objects.filter(kind="account", object_id=target.pk)
    assert set(refs.values_list("source", "value")) == {
        ("salesforce", f"sf-{source.pk}"),
        ("salesforce", f"sf-{target.pk}"),
        ("external_id", "b"),
    }


def test_parts_of_people_keep_what_was_known(twins):
    source, target = twins
    person = source.contacts.first()

    merge_accounts(source=source, into=target, at=AT)

    facts = StakeholderRole.objects.filter(contact=person).order_by("pk")
    assert [(f.account, f.retracted_at) for f in facts] == [(target, None), (source, AT)]


def test_one_role_a_kind_stays_the_targets(twins):
    source, target = twins

    merge_accounts(source=source, into=target, at=AT)

    assert AccountRole.objects.open().get(role="account_manager").account == target
    ended = AccountRole.objects.current().get(account=source)
    assert ended.ends_on == AT.date()


def test_a_role_the_target_lacks_moves(twins):
    source, target = twins
    AccountRole.objects.filter(account=target).delete()

    merge_accounts(source=source, into=target, at=AT)

    assert AccountRole.objects.open().get().account == target


def test_no_playbook_runs_twice_and_no_episode_begins_again(twins):
    source, target = twins

    merge_accounts(source=source, into=target, at=AT)

    ended = PlaybookRun.objects.get(account=source)
    assert (ended.state, ended.reason) == ("ended", "merged")
    assert not Task.objects.unfinished().filter(run=ended).exists()
    assert PlaybookRun.objects.running().filter(account=target).count() == 2
    noted = PlaybookRun.objects.get(account=target, state="skipped")
    assert noted.episode_key == ended.episode_key


def test_people_with_one_address_become_one(twins):
    source, target = twins
    double = source.contacts.order_by("pk").first()
    stays = target.contacts.order_by("pk").first()
    Contact.objects.filter(pk=double.pk).update(email=stays.email.upper())

    preview = preview_account_merge(source=source, into=target, at=AT)
    merge_accounts(source=source, into=target, at=AT)

    assert [(a.pk, b.pk) for a, b in preview.people] == [(double.pk, stays.pk)]
    double.refresh_from_db()
    assert (double.merged_into, double.account) == (stays, source)
    assert StakeholderRole.objects.open().filter(contact=stays).count() == 1


def test_what_the_target_lacks_it_takes_and_what_differs_can_be_chosen(twins):
    source, target = twins

    record = merge_accounts(
        source=source, into=target, keep={"name": "source", "external_id": "source"}, at=AT
    )

    target.refresh_from_db()
    source.refresh_from_db()
    assert (target.name, target.name_latin, target.external_id) == ("ひなた工業(株)", "Hinata", "b")
    assert source.external_id == "a"
    assert record.values["name"] == ["株式会社ひなた工業", "ひなた工業(株)"]
    refs = ExternalRef.objects.filter(object_id=target.pk, source="external_id")
    assert set(refs.values_list("value", flat=True)) == {"a", "b"}


def test_the_preview_counts_what_the_merge_moves(twins):
    source, target = twins

    preview = preview_account_merge(source=source, into=target, at=AT)
    assert not MergeRecord.objects.exists()
    record = merge_accounts(source=source, into=target, at=AT)

    announced = sum(count.n for count in preview.counts)
    assert record.moves.exclude(part="account").count() == announced


@settings(
    max_examples=10,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    keep=st.dictionaries(
        st.sampled_from(
            ["name", "external_id", "tier", "status", "phase", "tracked", "name_latin"]
        ),
        st.sampled_from(["source", "target"]),
    ),
    shared=st.integers(0, 2),
    below=st.sampled_from(["", "target below", "source below", "grandchild"]),
)
def test_undoing_a_merge_leaves_everything_as_it_was(twins, keep, shared, below):
    source, target = twins
    with transaction.atomic():
        source = update_account(account=source, changes={"tier": "a", "phase": "renewal"}, at=AT)
        _nest(source, target, below)
        _share_addresses(source, target, shared)
        before = picture()

        record = merge_accounts(source=source, into=target, keep=keep, at=AT)
        merged = picture()
        undo_merge(record=record, at=LATER)

        assert merged != before
        assert _without_values(picture()) == _without_values(before)
        transaction.set_rollback(True)


def _share_addresses(source, target, shared):
    pairs = zip(source.contacts.order_by("pk"), target.contacts.order_by("pk"), strict=True)
    for one, other in list(pairs)[:shared]:
        Contact.objects.filter(pk=one.pk).update(email=other.email)


def _nest(source, target, below):
    middle = None
    if below == "grandchild":
        middle = make_account(team=source.team, parent=source)
    parents = {"target below": source, "grandchild": middle}
    Account.objects.filter(pk=target.pk).update(parent=parents.get(below))
    Account.objects.filter(pk=source.pk).update(parent=target if below == "source below" else None)


def _without_values(shown):
    """A dated value is retracted and recorded anew, under another key."""
    dated = {"accounts.attributevalue", "accounts.accountstatusfact", "accounts.accountphasefact"}
    return {label: rows for label, rows in shown.items() if label not in dated}


def test_dated_values_hold_again_from_the_day_of_the_merge(twins):
    source, target = twins
    source = update_account(account=source, changes={"tier": "a"}, at=AT)

    record = merge_accounts(source=source, into=target, keep={"tier": "source"}, at=AT)
    assert Account.objects.get(pk=target.pk).tier == "a"
    undo_merge(record=record, at=LATER)

    assert Account.objects.get(pk=target.pk).tier == "c"
    values = target.attribute_values.filter(key="tier", retracted_at=None).order_by("starts_on")
    assert [value.value for value in values if value.ends_on != value.starts_on][-1] == "c"


def test_undoing_refuses_what_was_changed_since_and_says_what(twins):
    source, target = twins
    record = merge_accounts(source=source, into=target, keep={"name": "source"}, at=AT)
    update_account(account=target, changes={"name": "ひなた"}, at=LATER)
    Ticket.objects.filter(account=target).update(account=source)

    with pytest.raises(ChangedSinceMerge) as refused:
        undo_merge(record=record, at=LATER)

    assert {fault.pointer for fault in refused.value.errors} == {"/name", "/ticket"}
    source.refresh_from_db()
    assert source.merged_into == target


def test_undoing_refuses_when_a_talk_was_logged_since_with_people_who_would_go_back(twins):
    source, target = twins
    moving = source.contacts.first()
    record = merge_accounts(source=source, into=target, at=AT)
    moving.refresh_from_db()
    record_touchpoint(
        accounts=[target], contacts=[moving], type="call", subject="Call", occurred_at=AT, at=LATER
    )

    with pytest.raises(ChangedSinceMerge) as refused:
        undo_merge(record=record, at=LATER)

    assert [fault.pointer for fault in refused.value.errors] == ["/touchpoint"]


def test_words_changed_since_do_not_stand_in_the_way(twins):
    source, target = twins
    moving = source.contacts.first()
    record = merge_accounts(source=source, into=target, at=AT)
    update_contact(contact=moving, changes={"title": "部長"}, at=LATER)

    undo_merge(record=record, at=LATER)

    moving.refresh_from_db()
    assert (moving.account, moving.title) == (source, "部長")


def test_a_chain_of_merges_is_undone_from_its_end(twins):
    source, target = twins
    last = make_twin(team=target.team, name="Hinata Holdings")
    first = merge_accounts(source=source, into=target, at=AT)
    second = merge_accounts(source=target, into=last, at=AT)

    assert Account.objects.get(pk=source.pk).merged_into == last
    with pytest.raises(ChangedSinceMerge):
        undo_merge(record=first, at=LATER)
    undo_merge(record=second, at=LATER)
    undo_merge(record=first, at=LATER)
    with pytest.raises(MergeUndone):
        undo_merge(record=first, at=LATER)


def test_an_account_goes_into_one_other_only(twins):
    source, target = twins
    with pytest.raises(MergeOfOne):
        merge_accounts(source=source, into=source, at=AT)
    with pytest.raises(BadChoice):
        merge_accounts(source=source, into=target, keep={"arr": "source"}, at=AT)

    merge_accounts(source=source, into=target, at=AT)

    for one, other in ((source, target), (target, source)):
        with pytest.raises(AlreadyMerged):
            merge_accounts(source=one, into=other, at=AT)
    target = archive_account(account=target, at=AT)
    with pytest.raises(AlreadyMerged):
        preview_account_merge(source=make_account(), into=target, at=AT)


def test_children_and_partners_point_at_the_target(twins):
    source, target = twins
    child = make_account(parent=source)
    sold = make_account(sold_via=source, billed_via=source)
    Account.objects.filter(pk=target.pk).update(sold_via=source)

    merge_accounts(source=source, into=target, at=AT)

    child.refresh_from_db()
    sold.refresh_from_db()
    target.refresh_from_db()
    assert (child.parent, sold.sold_via, sold.billed_via) == (target, target, target)
    assert target.sold_via is None


def test_a_merge_takes_as_many_statements_for_many_people_as_for_few(twins):
    team = make_team()
    statements = []
    for people in (2, 30):
        source, target = (make_twin(team=team, name=f"{people} {end}") for end in "ab")
        fill(source, people=people, mail=f"many{people}")
        with CaptureQueriesContext(connection) as queries:
            merge_accounts(source=source, into=target, at=AT)
        statements.append(len(queries))

    assert statements[0] == statements[1]


@pytest.mark.django_db(transaction=True)
def test_two_merges_at_once_make_one(twins):
    source, target = twins
    outcomes = []

    def merge(one, other):
        try:
            merge_accounts(source=one, into=other, at=AT, by=None)
            outcomes.append("merged")
        except AlreadyMerged:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [
        threading.Thread(target=merge, args=pair) for pair in ((source, target), (target, source))
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["merged", "refused"]
    assert connection.is_usable()
