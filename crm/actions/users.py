"""Who logs in, and their dated roles."""

import datetime as dt

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions import audit
from crm.actions.checks import check
from crm.actions.errors import Refused
from crm.models import Alliance, Cluster, Grant, User
from crm.rules.locks import FIRST_RUN

# Two first runs at once must not make two administrators.
NEEDS = {"admin": (), "coordinator": ("alliance",), "contact": ("cluster",)}


def create(
    *,
    email: str,
    name: str,
    password: str | None = None,
    language: str = "en",
    by: User | None = None,
) -> User:
    """A new user without any role; without a password they ask for one by mail."""
    user = User(email=User.objects.normalize_email(email).lower(), name=name, language=language)
    user.set_password(password)
    check(user)
    if password is not None:
        try:
            validate_password(password, user)
        except ValidationError as error:
            raise Refused(" ".join(error.messages)) from error
    with transaction.atomic():
        if User.objects.filter(email=user.email).exists():
            raise Refused(_("Somebody signs in as %(email)s already.") % {"email": user.email})
        user.save()
        audit.record(by=by, verb="create", row=user)
    return user


def create_first(*, email: str, name: str, password: str, language: str = "en") -> User:
    """The administrator of a new installation; refused once anybody exists."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FIRST_RUN])
        if not User.nobody_yet():
            raise Refused(_("Liaison is set up already. Sign in, or ask an administrator."))
        user = create(email=email, name=name, password=password, language=language)
        grant(user=user, role=Grant.Role.ADMIN, by=user)
    return user


def grant(
    *,
    user: User,
    role: str,
    cluster: Cluster | None = None,
    alliance: Alliance | None = None,
    during: tuple[dt.date | None, dt.date | None] | None = None,
    by: User | None = None,
) -> Grant:
    """Give a user a role, from today on unless said otherwise; a role held already is kept."""
    held = tuple(name for name, it in (("cluster", cluster), ("alliance", alliance)) if it)
    if (len(held) != 1) if role == Grant.Role.READER else (held != NEEDS.get(role)):
        raise Refused(
            _(
                "An administrator has no scope, a coordinator an alliance, a regional contact "
                "a cluster, a reader one of the two."
            )
        )
    today = timezone.localdate()
    with transaction.atomic():
        User.objects.select_for_update(of=("self",)).get(pk=user.pk)
        same = Grant.objects.filter(user=user, role=role, cluster=cluster, alliance=alliance)
        present = same.valid_on(today).first()
        if present and not during:
            return present
        row = Grant.objects.create(
            user=user,
            role=role,
            cluster=cluster,
            alliance=alliance,
            during=during or (today, None),
        )
        audit.record(by=by, verb="grant", row=user, cluster=cluster, detail={"role": role})
    user.__dict__.pop("scope", None)
    return row
