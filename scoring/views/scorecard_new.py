"""A new scorecard: which method fits, what it would find to read, and what to begin with."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.views.account_forms import form_methods
from accounts.views.form_pages import note_refusal, posted
from accounts.views.once import Made, carry_name, do_once, done_before
from config.lib.clock import app_now
from config.lib.formats import is_japanese
from config.lib.problems import Problem
from config.lib.toasts import say
from scoring.domain.definition import Definition
from scoring.domain.parsing import parse_definition
from scoring.domain.pruning import mentioned, prune_definition
from scoring.forms.scorecards import NewScorecardForm
from scoring.forms.starting_points import knots_for
from scoring.models import Scorecard
from scoring.selectors.custom_metrics import all_metrics
from scoring.selectors.data_present import Presence, data_present
from scoring.selectors.definition_words import METHODS, method_of
from scoring.selectors.labels import metric_label
from scoring.selectors.scorecards import ActingScorecard, acting_scorecards
from scoring.services.scorecards import STARTER, create_scorecard
from scoring.views.scorecard_access import open_today, steerers_only

EMPTY = ("weighted", "all_points", "most_severe")


@dataclass(frozen=True)
class Method:
    """A method as the chooser shows it; `starts` are (value, label, share of data present)."""

    key: str
    label: Any
    fits: Any
    needs: Any
    effort: Any
    starts: list[tuple[str, str, float | None]] = field(default_factory=list)


ABOUT: dict[str, tuple[Any, Any, Any]] = {
    "weighted": (
        gettext_lazy("You want one number that moves smoothly and says which part moved it."),
        gettext_lazy("Values of most measures for most customers; curves somebody can explain."),
        gettext_lazy("2–4 weeks until everybody trusts it"),
    ),
    "all_points": (
        gettext_lazy("Your team already speaks in rules: “no talk for 45 days, minus 20”."),
        gettext_lazy("A few values that are surely right; missing ones make no rule hold."),
        gettext_lazy("4–8 weeks, most of it agreeing on the points"),
    ),
    "most_severe": (
        gettext_lazy("A single alarm has to decide, whatever else goes well."),
        gettext_lazy("The facts behind the alarms: notices, invoices, tickets, talks."),
        gettext_lazy("4–8 weeks, most of it agreeing on what is worse than what"),
    ),
}


@form_methods
def scorecard_new(request: HttpRequest) -> HttpResponse:
    """Choose a method and something to begin with; the new scorecard is a draft."""
    steerers_only(request)
    shipped, cards = _shipped(), acting_scorecards(open_today())
    presence = data_present()
    methods = _methods(shipped, cards, presence)
    form = NewScorecardForm(posted(request), starts=_grouped(methods))
    if target := done_before(request):
        return redirect(target)
    if request.method == "POST" and form.is_valid() and (target := _make(request, form, shipped)):
        return redirect(target)
    carry_name(form)
    known = all_metrics()
    rows = sorted(
        ((metric_label(key), presence.shares.get(key, 0.0)) for key in known),
        key=lambda row: (-row[1], row[0]),
    )
    context = {"form": form, "methods": methods, "presence": presence, "rows": rows}
    return render(request, "scoring/scorecard_new.html", context)


def _make(
    request: HttpRequest, form: NewScorecardForm, shipped: Mapping[str, dict[str, Any]]
) -> str | None:
    values = form.cleaned_data
    definition = _definition(values["start"], values["metric"], shipped)
    if definition is None:
        form.add_error("metric", _("Choose a measure to begin with."))
        return None

    def save() -> str:
        card = create_scorecard(
            key=_free_key(values["name_en"]),
            name_en=values["name_en"],
            name_ja=values["name_ja"],
            condition=form.condition(),
            definition=definition,
            at=app_now(),
            user=cast(User, request.user),
        )
        say(request, _("The scorecard is a draft and judges nobody yet."))
        return Made(reverse("scoring:scorecard_draft", args=[card.pk]), card)

    try:
        return do_once(request, save)
    except Problem as refusal:
        note_refusal(form, refusal)
        return None


def _shipped() -> dict[str, dict[str, Any]]:
    """Return what is shipped to begin with, by the value of the choice."""
    cards = {f"starter:{path.stem}": path for path in sorted(STARTER.glob("*.json"))}
    rules = {f"method:{path.stem}": path for path in sorted(STARTER.glob("methods/*.json"))}
    return {value: json.loads(path.read_text()) for value, path in {**cards, **rules}.items()}


def _definition(
    start: str, metric: str, shipped: Mapping[str, dict[str, Any]]
) -> dict[str, Any] | None:
    """Return the definition to begin with; None where nothing is chosen to be measured."""
    kind, _colon, which = start.partition(":")
    if kind == "empty":
        return _barest(which, metric) if metric else None
    if kind == "copy":
        card = next(card for card in acting_scorecards(open_today()) if card.key == which)
        said = _stored(card)
    else:
        item = shipped[start]
        said = item.get("definition", item)
    return prune_definition(said, metrics=set(all_metrics()))


def _stored(card: ActingScorecard) -> dict[str, Any]:
    version = Scorecard.objects.get(key=card.key).versions.get(pk=card.version_id)
    said: dict[str, Any] = version.definition
    return said


def _barest(method: str, metric: str) -> dict[str, Any]:
    """Return the least there can be: one measure, or one rule about it."""
    knots = knots_for(metric)
    if method == "weighted":
        measure = {"metric": metric, "weight": 1, "curve": [list(knot) for knot in knots]}
        dimension = {"key": "dimension", "label_en": "Dimension", "label_ja": "評価軸"}
        return {
            "schema": 1,
            "method": "weighted",
            "dimensions": [{**dimension, "weight": 1, "measures": [measure]}],
        }
    falls = knots[0][1] > knots[-1][1]
    when = {"metric": metric, "above" if falls else "below": knots[1][0]}
    gives = {"points": -10} if method == "all_points" else {"severity": 50, "band": "at_risk"}
    label = all_metrics()[metric].label
    texts = {"text_en": str(label), "text_ja": str(label)}
    return {
        "schema": 1,
        "method": "rules",
        "combine": method,
        "start": 70,
        "rules": [{"key": "rule", **texts, **gives, "when": when}],
    }


def _methods(
    shipped: Mapping[str, dict[str, Any]], cards: list[ActingScorecard], presence: Presence
) -> list[Method]:
    """Return the methods with everything each can begin with."""
    methods = {key: Method(key, METHODS[key], *ABOUT[key]) for key in EMPTY}
    name = "name_ja" if is_japanese() else "name_en"
    for value, item in shipped.items():
        definition = _read(item.get("definition", item))
        label = _("Shipped: %(name)s") % {"name": item[name]} if name in item else ""
        start = (value, label or _("A shipped set of rules"), presence.of(definition))
        methods[method_of(definition)].starts.append(start)
    names = {card.key: str(card) for card in Scorecard.objects.order_by("pk")}
    for card in cards:
        if not card.is_pilot:
            label = _("Copy of %(name)s") % {"name": names[card.key]}
            share = presence.of(card.definition)
            methods[method_of(card.definition)].starts.append((f"copy:{card.key}", label, share))
    for key, method in methods.items():
        method.starts.append((f"empty:{key}", _("Almost empty, from one measure"), None))
    return list(methods.values())


def _grouped(methods: list[Method]) -> list[tuple[Any, list[tuple[str, str]]]]:
    return [
        (method.label, [(value, label) for value, label, _share in method.starts])
        for method in methods
    ]


def _read(said: Mapping[str, Any]) -> Definition:
    return parse_definition(said, metrics=mentioned(said))


def _free_key(name: str) -> str:
    """Return a key nobody has, from the English name."""
    stem = slugify(name)[:50] or "scorecard"
    taken = set(Scorecard.objects.filter(key__startswith=stem).values_list("key", flat=True))
    keys = [stem, *(f"{stem}-{number}" for number in range(2, len(taken) + 3))]
    return next(key for key in keys if key not in taken)
