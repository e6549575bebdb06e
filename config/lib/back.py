"""Where to go after a small change: the page it was made on."""

from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme


def back(request: HttpRequest) -> HttpResponseRedirect:
    """Redirect to the page the form stood on, if it is one of ours, else to the first page."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, request.is_secure()):
        return HttpResponseRedirect("/")
    parts = urlsplit(page)
    path = "/" + parts.path.lstrip("/")  # two slashes would begin the name of another host
    return HttpResponseRedirect(f"{path}?{parts.query}" if parts.query else path)
