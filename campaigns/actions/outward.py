"""What a worker looks at for a campaign: its senders' domains, and where its links lead."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from django.utils.translation import gettext as _

from campaigns.actions import previews, probes, rehearsals
from campaigns.actions.findings import Finding, Level
from campaigns.actions.overview import Overview
from campaigns.mail.compose import Text
from campaigns.models import Campaign, Release
from campaigns.rules.blocks import SHORTENERS, host_of, leads_to
from crm.actions.errors import Refused
from crm.models import Cluster


def links(texts: dict[str, Text]) -> Iterator[Finding]:
    """Where the texts lead, as far as the way is not ours."""
    for url, language in leading(texts).items():
        host = host_of(url).removeprefix("www.")
        if host in SHORTENERS:
            said = _("%(url)s leads through %(host)s, which hides where to.")
            yield Finding(Level.WARN, said % {"url": url, "host": host}, "record", language)
    yield from probes.of_links(leading(texts))


def leading(texts: dict[str, Text]) -> dict[str, str]:
    """The links that people wrote, each with the language of a text that has it."""
    return {url: text.language for text in texts.values() for url in leads_to(text.blocks)}


def ask(campaign: Campaign, clusters: Iterable[Cluster]) -> None:
    """Have a worker find out what only it can: a dry run, the senders' domains, the links."""
    rehearsals.ask(campaign)
    try:
        urls = leading(previews.texts_of(campaign))
    except Refused:
        urls = {}
    probes.ask(probes.wanted(clusters, urls))


def domains(overview: Overview) -> Iterator[Finding]:
    """A region that has not signed keeps no other one waiting."""
    for signed in (True, False):
        found = probes.of_senders(
            lane.release.cluster
            for lane in overview.lanes
            if lane.release
            and lane.release.cluster
            and (lane.release.status == Release.Status.RELEASED) is signed
            and lane.release.status != Release.Status.DECLINED
        )
        for finding in found:
            blocks = finding.level == Level.BLOCK
            yield replace(finding, level=Level.WARN) if blocks and not signed else finding
