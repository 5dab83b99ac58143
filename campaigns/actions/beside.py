"""The languages of a draft beside each other, while one of them is written."""

from campaigns.actions.mixing import head
from campaigns.models import Campaign, ContentRevision
from campaigns.rules.beside import Block, State, changed_since


def changed(campaign: Campaign, language: str, other: str) -> dict[str, tuple[Block, Block]]:
    """What `other` says otherwise since the same was last written in `language`: (then, now).

    Blocks by their id, subject and preview line by their name; as far back as versions are kept.
    """
    states: dict[str, list[State]] = {language: [], other: []}
    rows = ContentRevision.objects.filter(campaign=campaign, language__in=states)
    rows = rows.exclude(why__in=ContentRevision.NOT_SAVED).order_by("number")
    for row in rows.only("language", "at", "subject", "preheader", "blocks"):
        said = {block["id"]: block for block in [*head(row), *row.blocks] if "id" in block}
        states[row.language].append((row.at, said))
    return changed_since(states[language], states[other])
