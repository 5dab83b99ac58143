"""What a person lets pass although a check would stop it, with their name and reason."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from campaigns.actions import checks, overview, sizes
from campaigns.forms.steps import LetPassForm
from campaigns.views.requests import editable, page_of, shell
from crm.views.requests import UserRequest, refusals, signed_in


@signed_in
def let_pass(request: UserRequest, ref: str) -> HttpResponse:
    """Mails that programs would cut, sent all the same."""
    campaign = editable(request, ref)
    size = checks.longest(overview.read(campaign))
    form = LetPassForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            sizes.let_pass(
                campaign=campaign, by=request.user, why=form.cleaned_data["why"], size=size
            )
            messages.success(request, _("Its length no longer stops it."))
            return page_of(campaign)
    context = shell(campaign, form=form, kilobytes=-(-size // 1024), too_long=size > sizes.CUT_AT)
    return render(request, "campaigns/checks/let_pass.html", context)
