"""What a campaign says: drafts filled from the record, and pinned versions of them."""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from campaigns.actions import images, linking, reconciling, revisions
from campaigns.mail.compose import Text
from campaigns.mail.dates import Date
from campaigns.mail.records import Block, filled
from campaigns.mail.text_parts import derived
from campaigns.models import (
    Campaign,
    ContentRevision,
    ContentText,
    ContentVersion,
    Post,
    Snippet,
    VersionText,
)
from campaigns.models.trials import trial_of
from campaigns.rules import blocks as rules
from campaigns.rules.reconcile import Written
from crm.actions import audit
from crm.actions.errors import IllegalTransition, Refused
from crm.models import Event, Mission, User
from crm.rules.texts import LANGUAGES


def draft_from_record(campaign: Campaign, *, by: User | None) -> None:
    """Fill the draft from its mission, event or post, in every language that is written in."""
    record, now = campaign.record or campaign.post, timezone.now()
    assert record is not None, "a draft without a record is begun"
    names, leads = record.names, record.leads
    model: list[Block] = []  # the same block has the same id in every language
    for language in LANGUAGES:
        if not (names.get(language) and leads.get(language)):
            continue
        with translation.override(language):
            subject, blocks = _outline(record, names[language], leads[language])
            if isinstance(record, Post):
                blocks[2:2] = _first_picture(record, language)
        blocks = model = rules.identified(blocks, like=model)
        text = campaign.texts.filter(language=language).first() or ContentText(
            campaign=campaign, language=language
        )
        text.subject, text.preheader = subject[:200], leads[language].split("\n")[0][:140]
        text.blocks, text.ready = blocks, True
        revisions.write(text, by=by, why=ContentRevision.Why.DRAFTED, at=now)
    linking.take(campaign, campaign.texts.values_list("language", flat=True), by=by)


def fill_from_template(campaign: Campaign, template: Snippet, *, by: User | None) -> None:
    """Let a new draft say what a template says, in the template's languages.

    Where that spoke of the record or by the title it was kept from, it does so of this one. What no
    person has put into words for this record is not ready: a language in which only one of the two
    is written, and all that has no record.
    """
    linking.take(campaign, template.texts, by=by, again=False)
    told = {row.language: row for row in campaign.linked.all()}
    drafts = {text.language: text for text in campaign.texts.all()}
    for language, kept in template.texts.items():
        text = drafts.pop(language, None)
        ready = text is not None and text.ready
        text = text or ContentText(campaign=campaign, language=language)
        text.subject, text.preheader = kept["subject"], kept["preheader"]
        text.blocks, text.ready = kept["blocks"], kept["ready"] and ready
        now = told[language]
        words = {kept["name"]: now.name or campaign.title, kept["lead"]: now.lead}
        _fill_plain(text, kept, words)
        up_to_date = text.plain and text.plain_from == derived(text.blocks, language)
        linking.reword(text, words)
        if up_to_date:
            text.plain_from = derived(text.blocks, language)
        revisions.write(text, by=by, why=ContentRevision.Why.TEMPLATE)
    for text in drafts.values():
        text.ready = False
        revisions.write(text, by=by, why=ContentRevision.Why.TEMPLATE)


def _fill_plain(text: ContentText, kept: Mapping[str, Any], words: Mapping[str, str]) -> None:
    """The template's text part, if it has one, with these words for those of the old record."""
    text.plain, text.plain_from = kept.get("plain", ""), kept.get("plain_from", "")
    for old, new in words.items():
        if old and old != new:
            for before, after in _as_derived(old, new, text.language):
                text.plain = text.plain.replace(before, after) if before else text.plain


def _as_derived(old: str, new: str, language: str) -> Iterator[tuple[str, str]]:
    """Words as a heading has them in a text part, as a paragraph has them, and as they stand."""
    for kind in ("heading", "text"):
        before, after = (derived([{"kind": kind, "text": each}], language) for each in (old, new))
        yield before, after
    yield old, new


def _outline(record: Mission | Event | Post, heading: str, lead: str) -> tuple[str, list[Block]]:
    """The subject and the blocks with which a draft about it begins."""
    if isinstance(record, Mission):
        return _("%(name)s: apply now") % {"name": heading}, _call(heading, lead)
    if isinstance(record, Event):
        return _("Invitation: %(name)s") % {"name": heading}, _invitation(heading, lead)
    return heading, _news(heading, lead)


def _first_picture(post: Post, language: str) -> list[Block]:
    text = next((text for text in post.ready_texts() if text.language == language), None)
    return [
        {"kind": "image", "image": shown.name, "alt": shown.alt, "caption": "", "url": ""}
        for shown in (text.pictures if text else [])[:1]
    ]


def _call(heading: str, lead: str) -> list[Block]:
    return [
        {"kind": "heading", "text": heading},
        {"kind": "introduction"},
        {"kind": "text", "text": lead},
        {"kind": "facts"},
        {"kind": "answers", "readers": ["member"]},
        {"kind": "external", "readers": ["outside", "public"]},
        {"kind": "deadlines", "readers": ["member"]},
        {"kind": "programme"},
        {"kind": "documents"},
        {"kind": "contact"},
    ]


def _invitation(heading: str, lead: str) -> list[Block]:
    return [
        {"kind": "heading", "text": heading},
        {"kind": "introduction"},
        {"kind": "text", "text": lead},
        {"kind": "event_details"},
        {"kind": "answers"},
        {"kind": "programme"},
        {"kind": "documents"},
        {"kind": "contact"},
    ]


def begin(campaign: Campaign, language: str, *, by: User | None) -> None:
    """The draft of a campaign without a record, to be written: its title, and all that is linked.

    Not ready before somebody has written it and said so.
    """
    with translation.override(language):
        subject = campaign.title
        if campaign.is_for_press:
            subject = _("Press release: %(title)s") % {"title": campaign.title}
    text = ContentText(campaign=campaign, language=language, subject=subject[:200], ready=False)
    text.blocks = rules.identified(
        _release(campaign) if campaign.is_for_press else _news(campaign.title)
    )
    revisions.write(text, by=by, why=ContentRevision.Why.DRAFTED)
    linking.take(campaign, [language], by=by)


def _release(campaign: Campaign) -> list[Block]:
    return [
        {"kind": "heading", "text": campaign.title},
        {"kind": "embargo"},
        {"kind": "introduction"},
        {"kind": "text", "text": ""},
        {"kind": "documents"},
        {"kind": "boilerplate"},
        {"kind": "contact"},
    ]


def _news(heading: str, lead: str = "") -> list[Block]:
    return [
        {"kind": "heading", "text": heading},
        {"kind": "introduction"},
        {"kind": "text", "text": lead},
        {"kind": "documents"},
        {"kind": "contact"},
    ]


def copy(said: Campaign, to: Campaign, languages: Iterable[str], *, by: User) -> None:
    """Let a new draft say what another campaign says, with what that took from its record."""
    for told in said.linked.filter(language__in=languages).order_by("pk"):
        told.pk, told.campaign = None, to
        told.save()
    for text in said.texts.filter(language__in=languages).order_by("pk"):
        text.pk, text.campaign, text.version = None, to, 0
        revisions.write(text, by=by, why=ContentRevision.Why.COPIED)


@dataclass(frozen=True)
class Saved:
    text: ContentText
    beside: str
    """Who saved meanwhile, if what they wrote and what was saved now both stand in the text."""


def edit(
    *,
    campaign: Campaign,
    language: str,
    subject: str,
    preheader: str,
    blocks: list[Block],
    ready: bool,
    seen: int | None = None,
    by: User | None = None,
) -> Saved:
    """Replace the draft in one language. Raises Refused with the first thing to mend.

    `seen` is the version that the writer began from. Where it is not the latest, what both wrote
    is brought together. Where both wrote the same words anew, that is a `reconciling.Conflict`:
    nothing is saved, but what the writer brought is kept aside. A lane that was released signed
    another text, so it waits for its signature again.
    """
    try:
        rules.check(blocks)
    except rules.InvalidBlock as problem:
        raise Refused(problem.said(_)) from problem
    blocks = images.measured(blocks, campaign.alliance)
    if not subject.strip():
        raise Refused(_("Write a subject."))
    refusal, beside = None, ""
    with transaction.atomic():
        hold(campaign)
        text = campaign.texts.filter(language=language).first() or ContentText(
            campaign=campaign, language=language
        )
        said = Written(
            " ".join(subject.split()),
            " ".join(preheader.split()),
            ready,
            reconciling.identified(campaign, text, blocks, seen=seen),
        )
        if seen is not None and seen != text.version:
            revisions.put_aside(text, said, base=seen, by=by)
            beside = reconciling.who_saved(text)
            outcome = reconciling.together(text, said, seen=seen)
            said, refusal = outcome.written, reconciling.refusal(outcome, text, beside)
        if refusal is None:
            _write(text, said, by=by, why=ContentRevision.Why.SAVED)
    if refusal is not None:
        raise refusal  # after what was brought is kept
    return Saved(text, beside)


def restore(*, campaign: Campaign, language: str, number: int, by: User) -> ContentText:
    """Let the draft say what an earlier version said; that is a version of its own."""
    row = revisions.of(campaign, language).filter(number=number).first()
    if row is None:
        raise Refused(_("This version is not kept any more."))
    try:
        rules.check(row.blocks)
    except rules.InvalidBlock as problem:
        raise Refused(problem.said(_)) from problem
    if not row.subject.strip():
        raise Refused(_("This version has no subject. Open it in the editor and write one."))
    blocks = images.measured(row.blocks, campaign.alliance)
    with transaction.atomic():
        hold(campaign)
        text = campaign.texts.filter(language=language).first() or ContentText(
            campaign=campaign, language=language, ready=False
        )
        said = Written(
            row.subject,
            row.preheader,
            text.ready,
            reconciling.identified(campaign, text, blocks, seen=text.version),
        )
        same = (row.plain, row.plain_from) == (text.plain, text.plain_from)
        if text.pk and same and said == revisions.written(text):
            raise Refused(_("The text says this already."))
        text.plain, text.plain_from = row.plain, row.plain_from
        _write(text, said, by=by, why=ContentRevision.Why.RESTORED, anew=True)
        audit.record(by=by, verb="restored", row=text)
    return text


def hold(campaign: Campaign) -> Campaign:
    """The campaign as it is now; for this transaction nobody else writes what it says.

    Refused once that is being sent.
    """
    held = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
    if held.content_version_id:
        raise IllegalTransition(
            _("This text is already being sent. Make a new campaign for another text.")
        )
    return held


def _write(
    text: ContentText,
    said: Written,
    *,
    by: User | None,
    why: ContentRevision.Why,
    anew: bool = False,
) -> None:
    """Where the text says it already, nothing happens: no signature is taken back."""
    if anew or text.pk is None or said != revisions.written(text):
        text.subject, text.preheader = said.subject, said.preheader
        text.blocks, text.ready = said.blocks, said.ready
        revisions.write(text, by=by, why=why)
        text.campaign.releases.ask_again()
    linking.take(text.campaign, [text.language], by=None, again=False)


def resolved(campaign: Campaign, *, ready_only: bool = True) -> dict[str, Text]:
    """The draft's texts, with everything linked as the draft took it over from its record.

    Raises Refused where the record lacked what the call needs.
    """
    linked = {row.language: row for row in campaign.linked.all()}
    trial = trial_of(campaign)
    seconds = trial.subjects if trial else {}
    texts = {}
    for draft in sorted(campaign.texts.all(), key=lambda text: text.language):
        if ready_only and not draft.ready:
            continue
        told = linked[draft.language]
        if isinstance(campaign.record, Mission) and _lacks_programme(draft.blocks, told.parts):
            raise Refused(
                _(
                    "“%(record)s” has no published programme. Publish one on its page, "
                    "or remove the programme block from the text."
                )
                % {"record": campaign.record}
            )
        blocks = [
            content for block in draft.blocks if (content := filled(block, told.parts)) is not None
        ]
        texts[draft.language] = Text(
            draft.language,
            draft.subject,
            draft.preheader,
            blocks,
            told.dates,
            plain=draft.plain,
            second_subject=seconds.get(draft.language, ""),
        )
    if not texts:
        raise Refused(_("No language is ready. Write a text in at least one language."))
    return texts


def _lacks_programme(blocks: list[Block], told: Mapping[str, Block | None]) -> bool:
    asked = any(block["kind"] == "programme" for block in blocks)
    return asked and told.get("programme") is None


def dates_of(campaign: Campaign) -> list[list[Date]]:
    """The calendar entries that go with each text: pinned ones, else as the draft took them."""
    version = campaign.content_version
    rows = (
        version.texts.all()
        if version
        else campaign.linked.filter(
            language__in=campaign.texts.filter(ready=True).values("language")
        )
    )
    return [row.dates for row in rows]


def digest(campaign: Campaign) -> str:
    """Of what every lane signs: the pinned version, else what the draft says now."""
    version = campaign.content_version
    return version.sha256 if version else _digest(resolved(campaign))


def is_said(campaign: Campaign, signed: ContentVersion | None) -> bool:
    """Whether what was signed is what would be sent now."""
    return signed is not None and signed.sha256 == digest(campaign)


def pin(campaign: Campaign) -> ContentVersion:
    """The version that says what the draft says now; the same content is the same version."""
    return keep(campaign, resolved(campaign))


def keep(campaign: Campaign, texts: Mapping[str, Text]) -> ContentVersion:
    """The version that says this; the same content is the same version."""
    said = _digest(texts)
    with transaction.atomic():
        Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        latest = campaign.content_versions.order_by("-n").first()
        if latest and latest.sha256 == said:
            return latest
        version = ContentVersion.objects.create(
            campaign=campaign, n=latest.n + 1 if latest else 1, sha256=said
        )
        VersionText.objects.bulk_create(
            VersionText(
                version=version,
                language=text.language,
                subject=text.subject,
                second_subject=text.second_subject,
                preheader=text.preheader,
                blocks=text.blocks,
                dates=text.dates,
                plain=text.plain,
            )
            for text in texts.values()
        )
    return version


def _digest(texts: Mapping[str, Text]) -> str:
    def plain(text: Text) -> dict[str, Any]:
        return {
            "subject": text.subject,
            "preheader": text.preheader,
            "blocks": text.blocks,
            "dates": text.dates,
            **({"plain": text.plain} if text.plain else {}),  # signed before there was one
            # Versions from before two were tried have no such word, and stay what they were.
            **({"second_subject": text.second_subject} if text.second_subject else {}),
        }

    whole = {language: plain(text) for language, text in texts.items()}
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()
