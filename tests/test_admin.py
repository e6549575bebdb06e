"""The operators' admin as a whole: every model is shown, or left out for a reason."""

import re

import pghistory.models
import pytest
from allauth.mfa.models import Authenticator
from django.apps import apps
from django.contrib import admin
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import translation

from accounts.models import User
from tests.factories import make_account, make_organisation, make_team, make_user
from tests.test_query_counts import make_one_of_everything

BELOW = "shown on the page of the record it belongs to"
COMPOSITE = "the admin can't show rows with a composite key"
MACHINE = "bookkeeping of the program, which means nothing to a person"
SECRET = "answers and links are read by nobody here"
PRODUCT = "has a page of its own in the product"
OTHERS = "of a library, and not to be changed past our services"

#: Models that are in no admin, and why.
LEFT_OUT = {
    "accounts.AccountTouch": MACHINE,
    "accounts.TeamMembership": BELOW,
    "accounts.TouchExpectation": PRODUCT,
    "accounts.AccountDomain": PRODUCT,
    "accounts.AccountStatusFact": BELOW,
    "accounts.AccountPhaseFact": BELOW,
    "accounts.AccountRole": BELOW,
    "accounts.AttributeValue": BELOW,
    "accounts.ContactStanding": PRODUCT,
    "accounts.ContractTerm": BELOW,
    "accounts.ContractBefore": MACHINE,
    "accounts.ContactBefore": MACHINE,
    "scoring.EventSeries": MACHINE,
    "accounts.TicketStateFact": BELOW,
    "accounts.InvoicePayment": BELOW,
    "accounts.TouchpointMention": PRODUCT,
    "accounts.MinutesTemplate": PRODUCT,
    "accounts.TouchpointType": PRODUCT,
    "accounts.SeniorityWords": PRODUCT,
    "accounts.TouchpointSignal": PRODUCT,
    "accounts.TouchpointTodo": PRODUCT,
    "accounts.SegmentMembership": MACHINE,
    "accounts.SavedView": PRODUCT,
    "accounts.DefaultView": PRODUCT,
    "accounts.StaticList": PRODUCT,
    "accounts.ListMember": PRODUCT,
    "accounts.ImportMapping": PRODUCT,
    "accounts.ImportChange": PRODUCT,
    "accounts.ImportEffect": MACHINE,
    "accounts.ImportUndo": MACHINE,
    "accounts.MergeMove": MACHINE,
    "accounts.DuplicateDismissal": PRODUCT,
    "accounts.ScheduleSlot": COMPOSITE,
    "accounts.ExternalRef": MACHINE,
    "accounts.IdempotencyKey": MACHINE,
    "surveys.Invitation": SECRET,
    "surveys.InvitationToken": SECRET,
    "surveys.Response": SECRET,
    "scoring.HealthShard": MACHINE,
    "scoring.CohortTable": MACHINE,
    "scoring.CohortQuantiles": MACHINE,
    "scoring.HealthDaily": COMPOSITE,
    "scoring.EventSeen": MACHINE,
    "scoring.UsageUser": MACHINE,
    "scoring.UserAlias": MACHINE,
    "scoring.Event": COMPOSITE,
    "scoring.Source": MACHINE,
    "scoring.SourceDay": COMPOSITE,
    "scoring.SourceFault": COMPOSITE,
    "scoring.ClosedDay": MACHINE,
    "scoring.MetricValue": MACHINE,
    "scoring.UsageDay": COMPOSITE,
    "scoring.NewestDay": COMPOSITE,
    "scoring.UserMonth": COMPOSITE,
    "scoring.ValueMonth": COMPOSITE,
    "playbooks.PlaybookVersion": BELOW,
    "playbooks.RunStep": BELOW,
    "admin.LogEntry": OTHERS,
    "auth.Permission": OTHERS,
    "auth.Group": OTHERS,
    "contenttypes.ContentType": OTHERS,
    "sessions.Session": OTHERS,
    "account.EmailAddress": OTHERS,
    "account.EmailConfirmation": OTHERS,
    "socialaccount.SocialApp": OTHERS,
    "socialaccount.SocialToken": OTHERS,
    "pghistory.Context": OTHERS,
    "pghistory.Events": OTHERS,
    "pghistory.MiddlewareEvents": OTHERS,
}
#: So few rows that nobody searches them.
FEW = {"accounts.Organisation", "accounts.AccessPolicy", "accounts.FxRate", "accounts.Suppression"}
OURS = {"accounts", "surveys", "scoring", "playbooks"}
PAGES = [(page.model._meta.label, page) for page in admin.site._registry.values()]
RECORDS = [pair for pair in PAGES if not issubclass(pair[1].model, pghistory.models.Event)]


def relations(page):
    """Return the columns of a list that name another row."""
    fields = {field.name: field for field in page.model._meta.concrete_fields}
    return {name for name in page.list_display if name in fields and fields[name].is_relation}


@pytest.fixture
def operator(client, db):
    make_organisation()
    client.force_login(make_user(role="administrator", is_staff=True, is_superuser=True))
    return client


def test_every_model_is_shown_or_left_out_for_a_reason():
    shown = {label for label, _ in PAGES}
    # Tables that tests make for the abstract models of config.lib are nobody's business.
    every = {m._meta.label for m in apps.get_models() if not m.__module__.startswith("tests.")}

    assert every - shown - set(LEFT_OUT) == set()
    assert set(LEFT_OUT) - (every - shown) == set()


@pytest.mark.parametrize(("label", "shown"), PAGES, ids=[label for label, _ in PAGES])
def test_a_list_is_ordered_joins_what_it_names_and_can_be_searched(label, shown):
    joined = shown.list_select_related
    assert shown.ordering or label in FEW, "say in which order"
    assert relations(shown) <= (set(joined) if not isinstance(joined, bool) else set())
    assert shown.search_fields or label in FEW
    assert not shown.show_full_result_count or label.split(".")[0] not in OURS


@pytest.mark.parametrize(("label", "shown"), RECORDS, ids=[label for label, _ in RECORDS])
def test_what_the_program_writes_can_only_be_read(label, shown, rf):
    request = rf.get("/")
    request.user = User(username="x", is_active=True, is_staff=True, is_superuser=True)
    if label.startswith(("scoring.Health", "accounts.Job", "accounts.MergeRecord", "mfa")):
        assert not shown.has_add_permission(request)
        assert not shown.has_change_permission(request)
    if label.split(".")[0] in OURS and label != "accounts.AccessPolicy":
        assert not shown.has_delete_permission(request)


def test_seven_rows_cost_a_list_as_many_queries_as_one(operator):
    team = make_team()
    account = make_one_of_everything(team)
    one = counted(operator)
    for number in range(6):
        make_one_of_everything(team, account if number % 2 else make_account(team=team))

    seven = counted(operator, labels=set(one))

    assert {label: (one[label], seven[label]) for label in one if one[label] != seven[label]} == {}
    assert {label: count for label, count in seven.items() if count > 14} == {}


def counted(client, *, labels=None):
    """Return the number of queries of each list that has rows, or of those named, asked before."""
    counts = {}
    for label, page in PAGES:
        if label in labels if labels else page.model._default_manager.exists():
            address = reverse(f"admin:{label.lower().replace('.', '_')}_changelist")
            if labels is None:
                client.get(address)
            with CaptureQueriesContext(connection) as queries:
                assert client.get(address).status_code == 200
            counts[label] = len(queries)
    return counts


def test_the_history_of_a_record_tells_who_changed_it_wherever_they_did(operator, api):
    boss = make_user(role="administrator", email="boss@harukaze.example")
    account = make_account(name="前の名前")
    api(boss).patch(f"/api/v1/accounts/{account.pk}/", {"name": "後の名前"})

    page = operator.get(f"/admin/accounts/account/{account.pk}/history/", follow=True)

    assert page.status_code == 200
    assert "boss@harukaze.example" in page.content.decode()


def test_no_page_shows_the_secret_of_a_second_factor(operator):
    person = make_user()
    row = Authenticator.objects.create(user=person, type="totp", data={"secret": "JBSWY3DP"})

    page = operator.get(f"/admin/mfa/authenticator/{row.pk}/change/").content.decode()

    assert str(person) in page
    assert "JBSWY3DP" not in page


@pytest.mark.parametrize("language", ["en", "ja"])
def test_the_front_page_names_every_kind_of_record_in_the_readers_language(operator, language):
    User.objects.update(language=language)

    page = operator.get("/admin/").content.decode()

    assert ("スコア再計算待ち" in page) is (language == "ja")
    assert ("Accounts to score again" in page) is (language == "en")


COLUMNS = [
    (f"{page.model._meta.label}.{field.name}", field.verbose_name)
    for label, page in PAGES
    if label.split(".")[0] in OURS
    for field in (*page.model._meta.concrete_fields, *page.model._meta.many_to_many)
    if field.name != "id"
]
SAME_IN_BOTH = {"ARR", "MRR", "CSAT", "KPI", "ID"}


def test_every_column_and_row_has_a_japanese_name():
    with translation.override("ja"):
        ours = [pair for pair in PAGES if pair[0].split(".")[0] in OURS]
        rows = [(label, page.model._meta.verbose_name) for label, page in ours]
        english = [
            (name, str(word))
            for name, word in (*COLUMNS, *rows)
            if not re.search("[ぁ-んァ-ヶ一-龠]", str(word)) and str(word) not in SAME_IN_BOTH
        ]

    assert english == []


@pytest.mark.parametrize(("language", "words"), [("ja", "追加"), ("en", "Added")])
def test_a_line_of_the_history_says_in_words_what_happened(operator, language, words):
    User.objects.update(language=language)
    line = make_account().events.latest("pgh_id")
    address = f"/admin/accounts/accountevent/{line.pk}/change/"

    page = operator.get(address).content.decode()
    listed = operator.get("/admin/accounts/accountevent/?pgh_label__exact=insert")

    assert f"#{line.pgh_obj_id} {words}" in page
    assert "object (" not in page
    assert "The event label" not in page
    assert words in listed.content.decode()
    assert list(listed.context["cl"].queryset) == [line]
