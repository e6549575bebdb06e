"""Every form that shows what a record says notices what others changed while it was open.

**To add a form that edits something:** put `editing` on its view (`accounts.views.editing`). A form
that shows values and edits nothing stands in `NO_EDIT` with the reason.
"""

import pytest
from django.db import transaction
from django.test import Client

from tests.browsed_forms import forms_of, sent_by
from tests.factories import make_account, make_organisation, make_team, make_user
from tests.routes import product_routes, rows_written

pytestmark = pytest.mark.django_db

_DEFAULTS = "proposes a day or a usual value; the record has none"
#: Forms that show values and change none of them, and why. What makes something new is none by
#: its name (`…new`).
NO_EDIT = {
    "accounts:contact_move": _DEFAULTS,
    "accounts:external_id_set": "puts an id in place of the one its address names; any other stays",
    "accounts:import_list": "takes a file in",
    "accounts:milestone_plan": "adds what is missing and changes nothing",
    "accounts:privacy_person": "asks before an erasure",
    "accounts:role_assign": _DEFAULTS,
    "accounts:role_end": _DEFAULTS,
    "playbooks:task_snooze": _DEFAULTS,
    "scoring:alert_snooze": _DEFAULTS,
    "scoring:linkage": "asks for a report",
    "scoring:scorecard_draft": "compares the digest of the whole draft",
    "scoring:unknown_give": _DEFAULTS,
    "scoring:unknown_make": _DEFAULTS,
    "scoring:version_promote": _DEFAULTS,
    "scoring:version_revert": _DEFAULTS,
    "scoring:version_withdraw": _DEFAULTS,
}
#: Forms that do something to a record, so that nothing need be typed, and what.
ACTS = {
    "accounts:contact_introduce": "makes somebody known",
    "accounts:contract_notice": "notes a notice on the day it proposes",
    "accounts:contract_renew": "renews by what it proposes",
    "accounts:payment_new": "notes the payment it proposes",
    "scoring:override_set": "sets an override until the day it proposes",
}
#: Forms in which something is typed or chosen that make nothing a second time, and why.
MAKES_NOTHING = {
    "accounts:import_list": "looks at a file and takes nothing in",
    "accounts:list": "does the same to the accounts that are chosen, twice is once",
    "accounts:privacy_person": "erases a person, whom it does not find twice",
    "playbooks:task_detail": "completes a task or hands it over, twice is once",
    "playbooks:task_snooze": "puts a task off to a day, twice is once",
    "scoring:linkage": "asks for a report, which says the same twice",
    "scoring:scorecard_draft": "compares the digest of the whole draft",
    "scoring:scorecard_review": "leads a draft from one state to the next, once",
}
#: What the button sends that saves.
BUTTONS = {"accounts:segment_edit": {"do": "save"}}


def pages():
    """Return every page under the address it was asked by, and who asked for it."""
    make_organisation()
    team = make_team()
    account = make_account(team=team)
    client = Client()
    client.force_login(make_user(team=team, role="administrator"))
    routes = [r for r in product_routes() if not (r.fault() or r.is_api or r.is_public or r.is_own)]
    for route in routes:
        address = route.address(account)
        with transaction.atomic():
            answer = client.get(address)
            transaction.set_rollback(True)
        if answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html"):
            yield route.name, client, address, answer


def has_marks(form):
    return "opened_with" in dict(form["sent"])


def test_every_form_that_shows_a_record_carries_what_it_was_opened_with():
    found = {
        name
        for name, _client, _address, answer in pages()
        for form in forms_of(answer)
        if form["method"] == "post" and form["shows"] and not has_marks(form)
        if not name.endswith("new")
    }

    assert found - set(NO_EDIT) == set()
    assert set(NO_EDIT) - found == set()


def test_every_form_that_makes_something_carries_a_name_of_its_own():
    found = {
        name
        for name, _client, _address, answer in pages()
        for form in forms_of(answer)
        if form["method"] == "post" and form["typed"]
        if not {"opened_with", "sent_as"} & set(dict(form["sent"]))
    }

    assert sorted(found - set(MAKES_NOTHING)) == []
    assert set(MAKES_NOTHING) - found == set()


def test_a_form_nobody_touched_writes_nothing():
    written = {}
    for name, client, address, answer in pages():
        for form in filter(has_marks, forms_of(answer)):
            with transaction.atomic():
                before = rows_written()
                sent = client.post(form["action"] or address, sent_by(form) | BUTTONS.get(name, {}))
                written[name] = (sent.status_code, rows_written() - before)
                transaction.set_rollback(True)
    assert {name for name, one in written.items() if one != (302, 0)} == set(ACTS)
    assert len(written) > 30
