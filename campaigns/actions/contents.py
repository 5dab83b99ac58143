"""What a campaign says: drafts filled from the record, and pinned versions of them."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from campaigns.mail.compose import Text
from campaigns.mail.records import Block, filled
from campaigns.models import Campaign, ContentText, ContentVersion, Release, VersionText
from campaigns.rules import blocks as rules
from crm.actions.errors import IllegalTransition, Refused, Stale
from crm.models import Event, Mission
from crm.models.texts import in_language
from crm.rules.texts import LANGUAGES


def draft_from_record(campaign: Campaign) -> None:
    """Fill the draft from its mission or event, in every language the record is written in."""
    record = record_of(campaign)
    for language in LANGUAGES:
        if not (record.names.get(language) and record.leads.get(language)):
            continue
        with translation.override(language):
            heading = in_language(record.names, (language,))
            if isinstance(record, Mission):
                subject = _("%(name)s: apply now") % {"name": heading}
                blocks = _call(heading, record.leads[language])
            else:
                subject = _("Invitation: %(name)s") % {"name": heading}
                blocks = _invitation(heading, record.leads[language])
        ContentText.objects.update_or_create(
            campaign=campaign,
            language=language,
            defaults={
                "subject": subject,
                "preheader": record.leads[language].split("\n")[0][:140],
                "blocks": blocks,
                "ready": True,
            },
        )


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


def record_of(campaign: Campaign) -> Mission | Event:
    record = campaign.mission or campaign.event
    assert record is not None, "mailings are about a mission or an event"
    return record


def edit(
    *,
    campaign: Campaign,
    language: str,
    subject: str,
    preheader: str,
    blocks: list[Block],
    ready: bool,
    seen: str | None = None,
) -> ContentText:
    """Replace the draft in one language. Raises Refused with the first thing to mend.

    `seen` is the fingerprint of the draft the writer began from. A lane that was released signed
    another text, so it waits for its signature again.
    """
    if campaign.content_version_id:
        raise IllegalTransition(
            _("This text is already being sent. Make a new campaign for another text.")
        )
    try:
        rules.check(blocks)
    except rules.InvalidBlock as problem:
        raise Refused(str(problem)) from problem
    if not subject.strip():
        raise Refused(_("Write a subject."))
    with transaction.atomic():
        Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        draft = ContentText.objects.filter(campaign=campaign, language=language).first()
        if seen is not None and seen != fingerprint(draft):
            raise Stale(
                _(
                    "Somebody else changed this text since you opened it. "
                    "Copy what you wrote, open the page again and write it there."
                )
            )
        text, _created = ContentText.objects.update_or_create(
            campaign=campaign,
            language=language,
            defaults={
                "subject": " ".join(subject.split()),
                "preheader": " ".join(preheader.split()),
                "blocks": blocks,
                "ready": ready,
            },
        )
        campaign.releases.filter(status=Release.Status.RELEASED).update(
            status=Release.Status.WAITING, signed_version=None
        )
    return text


def fingerprint(draft: ContentText | None) -> str:
    """Changes whenever the draft does."""
    if draft is None:
        return ""
    whole = [draft.subject, draft.preheader, draft.blocks, draft.ready]
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()[:16]


def resolved(campaign: Campaign, *, ready_only: bool = True) -> dict[str, Text]:
    """The draft's texts, with everything linked filled from the records as they are now.

    Raises Refused where a record lacks what the call needs.
    """
    record = record_of(campaign)
    texts = {}
    drafts = campaign.texts.order_by("language")
    for draft in drafts.filter(ready=True) if ready_only else drafts:
        try:
            blocks = [
                content
                for block in draft.blocks
                if (content := filled(block, record, draft.language)) is not None
            ]
        except LookupError as missing:
            raise Refused(
                _(
                    "“%(record)s” has no published programme. Publish one on its page, "
                    "or remove the programme block from the text."
                )
                % {"record": record}
            ) from missing
        texts[draft.language] = Text(draft.language, draft.subject, draft.preheader, blocks)
    if not texts:
        raise Refused(_("No language is ready. Write a text in at least one language."))
    return texts


def pin(campaign: Campaign) -> ContentVersion:
    """The version that says what the draft says now; the same content is the same version."""
    texts = resolved(campaign)
    digest = _digest(texts)
    with transaction.atomic():
        Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        latest = campaign.content_versions.order_by("-n").first()
        if latest and latest.sha256 == digest:
            return latest
        version = ContentVersion.objects.create(
            campaign=campaign, n=latest.n + 1 if latest else 1, sha256=digest
        )
        VersionText.objects.bulk_create(
            VersionText(
                version=version,
                language=text.language,
                subject=text.subject,
                preheader=text.preheader,
                blocks=text.blocks,
            )
            for text in texts.values()
        )
    return version


def _digest(texts: Mapping[str, Text]) -> str:
    def plain(text: Text) -> dict[str, Any]:
        return {"subject": text.subject, "preheader": text.preheader, "blocks": text.blocks}

    whole = {language: plain(text) for language, text in texts.items()}
    return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()
