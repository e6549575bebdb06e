"""What leaves with everything comes back by the imports where there is none of it."""

import datetime as dt
import json

import pytest
from django.core.files.base import ContentFile

from accounts.choices import Side
from accounts.models import (
    Account,
    AccountRole,
    AttributeDefinition,
    Contact,
    ContactStanding,
    Contract,
    ContractTerm,
    ExternalRef,
    Invoice,
    InvoicePayment,
    OnboardingMilestone,
    StakeholderRelation,
    StakeholderRole,
    Ticket,
    Touchpoint,
    TouchpointTodo,
)
from accounts.services.accounts import create_account
from accounts.services.contacts import create_contact, update_contact
from accounts.services.contracts import change_terms, create_contract, update_contract
from accounts.services.domains import replace_domains
from accounts.services.external_ids import add_external_id
from accounts.services.imports.runs import ImportOrder, import_here
from accounts.services.invoices import record_invoice, record_payment
from accounts.services.milestones import complete_milestone, plan_onboarding
from accounts.services.roles import assign_account_role
from accounts.services.stakeholders import assign_role, relate, set_standing
from accounts.services.tickets import record_ticket
from accounts.services.touchpoints import Todo, record_touchpoint
from config.lib.clock import app_now
from tests.accounts.services.exports.files import csv_rows, export_now, take_everything, xlsx_rows
from tests.factories import (
    LONG_AGO,
    make_account_role,
    make_organisation,
    make_team,
    make_user,
    our_day,
)

pytestmark = pytest.mark.django_db
HOUR = dt.timedelta(hours=1)


@pytest.fixture(autouse=True)
def files_apart(settings, tmp_path, db):
    settings.MEDIA_ROOT = str(tmp_path)
    make_organisation()


@pytest.fixture
def administrator():
    return make_user(role="administrator")


@pytest.fixture
def book(administrator):
    """Two accounts with something of every kind; some carry an id of their own system."""
    AttributeDefinition.objects.create(key="rank", type="text", label_en="Rank", label_ja="格")
    at, team = app_now(), make_team(name="営業")
    manager, deputy = make_user(team=team), make_user(team=team)
    parent = create_account(name="親会社", team=team, external_id="P", at=at, by=administrator)
    child = create_account(
        name="=子会社",
        name_kana="コガイシャ",
        team=team,
        parent=parent,
        tier="a",
        phase="renewal",
        tracked=True,
        currency="USD",
        at=at,
        by=administrator,
    )
    Account.objects.filter(pk=child.pk).update(attributes={"rank": "+金"})
    replace_domains(child, ["whale.example"])
    make_account_role(account=child, user=manager, role="account_manager")
    make_account_role(account=child, user=deputy, role="deputy")
    make_people(child, at)
    make_papers(child, at)
    make_talks(child, manager, at)
    steps = plan_onboarding(account=child, starts_on=LONG_AGO, at=at)
    complete_milestone(milestone=steps[0], at=at)
    for number, record in enumerate((child, *map(some_of, (Contact, *WORK)))):
        add_external_id(record=record, source="salesforce", value=f"=00{number}", at=at)
    return child


WORK = (Contract, Touchpoint, Ticket, Invoice)


def some_of(model):
    return model.objects.order_by("pk").first()


def make_people(account, at):
    first, second = (
        create_contact(
            account=account,
            family_name=name,
            given_name="瑠璃子",
            email=f"{kana}@whale.example",
            phone="+81-90-1234-5678",
            message="-5% の話\n2行目",
            at=at,
        )
        for name, kana in (("鯨岡", "kujira"), ("鯱", "shachi"))
    )
    assign_role(contact=first, role="champion", on=LONG_AGO, confirmed_on=LONG_AGO, at=at)
    assign_role(contact=first, role="decision_maker", on=LONG_AGO, at=at)
    set_standing(contact=first, stance="supporter", influence="high", strength="low", at=at)
    set_standing(contact=second, stance="opponent", at=at)
    update_contact(contact=second, changes={"external_id": "H-2", "state": "on_leave"}, at=at)
    update_contact(contact=first, changes={"successor": second}, at=at)
    ghost = create_contact(account=account, external_id="G-3", is_ghost=True, at=at)
    relate(from_contact=first, to_contact=second, kind="reports_to", at=at)
    relate(from_contact=first, to_contact=second, kind="influences", at=at)
    relate(from_contact=ghost, to_contact=first, kind="conflicts", at=at)


def make_papers(account, at):
    contract = create_contract(
        account=account,
        external_id="K-1",
        product="Monorhythm",
        starts_on=LONG_AGO,
        ends_on=LONG_AGO.replace(year=2030),
        closing_day=20,
        payment_months=2,
        payment_day=31,
        arr=1_200_000,
        seats=12,
        at=at,
    )
    change_terms(
        contract=contract, arr=900_000, seats=9, on=dt.date(2023, 4, 1), reason="price", at=at
    )
    paid = record_invoice(
        account=account,
        contract=contract,
        external_id="R-1",
        amount=550,
        issued_on=LONG_AGO,
        at=at,
    )
    record_payment(invoice=paid, paid_on=dt.date(2020, 5, 1), amount=50, at=at)
    record_payment(invoice=paid, paid_on=dt.date(2020, 6, 1), amount=100, at=at)
    record_invoice(account=account, amount=770, issued_on=LONG_AGO, at=at)


def make_talks(account, colleague, at):
    first = account.contacts.order_by("pk").first()
    record_touchpoint(
        accounts=[account],
        type="online_meeting",
        occurred_at=at - HOUR,
        subject="-値引きの話",
        body="1行目\n2行目",
        decisions="+3席",
        next_on=LONG_AGO,
        sentiment="positive",
        contacts=account.contacts.all(),
        users=[colleague],
        signals=["complaint", "cancellation_hint"],
        todos=[
            Todo(Side.OURS, "=見積", user=colleague, due_on=LONG_AGO),
            Todo(Side.THEIRS, "確認", contact=first, done_on=LONG_AGO),
        ],
        at=at,
        by=colleague,
    )
    record_touchpoint(
        accounts=[account], type="internal_note", occurred_at=at - HOUR, subject="内緒", at=at
    )
    record_ticket(
        account=account, contact=first, subject="動かない", opened_at=at - HOUR, csat=2, at=at
    )
    record_ticket(
        account=account,
        subject="直った",
        severity="critical",
        opened_at=at - 2 * HOUR,
        resolved_at=at - HOUR,
        at=at,
    )


def take_in(archive, *, by, **order):
    """Take every file of the archive in, in the order its manifest says."""
    runs = []
    for path, kind in json.loads(archive.read("manifest.json"))["import_order"]:
        file = ContentFile(archive.read(path), path)
        what = ImportOrder(kind=kind, file_name=path, **order)
        run = import_here(order=what, file=file, at=app_now(), by=by)
        assert run.job.result["failed"] == 0, (path, run.job.result)
        runs.append((path, run.job.result))
    return runs


def test_what_left_comes_back_into_an_empty_organisation(administrator, book):
    before = everything()
    archive = take_everything(administrator)
    make_empty()
    assert not any(everything().values())

    take_in(archive, by=administrator)

    assert everything() == before
    assert all(before.values())


def test_taken_in_again_where_it_came_from_nothing_changes(administrator, book):
    archive = take_everything(administrator)

    for path, result in take_in(archive, by=administrator, is_dry_run=True):
        told = {name: result[name] for name in ("created", "updated", "fields")}
        assert told == {"created": 0, "updated": 0, "fields": {}}, path


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
@pytest.mark.parametrize(
    "name",
    ["=1+1", " =1+1", "　＝1+1", "\t=1", "\u200b@SUM(1)", "'=1", "''+1", "'\t表", "−1"],
)
def test_what_reads_like_a_formula_comes_back_to_the_letter(administrator, kind, name):
    account = create_account(name="A", external_id="A-1", team=make_team(), at=app_now())
    Account.objects.filter(pk=account.pk).update(name=name, arr=5)
    export = export_now(
        administrator, source="accounts", format=kind, header="keys", query="columns=arr"
    )
    rows = csv_rows(export) if kind == "csv" else xlsx_rows(export)
    Account.objects.filter(pk=account.pk).update(name="A")

    what = ImportOrder(kind="accounts", file_name=f"a.{kind}")
    run = import_here(order=what, file=export.file, at=app_now(), by=administrator)

    assert dict(zip(*rows, strict=True))["arr"] in {"5.00", 5.0}
    assert run.job.result["failed"] == 0, run.job.result
    account.refresh_from_db()
    assert account.name == name


def test_taken_in_again_what_is_planned_stays_planned(administrator, book):
    plan_changes(book, administrator)
    archive = take_everything(administrator)
    before = dated_facts()

    runs = take_in(archive, by=administrator)

    assert {path: result["updated"] for path, result in runs if result["updated"]} == {}
    assert dated_facts() == before


def test_no_row_leaves_that_its_import_refuses(administrator, book):
    at = app_now()
    contract, todo = Contract.objects.get(), TouchpointTodo.objects.first()
    change_terms(contract=contract, arr=1, seats=1, on=dt.date(2029, 4, 1), at=at)
    update_contract(contract=contract, changes={"ends_on": dt.date(2028, 3, 31)}, at=at)
    TouchpointTodo.objects.create(touchpoint=todo.touchpoint, side=todo.side, text=todo.text)
    archive = take_everything(administrator)

    again = take_in(archive, by=administrator)
    make_empty()
    take_in(archive, by=administrator)

    assert {path: result["updated"] for path, result in again if result["updated"]} == {}
    assert [
        term.arr for term in ContractTerm.objects.filter(retracted_at=None).order_by("starts_on")
    ] == [
        1_200_000,
        900_000,
    ]
    assert TouchpointTodo.objects.filter(text=todo.text).count() == 1


def plan_changes(account, administrator):
    """Agree for next month on another manager, senior and line, and on how people will stand."""
    at, then = app_now(), our_day() + dt.timedelta(days=30)
    assign_account_role(account=account, user=administrator, role="deputy", on=then, at=at)
    assign_account_role(account=account, user=administrator, role="account_manager", on=then, at=at)
    first, second, ghost = account.contacts.order_by("pk")
    relate(from_contact=first, to_contact=ghost, kind="reports_to", on=then, at=at)
    relate(from_contact=second, to_contact=ghost, kind="reports_to", on=then, at=at)
    relate(from_contact=second, to_contact=ghost, kind="influences", on=then, at=at)
    set_standing(contact=first, stance="opponent", on=then, at=at)
    set_standing(contact=ghost, stance="supporter", on=then, at=at)


def dated_facts():
    models = (AccountRole, StakeholderRelation, ContactStanding)
    return [list(model.objects.order_by("pk").values()) for model in models]


RECORDS = {
    "accounts": (
        Account.objects.order_by("name"),
        "name name_kana tier phase status tracked currency parent__external_id team__name arr"
        " licensed_users attributes domains__domain",
    ),
    "roles": (
        AccountRole.objects.filter(retracted_at=None, ends_on=None).order_by("role"),
        "account__name user__email role",
    ),
    "contacts": (
        Contact.objects.order_by("email"),
        "account__name family_name given_name email phone message state state_on"
        " is_ghost successor__email",
    ),
    "parts": (
        StakeholderRole.objects.filter(retracted_at=None).order_by("role"),
        "account__name contact__email role starts_on ends_on confirmed_on",
    ),
    "standings": (
        ContactStanding.objects.filter(retracted_at=None).order_by("contact__email"),
        "account__name contact__email stance influence strength",
    ),
    "lines": (
        StakeholderRelation.objects.filter(retracted_at=None).order_by("kind"),
        "account__name from_contact__email to_contact__email kind",
    ),
    "contracts": (
        Contract.objects.order_by("external_id"),
        "account__name external_id product starts_on ends_on",
    ),
    "terms": (
        ContractTerm.objects.filter(retracted_at=None).order_by("starts_on"),
        "contract__external_id arr seats starts_on ends_on reason",
    ),
    "talks": (
        Touchpoint.objects.filter(retracted_at=None).order_by(
            "subject", "contacts__email", "signals__signal"
        ),
        "account__name type direction occurred_at duration_minutes subject body purpose decisions"
        " next_on sentiment visibility contacts__email users__email signals__signal",
    ),
    "todos": (
        TouchpointTodo.objects.filter(touchpoint__retracted_at=None).order_by("side"),
        "touchpoint__subject side text user__email contact__email due_on done_on",
    ),
    "milestones": (
        OnboardingMilestone.objects.filter(retracted_at=None).order_by("key"),
        "account__name key label_ja label_en due_on done_on is_first_value",
    ),
    "ids": (ExternalRef.objects.order_by("kind"), "kind source value"),
    "tickets": (
        Ticket.objects.filter(retracted_at=None).order_by("subject"),
        "account__name contact__email subject severity state opened_at resolved_at csat",
    ),
    "invoices": (
        Invoice.objects.filter(retracted_at=None).order_by("amount"),
        "account__name contract__external_id issued_on due_on amount currency",
    ),
}


def everything():
    """Return what must be the same: names, texts, figures and who belongs to whom."""
    found = {name: list(rows.values_list(*of.split())) for name, (rows, of) in RECORDS.items()}
    paid = InvoicePayment.objects.filter(retracted_at=None).values_list("amount", flat=True)
    return {**found, "paid": sum(paid)}


def make_empty():
    for model in (ExternalRef, Invoice, Ticket, Touchpoint, Contract, Contact):
        model.objects.all().delete()
    Account.objects.filter(parent__isnull=False).delete()
    Account.objects.all().delete()
