import pytest

from accounts.domain.rules import Moment
from accounts.models import Account, Organisation
from accounts.services.segments import read_rules
from config.lib.clock import app_now
from tests.accounts.services.exports.files import csv_rows, export_now
from tests.factories import make_account, make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def account():
    make_organisation()
    row = make_account(
        team=make_team(),
        name="さくら台市",
        name_kana="サクラダイシ",
        corporate_number="7000012050002",
        fiscal_year_end_month=3,
        budget_month=10,
    )
    for domain in ("b.example", "a.example"):
        row.domains.create(domain=domain)
    return row


def fulfilling(field, operator, value):
    rule = {"field": field, "operator": operator, "value": value}
    rules = read_rules({"combinator": "and", "rules": [rule]})
    at = app_now()
    return list(Account.objects.matching(rules, Moment(at, Organisation.objects.day_of(at))))


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        ("budget_month", "in", [9, 10]),
        ("fiscal_year_end_month", "=", 3),
        ("corporate_number", "=", "7000012050002"),
        ("web_domains", "contains", "b.example"),
        ("billed_via", "null", None),
    ],
)
def test_rules_ask_for_what_stands_in_the_record(account, field, operator, value):
    other = make_account(team=account.team, billed_via=account)

    found = fulfilling(field, operator, value)

    assert account in found
    assert other not in found


def test_the_record_is_shown_in_the_list_and_taken_out_with_it(client, account):
    user = make_user(team=account.team, language="ja")
    client.force_login(user)
    columns = "name_kana,corporate_number,fiscal_year_end_month,budget_month,web_domains"

    page = client.get(f"/accounts/?columns={columns}").content.decode()
    rows = csv_rows(export_now(user, source="accounts", query=f"columns={columns}", language="ja"))

    for told in ("サクラダイシ", "7000012050002", "3月", "10月", "a.example, b.example"):
        assert told in page
    assert rows[1][-5:] == ["10月", "7000012050002", "3月", "サクラダイシ", "a.example, b.example"]
