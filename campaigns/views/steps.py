"""A campaign's steps: scheduled, paused, resumed, tried again, cancelled."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from campaigns.actions import campaigns, checks, outward, overview, retrying
from campaigns.actions.findings import Finding, Level
from campaigns.actions.ledger import Lane
from campaigns.actions.overview import Overview
from campaigns.actions.requeuing import Tries
from campaigns.forms.campaigns import ScheduleForm
from campaigns.forms.steps import ResumeForm, RetryForm
from campaigns.models import Campaign, Release
from campaigns.views import cards
from campaigns.views.guard import guarded, lacks_factor
from campaigns.views.requests import editable, page_of, shell
from campaigns.views.tries import warn_of_barred
from crm.models import Cluster
from crm.views.requests import UserRequest, act, refusals, signed_in

S = Release.Status


@signed_in
def schedule(request: UserRequest, ref: str) -> HttpResponse:
    """Now or at a time; whoever lets many mails leave signs in once more first."""
    campaign = editable(request, ref)
    seen = overview.read(campaign)
    leaving = overview.summed(
        lane for lane in seen.lanes if lane.release and lane.release.status == "released"
    )
    return guarded(_schedule, leaving.expected)(request, campaign, seen, leaving)


def _schedule(
    request: UserRequest, campaign: Campaign, seen: Overview, leaving: Lane
) -> HttpResponse:
    """The numbers once more, what stands against it, and the time."""
    unguarded = lacks_factor(request.user)
    form = ScheduleForm(request.POST or None, campaign=campaign, mails=leaving.expected)
    outward.ask(campaign, _senders(seen))
    found = checks.standing(seen)
    if not leaving.expected and campaign.releases.filter(status=S.RELEASED).exists():
        found = [*found, checks.nobody_yet()]
    blocking = [finding for finding in found if finding.level == Level.BLOCK]
    valid = request.method == "POST" and form.is_valid()
    if valid and not blocking and outward.is_awaited(campaign, _senders(seen, S.RELEASED)):
        form.add_error(None, outward.wait_a_moment())
        valid = False
    if valid and not (blocking or unguarded):
        with refusals(form):
            campaigns.schedule(
                campaign=campaign,
                by=request.user,
                send_at=form.send_at,
                zone=form.cleaned_data.get("zone"),
                spread=form.spread_minutes,
            )
            messages.success(
                request, _("It is scheduled. You may close this page; it leaves by itself.")
            )
            return page_of(campaign)
    context = shell(
        campaign,
        form=form,
        unguarded=unguarded,
        mails=leaving.expected,
        unchecked=[finding.sentence for finding in found if finding.level == Level.UNKNOWN],
        released=[
            lane for lane in seen.lanes if lane.release and lane.release.status == "released"
        ],
        others=[
            lane
            for lane in seen.lanes
            if lane.release and lane.release.status in ("waiting", "held", "declined")
        ],
        blocking=[cards.finding(campaign, finding, True) for finding in blocking],
    )
    return render(request, "campaigns/steps/schedule.html", context)


def _senders(seen: Overview, *statuses: str) -> list[Cluster]:
    """The clusters whose lanes are in these states, or in any."""
    lanes = [lane.release for lane in seen.lanes if lane.release]
    return [
        lane.cluster for lane in lanes if lane.cluster and lane.status in (statuses or S.values)
    ]


@signed_in
@require_POST
def unschedule(request: UserRequest, ref: str) -> HttpResponse:
    campaign = editable(request, ref)
    return act(
        request,
        lambda: campaigns.unschedule(campaign=campaign, by=request.user),
        _("The schedule is taken back. Nothing was sent."),
        page_of(campaign),
    )


@signed_in
@require_POST
def pause(request: UserRequest, ref: str) -> HttpResponse:
    campaign = editable(request, ref)
    reason = _("Paused by %(who)s.") % {"who": request.user}
    return act(
        request,
        lambda: campaigns.pause(campaign=campaign, by=request.user, reason=reason),
        _("Paused. What is on the line is still settled; nothing more leaves."),
        page_of(campaign),
    )


@signed_in
def resume(request: UserRequest, ref: str) -> HttpResponse:
    """Go on at once where a person paused and nothing stands against it.

    After the breaker, or where a check would stop the campaign today, only with a word on that.
    What is known of its senders' domains may be older than the pause: a worker looks again, and
    that is waited for.
    """
    campaign = editable(request, ref)
    paused = campaign.status == Campaign.Status.PAUSED
    tripped = paused and campaigns.paused_by(campaign) is None
    blocking, awaited = _standing_now(campaign) if paused else ([], False)
    form = ResumeForm(
        request.POST if request.method == "POST" else None, tripped=tripped, blocked=bool(blocking)
    )
    pressed = request.method == "POST"
    if pressed and not awaited and (not form.fields or form.is_valid()):
        return act(
            request,
            lambda: campaigns.resume(campaign=campaign, by=request.user),
            _("It goes on."),
            page_of(campaign),
        )
    context = shell(
        campaign,
        form=form,
        tripped=tripped,
        blocking=[cards.finding(campaign, finding, True) for finding in blocking],
        awaited=outward.wait_a_moment() if pressed and awaited else "",
    )
    return render(request, "campaigns/steps/resume.html", context)


def _standing_now(campaign: Campaign) -> tuple[list[Finding], bool]:
    """What would stop a campaign today, and whether a worker is about to know more of that."""
    seen = overview.read(campaign)
    senders = _senders(seen, *Release.LEAVING)
    outward.ask(campaign, senders)
    signed = any(lane.release and lane.release.status == S.RELEASED for lane in seen.lanes)
    return checks.blocking(seen), outward.is_awaited(campaign, senders, mails=signed)


@signed_in
@require_POST
def go_on(request: UserRequest, ref: str) -> HttpResponse:
    """The rest follows its canary now."""
    campaign = editable(request, ref)
    return act(
        request,
        lambda: campaigns.go_on(campaign=campaign, by=request.user),
        _("The rest follows now."),
        page_of(campaign),
    )


@signed_in
def retry(request: UserRequest, ref: str) -> HttpResponse:
    """Try again what failed for reasons that are not the mailbox's."""
    campaign = editable(request, ref)
    counts = {why: len(ids) for why, ids in retrying.failed(campaign).items()}
    form = RetryForm(request.POST if request.method == "POST" else None, counts=counts)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            done = retrying.retry(campaign=campaign, by=request.user, reasons=form.chosen)
            _say(request, campaign, done)
            return page_of(campaign)
    context = shell(
        campaign,
        form=form,
        possible=sum(counts.get(why, 0) for why in retrying.RETRIABLE),
        mailbox=counts.get(retrying.Why.MAILBOX, 0),
    )
    return render(request, "campaigns/steps/retry.html", context)


def _say(request: UserRequest, campaign: Campaign, done: Tries) -> None:
    count = len(done.again)
    words = ngettext("One mail is tried again.", "%(n)s mails are tried again.", count)
    messages.success(request, words % {"n": count})
    warn_of_barred(request, done)


@signed_in
def cancel(request: UserRequest, ref: str) -> HttpResponse:
    campaign = editable(request, ref)
    if request.method == "POST":
        return act(
            request,
            lambda: campaigns.cancel(campaign=campaign, by=request.user),
            _("Cancelled. What had not left never leaves."),
            page_of(campaign),
        )
    seen = overview.read(campaign)
    context = shell(campaign, left=seen.frozen.left, accepted=seen.frozen.accepted)
    return render(request, "campaigns/steps/cancel.html", context)
