"""The partnership as the user may know it: alliances, clusters, contact points, figures."""

from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.models import Alliance, Cluster, ContactPoint, Participation
from crm.views.requests import UserRequest, signed_in


@signed_in
@require_safe
def show(request: UserRequest) -> HttpResponse:
    visible = Cluster.objects.visible_to(request.user)
    participations = Participation.objects.visible_to(request.user).select_related("cluster")
    desks = ContactPoint.objects.visible_to(request.user).select_related("mission", "succeeds")
    alliances = Alliance.objects.visible_to(request.user).prefetch_related(
        Prefetch("participations", participations.order_by("cluster__name", "during")),
        "disclaimers",
    )
    clusters = visible.select_related("region").prefetch_related(
        Prefetch("contact_points", desks.order_by("mission", "role", "-during"))
    )
    context = {
        "alliances": [(row, row.figures.side_by_side()) for row in alliances],
        "clusters": [(row, row.figures.side_by_side()) for row in clusters],
        "today": timezone.localdate(),
        "may_appoint": Cluster.objects.editable_by(request.user).exists(),
    }
    return render(request, "crm/network/show.html", context)
