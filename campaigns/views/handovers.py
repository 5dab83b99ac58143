"""A desk changes hands: what is in hand, what will move, and what has moved."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions import handovers
from campaigns.forms.handovers import HandOverForm
from campaigns.models import Campaign
from crm.actions.handovers import call_off as call_off_planned
from crm.actions.handovers import owned
from crm.models import ContactPoint, HandOver
from crm.views.requests import UserRequest, act, refusals, signed_in


@signed_in
def create(request: UserRequest, pk: int) -> HttpResponse:
    """The form, then what will happen, then it happens."""
    editable = ContactPoint.objects.editable_by(request.user)
    desk = get_object_or_404(editable.select_related("cluster", "user", "mission"), pk=pk)
    form = HandOverForm(request.POST or None, desk=desk, initial=_back(request, desk))
    ready = request.method == "POST" and "change" not in request.POST and form.is_valid()
    previewed = ready and "confirm" not in request.POST
    if ready and not previewed:
        with refusals(form):
            return _handed_over(request, desk, form)
    context = {
        "form": form,
        "desk": desk,
        "previewed": previewed,
        "begins_today": previewed and form.cleaned_data["day"] <= timezone.localdate(),
        **_in_hand(request, desk),
    }
    return render(request, "campaigns/handovers/create.html", context)


def _handed_over(request: UserRequest, desk: ContactPoint, form: HandOverForm) -> HttpResponse:
    row = handovers.hand_over(
        former=desk,
        successor=form.successor,
        day=form.cleaned_data["day"],
        moves=form.moves,
        also=form.missions,
        by=request.user,
    )
    messages.success(
        request,
        _("%(name)s answers for %(cluster)s from that day on.")
        % {"name": form.successor.name, "cluster": desk.cluster},
    )
    del request.user.scope  # asked anew: one may have given one's own role away
    if not HandOver.objects.visible_to(request.user).filter(pk=row.pk).exists():
        return redirect("crm:dashboard-show")
    return redirect("campaigns:handovers-show", row.pk)


@signed_in
@require_safe
def show(request: UserRequest, pk: int) -> HttpResponse:
    rows = HandOver.objects.visible_to(request.user).select_related(
        "cluster", "former", "successor", "by", "begun_role__user"
    )
    row = get_object_or_404(rows, pk=pk)
    may_edit = HandOver.objects.editable_by(request.user).filter(pk=pk).exists()
    context = {
        "hand_over": row,
        "successor": row.successor or row.moved.get("successor", ""),
        "missions": [desk.mission for desk in row.desks.select_related("mission") if desk.mission],
        "may_edit": may_edit,
        **_in_hand(request, row.former),
    }
    return render(request, "campaigns/handovers/show.html", context)


@signed_in
@require_POST
def call_off(request: UserRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(HandOver.objects.editable_by(request.user), pk=pk)
    return act(
        request,
        lambda: call_off_planned(hand_over=row, by=request.user),
        _("The hand-over is called off. Everything stays as it was."),
        redirect("campaigns:handovers-show", pk),
    )


def _in_hand(request: UserRequest, desk: ContactPoint) -> dict[str, Any]:
    """What the desk's person has in hand now; campaigns only where the user may see them."""
    found = handovers.in_hand(desk)
    visible = set(Campaign.objects.visible_to(request.user).values_list("pk", flat=True))
    return {
        "owned": owned(desk),
        "to_sign": [row for row in found.to_sign if row.campaign_id in visible],
        "introductions": [row for row in found.introductions if row.release.campaign_id in visible],
        "texts": [row for row in found.texts if row.campaign_id in visible],
        "signed_texts": [row for row in found.signed_texts if row.campaign_id in visible],
    }


def _back(request: UserRequest, desk: ContactPoint) -> dict[str, Any]:
    """To hand a desk back, the form begins with who had it before."""
    if request.GET.get("back") != "1" or desk.succeeds is None:
        return {}
    former = desk.succeeds
    return {name: getattr(former, name) for name in ("title", "name", "email", "phone")}
