"""What the scheduler cannot do at the moment, for whoever keeps the installation."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from campaigns.models import Fault
from crm.views.requests import UserRequest, signed_in


@signed_in
@require_safe
def list(request: UserRequest) -> HttpResponse:  # noqa: A001
    if not request.user.scope.admin:
        raise Http404
    faults = Fault.objects.visible_to(request.user).in_order()
    return render(request, "campaigns/faults/list.html", {"faults": faults})
