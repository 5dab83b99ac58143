"""What happened to an organisation, as far as the reader's own clusters know it."""

from collections.abc import Iterator
from functools import partial

from django.db.models import DateField, Exists, OuterRef
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.actions import happenings, saying
from crm.models import Answer, Membership, Organisation, Person, Position, User
from crm.models.imports import ImportRow
from crm.models.scope import Viewer, scope_of
from crm.models.together import (
    Entry,
    Kind,
    Row,
    Rows,
    Source,
    changed_by,
    earlier,
    told,
    told_changes,
)
from crm.models.vocabulary import Words

CORE = {
    name: name
    for name in ("legal_name", "short_name", "kind", "website", "city", "country", "archived_at")
} | {"region": "region__names", "home_cluster": "home_cluster__name"}
MEMBERSHIP = {
    name: name for name in ("standing", "category", "employees", "archived_at", "tags", "custom")
} | {"owner": "owner__name"}


def sources(record: Person | Organisation, viewer: Viewer, words: Words) -> Iterator[Source]:
    """The shared core's changes for whoever sees it; the rest for each cluster's own users."""
    if not isinstance(record, Organisation):
        return
    yield _core(record, viewer)
    memberships = Membership.objects.visible_to(viewer).filter(organisation=record)
    yield Source(
        "membership",
        Kind.CHANGES,
        told_changes(earlier(Membership).filter(pgh_obj__in=memberships.values("pk")), MEMBERSHIP),
        partial(saying.changed, Membership, words=words),
    )
    yield from happenings.kept(viewer, membership__in=memberships.values("pk"))
    yield from _people(record, viewer)
    day = Cast(OuterRef("at"), DateField())
    posts = Position.objects.filter(
        organisation=record, person=OuterRef("person"), during__contains=day
    )
    answered = Answer.objects.filter(Exists(posts))
    yield happenings.answers(_own(answered, viewer), named=True)
    yield happenings.imports(ImportRow.objects.filter(organisation=record.pk), viewer, "o")


def _core(organisation: Organisation, viewer: Viewer) -> Source:
    """Who else keeps the organisation has users of its own, whose names stay there."""
    scope = scope_of(viewer)
    known = User.objects.all()
    if not scope.admin:
        known = known.filter(grants__cluster__in=scope.clusters)
    changes = told_changes(
        earlier(Organisation).filter(pgh_obj=organisation.pk), CORE, by=changed_by(known)
    )
    return Source("core", Kind.CHANGES, changes, partial(saying.changed, Organisation))


def _people(organisation: Organisation, viewer: Viewer) -> Iterator[Source]:
    posts = _own(Position.objects.filter(organisation=organisation), viewer)
    for name, bound, day, title in (
        ("began", "startswith", happenings.first_day(), _("%(name)s began")),
        ("left", "endswith", happenings.last_day(), _("%(name)s left")),
    ):
        dated = posts.filter(**{f"during__{bound}__isnull": False})
        yield Source(
            name,
            Kind.PEOPLE,
            told(
                dated,
                day,
                pk="person_id",
                given="person__given",
                family="person__family",
                job="job",
            ),
            partial(_person, title),
        )


def _own(rows: Rows, viewer: Viewer) -> Rows:
    scope = scope_of(viewer)
    return rows if scope.admin else rows.filter(person__cluster_id__in=scope.clusters)


def _person(title: str, what: Row) -> Entry:
    name = f"{what['given']} {what['family']}".strip() or _("Somebody")
    return Entry(
        title % {"name": name},
        text=what["job"],
        url=reverse("crm:people-show", args=[what["pk"]]),
        whole_day=True,
    )
