"""Surveys in the frame."""

from django.utils.translation import gettext_lazy as _

from config.lib.navigation import Entry, register_entry
from surveys.querysets import may_see_surveys

register_entry(
    Entry(
        "surveys",
        _("Surveys"),
        "surveys:list",
        icon="message-2-question",
        order=50,
        shortcut="g s",
        allows=may_see_surveys,
    )
)
