"""What a page may say of an account: its name and the way to it, or that it is another one.

Builtin in every template. Who sees records further than accounts must not learn whose they are.
"""

from typing import Any

from django import template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from accounts.querysets import reach_of
from config.templatetags.yorisoi import lang_attr

register = template.Library()


@register.filter
def told(account: Any, user: Any) -> Any:
    """Return the account, or what stands for one that the user does not see."""
    return account and reach_of(user).told(account)


@register.simple_tag(takes_context=True)
def account_link(context: template.Context, account: Any, css: str = "y-quiet") -> SafeString:
    """Return the name of an account as a link to its page, or that it is another account."""
    shown = told(account, context["request"].user)
    if shown.pk is None:
        return format_html('<span class="y-meta">{}</span>', shown)
    address = reverse("accounts:detail", args=[shown.pk])
    return format_html(
        '<a class="{}" href="{}"{}>{}</a>', css, address, lang_attr(str(shown)), shown
    )
