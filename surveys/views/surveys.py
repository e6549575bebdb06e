"""The list of surveys, a survey with its waves and answers, and the forms that make them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.views.form_pages import note_refusal, to_change
from accounts.views.once import Made, carry_name, do_once, done_before
from config.lib.clock import app_now
from config.lib.pagination import KeysetPaginator
from config.lib.problems import Problem
from config.lib.toasts import say
from surveys.forms import SurveyForm, WaveForm
from surveys.models import Response, Survey
from surveys.querysets import may_change_surveys, may_see_figures
from surveys.registry import kinds
from surveys.selectors import results_by_survey, results_by_wave
from surveys.services.surveys import create_survey
from surveys.services.waves import open_wave

SURVEYS_A_PAGE = 50
ANSWERS_A_PAGE = 25
WAVES_SHOWN = 12


@require_safe
def survey_list(request: HttpRequest) -> HttpResponse:
    """Show every survey with its figures, newest first."""
    surveys = Survey.objects.visible_to(request.user).filter(archived_at__isnull=True)
    page = KeysetPaginator(surveys, order="-created_at", size=SURVEYS_A_PAGE).page(
        request.GET.get("cursor")
    )
    results = results_by_survey((survey.pk, kinds.get(survey.kind)) for survey in page.rows)
    context = {
        "page": page,
        "rows": [(survey, results[survey.pk]) for survey in page.rows],
        "has_figures": may_see_figures(request.user),
        "editable": may_change_surveys(request.user),
    }
    return render(request, "surveys/survey_list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def survey_new(request: HttpRequest) -> HttpResponse:
    """Make a survey from the wording of its kind."""
    if not may_change_surveys(request.user):
        raise Http404
    form = SurveyForm(request.POST or None)

    def save() -> str:
        survey = create_survey(**form.cleaned_data, created_by=request.user, at=app_now())
        return Made(reverse("surveys:detail", args=[survey.pk]), survey)

    if target := done_before(request):
        return redirect(target)
    if form.is_valid():
        return redirect(do_once(request, save))
    carry_name(form)
    return render(request, "surveys/survey_form.html", {"form": form})


@require_safe
def survey_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a survey: its waves with figures, and the answers the user may see."""
    survey = get_object_or_404(Survey.objects.visible_to(request.user), pk=pk)
    waves = list(survey.waves.order_by("-opens_on", "-pk")[:WAVES_SHOWN])
    kind = kinds.get(survey.kind)
    results = results_by_wave((wave.pk, kind) for wave in waves)
    answers = Response.objects.visible_to(request.user).standing().filter(survey=survey)
    page = KeysetPaginator(
        answers.select_related("contact", "account"), order="-answered_at", size=ANSWERS_A_PAGE
    ).page(request.GET.get("cursor"))
    context = {
        "survey": survey,
        "kind": kind,
        "rows": [(wave, results[wave.pk]) for wave in waves],
        "has_figures": may_see_figures(request.user),
        "page": page,
        "editable": may_change_surveys(request.user),
    }
    return render(request, "surveys/survey_detail.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def wave_new(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a wave of a survey."""
    survey = to_change(Survey.objects.all(), request, pk)
    form = WaveForm(request.POST or None)

    def save() -> str:
        wave = open_wave(survey=survey, **form.cleaned_data, at=app_now())
        say(request, _("The wave is open. Invite people from the page of their account."))
        return Made(reverse("surveys:detail", args=[survey.pk]), wave)

    if target := done_before(request):
        return redirect(target)
    if form.is_valid():
        try:
            return redirect(do_once(request, save))
        except Problem as refusal:
            note_refusal(form, refusal)
    carry_name(form)
    return render(request, "surveys/wave_form.html", {"form": form, "survey": survey})
