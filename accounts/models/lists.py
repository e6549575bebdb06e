"""What people keep of lists: questions under a name, and accounts put together by hand."""

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import Sharing
from accounts.models.account import Account
from accounts.models.people import Team
from accounts.querysets import SharedQuerySet
from config.lib.clock import AppNow


class Shared(models.Model):
    """Something of one person that a team or everybody may see, too."""

    name = models.CharField(_("name"), max_length=120)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="%(class)ss", verbose_name=_("owner")
    )
    sharing = models.CharField(
        _("visible to"), max_length=8, choices=Sharing, default=Sharing.PRIVATE
    )
    team = models.ForeignKey(
        Team, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    created_at = models.DateTimeField(db_default=AppNow(), editable=False)
    updated_at = models.DateTimeField(db_default=AppNow(), editable=False)

    objects = SharedQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(sharing="team", team__isnull=False)
                | ~Q(sharing="team") & Q(team__isnull=True),
                name="%(app_label)s_%(class)s_team",
            ),
            models.CheckConstraint(condition=~Q(name=""), name="%(app_label)s_%(class)s_named"),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track(exclude=["updated_at"])
class SavedView(Shared):
    """A question to a list under a name: `list_key` is the list, `query` its address."""

    list_key = models.SlugField(_("list"), max_length=40)
    query = models.TextField(_("question"), blank=True)

    class Meta(Shared.Meta):
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        indexes = [models.Index(fields=["list_key", "owner"], name="accounts_saved_view_list")]


class DefaultView(models.Model):
    """The view a person's list opens with."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="default_views")
    list_key = models.SlugField(max_length=40)
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="defaults")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "list_key"], name="accounts_one_default_view")
        ]

    def __str__(self) -> str:
        return f"{self.user}: {self.list_key}"


@pghistory.track(exclude=["updated_at"])
class StaticList(Shared):
    """Accounts somebody put together; only people take one in or out."""

    note = models.TextField(_("what it is for"), blank=True)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    class Meta(Shared.Meta):
        verbose_name = _("list of accounts")
        verbose_name_plural = _("lists of accounts")


@pghistory.track()
class ListMember(models.Model):
    """An account is on a list since `added_at`."""

    list = models.ForeignKey(StaticList, models.CASCADE, related_name="members")
    account = models.ForeignKey(Account, models.CASCADE, related_name="list_members")
    added_at = models.DateTimeField(db_default=AppNow(), editable=False)

    class Meta:
        verbose_name = _("member of a list")
        verbose_name_plural = _("members of lists")
        constraints = [
            models.UniqueConstraint(fields=["list", "account"], name="accounts_listed_once")
        ]

    def __str__(self) -> str:
        return f"{self.account} ∈ {self.list}"
