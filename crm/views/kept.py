"""What the views of a cluster's own words, notes and files share."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Case, QuerySet, When
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect

from crm.models import Cluster, Membership, Organisation, Person
from crm.views.requests import UserRequest


@dataclass(frozen=True)
class Subject:
    """The person, or the organisation as one cluster keeps it, that something hangs on."""

    person: Person | None = None
    membership: Membership | None = None

    @property
    def record(self) -> Person | Organisation:
        record = self.person or (self.membership and self.membership.organisation)
        assert record
        return record

    @property
    def page(self) -> HttpResponseRedirect:
        noun = "people" if self.person else "organisations"
        return redirect(f"crm:{noun}-show", self.record.pk)

    @property
    def hung(self) -> dict[str, Any]:
        """As the actions take it."""
        return {"person": self.person, "membership": self.membership}


def subject_of(row: Any) -> Subject:
    """What a note or an attachment hangs on."""
    return Subject(row.person, row.membership)


def editable_subject(request: UserRequest, person: int | None, organisation: int | None) -> Subject:
    """The record that an address names, if the user's cluster keeps it."""
    if person:
        rows = Person.objects.editable_by(request.user)
        return Subject(person=get_object_or_404(rows, pk=person))
    visible = Organisation.objects.visible_to(request.user)
    row = get_object_or_404(visible, pk=organisation)
    membership = memberships(row, row.memberships.editable_by(request.user)).first()
    if membership is None:
        raise Http404
    return Subject(membership=membership)


def memberships(organisation: Organisation, rows: QuerySet[Membership]) -> QuerySet[Membership]:
    """Of these memberships the home cluster's first."""
    home = Case(When(cluster=organisation.home_cluster_id, then=0), default=1)
    return rows.select_related("cluster", "owner", "organisation").order_by(home, "pk")


def own_clusters(request: UserRequest) -> QuerySet[Cluster]:
    """The clusters whose own words the user reads."""
    visible = Cluster.objects.visible_to(request.user)
    scope = request.user.scope
    return visible if scope.admin else visible.filter(pk__in=scope.clusters)
