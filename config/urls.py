"""Every address of the product."""

from django.conf import settings
from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.cache import cache_page
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config import pages
from config.health import healthz, metrics, readyz
from config.preferences import preferences

#: The description takes seconds to make, and changes only with the program.
described = cache_page(3600, cache="pages")

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("readyz", readyz, name="readyz"),
    path("metrics", metrics, name="metrics"),
    path("", include("playbooks.urls")),
    path("", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("api/v1/", include("accounts.api.urls")),
    path("api/v1/", include("playbooks.api.urls")),
    path("api/v1/", include("surveys.api.urls")),
    path("api/v1/", include("scoring.api.urls")),
    path("api/schema/", described(SpectacularAPIView.as_view()), name="schema"),
    path(
        "api/docs/",
        SpectacularSwaggerSplitView.as_view(url_name="schema", template_name="api/docs.html"),
        name="docs",
    ),
    path("scim/v2/", include("accounts.api.scim.urls")),
    path("auth/", include("config.auth_urls")),
    path("v1/", include("scoring.urls.ingest")),
    path("favicon.ico", pages.favicon, name="favicon"),
    path("menu/", pages.menu, name="menu"),
    path("settings/", pages.settings_index, name="settings"),
    path("preferences/", preferences, name="preferences"),
    path("", include("surveys.urls")),
    path("", include("scoring.urls")),
]
if settings.STYLEGUIDE:
    urlpatterns += [
        path("styleguide/", pages.styleguide, name="styleguide"),
        path("styleguide/dialog/", pages.styleguide_dialog, name="styleguide_dialog"),
    ]

handler400 = "config.error_pages.bad_request"
handler403 = "config.error_pages.permission_denied"
handler404 = "config.error_pages.page_not_found"
handler500 = "config.error_pages.server_error"
