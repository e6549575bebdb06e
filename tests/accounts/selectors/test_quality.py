import datetime as dt

import pytest

from accounts.models import Account, AttributeDefinition, Contract, StakeholderRole
from accounts.panels.quality import QualityPanel
from accounts.selectors.quality import gaps_expression
from tests.factories import (
    LONG_AGO,
    make_account,
    make_account_role,
    make_contact,
    make_contract,
    make_user,
)

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 10, 3, 0, tzinfo=dt.UTC)


def gaps(account):
    return Account.objects.annotate(found=gaps_expression(AT)).get(pk=account.pk).found


def make_complete(**fields):
    account = make_account(name_kana="テスト", fiscal_year_end_month=3, updated_at=AT, **fields)
    make_account_role(account=account, user=make_user())
    make_contract(account=account)
    contact = make_contact(account=account)
    StakeholderRole.objects.create(
        account=account, contact=contact, role="decision_maker", starts_on=LONG_AGO
    )
    return account


def test_a_complete_record_has_no_gaps_and_no_panel():
    account = make_complete()

    assert gaps(account) == []
    assert QualityPanel().context(account=account, user=make_user(), at=AT) is None
    fields = Account.objects.with_fields("completeness", "gaps", at=AT).get()
    assert (fields.completeness, fields.gaps) == (1, 0)


def test_a_contract_that_is_over_is_none_and_one_ahead_is_one():
    account = make_complete()
    over = {"starts_on": dt.date(2025, 1, 1), "ends_on": dt.date(2026, 6, 9)}

    Contract.objects.update(**over)
    assert gaps(account) == ["contract"]
    Contract.objects.update(auto_renews=True)
    assert gaps(account) == []
    Contract.objects.update(starts_on=dt.date(2026, 7, 1), ends_on=dt.date(2027, 6, 30))
    assert gaps(account) == []


def test_an_empty_record_names_all_that_is_missing():
    account = make_account(updated_at=AT - dt.timedelta(days=181))

    assert gaps(account) == [
        "manager",
        "kana",
        "contract",
        "decision_maker",
        "fiscal_year",
        "stale",
    ]
    shown = QualityPanel().context(account=account, user=make_user(), at=AT)
    assert shown["missing"][0] == "No account manager"
    assert shown["complete"] == 0


@pytest.mark.parametrize("status", ["churned", "prospect"])
def test_who_is_no_customer_owes_nothing(status):
    assert gaps(make_account(status=status, updated_at=AT)) == []


def test_an_attribute_is_required_of_its_tiers_only():
    AttributeDefinition.objects.create(
        key="industry", type="text", label_en="Industry", label_ja="業種", required_tiers=["a"]
    )

    assert gaps(make_complete(tier="a")) == ["attributes.industry"]
    assert gaps(make_complete(tier="a", attributes={"industry": "food"})) == []
    assert gaps(make_complete(tier="b")) == []
