"""The fence: why nothing leaves after a restore, and an administrator's word that it may."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions import fencing
from campaigns.forms.fence import ConfirmForm
from crm.actions.errors import Refused
from crm.views.requests import UserRequest, signed_in


@signed_in
@require_safe
def show(request: UserRequest) -> HttpResponse:
    """What is held back and why; the form is for administrators."""
    return _page(request, ConfirmForm())


@signed_in
@require_POST
def confirm(request: UserRequest) -> HttpResponse:
    """This copy of the database is the one to go on with."""
    if not request.user.scope.admin:
        raise Http404
    form = ConfirmForm(request.POST)
    if not form.is_valid():
        return _page(request, form)
    try:
        found = fencing.confirm(
            by=request.user, nothing_left_since=form.cleaned_data["since"] == ConfirmForm.NOTHING
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("campaigns:fence-show")
    words = _(
        "Confirmed. %(mails)s mails are undecided, %(drafts)s scheduled campaigns are drafts "
        "again, %(lanes)s lanes are on hold."
    )
    messages.success(
        request,
        words % {"mails": found.deliveries, "drafts": found.scheduled, "lanes": found.lanes},
    )
    return redirect("crm:dashboard-show")


def _page(request: UserRequest, form: ConfirmForm) -> HttpResponse:
    admin = request.user.scope.admin
    context = {"form": form, "admin": admin, "doubts": fencing.doubts() if admin else None}
    return render(request, "campaigns/fence/show.html", context)
