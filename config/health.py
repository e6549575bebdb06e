"""What machines ask: is the process alive, can it work, what does it count?"""

import secrets

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from config.metrics import registry
from config.readiness import readiness

LOOPBACK = ("127.0.0.1", "::1", "")


@login_not_required
@never_cache
@require_safe
def healthz(request: HttpRequest) -> HttpResponse:
    """Answer 200 as long as this process answers at all."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
@never_cache
@require_safe
def readyz(request: HttpRequest) -> JsonResponse:
    """Answer each check as JSON, with 503 when one of them fails."""
    findings = readiness()
    ready = all(finding.ok for finding in findings.values())
    body = {
        "status": "ready" if ready else "not ready",
        "checks": {name: {"ok": f.ok, "detail": f.detail} for name, f in findings.items()},
    }
    return JsonResponse(body, status=200 if ready else 503)


@login_not_required
@never_cache
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Answer Prometheus: those who send METRICS_TOKEN; without one set, this machine alone."""
    if not _may_scrape(request):
        return HttpResponse(status=401, headers={"WWW-Authenticate": "Bearer"})
    return HttpResponse(generate_latest(registry()), content_type=CONTENT_TYPE_LATEST)


def _may_scrape(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        wanted = f"Bearer {settings.METRICS_TOKEN}"
        given = request.headers.get("Authorization", "")
        return secrets.compare_digest(given.encode(), wanted.encode())
    # A proxy on this machine speaks for others, and says so; a socket has no address.
    is_for_others = "X-Forwarded-For" in request.headers or "Forwarded" in request.headers
    return request.META.get("REMOTE_ADDR", "") in LOOPBACK and not is_for_others
