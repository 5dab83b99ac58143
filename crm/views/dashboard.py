"""Today: what waits for the user, what comes next, and the numbers of their region."""

import datetime as dt

from django.contrib.auth.views import redirect_to_login
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from crm.actions.waiting import waiting
from crm.models import Deadline, Event, Grant, Import, Mission, RightsRequest, User, census

AHEAD = dt.timedelta(days=180)
WAITING = 5  # lists to go on with that are named


@require_safe
def show(request: HttpRequest) -> HttpResponse:
    user = request.user
    if not user.is_authenticated:
        if User.nobody_yet():
            return redirect("crm:users-first")
        return redirect_to_login(request.get_full_path())
    today, now = timezone.localdate(), timezone.now()
    missions = Mission.objects.visible_to(user).filter(archived_at=None)
    deadlines = Deadline.objects.ahead(now).filter(mission__in=missions, at__lt=now + AHEAD)
    events = Event.objects.visible_to(user).filter(archived_at=None, ends_at__gte=now)
    counted = census(user, today)
    waits = waiting(user)
    context = {
        "grants": user.grants.valid_on(today).select_related("cluster", "alliance"),
        "counted": counted,
        "own": counted[0] if len(counted) == 1 else None,
        "deadlines": deadlines.select_related("mission")[:6],
        "events": events.exclude(status=Event.Status.CANCELLED).order_by("starts_at")[:5],
        "open_missions": missions.filter(status=Mission.Status.OPEN).select_related("market"),
        "imports": _lists(user) if waits.get("imports") else (),
        "pairs": waits,
        "rights": _requests(user) if waits.get("rights") else (),
        "roles": Grant.Role,
    }
    return render(request, "crm/dashboard/show.html", context)


def _requests(user: User) -> QuerySet[RightsRequest]:
    """Those whose last day is near."""
    mine = RightsRequest.objects.editable_by(user).pressing(timezone.localdate())
    return mine.select_related("cluster")[:WAITING]


def _lists(user: User) -> QuerySet[Import]:
    return Import.objects.editable_by(user).to_finish().for_list()[:WAITING]
