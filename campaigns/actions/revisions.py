"""Every state of a draft's text: kept whenever it is written, and while somebody is at it."""

import datetime as dt
from dataclasses import replace

from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.models import Campaign, ContentRevision, ContentText
from campaigns.rules import blocks as rules
from campaigns.rules.reconcile import Written
from crm.actions.errors import IllegalTransition, Refused
from crm.models import User

Why = ContentRevision.Why

TOGETHER = dt.timedelta(minutes=10)
"""What one person keeps while writing for so long is one revision."""
MOST = 50
_BY_WRITING = (Why.SAVED, Why.RESTORED, *ContentRevision.NOT_SAVED)
"""How somebody says what a text is to be; by all else its words change without that."""


def written(row: ContentText | ContentRevision | None) -> Written:
    if row is None:
        return Written()
    return Written(row.subject, row.preheader, row.ready, row.blocks)


def write(text: ContentText, *, by: User | None, why: Why, at: dt.datetime | None = None) -> None:
    """Save a text as it is now, and keep that. Every change of a text goes through here.

    Whoever calls it holds the campaign, and tells the moment where several languages are written
    at once, so that none of them seems to have changed after the others.
    """
    rows = of(text.campaign, text.language)
    began = text.version
    if text.pk and not rows.filter(number=began).exists():
        stood = ContentText.objects.get(pk=text.pk)  # was written before anything was kept
        then = text.campaign.created_at
        _add(stood, written(stood), number=began, base=began, why=Why.SAVED, by=None, at=then)
    text.version = _next(rows)
    text.save()
    _add(text, written(text), number=text.version, base=began, why=why, by=by, at=at)
    _trim(rows, stands=text.version)


def put_aside(text: ContentText, said: Written, *, base: int, by: User | None) -> ContentRevision:
    """Keep what somebody wants to save over what somebody else saved meanwhile."""
    rows = of(text.campaign, text.language)
    row = _add(text, said, number=_next(rows), base=base, why=Why.ASIDE, by=by)
    _trim(rows, stands=text.version)
    return row


def keep(
    *, campaign: Campaign, language: str, said: Written, base: int, by: User
) -> ContentRevision | None:
    """Keep what somebody is writing, finished or not; the text and its signatures stay.

    None where there is nothing to keep: the text says it already.
    """
    if rules.size(said.blocks) > rules.LARGEST_DRAFT:
        raise Refused(_("This text is too long to be kept. Shorten it or attach a document."))
    with transaction.atomic():
        held = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        text = campaign.texts.filter(language=language).first() or ContentText(
            campaign=campaign, language=language
        )
        if text.pk and _unmeasured(said) == _unmeasured(written(text)):
            return None
        if held.content_version_id:
            raise IllegalTransition(
                _("This text is already being sent. Make a new campaign for another text.")
            )
        rows = of(campaign, language)
        last = rows.filter(by=by).order_by("-number").first()
        if last and last.why == Why.AUTOSAVED and last.began_at > timezone.now() - TOGETHER:
            last.subject, last.preheader = said.subject, said.preheader
            last.blocks, last.ready = said.blocks, said.ready
            last.plain, last.plain_from = text.plain, text.plain_from
            last.base, last.at = base, timezone.now()
            last.save()
            return last
        row = _add(text, said, number=_next(rows), base=base, why=Why.AUTOSAVED, by=by)
        _trim(rows, stands=text.version)
    return row


def _unmeasured(said: Written) -> Written:
    """What a person wrote; the sizes of pictures are added when it is saved."""
    measures = ("width", "height")
    return replace(
        said, blocks=[{k: v for k, v in each.items() if k not in measures} for each in said.blocks]
    )


def unsaved(
    campaign: Campaign, language: str, text: ContentText | None, *, by: User
) -> ContentRevision | None:
    """What somebody wrote last and never saved: after a crash, or in a tab that was closed."""
    rows = of(campaign, language).filter(by=by, why__in=_BY_WRITING)
    last = rows.order_by("-number").first()
    if last is None or last.why not in ContentRevision.NOT_SAVED or written(last) == written(text):
        return None
    return last


def of(campaign: Campaign, language: str) -> QuerySet[ContentRevision]:
    return ContentRevision.objects.filter(campaign=campaign, language=language)


def _next(rows: QuerySet[ContentRevision]) -> int:
    return int(rows.aggregate(most=Max("number"))["most"] or 0) + 1


def _add(
    text: ContentText,
    said: Written,
    *,
    number: int,
    base: int,
    why: Why,
    by: User | None,
    at: dt.datetime | None = None,
) -> ContentRevision:
    moment = at or timezone.now()
    return ContentRevision.objects.create(
        campaign=text.campaign,
        language=text.language,
        number=number,
        base=base,
        subject=said.subject,
        preheader=said.preheader,
        blocks=said.blocks,
        plain=text.plain,
        plain_from=text.plain_from,
        ready=said.ready,
        why=why,
        by=by,
        began_at=moment,
        at=moment,
    )


def _trim(rows: QuerySet[ContentRevision], *, stands: int) -> None:
    """The last fifty stay, and the one that stands in the text."""
    kept = rows.order_by("-number").values_list("number", flat=True)[:MOST]
    oldest = min(kept, default=0)
    rows.filter(number__lt=oldest).exclude(number=stands).delete()
