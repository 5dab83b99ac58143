"""Until when the regions decide, and what becomes of a lane without a word."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from campaigns.actions import deadlines, overview
from campaigns.forms.releases import DatesForm
from campaigns.models import Campaign
from campaigns.views.guard import guarded, lacks_factor
from campaigns.views.requests import editable, page_of, shell
from crm.views.requests import UserRequest, refusals, signed_in


@signed_in
def edit(request: UserRequest, ref: str) -> HttpResponse:
    """One date for all lanes or some; who lets lanes release themselves signs in once more."""
    campaign = editable(request, ref)
    chosen = request.POST.get("at_deadline", campaign.at_deadline)
    mails = 0
    if chosen == Campaign.AtDeadline.RELEASE:
        unsigned = campaign.releases.undecided()
        seen = overview.read(campaign)
        mails = overview.summed(row for row in seen.lanes if row.release in unsigned).expected
    return guarded(_edit, mails)(request, campaign)


def _edit(request: UserRequest, campaign: Campaign) -> HttpResponse:
    lanes = list(campaign.releases.filter(freeze_began_at=None).in_order())
    form = DatesForm(request.POST or None, campaign=campaign, lanes=lanes)
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data["at_deadline"]
        with refusals(form):
            if chosen == Campaign.AtDeadline.RELEASE and lacks_factor(request.user):
                form.add_error(None, _("Who lets mails leave signs in with a second factor."))
            else:
                deadlines.set_dates(
                    campaign=campaign, by=request.user, dates=form.dates, at_deadline=chosen
                )
                messages.success(request, _("The dates are set."))
                return page_of(campaign)
    return render(request, "campaigns/deadlines/edit.html", shell(campaign, form=form))
