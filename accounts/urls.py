"""Addresses of the customer record's pages."""

from django.urls import path

from accounts.views.accounts import account_detail, account_list
from accounts.views.touchpoints import touchpoint_new

app_name = "accounts"
urlpatterns = [
    path("accounts/", account_list, name="list"),
    path("accounts/<int:pk>/", account_detail, name="detail"),
    path("touchpoints/new/", touchpoint_new, name="touchpoint_new"),
]
