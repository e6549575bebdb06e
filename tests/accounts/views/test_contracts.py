import datetime as dt
from decimal import Decimal

import pytest

from accounts.models import Contract, FxRate, User
from tests.factories import (
    make_account,
    make_contract,
    make_organisation,
    make_team,
    make_user,
    our_day,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def team(client):
    make_organisation()
    team = make_team()
    client.force_login(make_user(team=team, role="manager"))
    return team


DAY = dt.timedelta(days=1)


def ahead():
    return {"starts_on": our_day() - 100 * DAY, "ends_on": our_day() + 265 * DAY}


def filled(**changes):
    values = {
        "product": "Monorhythm",
        "kind": "fixed",
        "currency": "jpy",
        "starts_on": "2025-12-01",
        "ends_on": "2026-11-30",
        "notice_months": "3",
        "payment_terms": "within 30 days",
        "approval_state": "not_started",
        "arr": "18000000",
        "seats": "120",
    }
    return {**values, **changes}


def test_a_contract_gives_its_account_arr_and_seats(client, team):
    account = make_account(team=team)

    response = client.post(f"/accounts/{account.pk}/contracts/new/", filled())

    assert response.headers["Location"] == f"/accounts/{account.pk}/"
    contract = Contract.objects.get()
    assert (contract.currency, contract.external_id) == ("JPY", None)
    assert contract.terms.get().arr == 18_000_000


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"ends_on": "2025-11-30"}, "ends_on"),
        ({"ends_on": ""}, "ends_on"),
        ({"kind": "open_ended"}, "ends_on"),
        ({"currency": "yen"}, None),
        ({"currency": "J1"}, "currency"),
        ({"arr": "-1"}, "arr"),
        ({"external_id": "taken"}, "external_id"),
        ({"notice_months": "-1"}, "notice_months"),
        ({"payment_terms": "いつか"}, "payment_terms"),
        ({"payment_terms": "20日締め当月10日払い"}, "payment_terms"),
    ],
)
def test_a_fault_names_its_field(client, team, changes, field):
    account = make_account(team=team)
    make_contract(account=account, external_id="taken")

    response = client.post(f"/accounts/{account.pk}/contracts/new/", filled(**changes))

    errors = response.context["form"].errors if response.context else {}
    assert (field in errors) if field else not errors


def test_the_page_says_by_when_to_decide_and_why_then(client, team):
    contract = make_contract(
        account=make_account(team=team),
        starts_on=dt.date(2027, 12, 1),
        ends_on=dt.date(2028, 11, 30),
        notice_months=3,
    )

    response = client.get(f"/contracts/{contract.pk}/")

    assert response.context["renewal"].decision.decide_on == dt.date(2028, 8, 31)
    assert "less 3 months of notice" in response.content.decode()


def test_a_contract_that_is_over_and_followed_is_not_renewed_again(client, team):
    account = make_account(team=team)
    over = make_contract(
        account=account, starts_on=dt.date(2020, 12, 1), ends_on=dt.date(2021, 11, 30)
    )
    make_contract(account=account, starts_on=dt.date(2021, 12, 1), ends_on=dt.date(2030, 11, 30))

    page = client.get(f"/contracts/{over.pk}/")
    terms = client.get(f"/contracts/{over.pk}/terms/")

    assert page.context["renewal"].state == "followed"
    assert f"/contracts/{over.pk}/renew/" not in page.text
    assert terms.context["form"]["on"].value() == over.ends_on


def test_what_is_being_typed_is_reckoned_at_once(client, team):
    body = client.get(
        "/contracts/preview/", {"ends_on": "2030-11-30", "notice_months": "3"}
    ).content.decode()
    nothing = client.get("/contracts/preview/", {"ends_on": "soon", "notice_months": "x"})

    assert "31 Aug 2030" in body
    assert nothing.status_code == 200


def test_terms_change_from_a_day_and_the_past_stays(client, team):
    contract = make_contract(account=make_account(team=team), arr=100)

    client.post(f"/contracts/{contract.pk}/terms/", {"on": "2026-10-01", "arr": "50", "seats": "8"})

    terms = client.get(f"/contracts/{contract.pk}/").context["terms"]
    assert [(term.arr, term.seats, term.starts_on) for term in terms] == [
        (Decimal(50), 8, dt.date(2026, 10, 1)),
        (Decimal(100), None, dt.date(2026, 4, 1)),
    ]


def test_terms_outside_the_contract_are_refused(client, team):
    contract = make_contract(account=make_account(team=team))

    response = client.post(f"/contracts/{contract.pk}/terms/", {"on": "2020-01-01", "arr": "50"})

    assert response.context["form"].errors
    assert contract.terms.count() == 1


def test_a_contract_is_renewed_by_going_on(client, team):
    contract = make_contract(account=make_account(team=team), notice_received_on=None)

    client.post(f"/contracts/{contract.pk}/renew/", {"ends_on": "2028-03-31", "arr": "1500000"})

    contract.refresh_from_db()
    assert contract.ends_on == dt.date(2028, 3, 31)
    latest = contract.terms.filter(retracted_at=None).latest("starts_on")
    assert (latest.starts_on, latest.arr) == (dt.date(2027, 4, 1), 1_500_000)


def test_a_contract_is_renewed_by_a_new_one(client, team):
    contract = make_contract(account=make_account(team=team), notice_months=2)

    client.post(
        f"/contracts/{contract.pk}/renew/",
        {"ends_on": "2028-03-31", "as_new": "new", "arr": "1500000"},
    )

    new = Contract.objects.exclude(pk=contract.pk).get()
    assert (new.starts_on, new.notice_months, new.product) == (
        dt.date(2027, 4, 1),
        2,
        contract.product,
    )
    page = client.get(f"/contracts/{contract.pk}/")
    assert page.context["renewal"].state == "followed"


def test_losing_one_contract_is_not_churning(client, team):
    account = make_account(team=team)
    contract = make_contract(account=account)

    client.post(f"/contracts/{contract.pk}/notice/", {"notice_received_on": "2026-06-01"})
    client.post(f"/contracts/{contract.pk}/archive/")

    account.refresh_from_db()
    assert (account.status, account.churned_on) == ("active", None)


def test_an_archived_contract_comes_back_by_undo(client, team):
    contract = make_contract(account=make_account(team=team))
    client.post(f"/contracts/{contract.pk}/archive/")

    client.post(f"/contracts/{contract.pk}/restore/")

    contract.refresh_from_db()
    assert contract.archived_at is None


def test_the_list_has_every_contract_the_reader_sees(client, team):
    mine = make_contract(account=make_account(team=team))
    make_contract(account=make_account(team=make_team()))

    response = client.get("/contracts/")

    assert response.status_code == 200
    assert f"/contracts/{mine.pk}/" in response.content.decode()
    assert len(response.context["rows"]) == 1


def test_rates_are_for_administrators_and_bring_figures_in_step(client, team):
    refused = client.post("/settings/rates/new/", {})
    admin = make_user(role="administrator")
    client.force_login(admin)

    client.post("/settings/rates/new/", {"currency": "gbp", "on": "2026-01-01", "rate": "190.5"})

    assert refused.status_code == 403
    assert FxRate.objects.get().rate == Decimal("190.5")
    assert "190.5" in client.get("/settings/rates/").content.decode()


def test_yen_is_asked_and_shown_without_decimals(client, team):
    account = make_account(team=team)
    contract = make_contract(account=account, currency="JPY")
    dollars = make_contract(account=account, currency="USD")

    for action in ("renew", "terms"):
        page = client.get(f"/contracts/{contract.pk}/{action}/").content.decode()
        assert '.00"' not in page
        other = client.get(f"/contracts/{dollars.pk}/{action}/").content.decode()
        assert '.00"' in other


def test_a_new_contract_in_yen_takes_no_decimals(client, team):
    account = make_account(team=team)
    address = f"/accounts/{account.pk}/contracts/new/"

    refused = client.post(address, filled(arr="1000.50"))
    client.post(address, filled(arr="1000.50", currency="USD"))

    assert "no such decimals" in refused.content.decode()
    assert account.contracts.get().currency == "USD"


def test_a_contract_of_a_lost_customer_is_over_in_list_and_page(client, team):
    account = make_account(team=team, status="churned", churned_on=dt.date(2026, 5, 31))
    contract = make_contract(account=account, auto_renews=True, product="Rolling")

    ended = client.get("/contracts/?state=ended").context["rows"]
    page = client.get(f"/contracts/{contract.pk}/").content.decode()
    overview = client.get(f"/accounts/{account.pk}/").content.decode()
    answer = client.get(f"/api/v1/contracts/{contract.pk}/").json()

    assert len(ended) == 1
    assert not client.get("/contracts/?state=in_force").context["rows"]
    assert "The customer churned on" in page
    assert "No contract in force" in overview
    assert answer["decide_on"] is None


def test_notice_for_every_contract_proposes_leaving_with_one_click(client, team):
    account = make_account(team=team, status="active")
    first, second = (make_contract(account=account, **ahead()) for _ in range(2))
    today = our_day().isoformat()

    client.post(f"/contracts/{first.pk}/notice/", {"notice_received_on": today})
    assert "Set the status to" not in client.get(f"/accounts/{account.pk}/").text
    client.post(f"/contracts/{second.pk}/notice/", {"notice_received_on": today})

    for path in (f"/contracts/{second.pk}/", f"/accounts/{account.pk}/"):
        assert "Set the status to “Leaving”" in client.get(path).text
    account.refresh_from_db()
    assert account.status == "active"
    client.post(f"/accounts/{account.pk}/status/", {"status": "leaving", "on": today})
    account.refresh_from_db()
    assert account.status == "leaving"
    assert "Set the status to" not in client.get(f"/accounts/{account.pk}/").text


def test_the_end_of_the_last_contract_proposes_churned_and_asks_why(client, team):
    account = make_account(team=team, status="leaving")
    day = our_day()
    make_contract(account=account, starts_on=day - 400 * DAY, ends_on=day - 2 * DAY)
    address = f"/accounts/{account.pk}/status/?status=churned&amp;on={day - DAY}"

    assert address in client.get(f"/accounts/{account.pk}/").text
    form = client.get(address.replace("&amp;", "&")).context["form"]

    assert (form["status"].value(), str(form["on"].value())) == ("churned", str(day - DAY))


@pytest.mark.parametrize(
    ("fields", "contract"),
    [
        ({"kind": "partner", "status": "active"}, {"notice_received_on": "2026-01-01"}),
        ({"status": "churned"}, {"notice_received_on": "2026-01-01"}),
        ({"status": "active"}, {"kind": "open_ended", "ends_on": None}),
    ],
)
def test_nothing_is_proposed_where_no_end_is_known(client, team, fields, contract):
    account = make_account(team=team, **fields)
    make_contract(account=account, **{**ahead(), **contract})

    assert "Set the status to" not in client.get(f"/accounts/{account.pk}/").text


@pytest.mark.parametrize(("ago", "status"), [(1, "Leaving"), (40, "Churned")])
def test_notice_on_an_open_ended_contract_is_proposed_by_its_notice_period(
    client, team, ago, status
):
    account = make_account(team=team, status="active")
    open_ended = {"kind": "open_ended", "ends_on": None, "notice_months": 1}
    make_contract(account=account, notice_received_on=our_day() - ago * DAY, **open_ended)

    page = client.get(f"/accounts/{account.pk}/").text

    assert f"Set the status to “{status}”" in page


def test_an_account_without_any_contract_gets_no_proposal(client, team):
    account = make_account(team=team, status="active")

    assert "Set the status to" not in client.get(f"/accounts/{account.pk}/").text


@pytest.mark.parametrize(
    ("typed", "terms", "words"),
    [
        ("月末締め翌月末払い", (None, 31, 1, 31), "月末締め翌月末払い"),
        ("２０日締 翌月１０日払", (None, 20, 1, 10), "20日締め翌月10日払い"),
        ("net 45", (45, None, None, None), "45日以内"),
        ("", (30, None, None, None), "30日以内"),
    ],
)
def test_payment_terms_are_typed_as_people_write_them(client, team, typed, terms, words):
    account = make_account(team=team)
    User.objects.update(language="ja")

    client.post(f"/accounts/{account.pk}/contracts/new/", filled(payment_terms=typed))

    contract = Contract.objects.get()
    names = ("payment_days", "closing_day", "payment_months", "payment_day")
    assert tuple(getattr(contract, name) for name in names) == terms
    assert words in client.get(f"/contracts/{contract.pk}/").text
    edit = client.get(f"/contracts/{contract.pk}/edit/")
    assert f'value="{words}"' in edit.text
    client.post(f"/contracts/{contract.pk}/edit/", filled(payment_terms=words, product="Other"))
    contract.refresh_from_db()
    assert contract.product == "Other"
    emptied = client.post(f"/contracts/{contract.pk}/edit/", filled(payment_terms=""))
    assert "payment_terms" in emptied.context["form"].errors
    contract.refresh_from_db()
    assert tuple(getattr(contract, name) for name in names) == terms


def test_the_card_of_the_account_says_how_it_is_paid(client, team):
    account = make_account(team=team)
    contract = make_contract(account=account, payment_days=45)

    assert contract.payment_words == "within 45 days"
    assert "within 45 days" in client.get(f"/accounts/{account.pk}/").content.decode()
