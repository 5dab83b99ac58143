"""Campaigns beside each other in words: the rows of tables, the plots, the rows of a file."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timesince import timesince
from django.utils.translation import gettext as _

from campaigns.actions.comparisons import Part, Side
from campaigns.models import Campaign
from campaigns.views.numbers import bar
from crm.models.answers import EVENT_ANSWERS, MISSION_ANSWERS
from crm.models.codes import language_name
from crm.rules.tables import Value

ALWAYS = ("mails", "accepted", "undecided", "answered")
"""Told even where there are none; what is nil everywhere takes room from what is not."""
PLOTS = ("answered", "bounced", "left")
Parts = Sequence[Part | None]


@dataclass(frozen=True)
class Cell:
    """A number of one campaign, and of how many it is a part."""

    count: int
    of: int | None = None

    @property
    def share(self) -> int | None:
        return round(100 * self.count / self.of) if self.of else None


@dataclass(frozen=True)
class Row:
    """One number of each campaign; None where it is not known or cannot be."""

    name: str
    label: str
    cells: list[Cell | None]


def names(sides: Iterable[Side]) -> list[str]:
    """What each campaign is called; where two are called the same, with their short names."""
    called = [(str(side.campaign), side.campaign.ref) for side in sides]
    often = Counter(name for name, _ref in called)
    return [f"{name} ({ref})" if often[name] > 1 else name for name, ref in called]


def sections(sides: Sequence[Side]) -> list[dict[str, Any]]:
    """All mails of each campaign, then by lane and by language: each a table with its plots."""
    called = names(sides)
    whole = [side.whole for side in sides]
    plotted = [row for row in _rows(sides, whole) if row.name in PLOTS]
    found: list[dict[str, Any]] = [
        {
            "title": _("Altogether"),
            "plots": [(row.label, _bars(called, row)) for row in plotted],
            "groups": [_group("", _moments(sides), _rows(sides, whole), called)],
        }
    ]
    for title, parts in _parts(sides):
        rows = {name: _rows(sides, each) for name, each in parts.items()}
        found.append(
            {
                "title": title,
                "of_answers": True,
                "plots": [
                    (name, _bars(called, row))
                    for name, each in rows.items()
                    for row in each
                    if row.name == "answered"
                ],
                "groups": [_group(name, [], each, called) for name, each in rows.items()],
            }
        )
    return found


def file_rows(sides: Sequence[Side]) -> Iterator[list[Value]]:
    """The header, then what the page says: beside each number of how many it is a part."""
    header: list[Value] = [_("Part"), _("Lane or language"), _("Number")]
    for name in names(sides):
        header += [name, _("%(name)s: of") % {"name": name}]
    yield header
    whole = _("Altogether")
    for label, moments in _written_moments(sides):
        yield [whole, "", label, *(value for moment in moments for value in (moment, None))]
    for row in _rows(sides, [side.whole for side in sides]):
        yield [whole, "", row.label, *_values(row)]
    for title, parts in _parts(sides):
        for name, each in parts.items():
            for row in _rows(sides, each):
                yield [title, name, row.label, *_values(row)]


def _parts(sides: Sequence[Side]) -> Iterator[tuple[str, dict[str, Parts]]]:
    regions = [side.regions for side in sides]
    languages = [side.languages for side in sides]
    yield _("Lane by lane"), _matched(regions, dict.fromkeys(_all(regions)))
    spoken = sorted((language_name(code), code) for code in {*_all(languages)})
    named = {code: name for name, code in spoken}
    found = _matched(languages, named)
    yield _("Language by language"), {named[code]: parts for code, parts in found.items()}


def _all(of_sides: Iterable[Mapping[str, Part]]) -> Iterator[str]:
    return (key for parts in of_sides for key in parts)


def _matched(of_sides: Sequence[Mapping[str, Part]], keys: Iterable[str]) -> dict[str, Parts]:
    """By each key the part of every campaign; None where it has none. Of nobody nothing is told."""
    found = {key: [parts.get(key) for parts in of_sides] for key in keys}
    return {key: parts for key, parts in found.items() if any(map(_is_anybodys, parts))}


def _is_anybodys(part: Part | None) -> bool:
    return part is not None and bool(part.tally.mails or part.candidates)


def _rows(sides: Sequence[Side], parts: Parts) -> list[Row]:
    """Every number of a part that is known of a campaign and not nil of all."""
    told = [_numbers(side, part) if part else {} for side, part in zip(sides, parts, strict=True)]
    rows = [
        Row(name, label, [numbers.get(name) for numbers in told])
        for name, label in _labels(sides).items()
    ]
    return [row for row in rows if _is_told(row)]


def _is_told(row: Row) -> bool:
    known = [cell for cell in row.cells if cell]
    return bool(known) and (row.name in ALWAYS or any(cell.count for cell in known))


def _labels(sides: Iterable[Side]) -> dict[str, str]:
    answers = {value for side in sides for value in side.answers}
    return {
        "candidates": _("asked for in all"),
        "mails": _("mails"),
        "accepted": _("accepted"),
        "failed": _("failed"),
        "undecided": _("undecided"),
        "delivered": _("delivered, as far as known"),
        "bounced": _("bounced"),
        "complained": _("marked as spam"),
        "left": _("unsubscribed by this mail"),
        "answered": _("answered"),
        **{
            value: str(value.label)
            for value in (*MISSION_ANSWERS, *EVENT_ANSWERS)
            if value in answers
        },
    }


def _numbers(side: Side, part: Part) -> dict[str, Cell]:
    """What is known of these mails, each number with the whole that it is a part of."""
    tally, asked = part.tally, part.candidates
    numbers = {
        "mails": Cell(tally.mails, asked),
        "accepted": Cell(tally.accepted, tally.mails),
        "failed": Cell(tally.failed, tally.mails),
        "undecided": Cell(tally.undecided, tally.mails),
        # A mail that is refused at once bounces, too, and never was accepted.
        "bounced": Cell(tally.bounced, tally.mails),
        "complained": Cell(tally.complained, tally.accepted),
        "left": Cell(tally.left, tally.accepted),
        "answered": Cell(tally.answered, tally.accepted),
    }
    if asked is not None:
        numbers["candidates"] = Cell(asked)
    if tally.delivered:  # many servers never say
        numbers["delivered"] = Cell(tally.delivered, tally.accepted)
    for value in side.answers:
        numbers[value] = Cell(tally.answers[value], tally.accepted)
    return numbers


def _group(
    name: str, moments: list[tuple[str, list[str]]], rows: Iterable[Row], called: list[str]
) -> dict[str, Any]:
    """Each cell with the name of its campaign, which a phone shows beside it."""
    return {
        "name": name,
        "moments": [(label, [*zip(called, said, strict=True)]) for label, said in moments],
        "rows": [(row.label, [*zip(called, row.cells, strict=True)]) for row in rows],
    }


def _bars(called: list[str], row: Row) -> list[dict[str, Any]]:
    return [
        bar(name, cell.count, cell.of or 0)
        for name, cell in zip(called, row.cells, strict=True)
        if cell
    ]


def _values(row: Row) -> Iterator[Value]:
    for cell in row.cells:
        yield cell.count if cell else None
        yield cell.of if cell else None


def _moments(sides: Sequence[Side]) -> list[tuple[str, list[str]]]:
    """When each started and ended, and how long it took."""
    campaigns = [side.campaign for side in sides]
    return [
        (_("started"), [_said(campaign.started_at) for campaign in campaigns]),
        (_("ended"), [_said(campaign.finished_at) for campaign in campaigns]),
        (_("from start to end"), [_took(campaign) for campaign in campaigns]),
    ]


def _said(moment: Any) -> str:
    if moment is None:
        return _("not over yet")
    return str(date_format(timezone.localtime(moment), "SHORT_DATETIME_FORMAT"))


def _took(campaign: Campaign) -> str:
    minutes = _minutes(campaign)
    if minutes is None:
        return "–"
    if not minutes:
        return _("less than a minute")
    now = timezone.now()
    return str(timesince(now - dt.timedelta(minutes=minutes), now))


def _minutes(campaign: Campaign) -> int | None:
    if campaign.started_at is None or campaign.finished_at is None:
        return None
    return int((campaign.finished_at - campaign.started_at).total_seconds() // 60)


def _written_moments(sides: Sequence[Side]) -> Iterator[tuple[str, list[Value]]]:
    campaigns = [side.campaign for side in sides]
    for label, moments in (
        (_("started"), [campaign.started_at for campaign in campaigns]),
        (_("ended"), [campaign.finished_at for campaign in campaigns]),
    ):
        yield label, [at and timezone.localtime(at).strftime("%Y-%m-%d %H:%M") for at in moments]
    yield _("minutes from start to end"), [_minutes(campaign) for campaign in campaigns]
