"""Signing in: of django-allauth's addresses those that this product uses.

Mail addresses are changed by administrators, so the pages that manage them are not routed.
"""

from allauth.account import views
from allauth.socialaccount import views as company
from allauth.usersessions.views import list_usersessions
from django.urls import include, path, re_path

from config.oidc import company_callback, company_connections, reauthenticate_once
from config.pages import password_reset, recovery_codes, recovery_codes_new, sign_in_again

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("signup/", views.signup, name="account_signup"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", reauthenticate_once, name="account_reauthenticate"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/set/", views.password_set, name="account_set_password"),
    path("password/reset/", password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
    path("two-step/recovery-codes/", recovery_codes, name="mfa_view_recovery_codes"),
    path(
        "two-step/recovery-codes/generate/",
        recovery_codes_new,
        name="mfa_generate_recovery_codes",
    ),
    path("two-step/", include("allauth.mfa.urls")),
    path("again/", sign_in_again, name="account_sign_in_again"),
    path("devices/", list_usersessions, name="usersessions_list"),
    path("company/", company_connections, name="socialaccount_connections"),
    path("company/cancelled/", company.login_cancelled, name="socialaccount_login_cancelled"),
    path(
        "oidc/<str:provider_id>/login/callback/", company_callback, name="openid_connect_callback"
    ),
    path("oidc/", include("allauth.socialaccount.providers.openid_connect.urls")),
]
