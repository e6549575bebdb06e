"""What is sent becomes an import once, is told by record and field, and can be taken in again."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from accounts.models import (
    Account,
    DeliveryProblem,
    DeliveryState,
    ImportRun,
    InletDelivery,
    Ticket,
    User,
)
from accounts.registry import retentions
from accounts.services.imports.undo import open_undo, run_due_undo
from accounts.services.inlets.acceptance import BodyTooLarge, UnreadableBody
from accounts.services.inlets.addresses import change_inlet
from accounts.services.inlets.opening import NothingToReplay, open_waiting, replay_delivery
from accounts.services.privacy.erasure import apply_erasure, request_erasure
from accounts.services.privacy.people import person_of
from config.lib.clock import app_now
from tests.accounts.inlets import company, make_inlet, open_an_inlet, send, take_in
from tests.factories import make_account, make_contact, make_organisation, make_team, make_user
from tests.threads import at_once

pytestmark = pytest.mark.django_db
TICKETS = {
    "external_id": "id",
    "account_external_id": "org.id",
    "subject": "title",
    "severity": "level",
    "opened_at": "opened",
}


@pytest.fixture(autouse=True)
def organisation(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    make_organisation()


def ticket(number, org="acme", **more):
    return {
        "id": f"t-{number}",
        "org": {"id": org},
        "title": "止まった",
        "level": "high",
        "opened": "2026-04-01 10:30",
    } | more


def told(delivery):
    delivery = InletDelivery.objects.with_run().get(pk=delivery.pk)
    return delivery.state, delivery.run.job.result if delivery.run else {}


def test_a_company_that_a_crm_posts_is_an_account():
    inlet = make_inlet()

    delivery = send(inlet, company("c-9", "青嶺精機株式会社"))
    take_in()

    state, result = told(delivery)
    assert (state, result["created"]) == (DeliveryState.DONE, 1)
    assert Account.objects.get(external_id="c-9").name == "青嶺精機株式会社"
    run = ImportRun.objects.get()
    assert (run.inlet, run.job.requested_by) == (inlet, inlet.owner)
    assert not ImportRun.objects.matters_of(inlet.owner).exists()


def test_fill_only_leaves_what_says_something():
    account = make_account(external_id="c-1", name="元の名前", name_kana="")
    columns = {"external_id": "id", "name": "name", "name_kana": "kana"}
    inlet = make_inlet(columns=columns, is_fill_only=True)

    send(inlet, {"id": "c-1", "name": "別の名前", "kana": "モトノナマエ"})
    take_in()

    account.refresh_from_db()
    assert (account.name, account.name_kana) == ("元の名前", "モトノナマエ")


def test_a_constant_stands_in_new_records_only():
    known = make_account(external_id="c-1", currency="JPY")
    inlet = make_inlet(
        records_path="$", columns={"external_id": "id", "name": "name", "currency": "=USD"}
    )

    send(inlet, [{"id": "c-1", "name": "a"}, {"id": "c-2", "name": "b"}])
    take_in()

    known.refresh_from_db()
    assert known.currency == "JPY"
    assert Account.objects.get(external_id="c-2").currency == "USD"


def test_a_ticket_of_an_unknown_account_is_told_and_taken_in_once_it_is_known():
    make_account(external_id="acme")
    inlet = make_inlet(kind="tickets", records_path="items", columns=TICKETS)

    delivery = send(inlet, {"items": [ticket(1), ticket(2, org="later")]})
    take_in()

    state, result = told(delivery)
    assert state == DeliveryState.PARTLY
    assert [(e["row"], e["column"], e["code"]) for e in result["errors"]] == [
        (3, "account_external_id", "unknown_account")
    ]
    make_account(external_id="later")
    replay_delivery(delivery=delivery)
    take_in()
    state, result = told(delivery)
    assert (state, result["created"], result["unchanged"]) == (DeliveryState.DONE, 1, 1)
    assert Ticket.objects.count() == 2


def test_what_came_in_is_taken_back_as_any_import():
    inlet = make_inlet()
    delivery = send(inlet, company("c-9"))
    take_in()
    delivery.refresh_from_db()

    open_undo(run=delivery.run, at=app_now(), by=inlet.owner)
    run_due_undo(at=app_now())

    assert not Account.objects.filter(external_id="c-9", archived_at=None).exists()


@pytest.mark.parametrize(
    ("fields", "body", "problem", "place"),
    [
        ({"columns": {}}, company(), DeliveryProblem.UNMAPPED, (None, "")),
        ({"records_path": "data.items"}, company(), DeliveryProblem.NO_RECORDS, (None, "")),
        (
            {"records_path": "$"},
            [company(), company(name={"ja": "x"})],
            DeliveryProblem.NOT_A_VALUE,
            (2, "name"),
        ),
    ],
)
def test_what_the_inlet_does_not_find_is_told_and_taken_in_once_it_does(
    fields, body, problem, place
):
    inlet = make_inlet(**fields)

    delivery = send(inlet, body)
    take_in()

    delivery.refresh_from_db()
    assert (delivery.state, delivery.problem) == (DeliveryState.FAILED, problem)
    assert (delivery.problem_row, delivery.problem_column) == place
    columns = {"external_id": "$.0.id" if isinstance(body, list) else "id", "name": "=新しい客"}
    change_inlet(inlet=inlet, changes={"records_path": "", "columns": columns})
    replay_delivery(delivery=delivery)
    take_in()
    assert told(delivery)[0] == DeliveryState.DONE


def test_an_owner_who_has_left_takes_nothing_in():
    inlet = make_inlet()
    delivery = send(inlet, company())
    User.objects.filter(pk=inlet.owner_id).update(is_active=False)

    take_in()

    delivery.refresh_from_db()
    assert delivery.problem == DeliveryProblem.NOT_ALLOWED
    assert not ImportRun.objects.exists()


def test_the_owner_changes_only_what_they_may():
    foreign = make_account(external_id="c-1", name="他のチーム", team=make_team(name="西"))
    inlet = make_inlet(owner=make_user(role="member", team=make_team(name="東")))

    delivery = send(inlet, company("c-1", "変えた"))
    take_in()

    foreign.refresh_from_db()
    assert told(delivery)[0] == DeliveryState.FAILED
    assert foreign.name == "他のチーム"


def test_the_same_message_is_taken_once():
    inlet = make_inlet()

    first = send(inlet, company("c-1"), "msg_1")
    again = send(inlet, company("c-2"), "msg_1")
    plain = [send(inlet, company("c-3")).pk for _ in range(2)]
    other = send(make_inlet(), company("c-1"), "msg_1")

    assert again.pk == first.pk
    assert plain[0] == plain[1]
    assert other.pk not in {first.pk, plain[0]}
    take_in()
    assert set(Account.objects.values_list("external_id", flat=True)) == {"c-1", "c-3"}


@pytest.mark.django_db(transaction=True)
def test_the_same_body_at_the_same_moment_is_one_delivery_and_one_import():
    inlet = make_inlet()

    assert at_once([lambda: send(inlet, company())] * 4, refused=KeyError) == ["done"] * 4
    assert InletDelivery.objects.count() == 1
    opened = at_once([lambda: open_waiting(at=app_now())] * 4, refused=KeyError)

    assert opened == ["done"] * 4
    assert ImportRun.objects.count() == 1


def test_what_is_under_way_or_gone_is_not_taken_in_again():
    delivery = send(make_inlet(), company())
    with pytest.raises(NothingToReplay):
        replay_delivery(delivery=delivery)
    open_waiting(at=app_now())
    with pytest.raises(NothingToReplay):
        replay_delivery(delivery=delivery)
    take_in()
    replay_delivery(delivery=delivery)
    take_in()
    InletDelivery.objects.update(body=None)
    with pytest.raises(NothingToReplay):
        replay_delivery(delivery=delivery)


def test_limits_hold(settings):
    settings.INLET_MAX_BODY_BYTES, settings.INLET_MAX_RECORDS = 200, 2
    inlet = make_inlet(records_path="$")

    with pytest.raises(BodyTooLarge):
        send(inlet, b" " * 201)
    with pytest.raises(BodyTooLarge):
        send(inlet, [{"id": 1}] * 3)
    for body in (b"{", b"[" * 60 + b"]" * 60, b'["\\u0000"]'):
        with pytest.raises(UnreadableBody):
            send(inlet, body)
    assert not InletDelivery.objects.exists()
    send(inlet, [{"id": 1}] * 2)


def test_texts_of_any_shape_arrive_as_they_were_sent():
    name = '引用 "符", 改行\nと;区切り =1+1'
    inlet = make_inlet(columns={"external_id": "id", "name": "name", "short_name": "short"})

    send(inlet, {"id": "c;1", "name": name, "short": "'x"})
    take_in()

    account = Account.objects.get(external_id="c;1")
    assert (account.name.split(), account.short_name) == (name.split(), "'x")


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"columns": {"external_id": "id", "nonsense": "x"}}, "columns"),
        ({"columns": {"name": "x"}}, "columns"),
        ({"columns": {"external_id": ""}}, "columns"),
        ({"columns": {"external_id": 1}}, "columns"),
        ({"signature_header": "no header"}, "signature_header"),
    ],
)
def test_an_inlet_that_could_take_nothing_is_refused(fields, field):
    with pytest.raises(ValidationError) as refusal:
        open_an_inlet(**fields)
    assert field in refusal.value.message_dict


def test_an_owner_who_may_change_nothing_is_refused():
    with pytest.raises(ValidationError) as refusal:
        open_an_inlet(owner=make_user(role="viewer"))
    assert "owner" in refusal.value.message_dict


def test_bodies_go_when_their_time_is_over_and_imports_stay():
    delivery = send(make_inlet(), company())
    take_in()
    waiting = send(make_inlet(), company())
    old = app_now() - dt.timedelta(days=31)
    InletDelivery.objects.update(received_at=old)

    gone = retentions.get("deliveries").purge(app_now() - dt.timedelta(days=30), 100)

    assert gone == 1
    assert list(InletDelivery.objects.values_list("pk", flat=True)) == [waiting.pk]
    assert ImportRun.objects.filter(inlet=delivery.inlet).exists()


def test_an_erasure_takes_the_person_out_of_kept_bodies():
    contact = make_contact(
        account=make_account(external_id="acme"), email="nishida@acme.example",
        external_id="KN-77", family_name="西田", given_name="香",
    )  # fmt: skip
    inlet = make_inlet(kind="tickets", records_path="items", columns=TICKETS)
    mixed = {"items": [ticket(1, title="西田　香様より"), ticket(2), ticket(3, who="kn-77")]}
    kept = send(inlet, mixed)
    single = send(
        make_inlet(kind="tickets", columns=TICKETS), ticket(4, mail="Nishida@ACME.example")
    )
    others = send(inlet, {"items": [ticket(5, title="西田 太郎")]})
    before = bytes(others.body)

    erasure = request_erasure(person=person_of(contact), at=app_now(), by=None)
    counts = apply_erasure(erasure=erasure, at=app_now())

    assert counts["deliveries"] == 2
    single.refresh_from_db()
    others.refresh_from_db()
    assert (single.body, single.problem) == (None, DeliveryProblem.ERASED)
    assert bytes(others.body) == before
    take_in()
    assert set(Ticket.objects.values_list("external_id", flat=True)) == {"t-2", "t-5"}
    assert told(kept)[0] == DeliveryState.DONE
