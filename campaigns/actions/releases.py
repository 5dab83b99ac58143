"""A lane's sign-off: release, hold, decline. A late lane neither blocks nor leaks the others."""

import datetime as dt
import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, Max, OuterRef
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.actions import audiences, checks, contents, outward, overview
from campaigns.models import Campaign, LaneText, Release, Trim
from campaigns.models.judgement import clusters_of
from campaigns.models.releases import ReleaseQuerySet
from campaigns.models.trials import trial_of
from crm.actions import audit
from crm.actions.errors import IllegalTransition, Refused, Stale
from crm.models import Participation, User
from crm.models.codes import language_name

S = Release.Status
# What `seen_in_each` looks at of the campaign of a lane.
LOOKED_AT = (
    "campaign__audience",
    "campaign__content_version",
    "campaign__mission",
    "campaign__event",
    "campaign__trial",
)


def decide(
    release: Release,
    status: str,
    *,
    by: User | None,
    note: str,
    among: ReleaseQuerySet | None = None,
    verb: str = "",
    **fields: object,
) -> None:
    """Change a lane's state by one statement, where it still is one of `among`, and tell of it.

    Whoever calls it holds the campaign.
    """
    rows = Release.objects.filter(status__in=Release.DECIDABLE) if among is None else among
    rows = rows.filter(pk=release.pk, freeze_began_at=None)
    values = {
        "decided_at": timezone.now(),
        "stopped_by": "",
        "asked_again": "",
        "undo_until": None,
        **fields,
    }
    if rows.update(status=status, decided_by=by, note=note, **values) != 1:
        raise IllegalTransition(
            _("The lane of %(lane)s has already started. Nothing was changed.")
            % {"lane": release.name}
        )
    release.refresh_from_db()
    audit.record(
        by=by, verb=verb or status, row=release, cluster=release.cluster, detail={"note": note}
    )


def complete_open() -> int:
    """Give each cluster that joined since a lane in the mailings that have not started."""
    held_by = Release.objects.filter(
        campaign=OuterRef("alliance__campaigns"), cluster=OuterRef("cluster")
    )
    lacking = (
        Participation.objects.valid_on(timezone.localdate())
        .filter(alliance__campaigns__status__in=Campaign.UNSTARTED)
        .exclude(Exists(held_by))
    )
    campaigns = set(lacking.values_list("alliance__campaigns", flat=True))
    return sum(complete(campaign) for campaign in Campaign.objects.filter(pk__in=campaigns))


def complete(campaign: Campaign) -> int:
    """Lanes for the clusters that lack one, while nothing has started. Returns how many."""
    with transaction.atomic():
        campaign = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        if campaign.status not in Campaign.UNSTARTED:
            return 0
        there = campaign.releases.exclude(cluster=None).values("cluster")
        ahead = campaign.releases.filter(by_at__gt=timezone.now())
        at = ahead.aggregate(at=Max("by_at"))["at"]
        lanes = [
            Release(campaign=campaign, cluster=cluster, by_at=at)
            for cluster in clusters_of(campaign).exclude(pk__in=there)
        ]
        for lane in Release.objects.bulk_create(lanes):
            audit.record(by=None, verb="joined", row=lane, cluster=lane.cluster)
    return len(lanes)


def seen_in(campaign: Campaign, lanes: Iterable[Release]) -> str:
    """A mark of what a signer of these lanes looks at.

    The common text, how two subjects are tried, the introductions, whom the campaign asks for and
    the regions took out, and what was decided so far with its note. Raises Refused where the
    campaign could not be sent as it is.
    """
    return seen_in_each({campaign: lanes})


def seen_in_each(lanes: Mapping[Campaign, Iterable[Release]]) -> str:
    """The same of lanes of several campaigns: their marks in one.

    The lanes are asked for at once. So is what the campaigns say, where they were read with
    `LOOKED_AT`, their texts and what these took from their records.
    """
    numbers = {campaign: {lane.pk for lane in those} for campaign, those in lanes.items()}
    rows = Release.objects.filter(pk__in=set().union(*numbers.values())).order_by("pk")
    texts = LaneText.objects.filter(release__in=rows).order_by("release", "language")
    trims = Trim.objects.filter(release__in=rows).order_by("release", "person")
    told: list[list[tuple[Any, ...]]] = [
        list(rows.values_list("pk", "status", "note")),
        list(texts.values_list("release", "language", "text")),
        list(trims.values_list("release", "person", "added")),
    ]
    return "-".join(
        _mark(campaign, [[row for row in part if row[0] in own] for part in told])
        for campaign, own in numbers.items()
    )


def _mark(campaign: Campaign, told: list[list[tuple[Any, ...]]]) -> str:
    audience, trial = campaign.audience, trial_of(campaign)
    whole = [
        contents.digest(campaign),
        [trial.share, trial.hours, trial.policy] if trial else [],
        *told,
        [audience.include, audience.exclude] if audience else [],
    ]
    said = json.dumps(whole, sort_keys=True)  # jsonb has an order of its own
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def release(
    *,
    release: Release,
    by: User | None,
    note: str = "",
    seen: str | None = None,
    undo: bool = False,
) -> None:
    """Sign a lane for what the content says now. Twice is once.

    With `undo` nothing of it leaves for `UNDO_WINDOW` seconds, in which it can be held; of a draft
    nothing leaves before its schedule, which has such a time of its own.

    `seen` is the mark of what the signer looked at; raises Stale where the lane says something
    else by now. After the campaign's first start every lane signs the version that is being sent.
    Once it is scheduled nobody looks a lane over any more: what stands against it refuses it here.
    """
    against = _against(release.campaign, [release])
    with transaction.atomic():
        campaign = held(release.campaign)
        release.refresh_from_db()
        if release.status == S.RELEASED and contents.is_said(campaign, release.signed_version):
            return
        check_seen(campaign, [release], seen)
        if against and campaign.status != Campaign.Status.DRAFT:
            raise Refused(against[release.pk])
        sign(campaign, release, by=by, note=note, undo=undo)
        audiences.remember(campaign, [release])


def _against(campaign: Campaign, lanes: Collection[Release]) -> dict[int, str]:
    """What keeps lanes from leaving as soon as they are signed, by lane; nothing of a draft."""
    campaign = Campaign.objects.get(pk=campaign.pk)
    if campaign.status == Campaign.Status.DRAFT or campaign.status in Campaign.ENDED:
        return {}
    clusters = [lane.cluster for lane in lanes if lane.cluster]
    outward.ask(campaign, clusters)
    waits = outward.is_awaited(campaign, clusters)
    seen = overview.read(campaign, signing=lanes)
    found = {}
    for row in seen.lanes:
        if row.release and row.release in lanes:
            against = checks.against(seen, row)
            if against or waits:
                found[row.release.pk] = against[0].sentence if against else outward.wait_a_moment()
    return found


def sign(
    campaign: Campaign,
    release: Release,
    *,
    by: User | None,
    note: str,
    undo: bool = False,
    **how: Any,
) -> None:
    """Pin what the campaign says and sign it for a lane; `undo` as for `release`, `how` as for
    `decide`.

    Whoever calls it holds the campaign, and has the audience remembered.
    """
    version = campaign.content_version or contents.pin(campaign)
    if undo and settings.UNDO_WINDOW and campaign.status != Campaign.Status.DRAFT:
        how["undo_until"] = Now() + dt.timedelta(seconds=settings.UNDO_WINDOW)
    decide(release, S.RELEASED, by=by, note=note, signed_version=version, **how)
    # All lanes say the same: who signed an earlier text has not signed this one.
    campaign.releases.exclude(signed_version=version).ask_again()


def held(campaign: Campaign) -> Campaign:
    """The campaign as it is now; whoever changes a text of it waits until this is decided."""
    found = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if found.status in Campaign.ENDED:
        raise IllegalTransition(
            _("This campaign is %(status)s; that step is not possible now.")
            % {"status": found.get_status_display()}
        )
    return found


def check_seen(campaign: Campaign, lanes: Iterable[Release], seen: str | None) -> None:
    if seen is not None and seen != seen_in(campaign, lanes):
        raise Stale(_("This changed since you opened it. Nothing is signed; look at it again."))


def waiting_in(campaign: Campaign) -> list[Release]:
    """The lanes that `release_all` would sign."""
    return list(campaign.releases.filter(status=S.WAITING).select_related("cluster"))


def release_all(
    *,
    campaign: Campaign,
    by: User | None,
    note: str = "",
    seen: str | None = None,
    undo: bool = False,
) -> int:
    """Sign every lane that still waits; held and declined ones stay as their region left them.

    `seen` and `undo` as for one lane, of all that wait. One that the checks would stop keeps no
    other waiting.
    """
    against = _against(campaign, waiting_in(campaign))
    with transaction.atomic():
        campaign = held(campaign)
        waiting = waiting_in(campaign)
        check_seen(campaign, waiting, seen)
        sound = [lane for lane in waiting if lane.pk not in against]
        if waiting and not sound:
            raise Refused(against[waiting[0].pk])
        for lane in sound:
            sign(campaign, lane, by=by, note=note, undo=undo)
        audiences.remember(campaign, sound)
    return len(sound)


def hold(*, release: Release, by: User, note: str) -> None:
    """Stop a lane until its region signs; the others go on."""
    with transaction.atomic():
        held(release.campaign)
        decide(release, S.HELD, by=by, note=note, signed_version=None)


def decline(*, release: Release, by: User, note: str) -> None:
    """This region does not take part; its readers stay its own and get no copy elsewhere."""
    with transaction.atomic():
        held(release.campaign)
        decide(release, S.DECLINED, by=by, note=note, signed_version=None)


def check_open(release: Release, sentence: str) -> None:
    """Raises IllegalTransition with this sentence where the lane is being sent or was."""
    release.refresh_from_db()
    if release.frozen_at or release.freeze_began_at:
        raise IllegalTransition(sentence)


def _beside(theirs: dict[str, str], mine: dict[str, str], seen: dict[str, str]) -> dict[str, str]:
    """What two writers made of one introduction, language by language."""
    both, clashes = {}, {}
    for language in {*theirs, *mine, *seen}:
        stands, written, began = (each.get(language, "") for each in (theirs, mine, seen))
        if began not in (stands, written) and stands != written:
            clashes[language] = stands
        both[language] = stands if written == began else written
    if clashes:
        raise Rewritten(clashes)
    return {language: text for language, text in both.items() if text}


class Rewritten(Stale):
    """Somebody else wrote otherwise meanwhile; `theirs` is what stands there, by language."""

    def __init__(self, theirs: dict[str, str]) -> None:
        names = ", ".join(language_name(language) for language in theirs)
        super().__init__(
            _(
                "Somebody else wrote this meanwhile in %(languages)s. Their words stand above; "
                "take over what you want of them, and save again."
            )
            % {"languages": names}
        )
        self.theirs = theirs


def introduce(
    *, release: Release, by: User, texts: dict[str, str], seen: dict[str, str] | None = None
) -> None:
    """Write the region's own introduction; the lane then waits for its signature again.

    `seen` is what stood there when the writer began: of a language that they left as it was, what
    somebody else wrote meanwhile stays. Raises Rewritten where both changed one.
    """
    if any(len(text) > 4000 for text in texts.values()):
        raise Refused(_("Keep the introduction under 4,000 characters."))
    with transaction.atomic():
        held(release.campaign)
        check_open(release, _("This lane is already being sent; its introduction is fixed."))
        before = {row.language: row.text for row in release.texts.all()}
        after = {language: text.strip() for language, text in texts.items() if text.strip()}
        if seen is not None:
            after = _beside(before, after, seen)
        if before == after:
            return
        release.texts.all().delete()
        LaneText.objects.bulk_create(
            LaneText(release=release, language=language, text=text)
            for language, text in after.items()
        )
        Release.objects.filter(pk=release.pk).ask_again(Release.Why.INTRODUCTION)
        audit.record(by=by, verb="introduced", row=release, cluster=release.cluster)
    release.refresh_from_db()
