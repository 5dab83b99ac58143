"""The text part of a mail: derived from the blocks, or written by hand and kept with them."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from campaigns.actions import contents, reconciling, revisions
from campaigns.actions.findings import Finding, Level
from campaigns.mail.text_parts import derived
from campaigns.models import Campaign, ContentRevision, ContentText
from campaigns.rules import text_parts as rules
from campaigns.rules.blocks import InvalidBlock
from campaigns.rules.differences import Line, compare
from crm.actions.errors import Refused, Stale
from crm.models import User
from crm.models.codes import language_name


@dataclass(frozen=True)
class Part:
    """What a draft's text part says in one language, with places and merge fields unfilled."""

    words: str
    derived: str
    by_hand: bool
    since: list[Line]
    """What the blocks say otherwise since it was written by hand: it may be out of date."""


def of(text: ContentText) -> Part:
    now = derived(text.blocks, text.language)
    if not text.plain:
        return Part(now, now, by_hand=False, since=[])
    return Part(text.plain, now, by_hand=True, since=_between(text.plain_from, now))


def meanwhile(text: ContentText, seen: int) -> list[Line]:
    """What the text part says otherwise than in the version that somebody began from."""
    row = revisions.of(text.campaign, text.language).filter(number=seen).first()
    if row is None:
        return []  # too long ago
    return _between(row.plain or derived(row.blocks, row.language), of(text).words)


def _between(then: str, now: str) -> list[Line]:
    """By paragraphs: a word more breaks all lines behind it anew."""
    return compare(then.split("\n\n"), now.split("\n\n"))


def findings(campaign: Campaign) -> Iterator[Finding]:
    """Text parts that were written by hand before the blocks changed."""
    if campaign.content_version_id:
        return
    for text in campaign.texts.exclude(plain="").order_by("language"):
        if of(text).since:
            words = _(
                "In %(language)s, the text changed since its text part was written by hand. "
                "Look at what changed."
            )
            yield Finding(
                Level.WARN,
                words % {"language": language_name(text.language)},
                "text-part",
                text.language,
            )


def write(*, campaign: Campaign, language: str, words: str, seen: int, by: User) -> ContentText:
    """Let the text part say this; what is derived anyway is not kept as written by hand.

    Raises Stale where the text is no longer the version that was seen: what it says otherwise is
    to be looked at first. Lanes that signed another text part wait for their signatures again.
    """
    words = rules.tidied(words)
    if not words:
        raise Refused(_("Write the text part, or derive it again."))
    with transaction.atomic():
        contents.hold(campaign)
        text = _of(campaign, language)
        if text.version != seen:
            raise Stale(
                _(
                    "%(who)s changed this text since you opened it. Look at what it says "
                    "otherwise, then save once more: what you wrote is still here."
                )
                % {"who": reconciling.who_saved(text)}
            )
        try:
            rules.check(words, {block["kind"] for block in text.blocks})
        except InvalidBlock as problem:
            raise Refused(problem.said(_)) from problem
        now = derived(text.blocks, language)
        _write(text, "" if words == now else words, now, by)
    return text


def derive(*, campaign: Campaign, language: str, by: User) -> ContentText:
    """Let the blocks say it again. Twice is as once; what was written stays among the versions."""
    with transaction.atomic():
        contents.hold(campaign)
        text = _of(campaign, language)
        _write(text, "", "", by)
    return text


def _of(campaign: Campaign, language: str) -> ContentText:
    text = campaign.texts.filter(language=language).first()
    if text is None:
        raise Refused(_("There is no text in this language yet. Write it first."))
    return text


def _write(text: ContentText, words: str, now: str, by: User) -> None:
    before = text.plain, text.plain_from
    text.plain, text.plain_from = words, now if words else ""
    if (text.plain, text.plain_from) == before:
        return
    revisions.write(text, by=by, why=ContentRevision.Why.TEXT_PART)
    if text.plain != before[0]:
        text.campaign.releases.ask_again()
