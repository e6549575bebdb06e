"""Ids in other systems are walked in their order; each is checked against its own record alone."""

import pytest
from django.apps import apps
from django.db import connection

from accounts.choices import IdentifiedKind
from accounts.models import AccessPolicy, AccountShare, ExternalRef
from tests.accounts.api.test_external_ids import RECORDS
from tests.factories import make_account, make_contact, make_team, make_touchpoint, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def refs():
    account = make_account(team=make_team())
    records = [account, make_contact(account=account), make_touchpoint(account=account)]
    ExternalRef.objects.bulk_create(
        ExternalRef(
            kind=record._meta.model_name, object_id=record.pk, source="crm", value=str(number)
        )
        for number in range(2000)
        for record in records
    )
    return account


def plan_of(user, *, write=False):
    rows = ExternalRef.objects
    rows = rows.editable_by(user) if write else rows.visible_to(user)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")  # the tables of tests are tiny
    return rows.order_by("pk")[:50].explain()


@pytest.mark.parametrize("write", [False, True])
def test_no_table_of_records_is_gathered_for_a_page(refs, write):
    plan = plan_of(make_user(team=refs.team), write=write)

    assert "Index Scan using accounts_externalref_pkey" in plan
    for kind in IdentifiedKind.values:
        assert f"Seq Scan on accounts_{kind}" not in plan
    assert "Append" not in plan
    assert "hashed" not in plan


def test_who_sees_every_record_of_a_kind_asks_for_none_of_it(refs):
    plan = plan_of(make_user(role="administrator"))

    for kind in set(IdentifiedKind.values) - {"account", "touchpoint"}:
        assert f" accounts_{kind} " not in plan


def test_what_is_seen_is_that_of_visible_records(refs):
    for role, scope in (("member", "own_team"), ("manager", "all"), ("viewer", "none")):
        for kind in IdentifiedKind.values:
            AccessPolicy.objects.create(role=role, kind=kind, read_scope=scope, write_scope="none")

    def seen(**who):
        return ExternalRef.objects.visible_to(make_user(**who)).count()

    assert seen(role="member", team=refs.team) == 6000
    assert seen(role="member", team=make_team()) == 0
    assert seen(role="manager") == 6000
    assert seen(role="viewer", team=refs.team) == 0


@pytest.mark.parametrize("role", ["member", "manager", "viewer", "privacy_officer"])
@pytest.mark.parametrize("scopes", [("all", "own_team"), ("own_team", "none"), ("all", "all")])
@pytest.mark.parametrize("kind", IdentifiedKind.values)
def test_a_single_record_is_reached_like_those_of_a_list(role, scopes, kind):
    for one in IdentifiedKind.values:
        AccessPolicy.objects.create(
            role=role, kind=one, read_scope=scopes[0], write_scope=scopes[1]
        )
    user = make_user(role=role, team=make_team())
    shared = make_account(team=make_team())
    AccountShare.objects.create(account=shared, user=user)
    for account in (make_account(team=user.teams.get()), shared, make_account(team=make_team())):
        RECORDS[kind](account)
    make_touchpoint(account=shared, visibility="team")
    make_touchpoint(account=shared, is_draft=True)
    records = apps.get_model("accounts", kind).objects

    for write, listed in ((False, records.visible_to(user)), (True, records.editable_by(user))):
        rule = records.all().reached_singly(user, write=write)
        assert set(records.filter(rule)) == set(listed)
