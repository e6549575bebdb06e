"""People who work here: users, nested teams, the policy of each role, API tokens."""

from typing import Any

import pghistory
from django.contrib.auth.models import AbstractBaseUser, PermissionsMixin, UserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from accounts.choices import Language, RecordKind, Scope, Theme, TokenScope, UserRole
from accounts.models.names import person_name
from accounts.querysets import DirectoryQuerySet, TokenQuerySet
from config.lib.clock import AppNow


class PeopleManager(UserManager.from_queryset(DirectoryQuerySet)):  # type: ignore[misc]
    use_in_migrations = False

    def create_superuser(self, *args: Any, **fields: Any) -> Any:
        """Make the first operator, who is an administrator of the product as well."""
        return super().create_superuser(*args, **{"role": UserRole.ADMINISTRATOR, **fields})


@pghistory.track(exclude=["password", "last_login"])
class User(AbstractBaseUser, PermissionsMixin):
    """One of us. Signs in by mail address; `role` decides with the policy what is visible."""

    email = models.EmailField(_("mail address"), max_length=254)
    username = models.CharField(_("user name"), max_length=254, unique=True)
    family_name = models.CharField(_("family name"), max_length=80, blank=True)
    given_name = models.CharField(_("given name"), max_length=80, blank=True)
    family_name_latin = models.CharField(_("family name (Latin)"), max_length=80, blank=True)
    given_name_latin = models.CharField(_("given name (Latin)"), max_length=80, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=UserRole, default=UserRole.MEMBER)
    language = models.CharField(
        _("language"), max_length=2, choices=Language, default=Language.JAPANESE
    )
    time_zone = models.CharField(_("time zone"), max_length=64, default="Asia/Tokyo")
    theme = models.CharField(_("theme"), max_length=5, choices=Theme, default=Theme.AUTO)
    is_active = models.BooleanField(_("active"), default=True)
    is_staff = models.BooleanField(_("may use the admin"), default=False)
    date_joined = models.DateTimeField(_("joined"), db_default=AppNow())
    directory_id = models.CharField(
        _("id in the company directory"), max_length=255, null=True, blank=True, unique=True
    )
    left_directory_at = models.DateTimeField(
        _("removed from the company directory"), null=True, blank=True
    )

    objects = PeopleManager()

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["email"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_unique"),
            models.CheckConstraint(
                condition=Q(left_directory_at=None) | Q(is_active=False),
                name="accounts_user_left_is_inactive",
            ),
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    def get_full_name(self) -> str:
        """Return the name as the reader's language has it (`person_name`)."""
        return person_name(
            self.family_name, self.given_name, self.family_name_latin, self.given_name_latin
        )

    def get_short_name(self) -> str:
        return self.family_name or self.username


@pghistory.track()
class Team(models.Model):
    """A group of users; teams nest, and whoever is above sees what is below."""

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children"
    )
    name = models.CharField(_("name"), max_length=120)
    name_en = models.CharField(_("name in English"), max_length=120, blank=True)
    country = models.CharField(_("working calendar"), max_length=2, default="JP")
    directory_id = models.CharField(
        _("id in the company directory"), max_length=255, null=True, blank=True, unique=True
    )
    members = models.ManyToManyField(User, through="TeamMembership", related_name="teams")

    objects = DirectoryQuerySet.as_manager()

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        constraints = [
            models.CheckConstraint(
                condition=~Q(parent=models.F("id")), name="accounts_team_not_own_parent"
            ),
        ]

    def __str__(self) -> str:
        if not (translation.get_language() or "en").startswith("ja") and self.name_en:
            return self.name_en
        return self.name


@pghistory.track()
class TeamMembership(models.Model):
    """A user belongs to a team."""

    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")

    class Meta:
        verbose_name = _("membership of a team")
        verbose_name_plural = _("memberships of teams")
        constraints = [
            models.UniqueConstraint(fields=["team", "user"], name="accounts_membership_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.team}"


@pghistory.track()
class AccessPolicy(models.Model):
    """How far a role sees and changes one kind of record; absent rows mean the default."""

    role = models.CharField(_("role"), max_length=20, choices=UserRole)
    kind = models.CharField(_("kind of record"), max_length=20, choices=RecordKind)
    read_scope = models.CharField(_("sees"), max_length=10, choices=Scope)
    write_scope = models.CharField(_("changes"), max_length=10, choices=Scope)

    class Meta:
        verbose_name = _("access policy")
        verbose_name_plural = _("access policies")
        constraints = [
            models.UniqueConstraint(fields=["role", "kind"], name="accounts_policy_unique"),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.get_kind_display()}"


@pghistory.track(exclude=["digest", "last_used_at"])
class ApiToken(models.Model):
    """A person's key to the API: shown once, kept as keyed hash, never above its owner's rights."""

    user = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=120)
    prefix = models.CharField(max_length=16, unique=True)
    digest = models.BinaryField(max_length=32)
    scopes = ArrayField(models.CharField(max_length=10), verbose_name=_("scopes"))
    created_at = models.DateTimeField(db_default=AppNow())
    expires_at = models.DateTimeField(_("expires"))
    last_used_at = models.DateTimeField(_("last used"), null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = TokenQuerySet.as_manager()

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix})"

    def scope_labels(self) -> list[Any]:
        """Return what it may do, in words."""
        return [TokenScope(scope).label for scope in self.scopes]
