import datetime as dt

import pytest
from django.db import connection

from accounts.domain.cells import fold_word
from accounts.models import (
    Account,
    AttributeDefinition,
    AttributeValue,
    DirtyAccount,
    Organisation,
)
from accounts.panels.quality import QualityPanel
from accounts.selectors.attributes import shipped_attributes
from accounts.selectors.quality import gaps_expression
from accounts.selectors.rule_words import rule_sentence
from accounts.selectors.segments import Vocabulary
from accounts.selectors.unlisted import unlisted_words
from accounts.services.accounts import create_account, set_attributes
from accounts.services.attribute_definitions import change_attribute, declare_attribute
from accounts.services.attribute_words import NoSuchOption, map_word
from accounts.services.attributes import BadAttributes
from accounts.services.imports.undo import kept_of, undo_here
from accounts.services.segment_edits import begin_segment
from accounts.services.segments import refresh_memberships
from config.lib.clock import app_now
from config.lib.once import reading_once
from tests.accounts.importers.files import take_in
from tests.browsed_forms import opened
from tests.factories import make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db
AT = dt.datetime(2026, 6, 10, 3, 0, tzinfo=dt.UTC)
OPTIONS = [
    {"value": "software", "label_ja": "IT・ソフトウェア", "label_en": "IT and software",
     "synonyms": ["情報通信", "SaaS"]},
    {"value": "food", "label_ja": "食品", "label_en": "Food"},
]  # fmt: skip


def end_history_context():
    """As the end of a transaction does it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pghistory.context_id', '', true)")


@pytest.fixture
def industry():
    make_organisation()
    return declare_attribute(
        key="industry", kind="choice", label_en="Industry", label_ja="業種",
        options=OPTIONS, takes_others=True,
    )  # fmt: skip


def said(word, at=AT):
    account = create_account(team=make_team(), name="株式会社テスト", at=at)
    return set_attributes(account=account, values={"industry": word}, at=at)


@pytest.mark.parametrize(
    "word", ["software", "IT・ソフトウェア", "ＩＴ　and Software", "情報通信", "saas", "ＳａａＳ"]
)
def test_every_name_of_an_option_is_stored_as_the_option(industry, word):
    assert said(word).attributes == {"industry": "software"}


def test_a_word_outside_the_list_stays_as_written_only_where_the_list_takes_others(industry):
    assert said(" 鉄鋼商社 ").attributes == {"industry": "鉄鋼商社"}

    change_attribute(definition=industry, changes={"takes_others": False}, at=AT)

    with pytest.raises(BadAttributes):
        said("造船")


def test_a_file_brings_standard_names_and_keeps_the_others(industry):
    make_team(name="営業一課")

    take_in("accounts", ["external_id", "team", "name", "業種"],
            ["A-1", "営業一課", "甲", "情報通信"],
            ["A-2", "営業一課", "乙", "鉄鋼商社"])  # fmt: skip

    stored = dict(Account.objects.values_list("external_id", "attributes__industry"))
    assert stored == {"A-1": "software", "A-2": "鉄鋼商社"}
    assert [(row.word, row.accounts) for row in unlisted_words(industry)] == [("鉄鋼商社", 1)]


def test_data_quality_names_what_is_not_in_the_list(industry):
    outside, listed = said("鉄鋼商社"), said("食品")

    found = dict(Account.objects.annotate(found=gaps_expression(AT)).values_list("pk", "found"))

    assert "attributes.industry.listed" in found[outside.pk]
    assert "attributes.industry.listed" not in found[listed.pk]
    shown = QualityPanel().context(account=outside, user=make_user(), at=AT)
    assert "“Industry” is not in the list" in shown["missing"]


def test_one_click_brings_all_accounts_that_say_it_and_keeps_what_was_known(
    industry, django_assert_max_num_queries
):
    accounts = [said("鉄鋼商社"), said("鉄鋼商社"), said("食品")]
    DirtyAccount.objects.all().delete()
    later = AT + dt.timedelta(days=3)

    with django_assert_max_num_queries(13):
        changed = map_word(definition=industry, word="鉄鋼商社", option="food", at=later)

    assert changed == 2
    assert [Account.objects.get(pk=a.pk).attributes["industry"] for a in accounts] == ["food"] * 3
    assert DirtyAccount.objects.count() == 2
    facts = AttributeValue.objects.filter(account=accounts[0], key="industry")
    day = Organisation.objects.day_of(AT)
    now, before = facts.get(retracted_at=None), facts.get(retracted_at=later)
    assert (now.value, now.starts_on, now.recorded_at) == ("food", day, later)
    assert (before.value, before.starts_on, before.recorded_at) == ("鉄鋼商社", day, AT)
    assert said("鉄鋼商社", at=later).attributes["industry"] == "food"


def test_a_word_may_become_an_option_of_its_own(industry):
    account = said("鉄鋼商社")

    map_word(definition=industry, word="鉄鋼商社", option="", at=AT)

    assert Account.objects.get(pk=account.pk).attributes["industry"] == "鉄鋼商社"
    assert unlisted_words(AttributeDefinition.objects.get()) == []


@pytest.mark.parametrize(("word", "option"), [("x", "steel"), ("food", "software"), (" ", "food")])
def test_a_word_stands_only_for_an_option(industry, word, option):
    with pytest.raises(NoSuchOption):
        map_word(definition=industry, word=word, option=option, at=AT)


def test_a_synonym_given_later_brings_what_was_said_before(industry):
    account = said("水産")
    options = [OPTIONS[0], {**OPTIONS[1], "synonyms": ["水産"]}]

    change_attribute(definition=industry, changes={"options": options}, at=app_now())

    assert Account.objects.get(pk=account.pk).attributes["industry"] == "food"


def test_the_shipped_industries_can_be_declared_and_no_word_stands_for_two():
    (shipped,) = shipped_attributes()
    names = [
        word
        for option in shipped.options
        for word in {option["label_ja"], option["label_en"], *option["synonyms"]}
    ]

    assert len(shipped.words()) >= len({name.casefold() for name in names})
    assert shipped.words()["saas"] == "software"
    assert len(names) == len(set(names))


@pytest.mark.parametrize("word", ["食品、飲料", "Food, drinks", "A | B", "x\ny", "=1+1"])
@pytest.mark.parametrize("option", ["food", ""])
def test_a_word_with_signs_of_the_form_outlives_its_saving(client, industry, word, option):
    client.force_login(make_user(role="administrator"))
    map_word(definition=industry, word=word, option=option, at=AT)
    page = f"/settings/attributes/{industry.pk}/"
    form = opened(client, page)
    lines = [*form["options"][0].splitlines(), "steel | 鉄鋼 | Steel"]

    client.post(page, form | {"options": ["\r\n".join(lines)]})

    industry.refresh_from_db()
    assert industry.options[-1]["value"] == "steel"
    assert industry.words()[fold_word(word)] == (option or word)


@pytest.mark.parametrize("word", ["a\0b", "x" * 101, " "])
def test_a_word_no_account_can_say_is_refused(client, industry, word):
    client.force_login(make_user(role="administrator"))

    answer = client.post(
        f"/settings/attributes/{industry.pk}/words/", {"word": word, "option": "food"}
    )

    assert answer.status_code == 400
    assert AttributeDefinition.objects.get().options == OPTIONS


def test_a_segment_that_names_an_option_that_became_a_word_of_another_goes_on(industry, client):
    make_organisation()
    steel = {"value": "鉄鋼商社"}
    change_attribute(definition=industry, changes={"options": [*OPTIONS, steel]}, at=AT)
    account, other = said("鉄鋼商社"), said("food")
    boss = make_user(role="administrator")
    rules = [{"field": "attributes.industry", "operator": "in", "value": ["鉄鋼商社"]}]
    segment = begin_segment(
        name_en="Steel",
        name_ja="鉄鋼",
        rule={"combinator": "and", "rules": rules},
        by=boss,
        at=AT,
    )
    trade = {"value": "trade", "label_ja": "商社", "label_en": "Trade", "synonyms": ["鉄鋼商社"]}

    with reading_once():
        change_attribute(definition=industry, changes={"options": [*OPTIONS, trade]}, at=AT)
    merchant = said("trade")
    refresh_memberships(segments=[segment], at=AT)

    held = segment.memberships.filter(left_at=None).values_list("account", flat=True)
    assert set(held) == {account.pk, merchant.pk}
    assert other.pk not in held
    client.force_login(boss)
    page = client.get(f"/segments/{segment.pk}/edit/")
    assert page.context["rows"].blocks[0].rows[0].values == ["trade"]
    assert rule_sentence(segment.rule, Vocabulary(boss)) == "Industry is one of Trade"


def test_an_import_is_taken_back_after_its_word_was_mapped_and_edits_since_stay(industry):
    team = make_team()
    header = ["external_id", "name", "attributes.industry"]
    for number in (1, 2):
        account = create_account(team=team, name=f"会社{number}", external_id=f"A-{number}", at=AT)
        set_attributes(account=account, values={"industry": "農家"}, at=AT)
    run = take_in("accounts", header, ["A-1", "会社1", "鉄鋼商社"], ["A-2", "会社2", "鉄鋼商社"])
    end_history_context()
    map_word(definition=industry, word="鉄鋼商社", option="food", at=AT + dt.timedelta(days=2))
    map_word(definition=industry, word="農家", option="food", at=AT + dt.timedelta(days=2))
    edited = Account.objects.get(external_id="A-2")
    set_attributes(account=edited, values={"industry": "software"}, at=AT + dt.timedelta(days=3))

    done = undo_here(run=run, at=AT + dt.timedelta(days=4))

    assert [row.record for row in kept_of(done)] == ["会社2 (A-2)"]
    first, second = Account.objects.order_by("external_id")
    assert first.attributes == {"industry": "food"}
    assert second.attributes == {"industry": "software"}
    standing = AttributeValue.objects.filter(account=first, retracted_at=None, ends_on=None)
    assert [fact.value for fact in standing if fact.key == "industry"] == ["food"]
