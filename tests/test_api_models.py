"""The interface for programs as a whole: a resource for every model, or a reason for none."""

import re

import pghistory.models
from django.apps import apps

from tests.routes import product_routes

OURS = ("accounts", "surveys", "scoring", "playbooks")
BASE = "api/v1/"
MACHINE = "bookkeeping of the program, which means nothing outside"
SECRET = "opens something, or tells whose an anonymous answer is"
HASHES = "keyed hashes of addresses, which only our own sending reads"
SELF = "keys are made by people who have shown who they are, never by another key"
COUNTED = "comes in by /v1/ and counts in measures; a warehouse has it from its sender"
FIGURES = "figures of the page of sources, which exports take out"
FOLLOWS = "follows from other rows at any time, and is told where it counts"

#: Models that are told by the resource of what they belong to: `<resource>` below `/api/v1/`.
TOLD_BY = {
    "accounts.AccountDomain": "accounts",
    "accounts.TeamMembership": "users",
    "accounts.Organisation": "organisation",
    "accounts.AccessPolicy": "access-policies",
    "accounts.ContractTerm": "contracts",
    "accounts.DefaultView": "views",
    "accounts.ListMember": "lists",
    "accounts.TouchpointSignal": "touchpoints",
    "accounts.MergeMove": "merges",
    "accounts.DuplicateDismissal": "duplicates",
    "accounts.ImportChange": "imports",
    "accounts.ImportUndo": "imports",
    "playbooks.PlaybookVersion": "playbooks",
    "playbooks.RunStep": "runs",
    "scoring.CustomMetric": "metrics",
    "scoring.HealthCurrent": "accounts",
    "scoring.HealthDaily": "accounts",
    "scoring.HealthTransition": "accounts",
    "surveys.Invitation": "waves",
}
#: Models no program is told of, and why.
LEFT_OUT = {
    "accounts.ApiToken": SELF,
    "accounts.AccountTouch": FOLLOWS,
    "accounts.ContractBefore": MACHINE,
    "accounts.ContactBefore": MACHINE,
    "accounts.DirtyAccount": MACHINE,
    "accounts.IdempotencyKey": MACHINE,
    "accounts.ImportEffect": MACHINE,
    "accounts.ScheduleSlot": MACHINE,
    "accounts.SegmentMembership": FOLLOWS,
    "accounts.Suppression": HASHES,
    "scoring.ClosedDay": MACHINE,
    "scoring.CohortQuantiles": FOLLOWS,
    "scoring.CohortTable": FOLLOWS,
    "scoring.Event": COUNTED,
    "scoring.EventQuarantine": COUNTED,
    "scoring.EventSeen": MACHINE,
    "scoring.EventSeries": MACHINE,
    "scoring.HealthRun": MACHINE,
    "scoring.HealthShard": MACHINE,
    "scoring.IngestBatch": COUNTED,
    "scoring.MetricValue": FOLLOWS,
    "scoring.Source": FIGURES,
    "scoring.SourceDay": FIGURES,
    "scoring.SourceFault": FIGURES,
    "scoring.UsageDay": COUNTED,
    "scoring.UsageUser": COUNTED,
    "scoring.UserAlias": COUNTED,
    "scoring.NewestDay": COUNTED,
    "scoring.UserMonth": COUNTED,
    "scoring.ValueMonth": COUNTED,
    "surveys.InvitationToken": SECRET,
}


def resources():
    """Return the models whose rows a resource lists, and the names of all resources."""
    routes = [route for route in product_routes() if route.template.startswith(BASE)]
    names = {re.split("[/:]", route.template.removeprefix(BASE))[0].strip("^") for route in routes}
    return {route.model._meta.label for route in routes if route.model}, names


def test_every_model_has_a_resource_or_none_for_a_reason():
    listed, names = resources()
    every = {
        model._meta.label
        for label in OURS
        for model in apps.get_app_config(label).get_models()
        if not issubclass(model, pghistory.models.Event)
    }

    assert every - listed - set(TOLD_BY) - set(LEFT_OUT) == set()
    assert (set(TOLD_BY) | set(LEFT_OUT)) - (every - listed) == set()
    assert set(TOLD_BY) & set(LEFT_OUT) == set()
    assert set(TOLD_BY.values()) - names == set()
