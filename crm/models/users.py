"""Who logs in, and what they may do where and when."""

import datetime as dt
from functools import cached_property
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.history import tracked
from crm.models.scope import Scope, todays_scope


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def working_for(self, cluster_id: int, day: dt.date) -> "models.QuerySet[User]":
        """Who reads or keeps a cluster's records on a day, and can look after some of them."""
        grants = Grant.objects.valid_on(day).filter(cluster=cluster_id)
        return self.filter(pk__in=grants.values("user_id"), is_active=True).order_by("name", "pk")


class User(AbstractBaseUser, PermissionsMixin):
    """Somebody who logs in."""

    email = models.EmailField(_("address"), unique=True)
    name = models.CharField(_("name"), max_length=200)
    language = models.CharField(_("language"), max_length=2, default="en")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False, help_text=_("May open the support pages."))
    created_at = models.DateTimeField(auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    def __str__(self) -> str:
        return self.name or self.email

    @classmethod
    def nobody_yet(cls) -> bool:
        """Whether Liaison is so new that nobody can sign in."""
        return not cls.objects.exists()

    @cached_property
    def scope(self) -> Scope:
        """What this user may see and do today; computed once per request."""
        return todays_scope(self)


class GrantQuerySet(models.QuerySet["Grant"]):
    def valid_on(self, day: dt.date) -> "GrantQuerySet":
        return self.filter(during__contains=day)


@tracked()
class Grant(models.Model):
    """A dated role of a user in a scope."""

    class Role(models.TextChoices):
        ADMIN = "admin", _("administrator")
        COORDINATOR = "coordinator", _("coordinator")
        CONTACT = "contact", _("regional contact")
        READER = "reader", _("reader")

    user = models.ForeignKey(User, models.PROTECT, related_name="grants")
    role = models.CharField(max_length=12, choices=Role)
    cluster = models.ForeignKey("crm.Cluster", models.PROTECT, null=True, blank=True)
    alliance = models.ForeignKey("crm.Alliance", models.PROTECT, null=True, blank=True)
    during = DateRangeField()

    objects = GrantQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_role_has_the_scope_it_needs",
                condition=Q(role="admin", cluster=None, alliance=None)
                | Q(role="coordinator", cluster=None, alliance__isnull=False)
                | Q(role="contact", cluster__isnull=False, alliance=None)
                | Q(role="reader", cluster__isnull=False, alliance=None)
                | Q(role="reader", cluster=None, alliance__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.cluster or self.alliance or ''}".strip()
