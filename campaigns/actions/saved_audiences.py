"""Audiences that somebody saved to use them again. A campaign that used one keeps a copy."""

import uuid
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.models import Audience
from crm.actions import audit
from crm.actions.errors import Refused
from crm.models import Alliance, User

MOST = 50


def create(
    *,
    alliance: Alliance,
    by: User,
    name: str,
    include: dict[str, Any],
    exclude: dict[str, Any] | None = None,
    shared: bool = False,
) -> Audience:
    """Keep what was put together under a name; whoever writes the alliance's calls may see it."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)  # two at once are one after the other
        if Audience.objects.filter(user=by).count() >= MOST:
            raise Refused(_("You have %(n)s audiences already. Delete one first.") % {"n": MOST})
        _check_name(by, alliance, name)
        audience = Audience.objects.create(
            ref=f"a-{uuid.uuid4().hex[:16]}",
            alliance=alliance,
            name=name.strip(),
            include=include,
            exclude=exclude,
            user=by,
            shared=shared,
        )
        audit.record(by=by, verb="save the audience", row=audience)
    return audience


def edit(*, audience: Audience, by: User, name: str, shared: bool) -> Audience:
    """Another name, shared or not; whose maker has left belongs to whoever changes it."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=by.pk)
        row = Audience.objects.select_for_update(of=("self",)).filter(pk=audience.pk).first()
        if row is None:
            raise Refused(_("This audience was deleted meanwhile."))
        _check_name(by, row.alliance, name, row.pk)
        row.user, row.name, row.shared = by, name.strip(), shared
        row.save()
        audit.record(by=by, verb="edit the audience", row=row)
    return row


def remove(*, audience: Audience, by: User) -> None:
    """Delete it; the campaigns that used it stay as they are. Twice is as once."""
    with transaction.atomic():
        deleted, _each = Audience.objects.filter(pk=audience.pk, user__isnull=False).delete()
        if deleted:
            audit.record(by=by, verb="remove the audience", row=audience)


def _check_name(by: User, alliance: Alliance, name: str, pk: int = 0) -> None:
    if not name.strip():
        raise Refused(_("Give the audience a name."))
    taken = Audience.objects.filter(user=by, alliance=alliance, name=name.strip()).exclude(pk=pk)
    if taken.exists():
        raise Refused(
            _("You have an audience called “%s” already. Choose another name.") % name.strip()
        )
