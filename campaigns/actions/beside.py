"""The languages of a draft beside each other, while one of them is written."""

from campaigns.actions import revisions
from campaigns.actions.mixing import head
from campaigns.models import Campaign, ContentRevision
from campaigns.rules.beside import Block, State, changed_since


def changed(campaign: Campaign, language: str, other: str) -> dict[str, tuple[Block, Block]]:
    """What `other` says otherwise since the same was last written in `language`: (then, now).

    Blocks by their id, subject and preview line by their name; as far back as versions are kept.
    """
    return changed_since(_states(campaign, language), _states(campaign, other))


def _states(campaign: Campaign, language: str) -> list[State]:
    rows = revisions.of(campaign, language).exclude(why__in=ContentRevision.NOT_SAVED)
    return [
        (row.at, {block["id"]: block for block in [*head(row), *row.blocks] if "id" in block})
        for row in rows.only("at", "subject", "preheader", "blocks").order_by("number")
    ]
