"""Write the book in bulk, each fact with the day on which it would have been known."""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from accounts.domain.names import fold_for_search, name_key
from accounts.models import (
    Account,
    AccountDomain,
    AccountPhaseFact,
    AccountRole,
    AccountStatusFact,
    AttributeValue,
    Contract,
    ContractTerm,
    Team,
    User,
)
from accounts.services.contract_figures import refresh_contract_figures
from config.demo.lives import contract_years
from config.demo.stories import Story

ZONE = ZoneInfo("Asia/Tokyo")
#: What a customer that neither grows nor cuts down paid the year before, as a share of now.
FLAT = 1.0
#: How far back the demo remembers, in days.
MEMORY = 730


def at(day: dt.date, hour: int = 12) -> dt.datetime:
    """Return an instant on the organisation's day."""
    return dt.datetime.combine(day, dt.time(hour), ZONE)


@dataclass(frozen=True)
class Member:
    """An account in the book with its story and the day it became a customer."""

    story: Story
    account: Account
    first: dt.date
    today: dt.date
    rng: random.Random

    @property
    def ended(self) -> dt.date | None:
        """Return the day it was lost, if it was."""
        return self.account.churned_on


def load_accounts(
    stories: Sequence[Story], *, today: dt.date, seed: int, teams: dict[str, Team],
    users: dict[str, User],
) -> list[Member]:  # fmt: skip
    """Insert accounts with their dated status, phase, tier, touch model, roles and contracts."""
    accounts = Account.objects.bulk_create(
        [_account(story, today=today, team=teams[story.team]) for story in stories]
    )
    members = [
        Member(
            story,
            account,
            today - dt.timedelta(days=min(story.since, MEMORY)),
            today,
            random.Random(f"{seed}:{story.key}"),  # noqa: S311 - the demo must be repeatable
        )
        for story, account in zip(stories, accounts, strict=True)
    ]
    _link_families(members)
    _load_facts(members, users=users)
    _load_contracts(members, today=today)
    refresh_contract_figures(account_ids=[account.pk for account in accounts], at=at(today))
    return members


def _account(story: Story, *, today: dt.date, team: Team) -> Account:
    extra = dict(story.fields)
    churned = extra.get("churned")
    return Account(
        external_id=f"cust-{story.key}",
        kind=extra.get("kind", "customer"),
        name=story.name,
        name_kana=story.kana,
        name_latin=story.latin,
        name_key=name_key(story.name),
        search_text=fold_for_search(f"{story.name} {story.kana} {story.latin} cust-{story.key}"),
        language=story.language,
        country=extra.get("country", "JP"),
        corporate_number=extra.get("corporate_number", ""),
        fiscal_year_end_month=3,
        status=story.status,
        phase=story.phase,
        tier=story.tier,
        touch_model=story.touch_model,
        tracked=story.life.tracked,
        team=team,
        currency=story.currency,
        licensed_users=story.seats or None,
        customer_since_on=today - dt.timedelta(days=story.since),
        created_at=at(today - dt.timedelta(days=min(story.since, MEMORY)), 9),
        updated_at=at(today - dt.timedelta(days=min(story.since, MEMORY)), 9),
        live_on=today - dt.timedelta(days=story.since - 60) if story.since > 90 else None,
        churned_on=today - dt.timedelta(days=churned) if churned else None,
        churn_reason=extra.get("churn_reason", ""),
    )


def _link_families(members: Sequence[Member]) -> None:
    by_key = {member.story.key: member.account for member in members}
    linked = []
    for member in members:
        if member.story.parent or member.story.via:
            member.account.parent = by_key.get(member.story.parent)
            member.account.sold_via = by_key.get(member.story.via)
            member.account.billed_via = by_key.get(member.story.via)
            linked.append(member.account)
    Account.objects.bulk_update(linked, ["parent", "sold_via", "billed_via"])


def _load_facts(members: Sequence[Member], *, users: dict[str, User]) -> None:
    statuses: list[AccountStatusFact] = []
    phases: list[AccountPhaseFact] = []
    values: list[AttributeValue] = []
    roles: list[AccountRole] = []
    domains: list[AccountDomain] = []
    for member in members:
        first: dict[str, Any] = {
            "account": member.account,
            "starts_on": member.first,
            "recorded_at": at(member.first, 9),
        }
        statuses += _spans(AccountStatusFact, "status", member, before="active")
        phases += _spans(AccountPhaseFact, "phase", member, before="adoption")
        values += [
            AttributeValue(**first, key="tier", value=member.story.tier),
            AttributeValue(**first, key="touch_model", value=member.story.touch_model),
            AttributeValue(**first, key="tracked", value=member.story.life.tracked),
        ]
        if member.ended and (reason := member.story.fields.get("churn_reason")):
            lost = {"starts_on": member.ended, "recorded_at": at(member.ended, 9)}
            values.append(AttributeValue(**first | lost, key="churn_reason", value=reason))
        roles += [
            AccountRole(**first, role="account_manager", user=users[member.story.manager]),
            AccountRole(**first, role="account_owner", user=users["takagi"]),
        ]
        if member.story.tier == "a":
            roles.append(AccountRole(**first, role="executive_sponsor", user=users["honma"]))
        domains.append(
            AccountDomain(account=member.account, domain=mail_domain(member), is_verified=True)
        )
    AccountStatusFact.objects.bulk_create(statuses, batch_size=2000)
    AccountPhaseFact.objects.bulk_create(phases, batch_size=2000)
    AttributeValue.objects.bulk_create(values, batch_size=2000)
    AccountRole.objects.bulk_create(roles, batch_size=2000)
    AccountDomain.objects.bulk_create(domains, batch_size=2000)


def mail_domain(member: Member) -> str:
    """Return the customer's fictional mail domain."""
    return f"{member.story.key.replace('_', '-')}.example"


def _spans(model: Any, field: str, member: Member, *, before: str) -> list[Any]:
    """Return the span before the account was lost or gave notice, and the one since."""
    changed = member.ended
    if notice := member.story.fields.get("notice"):
        changed = member.today - dt.timedelta(days=notice)
    now = getattr(member.story, field)
    if not changed:
        return [_span(model, field, member, now, member.first, None)]
    return [
        _span(model, field, member, before, member.first, changed),
        _span(model, field, member, now, changed, None),
    ]


def _span(
    model: Any, field: str, member: Member, value: str, start: dt.date, end: dt.date | None
) -> Any:
    return model(
        account=member.account, starts_on=start, ends_on=end, recorded_at=at(start, 9),
        **{field: value},
    )  # fmt: skip


def _load_contracts(members: Sequence[Member], *, today: dt.date) -> None:
    contracts: list[Contract] = []
    terms: list[ContractTerm] = []
    for member in members:
        if not member.story.arr:
            continue
        for contract, term in contracts_of(member, today=today):
            contracts.append(contract)
            terms.append(term)
    Contract.objects.bulk_create(contracts, batch_size=2000)
    ContractTerm.objects.bulk_create(terms, batch_size=2000)


def contracts_of(member: Member, *, today: dt.date) -> list[tuple[Contract, ContractTerm]]:
    """Return the yearly contracts of a customer, oldest first, each with its terms; unsaved."""
    story = member.story
    notice_months = {"a": 3, "b": 2, "c": 1}[story.tier]
    last = member.ended or today + dt.timedelta(days=story.renewal_in + 30 * notice_months)
    if story.fields.get("public"):
        last = dt.date(today.year + (today.month > 3), 3, 31)
    growth_a_year = story.fields.get("growth", FLAT)
    years = contract_years(today - dt.timedelta(days=story.since), last)
    notice = story.fields.get("notice")
    rows = []
    for index, (start, end) in enumerate(years):
        newest = index == len(years) - 1
        growth = growth_a_year ** (len(years) - 1 - index)
        contract = Contract(
            account=member.account,
            external_id=f"K-{story.key}-{start.year}-{index}",
            product="Monorhythm",
            currency=story.currency,
            starts_on=start,
            ends_on=end,
            notice_months=notice_months,
            auto_renews=_renews_itself(member, newest=newest),
            is_public_yearly=bool(story.fields.get("public")),
            notice_received_on=today - dt.timedelta(days=notice) if notice and newest else None,
            forecast="" if not newest else member.rng.choice(("confirmed", "likely", "at_risk")),
        )
        seats = story.fields.get("seats_before", story.seats) if not newest else story.seats
        term = ContractTerm(
            contract=contract,
            starts_on=start,
            arr=round(story.arr * growth, -2),
            seats=seats,
            recorded_at=at(min(start, today), 9),
        )
        rows.append((contract, term))
    return rows


def _renews_itself(member: Member, *, newest: bool) -> bool:
    """Say whether a contract goes on by itself: never that of a customer that left."""
    story = member.story
    return newest and not member.ended and not story.fields.get("public") and story.tier != "a"
