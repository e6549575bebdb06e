"""Plain functions that make believable rows for tests; fields given win over defaults."""

import datetime as dt
import itertools
from typing import Any

from accounts.models import (
    Account,
    AccountRole,
    Contact,
    Contract,
    ContractTerm,
    Organisation,
    Team,
    TeamMembership,
    Touchpoint,
    User,
)

_numbers = itertools.count(1)
LONG_AGO = dt.date(2020, 4, 1)


def make_organisation(**fields: Any) -> Organisation:
    return Organisation.objects.update_or_create(
        pk=1, defaults={"name": "株式会社ハルカゼクラウド", "product_name": "Monorhythm", **fields}
    )[0]


def make_team(**fields: Any) -> Team:
    return Team.objects.create(**{"name": f"Team {next(_numbers)}", **fields})


def make_user(*, team: Team | None = None, **fields: Any) -> User:
    number = next(_numbers)
    values = {
        "username": f"user{number}@harukaze.example",
        "family_name": "佐伯",
        "given_name": "直人",
        "role": "member",
        "language": "en",
        **fields,
    }
    values.setdefault("email", values["username"])
    user = User(**values)
    user.set_password("correct horse battery")
    user.save()
    if team is not None:
        TeamMembership.objects.create(team=team, user=user)
    return user


def make_account(**fields: Any) -> Account:
    number = next(_numbers)
    if "team" not in fields and "team_id" not in fields:
        fields["team"] = make_team()
    values = {"name": f"株式会社テスト{number}", "external_id": f"acc-{number}", **fields}
    values.setdefault("name_key", values["name"])
    return Account.objects.create(**values)


def make_account_role(*, account: Account, user: User, **fields: Any) -> AccountRole:
    return AccountRole.objects.create(
        account=account,
        user=user,
        **{"role": "account_manager", "starts_on": LONG_AGO, **fields},
    )


def make_contact(*, account: Account, **fields: Any) -> Contact:
    number = next(_numbers)
    return Contact.objects.create(
        account=account,
        **{
            "family_name": "水上",
            "given_name": "隆",
            "email": f"person{number}@customer.example",
            "external_id": f"con-{number}",
            **fields,
        },
    )


def make_contract(*, account: Account, arr: int = 1_200_000, **fields: Any) -> Contract:
    contract = Contract.objects.create(
        account=account,
        **{
            "starts_on": dt.date(2026, 4, 1),
            "ends_on": dt.date(2027, 3, 31),
            "product": "Monorhythm",
            **fields,
        },
    )
    ContractTerm.objects.create(contract=contract, arr=arr, starts_on=contract.starts_on)
    return contract


def make_touchpoint(*, account: Account, **fields: Any) -> Touchpoint:
    return Touchpoint.objects.create(
        account=account,
        **{
            "type": "call",
            "direction": "two_way",
            "occurred_at": dt.datetime(2026, 6, 1, 5, 0, tzinfo=dt.UTC),
            "subject": "Call",
            **fields,
        },
    )
