"""What the last dry run says of a campaign's lanes."""

from collections import Counter
from collections.abc import Iterable, Iterator

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.actions import rehearsals, sizes
from campaigns.actions.findings import Finding, Level
from campaigns.actions.ledger import Lane
from campaigns.actions.overview import Overview
from campaigns.mail.rehearsing import Found
from campaigns.models import Campaign, Rehearsal, Release
from crm.models.codes import language_name


def findings(overview: Overview) -> Iterator[Finding]:
    """What the last dry run says of these lanes; nothing while another one is wanted.

    What stops a lane stops only itself: of lanes that nobody signed it is only said.
    """
    campaign = overview.campaign
    lanes = [lane for lane in overview.lanes if lane.release and not lane.release.freeze_began_at]
    now = rehearsals.digest(campaign) if lanes and campaign.status not in Campaign.ENDED else ""
    if not now:
        return
    kept = Rehearsal.objects.filter(campaign=campaign).first()
    if kept is None or kept.digest != now or not rehearsals.is_fresh(kept):
        yield _open(kept)
        return
    if kept.found is None:
        sentence = _(
            "The mail of every reader could not be written once; the worker's log says why."
        )
        yield Finding(Level.UNKNOWN, sentence)
        return
    signed, unsigned = _told(lanes, kept)
    problems = [
        *_problems(campaign, signed),
        *(found.softened for found in _problems(campaign, unsigned)),
    ]
    yield from problems
    readers = sum(told.readers for told in (*signed, *unsigned))
    if readers and not problems:
        at = date_format(timezone.localtime(kept.done_at), "SHORT_DATETIME_FORMAT")
        words = ngettext(
            "The mail of %(n)s reader was written once, and lacks nothing (%(at)s).",
            "The mails of all %(n)s readers were written once, and none lacks anything (%(at)s).",
            readers,
        )
        yield Finding(Level.OK, words % {"n": readers, "at": at})


def _open(kept: Rehearsal | None) -> Finding:
    """Nothing is known, but perhaps soon."""
    if kept and kept.done_at is None:
        sentence = _(
            "The mail of every reader is being written once, to see that nothing is missing."
        )
        return Finding(Level.UNKNOWN, sentence, waits=True)
    sentence = _(
        "Whether every reader's mail can be written was not looked at lately. That is done when "
        "somebody who may sign or send it opens the checks."
    )
    return Finding(Level.UNKNOWN, sentence)


def _told(lanes: Iterable[Lane], kept: Rehearsal) -> tuple[list[Found], list[Found]]:
    """What was found in these lanes: in those that are signed, and in the others."""
    signed, unsigned = list[Found](), list[Found]()
    for lane in lanes:
        if lane.release is None or lane.release.status in Release.ABSENT:
            continue
        if told := (kept.found or {}).get(str(lane.release.pk)):
            is_signed = lane.release.status == Release.Status.RELEASED
            (signed if is_signed else unsigned).append(Found(**told))
    return signed, unsigned


def _problems(campaign: Campaign, lanes: list[Found]) -> Iterator[Finding]:
    """What is wrong in some lanes, each once."""
    counted: Counter[tuple[str, str, str]] = Counter()
    longest = dict[str, int]()
    for told in lanes:
        for code, values in told.problems:
            key = (code, values.get("language", ""), values.get("name", ""))
            counted[key] += values.get("n", 0)
        for language, size in told.sizes.items():
            longest[language] = max(size, longest.get(language, 0))
    for (code, language, name), n in counted.items():
        yield _finding(code, language=language, name=name, n=n)
    if longest:
        language, size = max(longest.items(), key=lambda item: item[1])
        if (found := sizes.finding(campaign, language, size)).level == Level.BLOCK:
            yield found


def _finding(code: str, *, language: str, name: str, n: int) -> Finding:
    match code:
        case "empty":
            said = ngettext(
                "In %(language)s, {%(name)s} is empty in the mail of %(n)s reader. "
                "Write {%(name)s|colleague}, for instance.",
                "In %(language)s, {%(name)s} is empty in the mails of %(n)s readers. "
                "Write {%(name)s|colleague}, for instance.",
                n,
            )
        case "unwritten":
            said = ngettext(
                "%(n)s mail cannot be written; the worker's log says why.",
                "%(n)s mails cannot be written; the worker's log says why.",
                n,
            )
        case "no-way-to-leave":
            said = _("The mail in %(language)s does not say in both parts how to unsubscribe.")
        case "no-postal-address":
            said = _("The mail in %(language)s has no postal address in both parts.")
        case "no-description":
            said = _("The mail in %(language)s has a picture without a description.")
        case _:
            said = _("The text part in %(language)s lacks a link that the mail has.")
    about = "network" if code == "no-postal-address" else "text"
    words = {"language": language_name(language) if language else "", "name": name, "n": n}
    return Finding(Level.BLOCK, said % words, about, language)


def sizes_of(overview: Overview) -> list[int]:
    """What the last dry run measured in these lanes, whatever changed since."""
    kept = Rehearsal.objects.filter(campaign=overview.campaign).first()
    if kept is None:
        return []
    return [
        size
        for lanes in _told(overview.lanes, kept)
        for told in lanes
        for size in told.sizes.values()
    ]
