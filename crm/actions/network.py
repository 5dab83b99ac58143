"""The partnership: alliances, clusters, who takes part and who is whose contact point."""

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions import audit
from crm.actions.checks import check, check_any_text, check_quiet_hours, check_timezone
from crm.actions.errors import Refused
from crm.models import (
    Alliance,
    Cluster,
    ContactPoint,
    Disclaimer,
    Market,
    Mission,
    Participation,
    Region,
    User,
)

Texts = dict[str, str]
Period = tuple[dt.date | None, dt.date | None]


def create_region(
    *, slug: str, names: Texts, country: str, codes: list[str], by: User | None = None
) -> Region:
    """A territory; the same slug gives the region there is."""
    with transaction.atomic():
        region, created = Region.objects.get_or_create(
            slug=slug, defaults={"names": names, "country": country, "codes": codes}
        )
        if created:
            audit.record(by=by, verb="create", row=region)
    return region


def create_market(*, slug: str, names: Texts, by: User | None = None) -> Market:
    """A country or region abroad; the same slug gives the market there is."""
    with transaction.atomic():
        market, created = Market.objects.get_or_create(slug=slug, defaults={"names": names})
        if created:
            audit.record(by=by, verb="create", row=market)
    return market


def create_alliance(
    *,
    slug: str,
    name: str,
    status: str,
    languages: list[str],
    by: User | None = None,
    **fields: Any,
) -> Alliance:
    """A new alliance; `fields` are its other columns. A used slug is refused."""
    alliance = Alliance(slug=slug, name=name, status=status, languages=languages, **fields)
    check(alliance)
    check_timezone(alliance.timezone)
    with transaction.atomic():
        _refuse_used_slug(Alliance, slug)
        alliance.save()
        audit.record(by=by, verb="create", row=alliance)
    return alliance


def create_cluster(
    *,
    slug: str,
    name: str,
    region: Region,
    languages: list[str],
    by: User | None = None,
    **fields: Any,
) -> Cluster:
    """A new cluster; `fields` are its other columns. A used slug is refused."""
    cluster = Cluster(slug=slug, name=name, region=region, languages=languages, **fields)
    check(cluster)
    check_timezone(cluster.timezone)
    check_quiet_hours(cluster)
    with transaction.atomic():
        _refuse_used_slug(Cluster, slug)
        cluster.save()
        audit.record(by=by, verb="create", row=cluster, cluster=cluster)
    return cluster


def join(
    *,
    alliance: Alliance,
    cluster: Cluster,
    role: str,
    during: Period,
    sharing: str = "counts",
    arrangement: str = "",
    by: User | None = None,
) -> Participation:
    """A cluster takes part in an alliance. Sharing more than counts needs an arrangement."""
    if sharing != Participation.Sharing.COUNTS and not arrangement:
        raise Refused(_("Name the arrangement by which the cluster shares more than counts."))
    participation = Participation(
        alliance=alliance,
        cluster=cluster,
        role=role,
        during=during,
        sharing=sharing,
        arrangement=arrangement,
    )
    check(participation)
    try:
        with transaction.atomic():
            participation.save()
            audit.record(
                by=by,
                verb="join",
                row=participation,
                cluster=cluster,
                detail={"sharing": sharing, "role": role},
            )
    except IntegrityError as error:
        raise Refused(
            _("%(cluster)s takes part in that time already, or another cluster coordinates it.")
            % {"cluster": cluster}
        ) from error
    return participation


def appoint(
    *,
    cluster: Cluster,
    name: str,
    email: str,
    phone: str = "",
    title: str = "",
    mission: Mission | None = None,
    role: str = "general",
    user: User | None = None,
    from_: dt.date | None = None,
    by: User | None,
) -> ContactPoint:
    """Hand a cluster's desk over to somebody from a day on; the same person again changes nothing.

    From that day mails carry the new name; drafts resolve it when they are sent.
    """
    start = from_ or timezone.localdate()
    desk = ContactPoint(
        cluster=cluster,
        mission=mission,
        role=role,
        title=title,
        name=name,
        email=email,
        phone=phone,
        user=user,
        during=(start, None),
    )
    check(desk)
    with transaction.atomic():
        Cluster.objects.select_for_update(of=("self",)).get(pk=cluster.pk)
        desks = ContactPoint.objects.filter(cluster=cluster, mission=mission, role=role)
        former = desks.filter(during__contains=start).first()
        if former:
            if (former.name, former.email, former.phone) == (name, email, phone):
                return former
            if former.during.lower == start:
                raise Refused(
                    _("%(name)s begins on that very day. Choose a later one.")
                    % {"name": former.name}
                )
            desk.succeeds = former
            desk.during = (start, former.during.upper)
            former.during = (former.during.lower, start)
            former.save(update_fields=["during"])
        elif desks.filter(during__startswith__gt=start).exists():
            raise Refused(_("Somebody is appointed for a later day already. Choose that day."))
        desk.save()
        audit.record(by=by, verb="appoint", row=desk, cluster=cluster)
    return desk


def disclaim(
    *, alliance: Alliance, texts: Texts, during: Period, by: User | None = None
) -> Disclaimer:
    """Say what every mail of an alliance must carry in a period."""
    check_any_text(texts, _("Write the disclaimer in at least one language."))
    disclaimer = Disclaimer(alliance=alliance, texts=texts, during=during)
    check(disclaimer)
    try:
        with transaction.atomic():
            disclaimer.save()
            audit.record(by=by, verb="disclaim", row=alliance)
    except IntegrityError as error:
        raise Refused(_("Another disclaimer holds in that time. End that one first.")) from error
    return disclaimer


def _refuse_used_slug(model: type[Alliance] | type[Cluster], slug: str) -> None:
    if model.objects.filter(slug=slug).exists():
        raise Refused(_("The short name “%(slug)s” is taken. Choose another one.") % {"slug": slug})
