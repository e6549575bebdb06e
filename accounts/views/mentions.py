"""Names offered behind `@` while one writes, and the button that says a mention was seen."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from accounts.models import TouchpointMention
from accounts.querysets import reach_of
from accounts.selectors.mentions import colleagues_like
from accounts.services.mentions import see_mention
from config.lib.clock import app_now

LONGEST = 40


@require_safe
def mention_names(request: HttpRequest) -> JsonResponse:
    """Answer with the names of colleagues that begin like `q`, for who may sign in."""
    text = request.GET.get("q", "")[:LONGEST].replace("\0", "")
    found = colleagues_like(text) if reach_of(request.user).role else []
    return JsonResponse({"names": [str(user) for user in found]})


@require_POST
def mention_seen(request: HttpRequest, pk: int) -> HttpResponse:
    """Note that the reader has seen where they were named."""
    own = TouchpointMention.objects.visible_to(request.user).select_related("touchpoint")
    see_mention(mention=get_object_or_404(own, pk=pk), at=app_now())
    return redirect(settings.LOGIN_REDIRECT_URL)
