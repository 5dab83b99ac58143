"""Two subjects of a campaign: laid out before it starts, looked at and chosen from afterwards."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.actions import trials
from campaigns.forms.trials import TrialForm
from campaigns.models import Campaign, Release, Trial
from campaigns.models.trials import trial_of
from campaigns.views.requests import editable, page_of, shell
from crm.models.codes import language_name
from crm.views.requests import UserRequest, act, refusals, signed_in


@signed_in
def edit(request: UserRequest, ref: str) -> HttpResponse:
    """The second subject and how it is tried; once it has started, what came of it."""
    campaign = editable(request, ref)
    trial = trial_of(campaign)
    form = TrialForm(request.POST or None, trial=trial)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            trials.lay(campaign=campaign, by=request.user, **form.cleaned_data)
            messages.success(
                request, _("Two subjects are tried. Lanes that had signed are asked again.")
            )
            return page_of(campaign)
    context = shell(
        campaign,
        form=form,
        trial=trial,
        fixed=campaign.content_version_id is not None,
        firsts=[
            (language_name(text.language), text.language, text.subject)
            for text in campaign.texts.order_by("language")
        ],
        signed=campaign.releases.filter(status=Release.Status.RELEASED).count(),
        **(numbers(campaign, trial) if trial and campaign.started_at else {}),
    )
    return render(request, "campaigns/trials/edit.html", context)


def numbers(campaign: Campaign, trial: Trial) -> dict[str, Any]:
    """Both samples side by side, and in one sentence what they can tell."""
    found = trials.compare(campaign)
    samples = (found.first, found.second)
    return {
        "samples": [
            {
                "name": str(subject.label),
                "value": subject.value,
                "accepted": tally.accepted,
                "mails": tally.mails,
                "answered": tally.answered,
                "left": tally.left,
                "share": round(100 * getattr(tally, found.measure) / tally.accepted, 1)
                if tally.accepted
                else 0,
            }
            for subject, tally in zip(Trial.Subject, samples, strict=True)
        ],
        "told": _told(found),
        "ends_at": trial.ends_at,
        "may_choose": not trial.chosen and campaign.status not in Campaign.ENDED,
    }


def _told(found: trials.Comparison) -> str:
    """The difference with its uncertainty; where it may be chance, that it may."""
    points = {
        "seen": f"{100 * found.difference.seen:+.1f}",
        "low": f"{100 * found.difference.low:+.1f}",
        "high": f"{100 * found.difference.high:+.1f}",
    }
    if not found.difference.is_distinguishable:
        return (
            _(
                "The two cannot be told apart: the second differs by %(seen)s points, and anything "
                "between %(low)s and %(high)s points may be true. This may be chance."
            )
            % points
        )
    if found.measure == "answered":
        words = _(
            "The second is answered by %(seen)s points more than the first; the true difference "
            "lies between %(low)s and %(high)s points."
        )
    else:
        words = _(
            "The second is unsubscribed from by %(seen)s points more than the first; the true "
            "difference lies between %(low)s and %(high)s points."
        )
    return words % points


@signed_in
def drop(request: UserRequest, ref: str) -> HttpResponse:
    campaign = editable(request, ref)
    if request.method == "POST":
        return act(
            request,
            lambda: trials.drop(campaign=campaign, by=request.user),
            _("Everybody gets the first subject."),
            page_of(campaign),
        )
    return render(request, "campaigns/trials/drop.html", shell(campaign))


@signed_in
@require_POST
def choose(request: UserRequest, ref: str) -> HttpResponse:
    """All others get this subject, now."""
    campaign = editable(request, ref)
    return act(
        request,
        lambda: trials.choose(
            campaign=campaign, by=request.user, subject=request.POST.get("subject", "")
        ),
        _("It is chosen. The others follow now."),
        redirect("campaigns:trials-edit", campaign.ref),
    )
