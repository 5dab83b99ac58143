"""What is looked over of a press release before it leaves: its embargo, and who answers for it."""

import datetime as dt
from collections.abc import Iterator

from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from campaigns.actions import audiences
from campaigns.actions.findings import Finding, Level
from campaigns.actions.overview import Overview, is_frozen
from campaigns.mail.records import moment_said
from campaigns.models import Campaign
from crm.models import ContactPoint, Person
from crm.models.codes import language_name
from crm.rules.conditions import InvalidCondition


def findings(overview: Overview) -> Iterator[Finding]:
    """Nothing about campaigns of another kind."""
    campaign = overview.campaign
    if not campaign.is_for_press:
        return
    yield from _embargo(overview)
    yield from _blocks(campaign)
    yield from _desks(overview)


def _embargo(overview: Overview) -> Iterator[Finding]:
    campaign = overview.campaign
    if campaign.embargo_until is None:
        yield Finding(Level.OK, _("It is under no embargo: it may be printed at once."))
        return
    first = max(campaign.send_at or timezone.now(), timezone.now())
    words = {"until": _said(campaign, campaign.embargo_until), "at": _said(campaign, first)}
    if campaign.embargo_until <= first:
        yield Finding(
            Level.WARN,
            _(
                "It leaves on %(at)s, and its embargo ends before, on %(until)s. "
                "Take the embargo off, or send earlier."
            )
            % words,
            "embargo",
        )
        return
    last = first + dt.timedelta(minutes=campaign.spread_minutes)
    if campaign.embargo_until <= last:
        yield Finding(
            Level.WARN,
            _(
                "Its mails are spread over hours: the last ones leave after the embargo ended, "
                "on %(until)s."
            )
            % words,
            "schedule",
        )
    others = _others(overview)
    if others:
        yield Finding(
            Level.WARN,
            ngettext(
                "%(n)s reader is no journalist, and would read it before its embargo ends, "
                "on %(until)s.",
                "%(n)s readers are no journalists, and would read it before its embargo ends, "
                "on %(until)s.",
                others,
            )
            % {"n": others, **words},
            "people",
        )
    else:
        yield Finding(
            Level.OK, _("Journalists alone get it before its embargo ends, on %(until)s.") % words
        )


def _said(campaign: Campaign, moment: dt.datetime) -> str:
    zone = campaign.embargo_zone or campaign.timezone
    return moment_said(moment, zone, get_language() or "en")


def _others(overview: Overview) -> int:
    """Readers in the lanes looked at, that have not been sent yet, who are no journalists."""
    lanes = [lane.release.pk for lane in overview.lanes if lane.release and not is_frozen(lane)]
    try:
        return audiences.count_others(overview.campaign, lanes, Person.Kind.MEDIA)
    except InvalidCondition:
        return 0  # nobody can be asked for, and the checks say so


def _blocks(campaign: Campaign) -> Iterator[Finding]:
    """Whether each text says what it must: the embargo, and who speaks."""
    assert campaign.alliance
    if not any(campaign.alliance.boilerplate.values()):
        yield Finding(
            Level.WARN,
            _(
                "%(alliance)s has no text about itself, so that nothing stands under the release. "
                "Write it on the alliance's page."
            )
            % {"alliance": campaign.alliance},
            "record",
        )
    for text in campaign.texts.filter(ready=True).order_by("language"):
        kinds = {block["kind"] for block in text.blocks}
        words = {"language": language_name(text.language)}
        if campaign.embargo_until and "embargo" not in kinds:
            yield Finding(
                Level.BLOCK,
                _("The text in %(language)s says nothing of the embargo. Add its block.") % words,
                "text",
                text.language,
            )
        if "contact" not in kinds:
            yield Finding(
                Level.WARN,
                _("The text in %(language)s names no press contact. Add the block.") % words,
                "text",
                text.language,
            )


def _desks(overview: Overview) -> Iterator[Finding]:
    today = timezone.localdate()
    clusters = {
        lane.release.cluster_id: lane.release.cluster
        for lane in overview.lanes
        if lane.release and lane.release.cluster and lane.expected
    }
    desks = ContactPoint.objects.filter(cluster__in=clusters).desks_on(today, media=True)
    for pk, cluster in clusters.items():
        desk = desks.get(pk or 0)
        if desk and desk.role != ContactPoint.Role.MEDIA:
            yield Finding(
                Level.WARN,
                _("%(cluster)s has no media contact today; the release names %(desk)s instead.")
                % {"cluster": cluster, "desk": desk},
                "network",
            )
