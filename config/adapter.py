"""How signing in differs from django-allauth's defaults: nobody makes an account for themselves."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class AccountAdapter(DefaultAccountAdapter):
    """Users come from an administrator or an identity provider, never from a sign-up page."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
