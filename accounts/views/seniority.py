"""Levels of titles in the settings: their words, and the titles that have none."""

from typing import Any, cast

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.choices import Seniority, UserRole
from accounts.forms.seniority import SeniorityForm
from accounts.models import SeniorityWords, User
from accounts.querysets import reach_of
from accounts.selectors.seniority import seniority_words, unknown_titles
from accounts.services.seniority import LONGEST, add_title_word, write_seniority
from accounts.views.editing import editing
from accounts.views.form_pages import FormPage, answer_form, posted
from accounts.views.rates import administrators_only
from config.lib.toasts import say

LIST = "accounts:seniority"


@require_safe
def seniority(request: HttpRequest) -> HttpResponse:
    """Show the words of each level; to administrators also the titles without one."""
    may_write = reach_of(request.user).role == UserRole.ADMINISTRATOR
    words = seniority_words()
    context = {
        "levels": [(level, words[level]) for level in Seniority],
        "unknown": unknown_titles() if may_write else [],
        "may_write": may_write,
    }
    return render(request, "accounts/seniority.html", context)


@editing(SeniorityWords, row=lambda: None)
def seniority_edit(request: HttpRequest) -> HttpResponse:
    """Change which words stand for which level."""
    administrators_only(request)
    form = SeniorityForm(posted(request), words=seniority_words())
    note = _(
        "Parted by commas. The word that comes first in a title decides, of words that begin at "
        "the same place the longest."
    )
    page = FormPage(_("Words in titles"), _("Save"), _("Levels of titles"), reverse(LIST), note)

    def save(values: dict[str, Any]) -> str:
        write_seniority(words=values, by=cast(User, request.user))
        say(request, _("Saved."))
        return page.back

    return answer_form(request, form, page, save)


@require_POST
def seniority_add(request: HttpRequest) -> HttpResponse:
    """Give a title without a level one."""
    administrators_only(request)
    word, level = request.POST.get("word", "").strip(), request.POST.get("level", "")
    if level not in Seniority.values or not 0 < len(word) <= LONGEST or "\0" in word:
        raise BadRequest(_("Choose a level."))
    add_title_word(word=word, level=level, by=cast(User, request.user))
    said = _("“%(title)s” stands for: %(level)s")
    say(request, said % {"title": word, "level": Seniority(level).label})
    return redirect(LIST)
