"""The partnership as the user may know it: alliances, clusters, contact points, figures."""

from django.db.models import Prefetch, Q
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.models import Alliance, Cluster, ContactPoint, Mission, Participation
from crm.models.figures import figures_with_sources, side_by_side
from crm.views.requests import UserRequest, signed_in


@signed_in
@require_safe
def show(request: UserRequest) -> HttpResponse:
    visible = Cluster.objects.visible_to(request.user)
    participations = Participation.objects.visible_to(request.user).select_related("cluster")
    missions = Mission.objects.visible_to(request.user)
    desks = ContactPoint.objects.visible_to(request.user).select_related("mission", "succeeds")
    desks = desks.filter(Q(mission=None) | Q(mission__in=missions))
    alliances = Alliance.objects.visible_to(request.user).prefetch_related(
        Prefetch("participations", participations.order_by("cluster__name", "during")),
        "disclaimers",
        figures_with_sources(),
    )
    clusters = visible.select_related("region").prefetch_related(
        Prefetch("contact_points", desks.order_by("mission", "role", "-during")),
        figures_with_sources(),
    )
    today, scope = timezone.localdate(), request.user.scope
    own = [
        desk
        for cluster in clusters
        if scope.admin or cluster.pk in scope.contact_for
        for desk in cluster.contact_points.all()
        if desk.role == ContactPoint.Role.GENERAL and not desk.mission_id and today in desk.during
    ]
    context = {
        "own_desk": own[0] if len(own) == 1 else None,
        "alliances": [(row, side_by_side(row.figures.all())) for row in alliances],
        "clusters": [(row, side_by_side(row.figures.all())) for row in clusters],
        "today": today,
        "may_appoint": scope.keeps_records,
    }
    return render(request, "crm/network/show.html", context)
