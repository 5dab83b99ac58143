"""Snippets and templates: kept from a draft, changed, put away, and copied into new texts."""

from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.mail.records import Block
from campaigns.models import Campaign, Snippet
from campaigns.rules import blocks as rules
from campaigns.rules import text_parts as plain
from crm.actions import audit
from crm.actions.errors import Refused, Stale
from crm.models import Alliance, User
from crm.models.codes import language_name

MOST = 200
Texts = dict[str, dict[str, Any]]


def keep(
    *,
    campaign: Campaign,
    by: User,
    name: str,
    blocks: Collection[str] | None = None,
    instead_of: Snippet | None = None,
) -> Snippet:
    """Keep blocks of a draft, by their ids, in every language that has them; None: the whole text.

    `instead_of`: what says this from now on in place of what it said; an empty name leaves its.
    """
    texts = _texts(campaign, blocks)
    if not texts:
        raise Refused(_("Choose at least one block to keep."))
    assert campaign.alliance
    with transaction.atomic():
        Alliance.objects.select_for_update(of=("self",), no_key=True).get(pk=campaign.alliance.pk)
        if instead_of is None:
            return _create(campaign, "" if blocks is not None else campaign.kind, name, texts, by)
        row = _held(instead_of)
        if row.alliance_id != campaign.alliance_id or bool(row.kind) != (blocks is None):
            raise Refused(_("“%s” cannot be replaced by this. Keep it under a new name.") % row)
        row.kind = campaign.kind if row.kind else ""
        return _changed(row, name or row.name, texts, by, verb="replaced")


def _create(campaign: Campaign, kind: str, name: str, texts: Texts, by: User) -> Snippet:
    assert campaign.alliance
    if campaign.alliance.snippets.kept().count() >= MOST:
        raise Refused(
            _("%(alliance)s keeps %(n)s snippets and templates already. Archive one first.")
            % {"alliance": campaign.alliance, "n": MOST}
        )
    row = Snippet(alliance=campaign.alliance, kind=kind, name=name.strip(), texts=texts, by=by)
    _check(row)
    row.save()
    audit.record(by=by, verb="kept", row=row, detail={"from": campaign.ref})
    return row


def _texts(campaign: Campaign, blocks: Collection[str] | None) -> Texts:
    """What is kept of each language of a draft."""
    told = {row.language: row for row in campaign.linked.all()}
    found: Texts = {}
    for text in campaign.texts.order_by("language"):
        chosen = [block for block in text.blocks if blocks is None or block.get("id") in blocks]
        if not chosen:
            continue
        found[text.language] = {"blocks": chosen}
        if blocks is None:
            found[text.language] |= {
                "subject": text.subject,
                "preheader": text.preheader,
                "ready": text.ready,
                "name": told[text.language].name or campaign.title,
                "lead": told[text.language].lead,
                "plain": text.plain,
                "plain_from": text.plain_from,
            }
    return found


def edit(*, snippet: Snippet, by: User, name: str, texts: Texts, seen: int) -> Snippet:
    """Another name, other words; texts that used it stay as they are.

    `texts` has the languages and fields that change. Raises Stale where `seen` is an old version.
    """
    with transaction.atomic():
        row = _held(snippet)
        if row.version != seen:
            raise Stale(
                _("Somebody else changed “%s” meanwhile. Copy your words, then open it anew.") % row
            )
        words = {language: {**text, **texts.get(language, {})} for language, text in _of(row)}
        return _changed(row, name, words, by, verb="edited")


def archive(*, snippet: Snippet, by: User) -> None:
    """It is offered no more; what used it stays. Twice is as once."""
    with transaction.atomic():
        row = _held(snippet)
        if row.archived_at is None:
            row.archived_at = timezone.now()
            row.save()
            audit.record(by=by, verb="archived", row=row)


def restore(*, snippet: Snippet, by: User) -> None:
    with transaction.atomic():
        row = _held(snippet)
        if row.archived_at is not None:
            row.archived_at = None
            _check(row)
            row.save()
            audit.record(by=by, verb="restored", row=row)


def _held(snippet: Snippet) -> Snippet:
    return Snippet.objects.select_for_update(of=("self",)).get(pk=snippet.pk)


def _of(snippet: Snippet) -> list[tuple[str, dict[str, Any]]]:
    return list(snippet.texts.items())


def _changed(row: Snippet, name: str, texts: Texts, by: User, *, verb: str) -> Snippet:
    row.name, row.texts, row.by, row.at = name.strip(), texts, by, timezone.now()
    row.version += 1
    _check(row)
    row.save()
    audit.record(by=by, verb=verb, row=row)
    return row


def _check(row: Snippet) -> None:
    """Refuse what could not be used, or not be told from another one."""
    if not row.name:
        raise Refused(_("Give it a name."))
    others = Snippet.objects.kept().filter(alliance=row.alliance_id, name=row.name)
    if row.archived_at is None and others.exclude(pk=row.pk).exists():
        raise Refused(_("Something called “%s” is kept already. Choose another name.") % row.name)
    for language, text in _of(row):
        try:
            if row.kind and not text["subject"].strip():
                raise Refused(_("Write a subject."))
            rules.check(text["blocks"])
            plain.check(text.get("plain", ""), {block["kind"] for block in text["blocks"]})
        except (rules.InvalidBlock, Refused) as problem:
            said = problem.said(_) if isinstance(problem, rules.InvalidBlock) else str(problem)
            raise Refused(f"{language_name(language)}: {said}") from problem


# --- using them


def refuse_foreign(template: Snippet, alliance: Alliance, kind: str) -> None:
    """Raise Refused for a template of others, or of another kind of campaign."""
    if (template.alliance_id, template.kind) != (alliance.pk, kind):
        raise Refused(
            _("“%(template)s” is no template of %(alliance)s for this. Choose another one.")
            % {"template": template, "alliance": alliance}
        )


def copies(snippet: Snippet, language: str) -> list[Block]:
    """Its blocks in a language, for a text where each gets an id of its own."""
    text: Mapping[str, Any] = snippet.texts.get(language, {})
    return [
        {key: value for key, value in block.items() if key != "id"}
        for block in text.get("blocks", ())
    ]
