"""Audiences that were saved to be used again: mine, and those that colleagues share."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.actions import saved_audiences
from campaigns.forms import asking
from campaigns.forms.audiences import SavedForm
from campaigns.models import Audience
from crm.views.requests import UserRequest, refusals, signed_in

LIST = "campaigns:saved-audiences-list"


@signed_in
@require_safe
def list(request: UserRequest) -> HttpResponse:  # noqa: A001
    """Each with what it asks, in words that this viewer may read."""
    if not request.user.scope.leads:
        raise Http404
    rows = Audience.objects.visible_to(request.user).select_related("user", "alliance")
    known = asking.questions_for(request.user)
    mine = {row.pk for row in Audience.objects.editable_by(request.user)}
    context = {
        "rows": [
            (row, asking.sentence(row.include, row.exclude, known), row.pk in mine)
            for row in rows.order_by("name", "pk")
        ]
    }
    return render(request, "campaigns/saved_audiences/list.html", context)


@signed_in
def edit(request: UserRequest, pk: int) -> HttpResponse:
    audience = _mine(request, pk)
    present = {"name": audience.name, "shared": audience.shared}
    form = SavedForm(request.POST or None, initial=present)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            saved_audiences.edit(audience=audience, by=request.user, **form.cleaned_data)
            messages.success(request, _("Your changes are saved."))
            return redirect(LIST)
    context = {"form": form, "audience": audience}
    return render(request, "campaigns/saved_audiences/edit.html", context)


@signed_in
def remove(request: UserRequest, pk: int) -> HttpResponse:
    audience = _mine(request, pk)
    if request.method == "POST":
        saved_audiences.remove(audience=audience, by=request.user)
        messages.success(request, _("The audience “%s” is deleted.") % audience)
        return redirect(LIST)
    return render(request, "campaigns/saved_audiences/remove.html", {"audience": audience})


def _mine(request: UserRequest, pk: int) -> Audience:
    return get_object_or_404(Audience.objects.editable_by(request.user), pk=pk)
