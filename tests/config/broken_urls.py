"""Addresses that fail in every way a page can fail."""

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.http import HttpRequest, HttpResponse
from django.urls import path

from config import urls


@login_not_required
def fail(request: HttpRequest, how: str) -> HttpResponse:
    raise {"403": PermissionDenied, "400": SuspiciousOperation, "500": RuntimeError}[how]


urlpatterns = [path("fail/<str:how>/", fail), *urls.urlpatterns]
handler400, handler403 = urls.handler400, urls.handler403
handler404, handler500 = urls.handler404, urls.handler500
