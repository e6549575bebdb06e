"""Who may write nothing is refused before anything that was sent is read.

The route walk sends nothing, so a form that is merely incomplete looks like one that refuses.
"""

import re

import pytest

from accounts.choices import RecordKind
from accounts.models import AccessPolicy
from tests.factories import make_organisation, make_team
from tests.routes import make_foreign_account
from tests.test_forged_requests import BY_TOKEN
from tests.test_routes import METHODS, PRIVATE, signed_in, walk

pytestmark = pytest.mark.django_db
#: What a viewer may send: a question for an account to write to, of which they have none; a pair
#: of records that must be theirs to change; what is asked for, before whether it may be.
ASKED_FIRST = {
    "playbooks:task_new",
    "accounts:touchpoint_new",
    "surveys:invite",
    "accounts:duplicate_dismiss",
    "accounts:duplicate_recall",
    "accounts_api:duplicates",
    "accounts:export_list",
    "accounts_api:export-list",
    "accounts_api:import-list",
    "accounts_api:importmapping-list",
    "scoring_api:validation-list",
}


def test_a_viewer_is_refused_before_anything_is_read():
    make_organisation()
    team = make_team()
    client = signed_in(team=team, role="viewer")
    routes = [r for r in PRIVATE if not r.is_own and r.name not in ASKED_FIRST | BY_TOKEN]

    def verdict(route, method, answer, written):
        return answer.status_code not in (403, 404, 405) and "refusal expected"

    faults = walk(client, routes, make_foreign_account(team=team), verdict, METHODS[1:])

    assert not faults, "\n".join(faults)


#: Which addresses write which kind of record, by their names.
OF_KIND = {
    "account": r":(account|share|milestone|waitingkey)-|:accounts_bulk"
    r"|accounts:(edit|new|status|phase|lifecycle|archive|restore|attributes|merge|role_|share_"
    r"|external_id_set|milestone)",
    "contract": r"contract",
    "contact": r":contact|stakeholder|relation",
    "touchpoint": r":touchpoint(_(?!type)|-|$)",
    "ticket": r":ticket",
    "invoice": r"invoice|payment",
    "health": r"alert_(?!rule)|:alert-|override|feedback|measurement",
    "survey": r":(invite|wave|survey)",
    "task": r":task|:run",
}


@pytest.mark.parametrize("kind", OF_KIND)
@pytest.mark.parametrize("role", ["manager", "member", "privacy_officer"])
def test_a_kind_that_a_role_may_only_read_is_written_at_no_address(role, kind):
    make_organisation()
    team = make_team()
    for one in RecordKind.values:
        AccessPolicy.objects.create(
            role=role, kind=one, read_scope="all", write_scope="none" if one == kind else "all"
        )
    routes = routes_of(kind)

    faults = refusals_missing(routes, team=team, role=role)

    assert len(routes) > 1
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("kind", sorted(set(OF_KIND) - {"contact", "survey"}))
def test_a_privacy_officer_writes_nothing_but_people_and_surveys_unless_told(kind):
    make_organisation()

    faults = refusals_missing(routes_of(kind), team=make_team(), role="privacy_officer")

    assert not faults, "\n".join(faults)


def routes_of(kind):
    names = re.compile(OF_KIND[kind])
    return [r for r in PRIVATE if names.search(r.name) and r.name not in ASKED_FIRST]


def refusals_missing(routes, *, team, role):
    def verdict(route, method, answer, written):
        if written:
            return f"wrote {written} rows"
        return answer.status_code not in (403, 404, 405) and "refusal expected"

    client = signed_in(team=team, role=role)
    return walk(client, routes, make_foreign_account(team=team), verdict, METHODS[1:])
