"""Dry runs: asked for by a page, held by a worker, good until something they are of changes."""

import hashlib
import json
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.actions import contents, freezing, sizes
from campaigns.actions.findings import Finding, Level, language_said
from campaigns.mail.compiled import Press
from campaigns.mail.compose import CannotCompose
from campaigns.mail.readers import Reader
from campaigns.mail.rehearsing import JUDGED, Rehearsal, Result
from campaigns.models import Campaign, LaneText, Release, Trim
from campaigns.models import Rehearsal as Kept
from campaigns.models.judgement import judge
from crm.actions.errors import Refused
from crm.rules.conditions import InvalidCondition

ABSENT = (Release.Status.DECLINED, Release.Status.LAPSED)
AT_ONCE = 500  # readers that are read at once


class _Quiet(Press):
    """Says nothing about a campaign of which only a dry run is held."""

    def _say(self, why: str) -> None:
        pass


def ask(campaign: Campaign) -> None:
    """Have a worker hold one, unless one of the same state was held or is waited for."""
    if campaign.status not in Campaign.UNSTARTED:
        return
    now = digest(campaign)
    if now and not Kept.objects.filter(campaign=campaign, digest=now).exists():
        Kept.objects.update_or_create(
            campaign=campaign, defaults={"digest": now, "asked_at": Now(), "done_at": None}
        )


def digest(campaign: Campaign) -> str:
    """Of what the mails say and whom they are for; "" where nothing could be sent as it is."""
    try:
        said = contents.digest(campaign)
    except Refused:
        return ""
    lanes = campaign.releases.order_by("pk")
    texts = LaneText.objects.filter(release__in=lanes).order_by("release", "language")
    trims = Trim.objects.filter(release__in=lanes).order_by("release", "person")
    senders = lanes.exclude(cluster=None).values_list("pk", "cluster__version")
    audience = campaign.audience
    whole = [
        said,
        list(texts.values_list("release", "language", "text")),
        list(trims.values_list("release", "person")),
        [audience.include, audience.exclude] if audience else [],
        list(senders),
    ]
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def is_due() -> bool:
    return Kept.objects.due().exists()


def work_due(stop: Callable[[], bool] = lambda: False) -> int:
    """Hold those that were asked for. Safe to run twice and at once: one process holds each."""
    held = 0
    while not stop():
        with transaction.atomic():
            kept = Kept.objects.due().select_for_update(skip_locked=True, of=("self",)).first()
            if kept is None:
                break
            about = digest(kept.campaign)
            result = hold(kept.campaign)
            Kept.objects.filter(pk=kept.pk).update(
                digest=about,
                done_at=Now(),
                readers=result.readers,
                problems=result.problems,
                sizes=result.sizes,
            )
            held += 1
    return held


def hold(campaign: Campaign) -> Result:
    """Write the mail of every reader as things stand, and say what was wrong with them."""
    try:
        texts = None if campaign.content_version_id else contents.resolved(campaign)
        rehearsal = Rehearsal(_Quiet(campaign, texts))
        rehearsal.write(_readers(campaign, posts=rehearsal.press.names_posts))
    except (Refused, InvalidCondition, CannotCompose) as problem:
        return Result(0, [("refused", {"why": str(problem)[:200], "n": 0})])
    return rehearsal.result()


def _readers(campaign: Campaign, *, posts: bool) -> Iterator[Reader]:
    """Everybody who would get it now, some at a time."""
    lanes = list(campaign.releases.exclude(status__in=ABSENT).select_related("cluster"))
    desks = [freezing.resolve_desk(campaign, lane) for lane in lanes]
    judgement = judge(campaign)
    values: dict[str, Any] = {
        "campaign": campaign.pk,
        "lanes": [lane.pk for lane in lanes],
        "desks": [desk.pk if desk else None for desk in desks],
        "posts": posts,
    }
    with connection.chunked_cursor() as cursor:
        cursor.execute(judgement.sql + JUDGED, {**judgement.params, **values})
        while rows := cursor.fetchmany(AT_ONCE):
            yield from (Reader(*row) for row in rows)


def findings(campaign: Campaign) -> Iterator[Finding]:
    """What the last dry run says; it says nothing while another one is wanted."""
    now = digest(campaign)
    if campaign.status not in Campaign.UNSTARTED or not now:
        return
    kept = Kept.objects.filter(campaign=campaign).first()
    if kept is None or kept.done_at is None or kept.digest != now:
        sentence = _(
            "The mail of every reader is being written once, to see that nothing is missing."
        )
        asked = kept is not None and kept.done_at is None
        yield Finding(Level.UNKNOWN, sentence, waits=asked)
        return
    for code, values in kept.problems:
        yield _finding(code, values)
    if kept.sizes:
        language, size = max(kept.sizes.items(), key=lambda item: int(item[1]))
        if (found := sizes.finding(campaign, language, int(size))).level == Level.BLOCK:
            yield found
    if not kept.problems:
        at = date_format(timezone.localtime(kept.done_at), "SHORT_DATETIME_FORMAT")
        words = ngettext(
            "The mail of %(n)s reader was written once, and lacks nothing (%(at)s).",
            "The mails of all %(n)s readers were written once, and none lacks anything (%(at)s).",
            kept.readers,
        )
        yield Finding(Level.OK, words % {"n": kept.readers, "at": at})


def _finding(code: str, values: dict[str, object]) -> Finding:
    language = str(values.get("language", ""))
    words = {**values, "language": language_said(language) if language else ""}
    number = int(str(values.get("n", 0)))
    match code:
        case "empty":
            said = ngettext(
                "In %(language)s, {%(name)s} is empty in the mail of %(n)s reader. "
                "Write {%(name)s|colleague}, for instance.",
                "In %(language)s, {%(name)s} is empty in the mails of %(n)s readers. "
                "Write {%(name)s|colleague}, for instance.",
                number,
            )
        case "refused":
            said = ngettext(
                "%(n)s mail cannot be written: %(why)s",
                "%(n)s mails cannot be written: %(why)s",
                number,
            )
        case "no-way-to-leave":
            said = _("The mail in %(language)s does not say in both parts how to unsubscribe.")
        case "no-postal-address":
            said = _("The mail in %(language)s has no postal address in both parts.")
        case "no-description":
            said = _("The mail in %(language)s has a picture without a description.")
        case _:
            said = _("The text part in %(language)s lacks a link that the mail has.")
    about = "network" if code == "no-postal-address" else "text"
    return Finding(Level.BLOCK, said % words, about, language)


def sizes_of(campaign: Campaign) -> list[int]:
    """What the last dry run measured, whatever changed since."""
    kept = Kept.objects.filter(campaign=campaign).first()
    return [int(size) for size in kept.sizes.values()] if kept else []
