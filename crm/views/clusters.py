"""A cluster: its page, entering and changing it."""

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.actions import clusters, network
from crm.forms.network import ClusterForm, present_cluster
from crm.models import Cluster, ContactPoint, HandOver, Mission
from crm.models.network import labels_of
from crm.views.requests import UserRequest, refusals, signed_in
from crm.views.timelines import timeline


@signed_in
@require_safe
def show(request: UserRequest, slug: str) -> HttpResponse:
    visible = Cluster.objects.visible_to(request.user).select_related("region").with_labels()
    cluster = get_object_or_404(visible, slug=slug)
    today = timezone.localdate()
    desks = _desks(request, cluster)
    participations = list(
        cluster.participations.visible_to(request.user)
        .select_related("alliance")
        .order_by("alliance__name", "during")
    )
    scope = request.user.scope
    keeps = scope.admin or cluster.pk in scope.contact_for
    hand_overs = HandOver.objects.visible_to(request.user).filter(cluster=cluster)
    context = {
        "cluster": cluster,
        "participations": participations,
        "may_share": {row.pk for row in participations if keeps},
        "labels": labels_of(cluster),
        "quiet_days": [WEEKDAYS[day - 1] for day in cluster.quiet_days],
        "statements": cluster.figures.side_by_side(),
        "present": [desk for desk in desks if today in desk.during],
        "coming": [desk for desk in desks if desk.during.lower and desk.during.lower > today],
        "past": [desk for desk in desks if desk.during.upper and desk.during.upper <= today],
        "hand_overs": hand_overs.filter(called_off_at=None)
        .select_related("former", "successor")
        .order_by("-day", "-pk")[:10],
        "may_edit": keeps,
        "today": today,
        "history": timeline(
            (cluster, ""),
            *((desk, str(desk)) for desk in desks),
            *((row, str(row.alliance)) for row in participations),
        ),
    }
    return render(request, "crm/clusters/show.html", context)


def _desks(request: UserRequest, cluster: Cluster) -> list[ContactPoint]:
    """Its contact points; those of a mission only where the user may see the mission."""
    missions = Mission.objects.visible_to(request.user)
    rows = ContactPoint.objects.visible_to(request.user).filter(cluster=cluster)
    rows = rows.filter(Q(mission=None) | Q(mission__in=missions))
    return list(
        rows.select_related("mission", "succeeds").order_by("role", "mission_id", "-during")
    )


@signed_in
def create(request: UserRequest) -> HttpResponse:
    if not request.user.scope.admin:
        raise Http404
    form = ClusterForm(request.POST or None, new=True, initial={"languages": ["en"]})
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            cluster = network.create_cluster(by=request.user, **form.facts)
            messages.success(request, _("“%s” is entered. Appoint its contact point.") % cluster)
            return redirect("crm:clusters-show", cluster.slug)
    return render(request, "crm/clusters/create.html", {"form": form})


@signed_in
def edit(request: UserRequest, slug: str) -> HttpResponse:
    cluster = get_object_or_404(Cluster.objects.editable_by(request.user), slug=slug)
    form = ClusterForm(request.POST or None, initial=present_cluster(cluster))
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            clusters.edit(cluster=cluster, by=request.user, **form.facts)
            messages.success(request, _("Your changes are saved."))
            return redirect("crm:clusters-show", cluster.slug)
    return render(request, "crm/clusters/edit.html", {"form": form, "cluster": cluster})
