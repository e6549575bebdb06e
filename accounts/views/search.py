"""Finding anything: the page of results, and the options the command palette shows."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.selectors.find import find, find_records
from config.lib.row_ids import is_row_id

LONGEST = 200


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Show accounts and people that fit the words; `?part=options` answers the palette."""
    text = request.GET.get("q", "").replace("\0", " ").strip()[:LONGEST]
    if request.GET.get("part") == "options":
        here = request.GET.get("here", "")
        sections = find(text, user=request.user, here=int(here) if is_row_id(here) else None)
        return render(request, "accounts/search_options.html", {"sections": sections, "q": text})
    sections = find_records(text, user=request.user) if text else []
    return render(request, "accounts/search.html", {"sections": sections, "q": text})
