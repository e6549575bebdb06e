"""The last edge: a problem that leaves an HTML view becomes a page a person understands.

Below the API's addresses every error answers as `application/problem+json`, also those that no
REST view ever saw: an unknown address, a refused CSRF token, a server error.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _

from config.lib.problem_details import problem_of_status, problem_response
from config.lib.problems import Problem

API_PREFIXES = ("/api/", "/v1/")


class StepOfAPage(Problem):
    """The address of a button was opened like a page, as after signing in anew on the way."""

    status = 405
    code = "method_not_allowed"
    title = _("This step is taken from its page.")


class ProblemMiddleware:
    """Put it last: inside it are only views, so sessions and languages are known."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        is_page = response.get("Content-Type", "").startswith("text/html")
        if response.status_code >= 400 and is_page and _is_api(request) and not settings.DEBUG:
            return problem_response(problem_of_status(response.status_code))
        opened = request.method in ("GET", "HEAD") and not _is_api(request)
        if response.status_code == 405 and opened and not response.content:
            return _with_words(request, response)
        return response

    def process_exception(self, request: HttpRequest, exc: Exception) -> HttpResponse | None:
        """Answer a `Problem` raised by a view; leave every other exception alone."""
        if not isinstance(exc, Problem):
            return None
        if _is_api(request):
            return problem_response(exc)
        return render(request, "errors/problem.html", {"problem": exc}, status=exc.status)


def _with_words(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Return the page that says what to do, where Django answers an empty one."""
    problem = StepOfAPage(_("Nothing was changed. Go back to the page and press its button there."))
    page = render(request, "errors/problem.html", {"problem": problem}, status=405)
    page["Allow"] = response["Allow"]
    return page


def _is_api(request: HttpRequest) -> bool:
    return request.path.startswith(API_PREFIXES)
