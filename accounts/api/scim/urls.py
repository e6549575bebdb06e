"""Addresses below `/scim/v2/`; which of them there are, the protocol says."""

from django.urls import path

from accounts.api.scim.views import ScimView

urlpatterns = [
    path("", ScimView.as_view(), name="scim_root"),
    path("<path:path>", ScimView.as_view(), name="scim"),
]
