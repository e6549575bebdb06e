"""Every tracked table has a page of its changes, led to by the page it is changed on."""

import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import (
    AccessPolicy,
    ApiToken,
    ListMember,
    MergeRecord,
    RetentionRule,
    SavedView,
    Segment,
    StaticList,
    TeamMembership,
    TouchExpectation,
    User,
)
from accounts.registry import audited, audited_pages, audited_parts
from accounts.selectors.changes import all_trails
from accounts.services.authors import written_by
from accounts.services.tokens import create_api_token
from config.lib.clock import app_now
from scoring.models import AlertRule, KpiTarget
from surveys.models import Survey
from tests.factories import (
    LONG_AGO,
    make_account,
    make_contact,
    make_organisation,
    make_team,
    make_user,
)
from tests.route_records import HOUSE, RECORDS
from tests.scoring.factories import make_metric, make_scorecard
from tests.surveys.factories import make_survey

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def organisation(db):
    make_organisation()


@pytest.fixture
def admin(client):
    user = make_user(team=make_team(), role="administrator", family_name="三枝", given_name="由美")
    client.force_login(user)
    return user


def shown(client, kind, row) -> str:
    answer = client.get(reverse("accounts:history", args=[kind, row.pk]))
    assert answer.status_code == 200
    return " ".join(answer.text[answer.text.index('class="y-head"') :].split())


def settings(client, key) -> str:
    answer = client.get(reverse("accounts:settings_history", args=[key]))
    assert answer.status_code == 200
    return " ".join(answer.text[answer.text.index('class="y-head"') :].split())


def in_japanese(user):
    User.objects.filter(pk=user.pk).update(language="ja")


def test_every_tracked_table_is_told_on_some_page():
    told = {record.model for record in audited.members()}
    told |= {part.model for part in audited_parts.members()}
    told |= {model for page in audited_pages.members() for model in page.models}

    assert {trail.model for trail in all_trails()} - told == set()


def _made(model, admin):
    if model is ApiToken:
        return create_api_token(user=admin, name="Export", scopes=["read"], at=app_now()).row
    if model in (SavedView, StaticList):
        more = {"list_key": "accounts"} if model is SavedView else {}
        return model.objects.create(name="East", owner=admin, **more)
    if model in HOUSE:
        return HOUSE[model]()
    return RECORDS[model](make_account(team=admin.teams.get()))


@pytest.mark.parametrize("kind", list(audited))
def test_the_page_of_a_record_leads_to_its_changes_and_back(client, admin, kind):
    record = audited.get(kind)
    row = _made(record.model, admin)
    home = record.href(row)

    assert reverse("accounts:history", args=[kind, row.pk]) in _page_of(client, kind, row, home)
    assert home.replace("&", "&amp;") in shown(client, kind, row)


#: Lists that lead to each of their rows' changes, where the record's own page is that of others.
LISTS = {"segment": "accounts:lists", "staticlist": "accounts:lists"}
FORMS = {
    "attributedefinition": "accounts:attribute_edit",
    "custommetric": "scoring:metric_edit",
    "eventname": "scoring:event_name",
    "writekey": "scoring:quality_source",
}


def _page_of(client, kind, row, home):
    if kind in LISTS:
        home = reverse(LISTS[kind])
    elif kind in FORMS:
        home = reverse(FORMS[kind], args=[row.pk])
    answer = client.get(home)
    assert answer.status_code == 200
    return answer.text


@pytest.mark.parametrize("key", list(audited_pages))
def test_a_page_of_settings_leads_to_its_changes_and_back(client, admin, key):
    page = reverse(audited_pages.get(key).url_name)

    assert reverse("accounts:settings_history", args=[key]) in client.get(page).text
    assert page in settings(client, key)


@pytest.mark.parametrize("key", list(audited_pages))
@pytest.mark.parametrize("role", ["member", "privacy_officer"])
def test_who_does_not_open_the_settings_does_not_see_their_changes(client, key, role):
    client.force_login(make_user(team=make_team(), role=role))
    page = client.get(reverse(audited_pages.get(key).url_name)).status_code

    history = client.get(reverse("accounts:settings_history", args=[key])).status_code

    assert (history == 200) == (page == 200), (page, history)


def test_colleagues_and_teams_have_their_changes_told_to_administrators_only(client, admin):
    team, colleague = make_team(name="西"), make_user(family_name="森")
    with written_by(admin):
        TeamMembership.objects.create(team=team, user=colleague)
        User.objects.filter(pk=colleague.pk).update(role="manager")

    of_team, of_user = shown(client, "team", team), shown(client, "user", colleague)

    assert "森" in of_team
    assert "<del>Member</del> → <ins>Manager</ins>" in of_user
    assert "西" in of_user
    client.force_login(colleague)
    for kind, row in (("team", team), ("user", colleague)):
        assert client.get(reverse("accounts:history", args=[kind, row.pk])).status_code == 404


def test_what_was_removed_stays_told_on_the_page_of_settings(client, admin):
    team = make_team(name="もう無いチーム")
    with written_by(admin):
        team.delete()

    assert "もう無いチーム" in settings(client, "teams")


def test_a_list_tells_which_accounts_came_and_went(client, admin):
    row = StaticList.objects.create(name="展示会", owner=admin, sharing="all")
    account = make_account(name="青葉精工", team=admin.teams.get())
    ListMember.objects.create(list=row, account=account)
    ListMember.objects.all().delete()

    said = shown(client, "staticlist", row)

    assert "Added" in said
    assert "Removed" in said
    assert str(account) in said
    client.force_login(make_user(team=make_team()))
    assert str(account) not in shown(client, "staticlist", row)


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("en", ["Search: 青葉", "Tier is A", "Descending by ARR"]),
        ("ja", ["検索:青葉", "ランクがA", "ARRの降順"]),
    ],
)
def test_the_question_of_a_view_is_told_in_words(client, admin, language, words):
    view = SavedView.objects.create(list_key="accounts", name="東", owner=admin)
    SavedView.objects.filter(pk=view.pk).update(query="q=青葉&tier=a&sort=-arr")
    User.objects.filter(pk=admin.pk).update(language=language)

    said = shown(client, "savedview", view)

    assert all(word in said for word in words), said
    assert "<ins>q=" not in said


@pytest.mark.parametrize(("language", "words"), [("en", "Tier is A"), ("ja", "ランクがA")])
def test_the_rules_of_a_segment_are_told_as_a_sentence(client, admin, language, words):
    rule = {"combinator": "and", "rules": [{"field": "tier", "operator": "=", "value": "a"}]}
    segment = Segment.objects.create(key="s", name_en="A", name_ja="A", rule={})
    Segment.objects.filter(pk=segment.pk).update(rule=rule)
    User.objects.filter(pk=admin.pk).update(language=language)

    said = shown(client, "segment", segment)

    assert words in said
    assert "combinator" not in said


def test_settings_call_their_rows_and_values_by_words(client, admin):
    AccessPolicy.objects.create(
        role="member", kind="contract", read_scope="all", write_scope="own_team"
    )
    RetentionRule.objects.create(key="events", days=500)
    TouchExpectation.objects.create(
        touch_model="high", cadence_days=20, required_roles=["champion"], starts_on=LONG_AGO
    )
    AlertRule.objects.create(kind="crossing", threshold=1, cool_down_days=7)
    KpiTarget.objects.create(kpi="nrr", period="FY2026", rate="1.04")
    in_japanese(admin)

    said = {key: settings(client, key) for key in audited_pages}

    assert "メンバー" in said["access"]
    assert "契約" in said["access"]
    assert "ハイタッチ" in said["touch-models"]
    assert "推進者" in said["touch-models"]
    assert "2026年度" in said["targets"]
    assert "events" not in re.sub(r"<[^>]*>", "", said["retention"])
    for key, page in said.items():
        assert not re.search(r"<b>[^<]*#\d+[^<]*</b>", page), key


def test_what_a_merge_took_over_is_told_by_its_fields(client, admin):
    account = make_account(team=admin.teams.get(), name="残った会社")
    gone = make_account(team=account.team, name="消えた会社")
    merge = MergeRecord.objects.create(
        kind="account",
        source_id=gone.pk,
        target_id=account.pk,
        account=account,
        merged_at=app_now(),
        values={"tier": ["c", "a"], "attributes.gone": [None, "x"]},
    )

    said = shown(client, "mergerecord", merge)

    assert "消えた会社 → 残った会社" in said
    assert "<del>C</del> → <ins>A</ins>" in said


def test_a_version_of_a_scorecard_is_told_part_by_part(client, admin):
    measure = {"metric": "touch_recency", "weight": 1, "curve": [[0, 100], [3, 0]]}
    care = {"key": "care", "label_en": "Care", "label_ja": "関係", "weight": 1}
    version = make_scorecard(
        {"schema": 1, "dimensions": [{**care, "measures": [measure]}]}, is_default=True
    )

    said = shown(client, "scorecard", version.scorecard)

    assert "Care" in said
    assert "touch_recency" not in said
    assert "schema" not in said


def test_a_metric_tells_what_it_counts_in_a_line(client, admin):
    metric = make_metric()

    said = shown(client, "custommetric", metric)

    assert "aggregate" not in said


def test_the_wording_of_a_survey_is_told_text_by_text(client, admin):
    survey = make_survey()
    texts = survey.texts | {"en": survey.texts["en"] | {"title": "A new title"}}
    Survey.objects.filter(pk=survey.pk).update(texts=texts)
    in_japanese(admin)

    said = shown(client, "survey", survey)

    assert "タイトル(English)" in said
    assert "A new title" in said


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_the_code_no_longer_knows_is_told_by_its_key(client, admin, language):
    survey, team = make_survey(), admin.teams.get()
    texts = survey.texts | {"en": survey.texts["en"] | {"old_text": "Good day"}}
    Survey.objects.filter(pk=survey.pk).update(texts=texts)
    segment = Segment.objects.create(key="s", name_en="A", name_ja="A", rule={})
    parts = [
        {"field": "tier", "operator": "soundsLike", "value": "a"},
        {"field": "attr.gone", "operator": "nearTo", "value": {"lat": 1}},
        {"operator": "="},
    ]
    Segment.objects.filter(pk=segment.pk).update(rule={"combinator": "and", "rules": parts})
    merge = make_merge(team, values={"old_column": [None, True], "tier": ["c", "a"]})
    view = SavedView.objects.create(
        list_key="old-list", name="東", owner=admin, query="sort=-gone&tier=zzz"
    )
    User.objects.filter(pk=admin.pk).update(language=language)

    assert re.search(r"old_text ?\(English\)", shown(client, "survey", survey))
    assert "soundsLike" in shown(client, "segment", segment)
    assert "old_column" in shown(client, "mergerecord", merge)
    assert shown(client, "savedview", view)
    assert "Old_column" in client.get(reverse("accounts:merge_detail", args=[merge.pk])).text
    assert client.get(reverse("accounts:audit_list")).status_code == 200


@pytest.mark.parametrize("kind", ["account", "contact"])
def test_many_merges_cost_the_queries_of_one(client, admin, kind):
    make_merge(admin.teams.get(), kind, values={"tier": ["c", "a"]})
    address = f"{reverse('accounts:audit_list')}?kind=accounts.mergerecord"
    client.get(address)
    counts = []
    for _turn in range(2):
        with CaptureQueriesContext(connection) as queries:
            answer = client.get(address)
        counts.append(len(queries))
        for number in range(6):
            column = "team" if kind == "account" else "successor"
            rows = [RELATED[kind](admin.teams.get()).pk for _side in range(2)]
            more = {column: rows, f"attributes.gone{number}": [None, "x"]}
            make_merge(admin.teams.get(), kind, values=more)

    assert answer.text.count("gone") >= 6
    assert counts[0] == counts[1]


#: What a column of an account or a contact leads to.
RELATED = {
    "account": lambda team: make_team(),
    "contact": lambda team: make_contact(account=make_account(team=team)),
}


def make_merge(team, kind="account", *, values):
    account = make_account(team=team)
    source, into = (
        make_account(team=team) if kind == "account" else make_contact(account=account)
        for _side in range(2)
    )
    return MergeRecord.objects.create(
        kind=kind,
        source_id=source.pk,
        target_id=into.pk,
        account=account,
        merged_at=app_now(),
        values=values,
    )
