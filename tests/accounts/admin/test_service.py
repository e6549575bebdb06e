import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Invoice, OnboardingMilestone, Ticket
from tests.factories import make_account, make_invoice, make_ticket, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    client = Client()
    client.force_login(make_user(role="administrator", is_staff=True, is_superuser=True))
    return client


def test_an_operator_writes_through_the_services(operator):
    account = make_account()
    inline = {"states-TOTAL_FORMS": 0, "states-INITIAL_FORMS": 0}
    inline |= {"payments-TOTAL_FORMS": 0, "payments-INITIAL_FORMS": 0}

    def add(model, **values):
        address = reverse(f"admin:accounts_{model}_add")
        answer = operator.post(address, {"account": account.pk, **inline, **values})
        assert answer.status_code == 302, answer.context["errors"]

    moment = {"opened_at_0": "2026-06-01", "opened_at_1": "10:00"}
    add("ticket", subject="Slow", severity="high", state="open", **moment)
    days = {"issued_on": "2026-06-01", "due_on": "2026-06-28"}
    add("invoice", amount="5", currency="JPY", **days)
    add("onboardingmilestone", key="kick_off", label_en="Kick-off", label_ja="キックオフ")

    assert Ticket.objects.get().states.count() == 1
    assert str(Invoice.objects.get().due_on) == "2026-06-29"
    assert OnboardingMilestone.objects.get().key == "kick_off"


def test_a_change_of_what_counts_leaves_the_old_row_and_the_list_shows_the_new(operator):
    ticket = make_ticket(account=make_account(), subject="Slow")
    invoice = make_invoice(account=ticket.account)
    address = reverse("admin:accounts_ticket_change", args=[ticket.pk])
    values = {"subject": "Slow", "severity": "critical", "state": "open"}
    inline = {"states-TOTAL_FORMS": 0, "states-INITIAL_FORMS": 0}
    moment = {"opened_at_0": "2026-06-01", "opened_at_1": "14:00"}

    assert operator.post(address, values | inline | moment).status_code == 302

    assert Ticket.objects.count() == 2
    page = operator.get(reverse("admin:accounts_ticket_changelist"))
    assert page.context["cl"].result_count == 1
    shown = operator.get(reverse("admin:accounts_invoice_change", args=[invoice.pk]))
    assert invoice.external_id in shown.content.decode()
