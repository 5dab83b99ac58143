"""What a campaign says that is about no record: its embargo, its files, and who its alliance is."""

import datetime as dt
from collections.abc import Iterable

from campaigns.mail import links
from campaigns.mail.records import Block, Order, moment_said, paragraphs, said
from campaigns.models import Campaign, Enclosure
from crm.models import Alliance


def parts(campaign: Campaign, language: str, then: Iterable[str] = ()) -> dict[str, Block | None]:
    """What each linked block says today, by its kind; None where there is nothing to say.

    What is not written in this language is told in the first of `then` in which it is.
    """
    order = (language, *then)
    told = {"documents": documents(campaign.enclosures.all(), order)}
    if not campaign.is_for_press:
        return told
    assert campaign.alliance
    return {
        "embargo": embargo(campaign.embargo_until, campaign.embargo_zone, language),
        "boilerplate": boilerplate(campaign.alliance, order),
        **told,
    }


def embargo(until: dt.datetime | None, zone: str, language: str) -> Block:
    """From when on it may be printed; the reader's own clock is added per reader."""
    if until is None:
        return {"kind": "embargo", "at": ""}
    return {
        "kind": "embargo",
        "at": until.astimezone(dt.UTC).isoformat(),
        "timezone": zone,
        "until": moment_said(until, zone, language),
    }


def boilerplate(alliance: Alliance, order: Order) -> Block | None:
    text = said("text", alliance.boilerplate, order)
    about = paragraphs(text.pop("text"))
    name = alliance.name
    return {"kind": "boilerplate", "name": name, "paragraphs": about, **text} if about else None


def documents(rows: Iterable[Enclosure], order: Order) -> Block | None:
    """Files in the reader's language and those of no language; of others, with their language."""
    told = [
        {
            **_title(row, order),
            "url": links.enclosure(row),
            "note": "" if row.language in ("", order[0]) else row.language.upper(),
        }
        for row in rows
    ]
    return {"kind": "documents", "rows": told} if told else None


def _title(row: Enclosure, order: Order) -> dict[str, str]:
    title = said("title", row.titles, order)
    return title if title["title"] else {"title": row.name}
