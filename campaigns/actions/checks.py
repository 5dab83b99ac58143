"""Looking a campaign over before it leaves: what stops it, what to mend, what is in order."""

from collections.abc import Iterator
from copy import copy
from dataclasses import replace

from django.db.models import Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.actions import (
    contents,
    linking,
    mixing,
    outward,
    overtaken,
    pressing,
    previews,
    quiet,
    rehearsed,
    text_parts,
    trying,
)
from campaigns.actions import sizes as size_limits
from campaigns.actions.findings import Finding, Level
from campaigns.actions.ledger import Lane, most_frequent
from campaigns.actions.overview import Overview, summed
from campaigns.mail import transports
from campaigns.mail.compose import Text
from campaigns.mail.dates import ends_at
from campaigns.models import Campaign, Exclusion, Release
from campaigns.rules.blocks import InvalidBlock, check, words_of
from campaigns.rules.lines import turns
from campaigns.rules.merge import missing_fallbacks, unknown_fields
from crm.actions.errors import Refused
from crm.models import Cluster, Deadline, Mission
from crm.models.codes import language_name
from crm.rules.texts import LANGUAGES

PATIENCE = 2  # seconds for the mail server to answer


def preflight(overview: Overview) -> list[Finding]:
    """Everything there is to say before sending, the worst first."""
    order = list(Level)
    return sorted(
        [*_findings(overview), *_mail_server()], key=lambda finding: order.index(finding.level)
    )


def standing(overview: Overview) -> list[Finding]:
    """What is known without dialling anybody."""
    return list(_findings(overview))


def blocking(overview: Overview) -> list[Finding]:
    """Only what must be mended before anything can be sent."""
    return [finding for finding in standing(overview) if finding.level == Level.BLOCK]


def against(overview: Overview, lane: Lane) -> list[Finding]:
    """What stops one lane from being signed. That it has no readers today does not."""
    assert lane.release
    signed = copy(lane.release)
    signed.status = Release.Status.RELEASED
    alone = replace(overview, lanes=[replace(lane, release=signed)])
    return [finding for finding in blocking(alone) if finding.about != "people"]


def nobody_yet() -> Finding:
    """For whoever schedules: once it starts, its text and whom it asks for are fixed."""
    return Finding(
        Level.BLOCK,
        _("Nobody is in the lanes that are released so far. Release one with readers first."),
        "people",
    )


def _findings(overview: Overview) -> Iterator[Finding]:
    campaign = overview.campaign
    yield from overtaken.findings(campaign)
    yield from pressing.findings(overview)
    yield from _changes(campaign)
    yield from _audience(overview)
    yield from _languages(overview)
    try:
        texts = _leaving(campaign)
    except Refused as refusal:
        yield Finding(Level.BLOCK, str(refusal), "record")
    else:
        yield from _texts(campaign)
        yield from text_parts.findings(campaign)
        yield from trying.findings(overview)
        yield from mixing.findings(overview, texts)
        yield from _sizes(overview, texts)
        yield from outward.links(overview, texts)
        yield from rehearsed.findings(overview)
    yield from _senders(overview)
    yield from outward.domains(overview)


def _leaving(campaign: Campaign) -> dict[str, Text]:
    """The texts that readers would get; while none is ready, all of them.

    Raises Refused as `previews.texts_of` does.
    """
    if campaign.content_version_id or not campaign.texts.filter(ready=True).exists():
        return previews.texts_of(campaign)
    return contents.resolved(campaign)


def _changes(campaign: Campaign) -> Iterator[Finding]:
    """What the text took over from its record, against the record and the clock."""
    leaves, named = overtaken.leaves_at(campaign), contents.dates_of(campaign)
    if any(dates and all(ends_at(date) <= leaves for date in dates) for dates in named):
        yield Finding(
            Level.BLOCK,
            _("The text names only dates that are over. Take over what changed on its page."),
            "changes",
        )
    elif campaign.mission:
        told = {date["uid"] for dates in named for date in dates}
        yield from _deadlines_over(campaign, campaign.mission, told)
    if linking.differences(campaign):
        yield Finding(
            Level.WARN,
            _("“%(record)s” says something else since this text was written. Look at what changed.")
            % {"record": campaign.told_by},
            "changes",
        )


def _deadlines_over(campaign: Campaign, mission: Mission, told: set[str]) -> Iterator[Finding]:
    """Deadlines that are over when it leaves: those that its text names, and the others.

    What is being sent was signed as it is, and names them also in a late lane.
    """
    own = mission.deadlines.filter(audience=Deadline.Audience.MEMBERS)
    over = own.filter(at__lte=overtaken.leaves_at(campaign)).values_list("calendar_uid", flat=True)
    named = sum(str(uid) in told for uid in over)
    if named and campaign.content_version_id:
        said = ngettext(
            "The mail names one deadline that is over. Its text is already being sent and stays "
            "as it is.",
            "The mail names %(n)s deadlines that are over. Its text is already being sent and "
            "stays as it is.",
            named,
        )
        yield Finding(Level.WARN, said % {"n": named}, "record")
    elif named:
        said = ngettext(
            "The mail names one deadline that is over when it leaves. Take over what changed on "
            "its page.",
            "The mail names %(n)s deadlines that are over when it leaves. Take over what changed "
            "on its page.",
            named,
        )
        yield Finding(Level.WARN, said % {"n": named}, "changes")
    if left := len(over) - named:
        said = ngettext(
            "One deadline is over and is left out of the mail.",
            "%(n)s deadlines are over and are left out of the mail.",
            left,
        )
        yield Finding(Level.WARN, said % {"n": left}, "record")


def _audience(overview: Overview) -> Iterator[Finding]:
    if overview.problem:
        yield Finding(Level.BLOCK, overview.problem)
    elif not overview.total.expected:
        yield Finding(Level.BLOCK, _("Nobody would get this mail."), "people")
    else:
        # The judgement gives no copy to anybody without a basis, so this cannot be otherwise.
        yield Finding(
            Level.OK,
            _("Every recipient has a legal basis: %(n)s of %(n)s.")
            % {"n": overview.total.expected},
        )

    yield from _compared(overview)


def _compared(overview: Overview) -> Iterator[Finding]:
    """With the last campaign of its kind and topic, in the lanes that are looked at.

    What follows another campaign goes to some of its readers: it is compared with nothing, and
    nothing with it.
    """
    campaign = overview.campaign
    if campaign.follows_id:
        return
    clusters = [lane.release.cluster_id for lane in overview.lanes if lane.release]
    earlier = Campaign.objects.filter(
        kind=campaign.kind,
        alliance=campaign.alliance_id,
        topic=campaign.topic_id,
        started_at__isnull=False,
        follows=None,
    ).exclude(pk=campaign.pk)
    before = earlier.order_by("-started_at", "-pk").first()
    if before is None or overview.problem:
        return
    same = Q(cluster__in=[pk for pk in clusters if pk])
    if None in clusters:
        same |= Q(cluster=None)
    then = before.releases.filter(same).aggregate(n=Sum("expected"))["n"] or 0
    now = overview.total.expected
    if then and abs(now - then) > then / 2:
        words = {"now": now, "then": then, "before": before}
        yield Finding(
            Level.WARN,
            _("%(now)s readers would get it; the last time, with “%(before)s”, %(then)s did.")
            % words,
            "people",
        )


def _languages(overview: Overview) -> Iterator[Finding]:
    campaign = overview.campaign
    ready = set(campaign.texts.filter(ready=True).values_list("language", flat=True))
    if not ready:
        yield Finding(Level.BLOCK, _("No language is ready."), "text")
        return
    for lane in overview.lanes:
        nothing = lane.excluded[Exclusion.Reason.NO_LANGUAGE]
        if not nothing or lane.release is None:
            continue
        # A region that has not signed, or does not take part, keeps no other one waiting.
        yield Finding(
            Level.BLOCK if _is_signed(lane) else Level.WARN,
            ngettext(
                "%(lane)s: %(n)s reader can read none of the ready texts. Make one of their "
                "languages ready: their own, the cluster's, the alliance's.",
                "%(lane)s: %(n)s readers can read none of the ready texts. Make one of their "
                "languages ready: their own, the cluster's, the alliance's.",
                nothing,
            )
            % {"n": nothing, "lane": lane.release.name},
            "text",
        )
    wanted = summed(overview.lanes).unmet
    for language, readers in most_frequent(wanted):
        if language in LANGUAGES and language not in ready:
            yield Finding(
                Level.WARN,
                ngettext(
                    "%(n)s reader wishes for %(language)s, which is not ready; "
                    "the cluster's language is used.",
                    "%(n)s readers wish for %(language)s, which is not ready; "
                    "the cluster's language is used.",
                    readers,
                )
                % {"n": readers, "language": language_name(language)},
                "text",
                language,
            )
    foreign = {code: readers for code, readers in wanted.items() if code not in LANGUAGES}
    if foreign:
        names = ", ".join(f"{language_name(code)} ({n})" for code, n in foreign.items())
        yield Finding(
            Level.OK,
            _("Readers of other languages get their cluster's: %(languages)s.")
            % {"languages": names},
        )
    for text in campaign.texts.filter(ready=False):
        if text.language not in wanted:
            yield Finding(
                Level.WARN,
                _("The text in %(language)s is not ready.")
                % {"language": language_name(text.language)},
                "text",
                text.language,
            )


def _texts(campaign: Campaign) -> Iterator[Finding]:
    sound = True
    texts = campaign.texts.order_by("language")
    some = any(text.ready for text in texts)
    for text in texts:
        # Nobody gets what is not ready beside what is.
        stops = Level.BLOCK if text.ready or not some else Level.WARN
        try:
            check(text.blocks)
        except InvalidBlock as problem:
            sound = False
            yield Finding(stops, problem.said(_), "text", text.language)
        said = [text.subject, text.preheader]
        for sentence in _oddities(said):
            sound = False
            words = {"language": language_name(text.language)}
            yield Finding(Level.WARN, sentence % words, "text", text.language)
        for name in dict.fromkeys(name for part in said for name in unknown_fields(part)):
            sound = False
            yield Finding(
                stops,
                _(
                    "The subject or preview line in %(language)s uses {%(name)s}, "
                    "which is not a merge field."
                )
                % {"language": language_name(text.language), "name": name},
                "text",
                text.language,
            )
        said += [*words_of(text.blocks), text.plain]
        bare = dict.fromkeys(name for part in said for name in missing_fallbacks(part))
        if bare:
            sound = False
            yield Finding(
                Level.WARN,
                _(
                    "In %(language)s, {%(name)s} stays empty for readers without one. "
                    "Write {%(name)s|colleague}, for instance."
                )
                % {"language": language_name(text.language), "name": next(iter(bare))},
                "text",
                text.language,
            )
    if sound:
        yield Finding(Level.OK, _("Every merge field is known and has a fallback."))


def _oddities(head: list[str]) -> Iterator[str]:
    """What in a subject or preview line a reader would wonder at."""
    if any("{{" in part or "{%" in part for part in head):
        yield _(
            "The subject or preview line in %(language)s has “{{” or “{%%”, which readers would "
            "see. Merge fields are written {name}."
        )
    if any(turns(part) for part in head):
        yield _(
            "The subject or preview line in %(language)s has a mark that turns the direction of "
            "the words behind it. Type it anew."
        )


def _sizes(overview: Overview, texts: dict[str, Text]) -> Iterator[Finding]:
    """Compose the longest kinds of mail there will be, and measure them.

    Those of signed lanes; before the first signature those of the others, which stop nothing.
    """
    signed = [lane for lane in overview.lanes if _is_signed(lane)]
    found = _size(replace(overview, lanes=signed or overview.lanes), texts)
    yield found if signed else found.softened


def _size(overview: Overview, texts: dict[str, Text]) -> Finding:
    try:
        sizes = _measured(overview, texts)
    except CannotMeasure as problem:
        return Finding(Level.BLOCK, str(problem), "text", problem.language)
    language, largest = max(sizes.items(), key=lambda item: item[1])
    return size_limits.finding(overview.campaign, language, largest)


def _is_signed(lane: Lane) -> bool:
    return lane.release is not None and lane.release.status in Release.LEAVING


class CannotMeasure(Exception):
    """A mail that cannot be written; the message says why."""

    def __init__(self, refusal: Refused, language: str) -> None:
        super().__init__(str(refusal))
        self.language = language


def _measured(overview: Overview, texts: dict[str, Text]) -> dict[str, int]:
    sizes: dict[str, int] = {}
    for language in texts:
        for lane in _one_lane_of_each_kind(overview):
            try:
                reader = previews.made_up(lane)
                reader = previews.Reader(lane, reader.person, language, reader.variant)
                size = previews.compose(reader, texts).size
            except Refused as refusal:
                raise CannotMeasure(refusal, language) from refusal
            sizes[language] = max(size, sizes.get(language, 0))
    return sizes


def longest(overview: Overview) -> int:
    """The bytes of HTML of the longest mail there is known to be; 0 where none can be written."""
    try:
        made_up = _measured(overview, previews.texts_of(overview.campaign))
    except (Refused, CannotMeasure):
        return 0
    return max([*made_up.values(), *rehearsed.sizes_of(overview)])


def _one_lane_of_each_kind(overview: Overview) -> list[Release]:
    releases = [lane.release for lane in overview.lanes if lane.release]
    of_clusters = [release for release in releases if release.cluster_id]
    of_alliance = [release for release in releases if not release.cluster_id]
    return [*of_clusters[:1], *of_alliance[:1]]


def _senders(overview: Overview) -> Iterator[Finding]:
    lanes = [lane.release for lane in overview.lanes if lane.release and lane.release.cluster]
    sound, over = True, overtaken.over_at(overview.campaign)
    for release in lanes:
        cluster = release.cluster
        assert cluster
        if not cluster.from_address or not cluster.reply_to or not cluster.postal_address.strip():
            sound = False
            yield Finding(
                Level.BLOCK,
                _("%(cluster)s has no sender address, reply address or postal address.")
                % {"cluster": cluster},
                "network",
            )
            continue
        leaves = overtaken.leaves_at(overview.campaign)
        kept = quiet.of(cluster)
        if overview.campaign.heeds_quiet and kept.is_at(leaves):
            words = _("%(cluster)s sleeps then: its mails wait until %(when)s.")
            yield Finding(
                Level.OK,
                words % {"cluster": cluster, "when": quiet.said(kept.ends_at(leaves), kept.zone)},
            )
            if over and over <= kept.ends_at(leaves):
                late = _("%(cluster)s sleeps until it is over: its mails would not leave any more.")
                yield Finding(Level.WARN, late % {"cluster": cluster}, "schedule")
        if not _has_desk(overview.campaign, cluster):
            sound = False
            yield Finding(
                Level.WARN,
                _("%(cluster)s has no contact point today; the mail names its sender instead.")
                % {"cluster": cluster},
                "network",
            )
    if sound and lanes:
        yield Finding(
            Level.OK,
            ngettext(
                "The sender, reply address and contact point of %(n)s cluster are there.",
                "The senders, reply addresses and contact points of %(n)s clusters are there.",
                len(lanes),
            )
            % {"n": len(lanes)},
        )


def _has_desk(campaign: Campaign, cluster: Cluster) -> bool:
    desks = cluster.contact_points.valid_on(timezone.localdate()).filter(role="general")
    return desks.filter(Q(mission=None) | Q(mission=campaign.mission_id)).exists()


def _mail_server() -> Iterator[Finding]:
    problem = transports.reachable(patience=PATIENCE)
    if problem:
        yield Finding(Level.UNKNOWN, problem)
    else:
        yield Finding(Level.OK, _("The mail server answers."))
