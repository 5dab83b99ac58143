"""What a worker looks at for a campaign: its senders' domains, and where its links lead."""

import datetime as dt
from collections.abc import Iterable, Iterator

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actions import previews, probes, rehearsals, signatures
from campaigns.actions.findings import Finding, Level
from campaigns.actions.overview import Overview
from campaigns.mail.compose import Text
from campaigns.models import Campaign, LaneText, Rehearsal, Release, Reminder
from campaigns.rules import markup, text_parts
from campaigns.rules.blocks import SHORTENERS, host_of, leads_to
from crm.actions.errors import Refused
from crm.models import Cluster

AGAIN = dt.timedelta(seconds=10)  # between two looks that somebody presses for


def links(overview: Overview, texts: dict[str, Text]) -> Iterator[Finding]:
    """Where the texts and the introductions lead, as far as the way is not ours."""
    found = leading(texts, (lane.release for lane in overview.lanes if lane.release))
    for url, place in found.items():
        host = host_of(url).removeprefix("www.")
        if host in SHORTENERS:
            said = _("%(url)s leads through %(host)s, which hides where to.")
            # A text that has one is refused; it comes from its record.
            about = "record" if place.about == "text" else place.about
            yield Finding(
                Level.WARN, said % {"url": url, "host": host}, about, place.language, place.row
            )
    yield from probes.of_links(found)


def leading(texts: dict[str, Text], lanes: Iterable[Release]) -> dict[str, probes.Place]:
    """The links that people wrote, each with a place that has it."""
    taking_part = [lane for lane in lanes if lane.status not in Release.ABSENT]
    introduced = {
        url: probes.Place("introduction", row.language, str(row.release_id))
        for row in LaneText.objects.filter(release__in=taking_part).order_by("pk")
        for url in markup.targets(row.text)
        if host_of(url)
    }
    return introduced | {
        url: probes.Place("text", text.language)
        for text in texts.values()
        for url in (*leads_to(text.blocks), *text_parts.links(text.plain))
    }


def ask(campaign: Campaign, clusters: Iterable[Cluster]) -> None:
    """Have a worker find out what only it can: a dry run, the senders' domains, the links."""
    rehearsals.ask(campaign)
    probes.ask([*_senders(clusters), *_links(campaign)])


def look_again(campaign: Campaign, clusters: Iterable[Cluster]) -> None:
    """The same anew, for somebody who has just mended what was found."""
    rehearsals.ask(campaign)
    probes.ask([*_senders(clusters), *_links(campaign)], fresh=AGAIN)


def ask_of_reminders(call: Campaign) -> None:
    """Have their dry runs held, too: who signs a call may sign them together with it."""
    waiting = Reminder.objects.waiting().filter(call=call)
    for campaign in Campaign.objects.filter(reminder__in=waiting).order_by("pk"):
        rehearsals.ask(campaign)


def is_awaited(campaign: Campaign, clusters: Iterable[Cluster], *, mails: bool = True) -> bool:
    """Whether a worker is about to know more of what could stop these lanes; without `mails` of
    their senders alone.

    Bounded: who hears nothing for LOOK_PATIENCE seconds goes on with "could not check".
    """
    since = timezone.now() - dt.timedelta(seconds=settings.LOOK_PATIENCE)
    dry_runs = Rehearsal.objects.filter(campaign=campaign, done_at=None, asked_at__gt=since)
    return (mails and dry_runs.exists()) or probes.is_awaited(_senders(clusters))


def wait_a_moment() -> str:
    return _("The last checks are not done yet. Try again in a moment.")


def is_anything_awaited(campaign: Campaign, clusters: Iterable[Cluster]) -> bool:
    """The same, of the links too, which stop nothing; what a page asks that waits."""
    return is_awaited(campaign, clusters) or probes.is_awaited(_links(campaign))


def _senders(clusters: Iterable[Cluster]) -> list[probes.Row]:
    return [probes.of_sender(cluster) for cluster in clusters]


def _links(campaign: Campaign) -> list[probes.Row]:
    try:
        urls = leading(previews.texts_of(campaign), campaign.releases.all())
    except Refused:
        return []
    return [row for url in urls if (row := probes.of_link(url))]


def domains(overview: Overview) -> Iterator[Finding]:
    """A region that has not signed keeps no other one waiting."""
    lanes = [
        lane.release
        for lane in overview.lanes
        if lane.release and lane.release.cluster and lane.release.status not in Release.ABSENT
    ]
    clusters = [lane.cluster for lane in lanes if lane.cluster]
    known = probes.known([*_senders(clusters), *map(signatures.of, clusters)])
    for signed in (True, False):
        alike = [lane.cluster for lane in lanes if (lane.status in Release.LEAVING) is signed]
        for finding in probes.of_senders([each for each in alike if each], known):
            yield finding if signed else finding.softened
    yield from signatures.findings(clusters, known)
