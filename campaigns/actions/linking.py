"""What a draft takes over from its record, what the record says differently since, and taking it.

A draft is written from a mission or an event and stays linked to it, but never changes by itself:
whoever signed it signed what is sent. A campaign without a record repeats its alliance's words.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from typing import Any

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from campaigns.actions import overtaken, revisions
from campaigns.mail import own_words, records
from campaigns.mail.dates import Date, asks_for_answers, dates_of, ends_at, starts_at
from campaigns.mail.records import Block
from campaigns.models import Campaign, ContentRevision, ContentText, LinkedContent, Release
from campaigns.rules import differences as rules
from campaigns.rules.differences import Line
from crm.actions import audit
from crm.actions.errors import IllegalTransition, Refused, Stale
from crm.models import User
from crm.models.texts import in_language

Told = dict[str, Any]


@dataclass(frozen=True)
class Difference:
    """One part of the record that says something else since, in one language."""

    language: str
    part: str
    """`name`, `lead`, `dates` (the calendar entries), or the kind of a linked block."""
    lines: list[Line]


def told_by(campaign: Campaign, language: str) -> Told:
    """Everything a campaign's record says to it today, in one language.

    Name and description of one without a record stand in its text alone, or in its post. What is
    not said in this language is said in the alliance's first one that has it. Deadlines that are
    over when the campaign leaves are left out.
    """
    assert campaign.alliance
    record, then = campaign.record, campaign.alliance.languages
    leaves = overtaken.leaves_at(campaign)
    if record is None:
        name = campaign.post.names.get(language, "") if campaign.post else ""
        lead = campaign.post.leads.get(language, "") if campaign.post else ""
        parts = own_words.parts(campaign, language, then)
        return {"name": name, "lead": lead, "parts": parts, "dates": []}
    return {
        "name": in_language(record.names, (language,)),
        "lead": in_language(record.leads, (language,)),
        "parts": records.parts(record, language, then, leaves),
        "dates": dates_of(record, language, then, leaves),
    }


def take(
    campaign: Campaign, languages: Iterable[str], *, by: User | None, again: bool = True
) -> None:
    """Keep what the record says now for these languages; `again`: also where it was taken."""
    there = {} if again else {row.language for row in campaign.linked.all()}
    for language in languages:
        if language not in there:
            LinkedContent.objects.update_or_create(
                campaign=campaign,
                language=language,
                defaults={
                    **told_by(campaign, language),
                    "taken_at": timezone.now(),
                    "taken_by": by,
                },
            )


def take_own(campaign: Campaign, part: str, *, by: User | None) -> None:
    """Let the draft say at once, in all languages, what was changed on the campaign itself."""
    for row in campaign.linked.all():
        row.parts = {**row.parts, part: told_by(campaign, row.language)["parts"][part]}
        row.taken_at, row.taken_by = timezone.now(), by
        row.save(update_fields=["parts", "taken_at", "taken_by"])


def differences(campaign: Campaign) -> list[Difference]:
    """What the record says differently since the draft took it over; nothing once it is sent."""
    if campaign.content_version_id:
        return []
    found = []
    for row in campaign.linked.order_by("language"):
        found += _between(row, told_by(campaign, row.language))
    return found


def _between(row: LinkedContent, now: Told) -> list[Difference]:
    before = {"name": [row.name], "lead": records.paragraphs(row.lead)}
    after = {"name": [now["name"]], "lead": records.paragraphs(now["lead"])}
    before["dates"], after["dates"] = (
        [_entry(date, row.language) for date in dates] for dates in (row.dates, now["dates"])
    )
    for kind, block in now["parts"].items():
        before[kind] = _lines(row.parts.get(kind), row.language)
        after[kind] = _lines(block, row.language)
    return [
        Difference(row.language, part, rules.compare(before[part], after[part]))
        for part in before
        if before[part] != after[part]
    ]


def _entry(date: Date, language: str) -> str:
    """A calendar entry in words: all that a calendar program shows of it."""
    words = [date["summary"]]
    words += [
        records.moment_label(moment, date["timezone"], language)
        for moment in dict.fromkeys((starts_at(date), ends_at(date)))
    ]
    words += [records.zone_label(date["timezone"], language), date.get("location", "")]
    words += ["RSVP"] if asks_for_answers(date) else []
    return ", ".join(word for word in words if word)


def _lines(block: Block | None, language: str) -> list[str]:
    """A linked block as the text part of a mail says it."""
    if block is None:
        return []
    with translation.override(language):
        said = render_to_string(f"emails/blocks/{block['kind']}.txt", {"block": block})
    return [line.strip() for line in unescape(said).splitlines() if line.strip()]


def seen(found: Iterable[Difference]) -> str:
    """A mark that changes with the differences."""
    whole = [[one.language, one.part, one.lines] for one in found]
    return hashlib.sha256(json.dumps(whole).encode()).hexdigest()[:16]


def take_over(*, campaign: Campaign, by: User | None, seen_as: str | None = None) -> list[str]:
    """Let the draft say what the record says now, in all languages; all lanes sign again.

    Linked blocks follow. Name and description were copied into the text: they are replaced where
    nobody changed them since. Returns the languages where somebody did, for a person to look at.
    `seen_as` is the mark of the differences that were looked at.
    """
    with transaction.atomic():
        Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        campaign.refresh_from_db()
        if campaign.content_version_id:
            raise IllegalTransition(
                _("This text is already being sent. Make a new campaign for another text.")
            )
        found = differences(campaign)
        if not found:
            raise Refused(_("The text says what the record says."))
        if seen_as is not None and seen_as != seen(found):
            raise Stale(_("The record changed once more. Look at the difference again."))
        left = _take_everything(campaign, by)
        campaign.releases.ask_again(Release.Why.RECORD)
        parts = sorted({one.part for one in found})
        audit.record(by=by, verb="took over", row=campaign, detail={"parts": parts})
    return left


def _take_everything(campaign: Campaign, by: User | None) -> list[str]:
    before = {row.language: row for row in campaign.linked.all()}
    take(campaign, before, by=by)
    left, moment = [], timezone.now()
    for text in campaign.texts.order_by("language"):
        was, now = before[text.language], campaign.linked.get(language=text.language)
        if not reword(text, {was.name: now.name, was.lead: now.lead}):
            left.append(text.language)
        revisions.write(text, by=by, why=ContentRevision.Why.TAKEN_OVER, at=moment)
    return left


def reword(text: ContentText, words: Mapping[str, str]) -> bool:
    """Put new words in place of the old ones; False where old ones are not there as they were."""
    changed = {old: new for old, new in words.items() if old and old != new}
    blocks: list[Block] = text.blocks
    missing = set(changed)
    for block in blocks:
        if block.get("text") in changed:
            missing.discard(block["text"])
            block["text"] = changed[block["text"]]
    for old, new in changed.items():
        text.subject = text.subject.replace(old, new)[:200]
        if text.preheader == old.split("\n")[0][:140]:
            text.preheader = new.split("\n")[0][:140]
    return not missing
