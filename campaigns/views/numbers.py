"""The numbers of a campaign's report with their words: as tables, as bars, as rows of a file."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from campaigns.actions import tallies
from campaigns.actions.tallies import Tallies, Tally
from campaigns.models import Campaign, Delivery, Release
from crm.models import Answer
from crm.models.answers import EVENT_ANSWERS, MISSION_ANSWERS
from crm.models.codes import language_name
from crm.rules.tables import Value

Named = list[tuple[str, Tally]]
ALWAYS = 4  # mails, accepted, failed and undecided are told even where there are none


def parts(campaign: Campaign, lanes: Mapping[int, Release], found: Tallies) -> list[dict[str, Any]]:
    """The report's two halves: by lane, and by language."""
    of_lanes, of_languages = tallies.by_lane(found), tallies.by_language(found)
    named_lanes = [(lane.name, of_lanes[pk]) for pk, lane in lanes.items() if pk in of_lanes]
    languages = sorted(
        ((language_name(code), tally) for code, tally in of_languages.items()),
        key=lambda named: named[0],
    )
    return [
        _part(campaign, _("Lane by lane"), _("Lane"), named_lanes),
        _part(campaign, _("Language by language"), _("Language"), languages),
    ]


def of_subjects(campaign: Campaign, found: Mapping[int, Tally]) -> dict[str, Any]:
    """Where two subjects were tried: the report's third part."""
    named = [(str(Delivery.Subject(which).label), found[which]) for which in sorted(found)]
    return _part(campaign, _("Subject by subject"), _("Subject"), named)


def rows(campaign: Campaign, lanes: Mapping[int, Release], found: Tallies) -> Iterator[list[Value]]:
    """The header, then a row for each lane and language."""
    yield [_("Lane"), _("Language"), *(label for label, _n in _numbers(campaign, Tally()))]
    for pk, lane in lanes.items():
        for language in sorted(code for release, code in found if release == pk):
            told = _numbers(campaign, found[pk, language])
            yield [lane.name, language, *(n for _label, n in told)]


def _part(campaign: Campaign, title: str, label: str, named: Named) -> dict[str, Any]:
    """One table with its bars: how many of the accepted mails were answered, bounced or left."""
    total = tallies.summed(tally for _name, tally in named)
    summed = _numbers(campaign, total)
    # What is nil everywhere takes room from what is not.
    shown = [n for n, (_label, count) in enumerate(summed) if count or n < ALWAYS]
    plots = [
        (_("Answered"), "answered"),
        (_("Bounced"), "bounced"),
        (_("Unsubscribed by this mail"), "left"),
    ]

    def of_shown(tally: Tally) -> list[tuple[str, int]]:
        told = _numbers(campaign, tally)
        return [told[n] for n in shown]

    return {
        "title": title,
        "label": label,
        "rows": [(name, of_shown(tally)) for name, tally in named],
        "sum": of_shown(total) if len(named) > 1 else None,
        "plots": [
            (words, [bar(name, getattr(tally, fact), tally.accepted) for name, tally in named])
            for words, fact in plots
            if getattr(total, fact) or (fact == "answered" and campaign.is_answered)
        ],
    }


def bar(name: str, count: int, of: int) -> dict[str, Any]:
    """One bar of a plot: its part of the whole, with the numbers in words."""
    words = _("%(n)s of %(all)s") % {"n": count, "all": of}
    share = round(100 * count / of) if of else None
    return {"name": name, "count": count, "of": of, "words": words, "share": share}


def _numbers(campaign: Campaign, tally: Tally) -> list[tuple[str, int]]:
    """Each number with its word."""
    values: tuple[Answer.Value, ...] = ()
    if campaign.is_answered:
        values = EVENT_ANSWERS if campaign.event_id else MISSION_ANSWERS
    return [
        (_("mails"), tally.mails),
        (_("accepted"), tally.accepted),
        (_("failed"), tally.failed),
        (_("undecided"), tally.undecided),
        (_("delivered"), tally.delivered),
        (_("bounced"), tally.bounced),
        (_("marked as spam"), tally.complained),
        (_("unsubscribed"), tally.left),
        *((str(value.label), tally.answers[value]) for value in values),
    ]
