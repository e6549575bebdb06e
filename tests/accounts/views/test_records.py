import re

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.domain.names import fold_for_search
from accounts.models import AccessPolicy, Segment
from accounts.registry import lists
from config.lib.clock import app_now
from tests.factories import make_account, make_contact, make_organisation, make_team, make_user
from tests.playbooks.factories import make_playbook
from tests.route_records import RECORDS

pytestmark = pytest.mark.django_db
EVERY = [pytest.param(part, id=part.key) for part in lists.members()]
SORTS = [
    pytest.param(part, sort + column.key, id=f"{part.key}{sort or '+'}{column.key}")
    for part in lists.members()
    for column in part.columns
    for sort in ("", "-")
    if column.is_sortable
]


@pytest.fixture
def team():
    make_organisation()
    return make_team()


@pytest.fixture
def reader(client, team):
    client.force_login(make_user(team=team))
    return client


def make_rows(records, team, count):
    account = make_account(team=team)
    model = records.rows(user=make_user(team=team), at=app_now()).model
    for _ in range(count):
        RECORDS[model](account)


@pytest.mark.parametrize("records", EVERY)
def test_every_column_there_is_costs_the_same_for_one_and_for_seven_rows(reader, team, records):
    path = f"/{records.key}/?columns={','.join(column.key for column in records.columns)}"
    make_rows(records, team, 1)
    reader.get(path)
    counts = []
    for rows in (1, 7):
        with CaptureQueriesContext(connection) as queries:
            response = reader.get(path)
        assert len(response.context["rows"]) == rows
        counts.append(len(queries))
        make_rows(records, team, 6)

    assert counts[0] == counts[1]


@pytest.mark.parametrize("records", EVERY)
def test_every_list_costs_the_same_for_one_and_for_seven_rows(reader, team, records):
    path = f"/{records.key}/"
    make_rows(records, team, 1)
    reader.get(path)
    counts = []
    for rows in (1, 7):
        with CaptureQueriesContext(connection) as queries:
            response = reader.get(path)
        assert len(response.context["rows"]) == rows
        counts.append(len(queries))
        make_rows(records, team, 6)

    assert counts[0] == counts[1] <= 12


@pytest.mark.parametrize("records", EVERY)
def test_every_filter_of_every_list_can_be_asked(reader, team, records):
    make_rows(records, team, 1)
    Segment.objects.create(key="top", name_en="Top", name_ja="上位", rule={})
    make_playbook()
    values = {"boolean": "True", "text": "z", "date": "2026-06-01", "datetime": "2026-06-01"}
    asked = {}
    for part in records.filters:
        options = part.options()
        value = str(options[0][0]) if options else values.get(part.type, "1")
        names = [f"{part.key}_from", f"{part.key}_to"] if part.is_range else [part.key]
        asked |= dict.fromkeys(names, value)

    response = reader.get(f"/{records.key}/", {**asked, "q": "zz"})

    assert response.status_code == 200
    assert len(response.context["rules"]) == len(asked)
    assert response.context["question"].faults == ()


@pytest.mark.parametrize(("records", "sort"), SORTS)
def test_every_order_pages_through_every_row_once(reader, team, monkeypatch, records, sort):
    monkeypatch.setattr("accounts.views.records.ROWS_A_PAGE", 2)
    make_rows(records, team, 5)
    path, seen = f"/{records.key}/?sort={sort}", []
    cursor = ""
    while cursor is not None:
        response = reader.get(f"{path}&cursor={cursor}" if cursor else path)
        seen += [row.record.pk for row in response.context["rows"]]
        cursor = response.context["page"].next_cursor

    assert len(seen) == len(set(seen)) == 5


@pytest.mark.parametrize("records", EVERY)
def test_the_columns_of_every_list_can_all_be_shown(reader, team, records):
    make_rows(records, team, 1)
    keys = [column.key for column in records.columns]

    response = reader.get(f"/{records.key}/", {"columns": ",".join(keys)})

    assert len(response.context["rows"][0].cells) == len(keys)
    assert response.content.decode().count('<th scope="col"') == len(keys)


@pytest.mark.parametrize("records", EVERY)
def test_rows_lead_to_pages_that_exist(reader, team, records):
    make_rows(records, team, 1)

    row = reader.get(f"/{records.key}/").context["rows"][0]

    assert not row.href or reader.get(row.href).status_code == 200


@pytest.mark.parametrize("records", EVERY)
def test_rows_of_other_teams_do_not_exist(reader, records):
    make_rows(records, make_team(), 2)

    assert reader.get(f"/{records.key}/").context["rows"] == []


@pytest.mark.parametrize("records", EVERY)
def test_a_list_of_a_kind_the_role_may_not_read_is_no_page_and_no_tab(reader, records):
    AccessPolicy.objects.create(
        role="member", kind=records.kind, read_scope="none", write_scope="none"
    )

    assert reader.get(f"/{records.key}/").status_code == 404
    assert f'href="/{records.key}/"' not in reader.get("/accounts/").content.decode()


def test_lists_stand_beside_each_other_with_accounts_first(reader):
    page = reader.get("/contacts/").content.decode()

    tabs = re.search(r'<nav class="y-kinds".*?</nav>', page, re.DOTALL).group()
    assert tabs.index('href="/accounts/"') < tabs.index('href="/contacts/" aria-current="page"')


def test_an_empty_list_names_the_rule_to_remove(reader, team):
    account = make_account(team=team)
    make_contact(account=account, state="left", department="営業部")

    response = reader.get("/contacts/", {"state": "active", "department": "営業"})

    assert [str(rule.label) for rule in response.context["culprits"]] == ["State"]
    assert response.context["culprits"][0].without.startswith("?department=")


def test_words_are_a_rule_that_can_be_removed(reader, team):
    make_contact(account=make_account(team=team), search_text=fold_for_search("水上 隆"))

    response = reader.get("/contacts/", {"q": "佐藤", "state": "active"})

    assert [rule.value for rule in response.context["culprits"]] == ["佐藤"]


def test_choosing_columns_keeps_the_rules_and_rules_keep_the_columns(reader, team):
    make_contact(account=make_account(team=team))

    kept = reader.get("/contacts/?state=active&columns=email&sort=-name").context["kept"]

    assert kept["filters"] == [("columns", "email"), ("sort", "-name")]
    assert kept["columns"] == [("state", "active"), ("sort", "-name"), ("columns", "name")]


def test_a_cell_of_an_account_the_reader_may_not_see_says_so(reader, team):
    AccessPolicy.objects.create(role="member", kind="contact", read_scope="all", write_scope="none")
    make_contact(account=make_account(name="よその会社"))

    page = reader.get("/contacts/").content.decode()

    assert "よその会社" not in page
    assert "not visible to you" in page


@pytest.mark.parametrize("address", ["sort=invented", "cursor=invented"])
def test_an_order_or_a_page_that_is_not_there_is_a_bad_request(reader, address):
    assert reader.get(f"/contacts/?{address}").status_code == 400


def test_words_that_were_searched_stay_in_their_box(reader):
    assert 'name="q" id="list-q" value="水上"' in reader.get("/contacts/?q=水上").content.decode()


def test_a_value_that_is_not_there_is_told(reader):
    page = reader.get("/contacts/?state=pigeon").content.decode()

    assert "This is not one of the values there are." in page


def test_a_filter_without_anything_to_choose_is_left_out(reader, team):
    page = reader.get("/accounts/").content.decode()

    assert ">Segment</" in page or ">Tier</" in page
    assert '<legend class="y-meta">List</legend>' not in page
