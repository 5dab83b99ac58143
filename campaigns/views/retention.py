"""What is kept how long, what goes tonight, whether reasons and proofs agree: administrators'."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaigns.actions import processing, retention
from crm.actions import reckoning
from crm.models import Cluster, ConsentCheck
from crm.views.requests import UserRequest, signed_in


@signed_in
@require_safe
def show(request: UserRequest) -> HttpResponse:
    if not request.user.scope.admin:
        raise Http404
    check = ConsentCheck.objects.visible_to(request.user).first()
    context = {
        "rows": [(found, processing.kept(found.rule)) for found in retention.look()],
        "check": check,
        "differences": reckoning.kept(check) if check else [],
        "wordings": processing.wordings(),
        "clusters": Cluster.objects.visible_to(request.user).order_by("name"),
    }
    return render(request, "campaigns/retention/show.html", context)
