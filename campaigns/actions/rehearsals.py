"""Dry runs: asked for by a page, held by a worker, good for a while or until something changes."""

import datetime as dt
import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from typing import Any

from django.db import connection, transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils import timezone

from campaigns.actions import contents, freezing
from campaigns.mail.compiled import Press
from campaigns.mail.compose import CannotCompose
from campaigns.mail.readers import Reader
from campaigns.mail.rehearsing import JUDGED, Found, Tally
from campaigns.models import Campaign, LaneText, Rehearsal, Release, Trim
from campaigns.models.judgement import judge
from campaigns.models.rehearsals import RehearsalQuerySet
from crm.actions.errors import Refused
from crm.models import ContactPoint, Participation
from crm.rules.conditions import InvalidCondition

FRESH = dt.timedelta(minutes=10)  # then other people may be asked for, or may have been mended
AT_ONCE = 500  # readers that are read at once
TRIES = 2  # to hold one, before it is said that it cannot be held

log = logging.getLogger(__name__)


class _Quiet(Press):
    """Says nothing about a campaign of which only a dry run is held."""

    def _say(self, why: str) -> None:
        pass


# --- asking


def ask(campaign: Campaign) -> None:
    """Have a worker hold one, unless one of the same state was just held or is waited for.

    Of a campaign under way it is one of the lanes that have not begun.
    """
    if campaign.status in Campaign.ENDED or not campaign.releases.unbegun().exists():
        return
    now = digest(campaign)
    kept = Rehearsal.objects.filter(campaign=campaign, digest=now).first()
    if now and not (kept and (kept.done_at is None or is_fresh(kept))):
        wanted = {"asked_at": Now(), "began_at": None, "done_at": None, "tries": 0}
        Rehearsal.objects.update_or_create(campaign=campaign, defaults={"digest": now, **wanted})


def is_fresh(kept: Rehearsal) -> bool:
    """Whether it was done, and lately."""
    return kept.done_at is not None and kept.done_at > timezone.now() - FRESH


def digest(campaign: Campaign) -> str:
    """Of what the mails say and who sends them; "" where nothing could be sent as it is.

    Not of the people, of whom there are too many: for them a dry run is only good for a while. Nor
    of signatures, which change no mail; but of which lanes are left.
    """
    assert campaign.alliance
    try:
        said = contents.digest(campaign)
    except Refused:
        return ""
    today = timezone.localdate()
    lanes = campaign.releases.unbegun().order_by("pk")
    absent = lanes.filter(status__in=Release.ABSENT)
    senders = list(lanes.values_list("pk", "cluster", "cluster__version"))
    coordinating = Participation.objects.valid_on(today).filter(
        alliance=campaign.alliance_id, role=Participation.Role.COORDINATOR
    )
    coordinator = coordinating.values_list("cluster", "cluster__version").first() or (None, None)
    clusters = {cluster for _lane, cluster, _version in senders} | {coordinator[0]}
    desks = ContactPoint.objects.filter(cluster__in=clusters - {None}).desks_on(
        today, campaign.mission_id, media=campaign.is_for_press
    )
    disclaimer = campaign.alliance.disclaimers.filter(during__contains=today).first()
    texts = LaneText.objects.filter(release__in=lanes).order_by("release", "language")
    trims = Trim.objects.filter(release__in=lanes).order_by("release", "person")
    audience = campaign.audience
    whole = [
        said,
        list(texts.values_list("release", "language", "text")),
        list(trims.values_list("release", "person", "added")),
        [audience.include, audience.exclude] if audience else [],
        senders,
        list(absent.values_list("pk", flat=True)),
        coordinator,
        sorted([desk.pk, str(desk), desk.email, desk.phone] for desk in desks.values()),
        disclaimer.texts if disclaimer else {},
        campaign.alliance.version,
    ]
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


# --- holding


def is_due() -> bool:
    return Rehearsal.objects.due().exists()


def work_due(stop: Callable[[], bool] = lambda: False) -> int:
    """Hold those that were asked for. Safe to run twice and at once: one process holds each."""
    held = 0
    while not stop() and (kept := _claim()):
        try:
            held += _work(kept, stop)
        except Exception:
            # Tried once more when its lease is over; the others do not wait for it.
            log.exception("The rehearsal of campaign %s failed.", kept.campaign_id)
            if kept.tries >= TRIES:
                _settle(kept, None)
    return held


def _claim() -> Rehearsal | None:
    """The next one, taken by a short statement: nobody who asks meanwhile waits for it."""
    with transaction.atomic():
        due = Rehearsal.objects.due().select_for_update(skip_locked=True, of=("self",))
        kept = due.first()
        if kept is None:
            return None
        kept.tries += 1
        Rehearsal.objects.filter(pk=kept.pk).update(tries=kept.tries, began_at=Now())
    return kept


def _mine(kept: Rehearsal) -> RehearsalQuerySet:
    """It, unless somebody wanted one of another state meanwhile or took it over."""
    return Rehearsal.objects.filter(pk=kept.pk, digest=kept.digest, tries=kept.tries, done_at=None)


def _settle(kept: Rehearsal, found: dict[int, dict[str, Any]] | None) -> int:
    return _mine(kept).update(done_at=Now(), found=found)


def _work(kept: Rehearsal, stop: Callable[[], bool]) -> int:
    if kept.tries > TRIES:  # whoever held it died of it
        log.error("The rehearsal of campaign %s was begun too often.", kept.campaign_id)
        return _settle(kept, None)
    now = digest(kept.campaign)
    if not _mine(kept).update(digest=now):
        return 0
    kept.digest = now
    found = hold(
        kept.campaign, goes_on=lambda: not stop() and _mine(kept).update(began_at=Now()) == 1
    )
    if found is None:
        _mine(kept).update(began_at=None, tries=F("tries") - 1)
        return 0
    return _settle(kept, {lane: asdict(told) for lane, told in found.items()})


def hold(
    campaign: Campaign, *, goes_on: Callable[[], bool] = lambda: True
) -> dict[int, Found] | None:
    """Write the mail of every reader as things stand. Returns what was found, by lane.

    None: it had to end before. Nothing found where no mail can be written at all, of which the
    checks of text, audience and senders tell.
    """
    try:
        texts = None if campaign.content_version_id else contents.resolved(campaign)
        tally = Tally(_Quiet(campaign, texts))
        for readers in _readers(campaign, posts=tally.press.names_posts):
            if not goes_on():
                return None
            tally.write(readers)
    except (Refused, InvalidCondition, CannotCompose):
        return {}
    return tally.result()


def _readers(campaign: Campaign, *, posts: bool) -> Iterator[Iterable[Reader]]:
    """Everybody who would get it now, some at a time."""
    lanes = list(campaign.releases.unbegun().select_related("cluster"))
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
            yield [Reader(*row) for row in rows]
