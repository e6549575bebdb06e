import pytest

from accounts.models import ListMember, Segment, SegmentMembership, StaticList
from accounts.services.segments import install_starter_segments
from config.lib.clock import app_now
from tests.browsed_forms import opened, shown_again
from tests.factories import make_account, make_organisation, make_team, make_user

pytestmark = pytest.mark.django_db

NAMES = {"name_en": "Big ones", "name_ja": "大口"}
TIER = {"row": ["0-0"], "field-0-0": "tier", "was-0-0": "tier", "operator-0-0": "="}
TIER_A = {**TIER, "value-0-0": "a"}


@pytest.fixture
def admin(client):
    make_organisation()
    client.force_login(make_user(role="administrator"))
    return client


def tree(*rules, combinator="and"):
    return {"combinator": combinator, "rules": list(rules)}


def rule(field, operator, value):
    return {"field": field, "operator": operator, "value": value}


def made(**changes):
    values = {"key": "big", "rule": tree(rule("tier", "=", "a")), **NAMES}
    return Segment.objects.create(**{**values, **changes})


def test_a_segment_is_made_of_rows_and_a_group_and_accounts_enter_it(admin):
    account = make_account(tier="a", country="JP")
    data = {
        **NAMES, **TIER_A, "row": ["0-0", "1-0", "1-1"], "block": ["1"], "combinator-1": "or",
        "field-1-0": "name", "field-1-1": "arr", "operator-1-1": ">=", "value-1-1": "1,000",
        "do": "save",
    }  # fmt: skip
    data |= {"field-1-0": "status", "operator-1-0": "notIn", "value-1-0": ["churned"]}

    answer = admin.post("/segments/new/", data)

    assert answer.status_code == 302
    segment = Segment.objects.get()
    group = tree(rule("status", "notIn", ["churned"]), rule("arr", ">=", "1000"), combinator="or")
    assert (segment.key, segment.rule) == ("big-ones", tree(rule("tier", "=", "a"), group))
    assert SegmentMembership.objects.get().account_id == account.pk


def test_a_second_segment_of_the_same_name_leaves_the_first_as_it_is(admin):
    first = made(key="big-ones", archived_at=app_now())

    admin.post("/segments/new/", {**NAMES, **TIER, "value-0-0": "b", "do": "save"})

    first.refresh_from_db()
    assert first.rule == tree(rule("tier", "=", "a"))
    assert set(Segment.objects.values_list("key", flat=True)) == {"big-ones", "big-ones-2"}


@pytest.mark.parametrize(
    ("do", "blocks"), [("add-0", [2]), ("remove-0-0", [0]), ("group", [1, 1]), ("check", [1])]
)
def test_a_button_changes_the_rows_and_saves_nothing(admin, do, blocks):
    answer = admin.post("/segments/new/", {**NAMES, **TIER_A, "do": do})

    assert [len(block.rows) for block in answer.context["rows"].blocks] == blocks
    assert "Big ones" in answer.content.decode()
    assert not Segment.objects.exists()


def test_only_saving_asks_for_the_names(admin):
    page = admin.post("/segments/new/", {**TIER_A, "do": "group"}).content.decode()

    buttons = [part for part in page.split("<button")[1:] if 'name="do"' in part]
    asking = [part for part in buttons if "formnovalidate" not in part]
    assert len(buttons) > 6
    assert ['value="save"' in part for part in asking] == [True]


def test_the_number_of_accounts_is_said_on_each_check(admin):
    for tier in "aab":
        make_account(tier=tier)

    answer = admin.post("/segments/new/", {**TIER_A, "do": "check"})

    assert "These rules fit 2 of the accounts you see." in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "operator", "value", "says"),
    [
        ("arr", ">", "much", "A number is expected here."),
        ("tier", "=", "z", "Choose a value from the list."),
        ("manager", "=", "abc", "Choose a value from the list."),
        ("renewal_on", "withinNextDays", "9" * 400, "A whole number of days"),
        ("nothing", "=", "1", "There is no field “nothing”."),
    ],
)
def test_a_refusal_stands_beside_its_row_and_nothing_is_saved(admin, field, operator, value, says):
    data = {"row": "0-0", "field-0-0": field, "operator-0-0": operator, "value-0-0": value}

    answer = admin.post("/segments/new/", {**NAMES, **data, "do": "save"})

    assert says in answer.context["rows"].blocks[0].rows[0].error
    assert not Segment.objects.exists()


def test_another_field_leaves_the_old_comparison_behind(admin):
    answer = admin.post("/segments/new/", {**TIER_A, "field-0-0": "arr", "do": "check"})

    row = answer.context["rows"].blocks[0].rows[0]
    assert (row.key, row.operator, row.values, row.error) == ("arr", "=", [], "")


def test_a_deeper_tree_is_shown_in_words_and_kept(admin):
    deep = tree(tree(tree(rule("tier", "in", ["a", "b"])), combinator="or"))
    segment = made(rule=deep)

    page = admin.get(f"/segments/{segment.pk}/edit/").content.decode()
    admin.post(f"/segments/{segment.pk}/edit/", {**NAMES, "name_en": "Huge", "do": "save"})

    assert "At least one of these holds:" in page
    segment.refresh_from_db()
    assert (segment.name_en, segment.rule) == ("Huge", deep)


def test_saving_rows_as_they_are_shown_changes_no_rule(admin):
    install_starter_segments(at=app_now())
    for segment in Segment.objects.all():
        rows = admin.get(f"/segments/{segment.pk}/edit/").context["rows"]

        assert rows.tree() == segment.rule


def test_a_shipped_segment_gets_its_original_back(admin):
    install_starter_segments(at=app_now())
    segment = Segment.objects.get(key="tech_touch")
    original = segment.rule
    edit = f"/segments/{segment.pk}/edit/"
    assert "Restore original" not in admin.get(edit).content.decode()
    admin.post(edit, {**NAMES, **TIER_A, "do": "save"})
    assert "Restore original" in admin.get(edit).content.decode()

    admin.post(f"/segments/{segment.pk}/original/")

    segment.refresh_from_db()
    assert (segment.rule, segment.is_shipped) == (original, True)


def test_a_segment_is_put_away_and_taken_up_with_who_is_in_it(admin):
    make_account(tier="a")
    admin.post("/segments/new/", {**NAMES, **TIER_A, "do": "save"})
    segment = Segment.objects.get()
    inside = SegmentMembership.objects.filter(left_at=None)

    admin.post(f"/segments/{segment.pk}/archive/")
    assert not inside.exists()
    assert admin.get(f"/segments/{segment.pk}/edit/").status_code == 404
    admin.post(f"/segments/{segment.pk}/restore/")

    assert inside.count() == 1


@pytest.mark.parametrize("role", ["manager", "member", "viewer", "privacy_officer"])
def test_only_administrators_change_segments(client, role):
    make_organisation()
    segment = made()
    client.force_login(make_user(team=make_team(), role=role))

    statuses = {
        client.get("/segments/new/").status_code,
        client.get(f"/segments/{segment.pk}/edit/").status_code,
        client.post(f"/segments/{segment.pk}/archive/").status_code,
        client.post(f"/segments/{segment.pk}/restore/").status_code,
        client.post(f"/segments/{segment.pk}/original/").status_code,
    }

    assert statuses == {403}
    assert "/segments/new/" not in client.get("/lists/").content.decode()


LISTED = {"row": ["0-0"], "field-0-0": "lists", "was-0-0": "lists", "operator-0-0": "notIn"}


def test_a_segment_is_of_accounts_on_none_of_the_lists_its_author_sees(admin):
    account, other = make_account(), make_account()
    mine = StaticList.objects.create(name="展示会", owner=make_user(), sharing="all")
    ListMember.objects.create(list=mine, account=account)

    page = admin.post("/segments/new/", {**LISTED, "do": "check"}).content.decode()
    admin.post("/segments/new/", {**NAMES, **LISTED, "value-0-0": [mine.pk], "do": "save"})

    assert f'name="value-0-0" value="{mine.pk}"><span>展示会</span>' in page
    assert Segment.objects.get().rule == tree(rule("lists", "notIn", [mine.pk]))
    assert SegmentMembership.objects.get().account_id == other.pk


def test_a_list_of_somebody_else_can_stay_in_a_segment_but_not_come_in(admin):
    hidden = StaticList.objects.create(name="内緒", owner=make_user())
    data = {**NAMES, **LISTED, "value-0-0": [hidden.pk], "do": "save"}
    refused = admin.post("/segments/new/", data)
    segment = made(rule=tree(rule("lists", "in", [hidden.pk])))

    page = admin.get(f"/segments/{segment.pk}/edit/").content.decode()
    kept = admin.post(f"/segments/{segment.pk}/edit/", {**data, "name_en": "Kept"})

    assert refused.status_code == 200
    assert "内緒" not in page
    assert kept.status_code == 302
    segment.refresh_from_db()
    assert segment.rule == tree(rule("lists", "notIn", [hidden.pk]))


def test_rules_a_colleague_changed_survive_a_new_name(admin):
    segment = made()
    form = opened(admin, f"/segments/{segment.pk}/edit/")
    Segment.objects.update(rule=tree(rule("tier", "=", "b")))

    admin.post(f"/segments/{segment.pk}/edit/", form | {"do": ["save"], "name_en": ["Large ones"]})

    segment.refresh_from_db()
    assert (segment.name_en, segment.rule) == ("Large ones", tree(rule("tier", "=", "b")))


def test_rules_both_changed_are_told_in_words_and_saved_once_more(admin):
    segment = made()
    address, mine = f"/segments/{segment.pk}/edit/", {"do": ["save"], "value-0-0": ["c"]}
    form = opened(admin, address)
    Segment.objects.update(rule=tree(rule("tier", "=", "b")))

    answer = admin.post(address, form | mine)

    assert "It reads now: <span>Tier is B</span>" in answer.content.decode()
    segment.refresh_from_db()
    assert segment.rule == tree(rule("tier", "=", "b"))
    admin.post(address, shown_again(answer) | {"do": ["save"]})
    segment.refresh_from_db()
    assert segment.rule == tree(rule("tier", "=", "c"))
