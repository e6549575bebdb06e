"""Fill an empty installation, step by step, saying how far it is."""

import datetime as dt
import random
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import connection, transaction

from accounts.models import Contact, Organisation, Team, User
from accounts.services.rates import record_rate
from accounts.services.segments import install_starter_segments
from accounts.services.teams import add_member, create_team
from accounts.services.users import create_user
from config.demo.casting import cast_book
from config.demo.history import ACTIVE, live_through
from config.demo.load import MEMORY, ZONE, Member, load_accounts
from config.demo.load_attributes import declare_attributes, load_attributes
from config.demo.load_measurements import load_measurements
from config.demo.load_onboarding import load_onboarding
from config.demo.load_people import load_people
from config.demo.load_surveys import load_surveys
from config.demo.load_usage import load_sources, load_usage
from config.demo.load_work import load_work
from config.demo.staff import PASSWORD, STAFF, TEAMS
from config.lib.clock import app_now
from config.lib.workdays import WorkCalendar
from playbooks.services.playbooks import install_starter_playbooks, switch_playbook
from scoring.services.write_keys import create_write_key

#: What one unit of a foreign currency is worth, so that reports count every contract.
RATES = {"GBP": Decimal("191.5")}
#: Accounts loaded at once, so that memory stays flat for any number of them.
CHUNK = 500

Say = Callable[[str], Any]


def seed(*, accounts: int, seed_number: int, say: Say) -> None:
    """Load the demo organisation.

    :param accounts: how many, at least those with a story.
    :param seed_number: the same number on the same day gives the same demo.
    :param say: shows progress; is called with pieces of lines.
    """
    now = app_now()
    today = now.astimezone(ZONE).date()
    # The demo must be repeatable; nothing here is a secret.
    rng = random.Random(seed_number)  # noqa: S311
    with _step(say, "Organisation, teams and people"), transaction.atomic():
        teams, users = _found_organisation(at=now)
    stories = cast_book(rng, accounts)
    with _step(say, f"{len(stories)} accounts with two years of history"):
        members, people = _load_book(
            stories, today=today, seed=seed_number, teams=teams, users=users
        )
    with _step(say, "Surveys and their answers"):
        load_surveys(members, people=people, today=today, now=now, by=users["miura"])
    with _step(say, "Statistics of the tables"), connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    with _step(say, "Segments and playbooks"):
        install_starter_segments(at=now)
        began = now - dt.timedelta(days=ACTIVE + 1)
        for playbook in install_starter_playbooks(at=began):
            switch_playbook(playbook=playbook, is_active=True, at=began)
    live_through(today=today, now=now, seed=seed_number, say=say)


@contextmanager
def _step(say: Say, text: str) -> Iterator[None]:
    say(f"{text} … ")
    yield
    say("done\n")


def _found_organisation(*, at: dt.datetime) -> tuple[dict[str, Team], dict[str, User]]:
    Organisation.objects.update_or_create(
        pk=1,
        defaults={
            "name": "株式会社ハルカゼクラウド",
            "name_en": "Harukaze Cloud Inc.",
            "product_name": "Monorhythm",
            "contact_address": "cs@harukaze.example",
            "privacy_url": "https://harukaze.example/privacy",
            "time_zone": ZONE.key,
        },
    )
    teams: dict[str, Team] = {}
    for key, parent, name, name_en, country in TEAMS:
        teams[key] = create_team(
            name=name,
            name_en=name_en,
            country=country,
            parent=teams[parent] if parent else None,
        )
    users = {
        person.login: create_user(
            email=f"{person.login}@harukaze.example",
            username=person.login,
            family_name=person.family,
            given_name=person.given,
            family_name_latin=person.family_latin,
            given_name_latin=person.given_latin,
            role=person.role,
            language=person.language,
            teams=[teams[person.team]],
            at=at,
        )
        for person in STAFF
    }
    User.objects.update(password=make_password(PASSWORD))
    add_member(team=teams["tech"], user=users["osei"])
    for currency, rate in RATES.items():
        on = at.astimezone(ZONE).date() - dt.timedelta(days=MEMORY)
        record_rate(currency=currency, on=on, rate=rate, by=users["admin"], at=at)
    return teams, users


def _load_book(
    stories: Sequence[Any], *, today: dt.date, seed: int, teams: dict[str, Team],
    users: dict[str, User],
) -> tuple[list[Member], dict[int, list[Contact]]]:  # fmt: skip
    calendar = WorkCalendar("JP")
    every = [today - dt.timedelta(days=ago) for ago in range(MEMORY, 0, -1)]
    workdays = [day for day in every if calendar.is_workday(day)]
    key, _ = create_write_key(name="Monorhythm")
    own, _ = create_write_key(name="Monorhythm School")
    declare_attributes()
    members: list[Member] = []
    everybody: dict[int, list[Contact]] = {}
    for start in range(0, len(stories), CHUNK):
        chunk = stories[start : start + CHUNK]
        with transaction.atomic():
            loaded = load_accounts(chunk, today=today, seed=seed, teams=teams, users=users)
            people = load_people(loaded)
            load_work(loaded, people=people, users=users, workdays=workdays)
            load_usage(loaded, people=people, workdays=workdays)
            load_onboarding(loaded)
            load_measurements(loaded)
            load_attributes(loaded)
        members += loaded
        everybody |= people
    load_sources(members, key=key, own=own)
    return members, everybody
