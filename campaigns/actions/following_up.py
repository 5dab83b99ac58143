"""Writing once more: a new campaign for readers of one that was sent, with what it said.

It is a campaign like any other: its text may be changed, its lanes sign it, and one copy goes to a
person. What it says otherwise than the first one is shown to whoever signs.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.actions import campaigns, contents, enclosures, releases
from campaigns.models import Campaign, LaneText, Release
from campaigns.models.followups import readers_of
from campaigns.rules import differences as rules
from campaigns.rules.blocks import WRITTEN
from campaigns.rules.differences import Line
from crm.actions import audit
from crm.actions.errors import IllegalTransition, Refused
from crm.models import Alliance, User

Rule = Campaign.FollowRule


@dataclass(frozen=True)
class Difference:
    """One part of the text that says something else than the first campaign did."""

    language: str
    part: str
    """`subject`, `preheader`, `text`, or `plain`: the text part, where it is written by hand."""
    lines: list[Line]


def may_follow(campaign: Campaign) -> bool:
    """Whether it was sent and has ended, so that nobody of it is still to be written to."""
    return campaign.status in Campaign.ENDED and campaign.content_version_id is not None


def counts(campaign: Campaign) -> dict[str, int]:
    """How many people each rule asks for today; some of them may no longer be written to."""
    return {rule.value: readers_of(campaign, rule).count() for rule in Rule}


def draft(*, campaign: Campaign, by: User, rule: str) -> Campaign:
    """A new draft with the texts of one that was sent, for some of its readers.

    While one by the same rule waits to be sent, that one is returned instead.
    """
    if not may_follow(campaign):
        raise IllegalTransition(
            _("This campaign is %(status)s. Write once more when it has been sent.")
            % {"status": campaign.get_status_display()}
        )
    if campaign.is_digest:
        raise IllegalTransition(
            _("What did not arrive of a digest comes with the next one by itself.")
        )
    if campaign.record is not None:
        campaigns.refuse_unfit(campaign.record)
    if not readers_of(campaign, rule).exists():
        raise Refused(_("There is nobody to whom this applies."))
    with transaction.atomic():
        Alliance.objects.select_for_update().get(campaigns=campaign)
        waiting = campaign.followed_by.filter(
            follow_rule=rule, status__in=Campaign.UNSTARTED, reminder=None
        ).first()
        if waiting:
            return waiting
        again = copy(campaign, by=by, rule=rule)
        audit.record(
            by=by, verb="drafted", row=again, detail={"follows": campaign.ref, "rule": rule}
        )
    return again


def copy(campaign: Campaign, *, by: User, rule: str) -> Campaign:
    """A campaign that follows one and says what it says, or would say if it left now.

    Whoever calls it holds the alliance.
    """
    again = _written(campaign, by, rule)
    said = campaign.content_version.texts if campaign.content_version else campaign.texts
    contents.copy(campaign, again, said.values_list("language", flat=True), by=by)
    enclosures.copy(campaign, again)
    releases.complete(again)
    _copy_introductions(campaign, again)
    return again


def _written(campaign: Campaign, by: User, rule: str) -> Campaign:
    """A story of its own: to a copy of the first one's story everybody was written already."""
    first = campaign
    while first.follows is not None:
        first = first.follows
    story, ref = f"campaign:{first.pk}:again:", f"{first.ref[:68]}-again"
    told = Campaign.objects.filter(same_as__startswith=story).count()
    refs = Campaign.objects.filter(ref__startswith=ref).count()
    again = Campaign.objects.create(
        ref=f"{ref}-{refs + 1}" if refs else ref,
        same_as=f"{story}{told + 1}",
        follows=campaign,
        follow_rule=rule,
        kind=campaign.kind,
        purpose=campaign.purpose,
        alliance=campaign.alliance,
        topic=campaign.topic,
        mission=campaign.mission,
        event=campaign.event,
        post=campaign.post,
        title=campaign.title,
        embargo_until=campaign.embargo_until,
        embargo_zone=campaign.embargo_zone,
        audience=campaign.audience,
        timezone=campaign.timezone,
        created_by=by,
    )
    Release.objects.create(campaign=again, cluster=None)
    return again


def _copy_introductions(sent: Campaign, again: Campaign) -> None:
    lanes = {lane.cluster_id: lane for lane in again.releases.all()}
    written = LaneText.objects.filter(release__campaign=sent).select_related("release")
    for text in written.order_by("pk"):
        if lane := lanes.get(text.release.cluster_id):
            text.pk, text.release = None, lane
            text.save()


def differences(campaign: Campaign) -> list[Difference]:
    """What a campaign says otherwise than the one that it follows did, in each language."""
    if campaign.follows is None:
        return []
    before, after = _said_by(campaign.follows), _said_by(campaign)
    return [
        Difference(language, part, rules.compare(old, new))
        for language in sorted({*before, *after})
        for part, old, new in _parts(before.get(language), after.get(language), language)
        if old != new
    ]


def _said_by(campaign: Campaign) -> Mapping[str, Any]:
    if campaign.content_version:
        return {text.language: text for text in campaign.content_version.texts.all()}
    return contents.resolved(campaign, ready_only=False)


def _parts(before: Any, after: Any, language: str) -> Iterator[tuple[str, list[str], list[str]]]:
    for part in ("subject", "preheader"):
        old, new = ([getattr(text, part)] if text else [] for text in (before, after))
        yield part, old, new
    old, new = (_lines(text.blocks, language) if text else [] for text in (before, after))
    yield "text", old, new
    old, new = (text.plain.splitlines() if text else [] for text in (before, after))
    yield "plain", old, new


def _lines(blocks: list[dict[str, Any]], language: str) -> list[str]:
    """What is written as it is written; what comes from the record as the text part says it."""
    with translation.override(language):
        said = [line for block in blocks for line in _said(block)]
    return [line.strip() for line in said if line.strip()]


def _said(block: dict[str, Any]) -> Iterator[str]:
    if block["kind"] in WRITTEN:
        yield from block.get("paragraphs", ())
        yield from (str(block[name]) for name in WRITTEN[block["kind"]] if block.get(name))
    else:
        text = render_to_string(f"emails/blocks/{block['kind']}.txt", {"block": block})
        yield from unescape(text).splitlines()
