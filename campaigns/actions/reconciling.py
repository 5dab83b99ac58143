"""What two people wrote of one text at the same time, brought together or shown to one of them."""

from dataclasses import replace

from django.utils.translation import gettext as _

from campaigns.actions import revisions
from campaigns.mail.records import Block
from campaigns.models import Campaign, ContentText
from campaigns.rules import blocks as rules
from campaigns.rules.reconcile import Outcome, Written, reconcile
from crm.actions.errors import Refused, Stale


class Conflict(Stale):
    """Two people changed the same words: what both wrote, brought together for one to choose."""

    def __init__(self, sentence: str, outcome: Outcome, version: int) -> None:
        super().__init__(sentence)
        self.outcome, self.version = outcome, version


def identified(
    campaign: Campaign, text: ContentText, blocks: list[Block], *, seen: int | None
) -> list[Block]:
    """With ids like the same blocks of other languages, but not those somebody else just took."""
    others = campaign.texts.exclude(language=text.language).order_by("pk")
    like = [block for other in others for block in other.blocks]
    if seen is not None and seen != text.version:
        began = {block.get("id") for block in _base(text, seen).blocks}
        if None in began:  # from before blocks had ids
            like = [*text.blocks, *like]
        else:
            new = {block.get("id") for block in text.blocks} - began
            like = [block for block in like if block.get("id") not in new]
    return rules.identified(blocks, like=like)


def _base(text: ContentText, seen: int) -> Written:
    return revisions.written(revisions.of(text.campaign, text.language).filter(number=seen).first())


def together(text: ContentText, said: Written, *, seen: int) -> Outcome:
    base = _base(text, seen)
    if any("id" not in block for block in base.blocks):
        like = [*said.blocks, *text.blocks]
        base = replace(base, blocks=rules.identified(base.blocks, like=like))
    return reconcile(base, said, revisions.written(text))


def refusal(outcome: Outcome, text: ContentText, who: str) -> Refused | None:
    """Why what two people wrote does not simply stand in one text."""
    if outcome.conflicts:
        sentence = _(
            "%(who)s changed the same words since you opened this text. Both are shown below: "
            "put them together as they should be, and save again."
        )
        return Conflict(sentence % {"who": who}, outcome, text.version)
    try:
        rules.check(outcome.written.blocks)
    except rules.InvalidBlock as problem:
        return Refused(problem.said(_))
    return None


def who_saved(text: ContentText) -> str:
    row = revisions.of(text.campaign, text.language).filter(number=text.version).first()
    return str(row.by) if row and row.by else _("Somebody else")
