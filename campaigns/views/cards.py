"""What a campaign's page shows: its lanes as cards, its numbers, and what this viewer may do."""

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from campaigns.actions import (
    audiences,
    deadlines,
    desk,
    following,
    overview,
    quiet,
    reports,
)
from campaigns.actions.findings import Finding
from campaigns.actions.ledger import Lane, most_frequent
from campaigns.actions.overview import Overview
from campaigns.mail import links, records
from campaigns.models import Campaign, Delivery, Release
from campaigns.models.followups import waits_for_its_call
from campaigns.models.trials import trial_of
from crm.models import Person, SavedView, User
from crm.models.codes import language_name
from crm.models.texts import in_language

S, Status = Release.Status, Campaign.Status
DAYS = 3  # of them that are said, before the rest is a number
NAMED = 20  # people by name before the rest is a number
RATE_OVER = 5  # seconds
SOON = dt.timedelta(minutes=15)
TAKEN_WITHIN = dt.timedelta(seconds=15)  # where worker, scheduler and broker run, it takes two


@dataclass(frozen=True)
class Viewing:
    """Who looks at a campaign: what they may do, and which lanes they read wholly."""

    edits: bool
    reads_all: bool
    own: frozenset[int]
    """Lanes of the viewer's own clusters."""
    signs: frozenset[int]
    """Lanes the viewer may sign."""

    def reads(self, release: Release | None) -> bool:
        return self.reads_all or (release is not None and release.pk in self.own)

    @property
    def acts(self) -> bool:
        return self.edits or bool(self.signs)


def viewing(user: User, campaign: Campaign) -> Viewing:
    scope = user.scope
    mine = campaign.releases.filter(cluster__in=scope.clusters)
    return Viewing(
        edits=Campaign.objects.editable_by(user).filter(pk=campaign.pk).exists(),
        reads_all=scope.admin or campaign.alliance_id in scope.reads_alliances,
        own=frozenset(mine.values_list("pk", flat=True)),
        signs=frozenset(
            Release.objects.editable_by(user).filter(campaign=campaign).values_list("pk", flat=True)
        ),
    )


def title(campaign: Campaign) -> str:
    """The subject as the viewer would read it, without merge fields worth a second look."""
    texts = {text.language: text.subject for text in campaign.texts.all()}
    return in_language(texts, (get_language() or "en",)) or str(campaign)


def narrowed(seen: Overview, view: Viewing) -> Overview:
    """The part of a campaign whose numbers the viewer may know."""
    return replace(seen, lanes=[lane for lane in seen.lanes if view.reads(lane.release)])


def audience(seen: Overview, view: Viewing) -> dict[str, Any]:
    """Who will get it: of the whole campaign, or of the viewer's own lanes."""
    mine = narrowed(seen, view).lanes
    total = overview.summed(mine)
    return {
        "of_own_lanes": not view.reads_all,
        "lanes": [lane.release.name for lane in mine if lane.release],
        "expected": total.expected,
        "left_out": total.excluded.total(),
        "candidates": total.candidates,
        "reasons": reasons(total),
        "again": again(total),
        "languages": languages(total),
    }


def audience_name(campaign: Campaign, user: User) -> str:
    """What it asks for, for whom may know how a colleague calls it."""
    if campaign.follows_id:
        return str(campaign.get_follow_rule_display())
    chosen = campaign.audience
    if chosen is None or chosen.chosen_by_id in (None, user.pk):
        return chosen.name if chosen else ""
    views = SavedView.objects.visible_to(user)
    if chosen.view_id and views.filter(pk=chosen.view_id).exists():
        return chosen.name
    return _("people chosen by %(who)s") % {"who": chosen.chosen_by}


def followed(campaign: Campaign, user: User) -> dict[str, Any] | None:
    """The campaign to whose readers this one goes, and to which of them."""
    if campaign.follows is None:
        return None
    first = campaign.follows
    known = Campaign.objects.visible_to(user).filter(pk=first.pk).exists()
    return {
        "title": title(first),
        "url": reverse("campaigns:campaigns-show", args=[first.ref]) if known else "",
        "rule": campaign.get_follow_rule_display(),
    }


def as_of_today(campaign: Campaign) -> str:
    """That the numbers of one that follows another are not who will get it, until it leaves."""
    if campaign.follows is None or campaign.status not in Campaign.UNSTARTED:
        return ""
    if waits_for_its_call(campaign):
        return _(
            "The call has not left. This goes to those of its readers who have not answered by "
            "then; as of today it would be these."
        )
    if campaign.follow_rule == Campaign.FollowRule.UNANSWERED:
        return _("It goes to those who have not answered by then; as of today it would be these.")
    return ""


def own(campaign: Campaign, view: Viewing) -> dict[str, Any]:
    """What a campaign without a record has of its own, and whether the viewer may change it."""
    if campaign.record:
        return {}
    until = campaign.embargo_until
    unsent = campaign.content_version_id is None and campaign.status not in Campaign.ENDED
    return {
        "enclosures": [
            {"row": row, "url": links.enclosure(row)} for row in campaign.enclosures.all()
        ],
        "embargo": until and records.moment_said(until, campaign.embargo_zone, _language()),
        "may_change": view.edits and unsent,
    }


def tried(campaign: Campaign) -> dict[str, Any]:
    """Where two subjects are tried: the second of each language, and for what the rest waits."""
    trial = trial_of(campaign)
    if trial is None:
        return {}
    waits = not trial.chosen and campaign.status not in Campaign.ENDED
    return {
        "subjects": [*trial.subjects.items()],
        "chosen": trial.get_chosen_display() if trial.chosen else "",
        "waits": waits and campaign.started_at is not None,
        "ends_at": trial.ends_at if waits else None,
        "share": trial.share,
    }


def _language() -> str:
    return get_language() or "en"


def reasons(lane: Lane) -> list[dict[str, Any]]:
    """Why people are left out, the most frequent first, with the words a viewer may read."""
    words: dict[str, dict[str, Any]] = {}
    for reason, count in most_frequent(lane.excluded):
        word = reports.reason_words(reason)
        row = words.setdefault(word, {"label": word, "count": 0, "reason": reason})
        row["count"] += count
        if reason == reports.Reason.ALREADY_WRITTEN:
            row["reason"] = reason
    for row in words.values():
        if row["reason"] == reports.Reason.IN_ANOTHER_LANE:
            row["reason"] = reports.Reason.ALREADY_WRITTEN.value
    return [*words.values()]


def again(lane: Lane) -> list[str]:
    """How many of those who were written to too often may be written to from which day."""
    days = sorted(lane.again.items())
    said = [
        ngettext(
            "%(n)s person may be written to from %(day)s",
            "%(n)s people may be written to from %(day)s",
            count,
        )
        % {"n": count, "day": date_format(day, "DATE_FORMAT")}
        for day, count in days[:DAYS]
    ]
    if later := sum(count for _day, count in days[DAYS:]):
        said.append(_("%(n)s later") % {"n": later})
    return said


def languages(lane: Lane) -> list[dict[str, Any]]:
    return [
        {"code": code, "name": language_name(code), "count": count}
        for code, count in most_frequent(lane.languages)
    ]


def ledger_bar(lane: Lane) -> dict[str, int]:
    return {
        "accepted": lane.accepted,
        "failed": lane.failed,
        "undecided": lane.undecided,
        "suppressed": lane.stopped,
        "left": lane.left,
        "total": lane.expected,
    }


def lanes(seen: Overview, view: Viewing) -> list[dict[str, Any]]:
    return [lane(row, row.release, view) for row in seen.lanes if row.release]


def lane(row: Lane, release: Release, view: Viewing) -> dict[str, Any]:
    """One lane's card: numbers and words only of lanes that the viewer reads."""
    whole = view.reads(release)
    frozen = release.frozen_at is not None
    signing = release.pk in view.signs and not frozen and release.status in (
        S.WAITING, S.HELD, S.RELEASED, S.DECLINED,
    )  # fmt: skip
    return {
        "name": release.name,
        "url": _on("show", release) if whole else "",
        "state": release.status,
        "count": row.expected if whole else None,
        "region": _count_label(release),
        "quote": _quote(release) if whole else "",
        "detail": _detail(release) if whole else "",
        "until": _until(release) if whole else "",
        "sleeps": _sleeps(release) if whole else "",
        "stopped_by": release.stopped_by if whole else "",
        "ledger": ledger_bar(row) if frozen and whole else None,
        "languages": languages(row) if whole else [],
        "left_out": row.excluded.total() if whole else 0,
        "people_url": _people_url(release) if whole else "",
        "release_url": _on("release", release) if signing and release.status != S.RELEASED else "",
        "hold_url": _on("hold", release) if signing and release.status != S.HELD else "",
        "decline_url": _on("decline", release) if signing and release.status != S.DECLINED else "",
        "introduce_url": _on("introduce", release) if signing else "",
        "remind_url": _on("remind", release) if _may_remind(release, view) else "",
    }


def _may_remind(release: Release, view: Viewing) -> bool:
    open_one = release.campaign.status not in Campaign.ENDED and release.freeze_began_at is None
    return view.edits and open_one and release.status in Release.UNDECIDED


def _people_url(release: Release) -> str:
    people = reverse("campaigns:reports-people", args=[release.campaign.ref])
    return f"{people}?lane={release.pk}"


def _on(view: str, release: Release) -> str:
    return reverse(f"campaigns:releases-{view}", args=[release.campaign.ref, release.pk])


def _count_label(release: Release) -> str:
    if release.cluster:
        return _("readers in %(region)s") % {"region": release.cluster.region}
    return _("readers without a cluster of their own")


def _quote(release: Release) -> str:
    if release.note:
        return release.note
    texts = {text.language: text.text for text in release.texts.all()}
    return in_language(texts, (get_language() or "en",)) if texts else ""


def _detail(release: Release) -> str:
    who = str(release.decided_by or _("the command line"))
    when = (
        date_format(timezone.localtime(release.decided_at), "SHORT_DATETIME_FORMAT")
        if release.decided_at
        else ""
    )
    names = {"who": who, "when": when}
    if release.decided_by_date and release.status in _BY_DATE:
        return str(_BY_DATE[release.status]) % names
    if release.status == S.WAITING and release.asked_again:
        return str(release.get_asked_again_display())
    if release.status in _UNSIGNED:
        return str(_UNSIGNED[release.status]) % names
    return _("Signed by %(who)s, %(when)s.") % names if when else ""


_UNSIGNED = {
    S.HELD.value: _lazy("Held by %(who)s, %(when)s. The others are not affected."),
    S.DECLINED.value: _lazy("Declined by %(who)s, %(when)s. Its readers get no copy elsewhere."),
    S.LAPSED.value: _lazy("The campaign ended before this lane was signed."),
    S.WAITING.value: _lazy("A late lane waits alone: the others go without it."),
}
_BY_DATE = {
    S.RELEASED.value: _lazy("Released by its date, %(when)s."),
    S.DECLINED.value: _lazy("Declined by its date, %(when)s. Its readers get no copy elsewhere."),
}


def _until(release: Release) -> str:
    """A date that has not come yet, and what follows without a word or can be taken back."""
    if release.undo_until and release.leaves_soon:
        when = quiet.said(release.undo_until, release.timezone)
        words = {"when": f"{when} ({release.timezone})"}
        return _("Nothing of it leaves before %(when)s; until then it can be held.") % words
    if release.by_at is None or release.passed_at or release.status not in Release.UNDECIDED:
        return ""
    when = deadlines.said(release)
    if release.status == S.HELD:
        return _("Wanted until %(when)s; on hold, it stays so.") % {"when": when}
    return deadlines.what_follows(release.campaign) % {"when": when}


def _sleeps(release: Release) -> str:
    """Until when nothing of it leaves, because it is night in its region."""
    until = release.sleeps_until
    if until is None or release.status != S.SENDING or until < timezone.now():
        return ""
    if release.campaign.status in Campaign.ENDED:
        return ""
    names = {"when": quiet.said(until, release.timezone)}
    if release.cluster is None:
        return _("It sleeps until %(when)s.") % names
    return _("%(region)s sleeps until %(when)s.") % {"region": release.cluster.region, **names}


def since(
    found: audiences.Since, release: Release, view: Viewing, user: User
) -> list[dict[str, Any]]:
    """Who came and who went since a signature, by reason; names only in one's own lane."""
    kinds = (
        (_("get it now"), found.added, _("were not asked for")),
        (_("no longer get it"), found.left, _("are no longer asked for")),
    )
    people = Person.objects.visible_to(user).order_by("name_folded", "pk")
    if not user.scope.admin:
        own = user.scope.clusters if release.pk in view.own else ()
        people = people.filter(cluster__in=own)
    rows = []
    for label, changed, unasked in kinds:
        for reason in sorted({why or 0 for why in changed.values()}):
            alike = [pk for pk, why in changed.items() if (why or 0) == reason]
            named = people.filter(pk__in=alike)
            rows.append(
                {
                    "label": label,
                    "why": reports.reason_words(reason) if reason else unasked,
                    "count": len(alike),
                    "people": list(named[:NAMED]),
                    "more": max(named.count() - NAMED, 0),
                }
            )
    return rows


def progress(campaign: Campaign, seen: Overview, view: Viewing) -> dict[str, Any]:
    """The ledger of what was started, its pace, and whether the page should ask again."""
    started = narrowed(seen, view).frozen
    rate = _rate(campaign, view) if campaign.status == Status.SENDING else 0
    return {
        "ledger": ledger_bar(started) if started.expected else None,
        "undecided": started.undecided,
        "to_decide": bool(started.undecided)
        and desk.is_waited_for(campaign, None if view.reads_all else view.own),
        "failed": started.failed,
        "rate": rate,
        "seconds_left": round(started.left / rate) if rate and started.left else None,
        "waits_for": [
            lane.release.name
            for lane in seen.lanes
            if lane.release and lane.release.status in (S.WAITING, S.HELD)
        ],
        "live": _asked_every(campaign),
        "leaves_soon": _leaves_in(campaign) is not None,
        "minutes_left": (_leaves_in(campaign) or dt.timedelta()) // dt.timedelta(minutes=1),
        "untaken": not rate and _is_untaken(campaign, seen),
    }


def _leaves_in(campaign: Campaign) -> dt.timedelta | None:
    """How long it can still be taken back, where it leaves soon."""
    if campaign.status != Status.SCHEDULED or campaign.send_at is None:
        return None
    left = campaign.send_at - timezone.now()
    return left if dt.timedelta() < left < SOON else None


def _asked_every(campaign: Campaign) -> str:
    """How often the page asks again, for htmx; "" where nothing moves."""
    if _is_live(campaign):
        return "1500ms"
    return "" if _leaves_in(campaign) is None else "20s"


def _is_live(campaign: Campaign) -> bool:
    if campaign.status == Status.SCHEDULED and campaign.send_at:
        return bool(campaign.send_at < timezone.now() + dt.timedelta(minutes=1))
    return campaign.status == Status.SENDING


def _is_untaken(campaign: Campaign, seen: Overview) -> bool:
    """Whether mails could have left a while ago, and nobody has taken them."""
    if campaign.status == Status.SCHEDULED:
        signed = any(lane.release and lane.release.status == S.RELEASED for lane in seen.lanes)
        held = not signed  # it waits for the first signature
    else:
        held = bool(campaign.trouble)  # and the page says so
    live = _is_live(campaign)
    return live and not held and following.nobody_works(campaign, since=TAKEN_WITHIN)


def _rate(campaign: Campaign, view: Viewing) -> int:
    """Mails a second, lately, of the lanes that the viewer reads."""
    since = timezone.now() - dt.timedelta(seconds=RATE_OVER)
    settled = Delivery.objects.filter(campaign=campaign, settled_at__gt=since)
    if not view.reads_all:
        settled = settled.filter(release__in=view.own)
    return round(settled.count() / RATE_OVER)


def finding(campaign: Campaign, found: Finding, edits: bool) -> dict[str, Any]:
    """A finding with its badge, and the page where this viewer can mend it."""
    tone, word = {
        "block": ("stop", _("stops it")),
        "warn": ("wait", _("to mend")),
        "could-not-check": ("open", _("could not check")),
        "ok": ("ok", _("in order")),
    }[found.level]
    may = edits or found.about in ("footer", "introduction")  # which its own region mends
    url = _mend_url(campaign, found) if may and found.about else ""
    return {"tone": tone, "word": word, "sentence": found.sentence, "url": url}


def record_url(campaign: Campaign) -> str:
    """The page of what the campaign is about, or of the alliance that speaks without a record."""
    if campaign.mission:
        return reverse("crm:missions-show", args=[campaign.mission.slug])
    if campaign.event:
        return reverse("crm:events-show", args=[campaign.event.slug])
    if campaign.post:
        return reverse("campaigns:posts-show", args=[campaign.post.pk])
    assert campaign.alliance
    return reverse("crm:alliances-show", args=[campaign.alliance.slug])


def _mend_url(campaign: Campaign, found: Finding) -> str:
    alliance = campaign.alliance.slug if campaign.alliance else ""
    pages = {
        "text": ("campaigns:texts-edit", campaign.ref, found.language or "en"),
        "text-part": ("campaigns:text-parts-edit", campaign.ref, found.language or "en"),
        "people": ("campaigns:reports-people", campaign.ref),
        "network": ("crm:network-show",),
        "changes": ("campaigns:records-show", campaign.ref),
        "schedule": ("campaigns:steps-schedule", campaign.ref),
        "size": ("campaigns:checks-let_pass", campaign.ref),
        "embargo": ("campaigns:embargoes-edit", campaign.ref),
        "trial": ("campaigns:trials-edit", campaign.ref),
        "cluster": ("crm:clusters-show", found.row),
        "footer": ("crm:clusters-show", found.row),
        "disclaimer": ("crm:alliances-show", alliance),
        "introduction": ("campaigns:releases-introduce", campaign.ref, found.row),
    }
    if found.about not in pages:
        return record_url(campaign)
    name, *args = pages[found.about]
    return reverse(name, args=args)
