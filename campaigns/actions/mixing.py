"""A mail is in one language: what of it would stand there in another, and how many would read it.

Names of a record (of a visit, a fair, a document) often exist in one language only: that is shown
before it is sent, and marked where it stands. What a region or an alliance answers with, its footer
and its disclaimer, has to be there in the reader's language.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.actions.findings import Finding, Level
from campaigns.actions.ledger import Lane, most_frequent
from campaigns.actions.overview import Overview, is_frozen, summed
from campaigns.mail.compose import Text
from campaigns.mail.records import Block, filled
from campaigns.models import Campaign, ContentRevision, ContentText, LaneText, Release
from campaigns.models.trials import trial_of
from campaigns.rules.foreign import Foreign, copied, foreign
from crm.models import Alliance, Cluster, Participation
from crm.models.codes import language_name
from crm.rules.texts import Texts, pick

SHOWN = 3  # of a record's words, in a sentence


class Untranslated(NamedTuple):
    """What of a draft is not in its language."""

    foreign: list[Foreign]
    """Words of the record."""
    copied: dict[str, str]
    """Written blocks by their id, lines of the head by name: with the language they repeat."""

    @property
    def total(self) -> int:
        return len(self.foreign) + len(self.copied)


def untranslated(campaign: Campaign) -> dict[str, Untranslated]:
    """Of each language of the draft."""
    linked = {row.language: row.parts for row in campaign.linked.all()}
    texts = sorted(campaign.texts.all(), key=lambda text: text.pk)
    trial = trial_of(campaign)
    seconds = trial.subjects if trial else {}
    drafts = {
        text.language: [*head(text), *_second(seconds.get(text.language, "")), *text.blocks]
        for text in texts
    }
    found = {}
    for text in texts:
        told = linked.get(text.language, {})
        whole = [block for each in text.blocks if (block := filled(each, told))]
        repeated = copied(drafts[text.language], _earlier(drafts, text.language))
        found[text.language] = Untranslated(foreign(whole), repeated)
    return found


def head(text: ContentText | ContentRevision) -> list[Block]:
    """Subject and preview line, as if they were blocks of these names."""
    return [
        {"kind": "heading", "id": name, "text": getattr(text, name)}
        for name in ("subject", "preheader")
    ]


SECOND = "second-subject"
"""The name of the second subject, where two are tried."""


def _second(subject: str) -> list[Block]:
    return [{"kind": "heading", "id": SECOND, "text": subject}] if subject else []


def _earlier(drafts: Mapping[str, list[Block]], language: str) -> dict[str, list[Block]]:
    """Of two texts that say the same, the one that was begun later is the one to translate."""
    codes = list(drafts)
    return {code: drafts[code] for code in codes[: codes.index(language)]}


def findings(overview: Overview, texts: Mapping[str, Text]) -> Iterator[Finding]:
    """What is said of the languages within the mails that have not been sent yet."""
    campaign = overview.campaign
    waiting = [lane for lane in overview.lanes if lane.release and not is_frozen(lane)]
    found = [
        *_footers(campaign, waiting),
        *_disclaimer(campaign, waiting),
        *_introductions(campaign, waiting, texts),
        *_records(campaign, summed(waiting), texts),
        *_copies(campaign),
    ]
    yield from found
    if not found and waiting:
        yield Finding(Level.OK, _("Every mail is in one language."))


def _footers(campaign: Campaign, lanes: list[Lane]) -> Iterator[Finding]:
    coordinating: Cluster | None = None
    for lane in lanes:
        assert lane.release
        cluster = lane.release.cluster
        if cluster is None and lane.languages:
            coordinating = coordinating or _coordinator(campaign.alliance)
            cluster = coordinating
        footer = cluster.footer if cluster else {}
        for language, readers, other in _lacking(footer, lane.languages, campaign):
            yield Finding(
                _level([lane]),
                ngettext(
                    "%(lane)s: the footer of %(cluster)s is not written in %(language)s; "
                    "%(n)s reader would get it in %(other)s. Write it on its page.",
                    "%(lane)s: the footer of %(cluster)s is not written in %(language)s; "
                    "%(n)s readers would get it in %(other)s. Write it on its page.",
                    readers,
                )
                % {
                    "lane": lane.release.name,
                    "cluster": cluster,
                    "language": language_name(language),
                    "n": readers,
                    "other": language_name(other),
                },
                "footer",
                language,
                cluster.slug if cluster else "",
            )


def _disclaimer(campaign: Campaign, lanes: list[Lane]) -> Iterator[Finding]:
    assert campaign.alliance
    today = campaign.alliance.disclaimers.filter(during__contains=timezone.localdate()).first()
    texts = today.texts if today else {}
    for language, readers, other in _lacking(texts, summed(lanes).languages, campaign):
        of_it = [lane for lane in lanes if lane.languages[language]]
        yield Finding(
            _level(of_it),
            ngettext(
                "What every mail of %(alliance)s says is not written in %(language)s; "
                "%(n)s reader would get it in %(other)s. Write it on the alliance's page.",
                "What every mail of %(alliance)s says is not written in %(language)s; "
                "%(n)s readers would get it in %(other)s. Write it on the alliance's page.",
                readers,
            )
            % {
                "alliance": campaign.alliance,
                "language": language_name(language),
                "n": readers,
                "other": language_name(other),
            },
            "disclaimer",
            language,
        )


def without_place(campaign: Campaign) -> list[str]:
    """The languages of a campaign's texts in which no introduction of a region would stand."""
    said = campaign.content_version.texts if campaign.content_version else campaign.texts
    texts = said.order_by("language").values_list("language", "blocks")
    return [language for language, blocks in texts if not _has_place(blocks)]


def _has_place(blocks: list[Block]) -> bool:
    return any(block["kind"] == "introduction" for block in blocks)


def _introductions(
    campaign: Campaign, lanes: list[Lane], texts: Mapping[str, Text]
) -> Iterator[Finding]:
    """What a region wrote, and some of its readers would not get. A mail is whole without it."""
    written: dict[int, dict[str, str]] = {}
    for row in LaneText.objects.filter(release__campaign=campaign):
        written.setdefault(row.release_id, {})[row.language] = row.text
    placeless = {language for language in texts if not _has_place(texts[language].blocks)}
    for lane in lanes:
        assert lane.release
        own = written.get(lane.release.pk, {})
        for language, readers, other in _lacking(own, lane.languages, campaign):
            yield Finding(
                Level.WARN,
                ngettext(
                    "%(lane)s: the introduction is written in %(other)s and not in %(language)s; "
                    "%(n)s reader gets the mail without it.",
                    "%(lane)s: the introduction is written in %(other)s and not in %(language)s; "
                    "%(n)s readers get the mail without it.",
                    readers,
                )
                % {
                    "lane": lane.release.name,
                    "language": language_name(language),
                    "n": readers,
                    "other": language_name(other),
                },
                "introduction",
                language,
                str(lane.release.pk),
            )
        for language in sorted(placeless & own.keys()):
            if readers := lane.languages[language]:
                yield _no_place(campaign, lane.release, language, readers)


def _no_place(campaign: Campaign, lane: Release, language: str, readers: int) -> Finding:
    said = ngettext(
        "%(lane)s: the text in %(language)s has no place for its introduction; "
        "%(n)s reader gets the mail without it.",
        "%(lane)s: the text in %(language)s has no place for its introduction; "
        "%(n)s readers get the mail without it.",
        readers,
    )
    words = {"lane": lane.name, "language": language_name(language), "n": readers}
    if campaign.content_version_id:  # and says so for ever
        return Finding(Level.WARN, said % words, "introduction", language, str(lane.pk))
    sentence = " ".join((said % words, _("Add a block for it to the text.")))
    return Finding(Level.WARN, sentence, "text", language)


def _records(campaign: Campaign, whole: Lane, texts: Mapping[str, Text]) -> Iterator[Finding]:
    for language, readers in most_frequent(whole.languages):
        found = foreign(texts[language].blocks) if language in texts else []
        if not found:
            continue
        said = ngettext("%(n)s reader", "%(n)s readers", readers) % {"n": readers}
        yield Finding(
            Level.WARN,
            ngettext(
                "In %(language)s (%(readers)s), %(n)s text of “%(record)s” stays in another "
                "language: %(words)s. Translate it on its page, or leave it if it is a name.",
                "In %(language)s (%(readers)s), %(n)s texts of “%(record)s” stay in another "
                "language: %(words)s. Translate them on its page, or leave them if they are names.",
                len(found),
            )
            % {
                "language": language_name(language),
                "readers": said,
                "n": len(found),
                "record": campaign.told_by,
                "words": _some(found),
            },
            "record",
            language,
        )


def _some(found: list[Foreign]) -> str:
    words = [f"“{each.words[:60]}” ({each.language.upper()})" for each in found[:SHOWN]]
    return ", ".join(words) + (", …" if len(found) > SHOWN else "")


def _copies(campaign: Campaign) -> Iterator[Finding]:
    if campaign.content_version_id:
        return
    for language, what in untranslated(campaign).items():
        if what.copied:
            others = dict.fromkeys(language_name(code) for code in what.copied.values())
            yield Finding(
                Level.WARN,
                ngettext(
                    "In %(language)s, %(n)s text says the same as in %(other)s.",
                    "In %(language)s, %(n)s texts say the same as in %(other)s.",
                    len(what.copied),
                )
                % {
                    "language": language_name(language),
                    "n": len(what.copied),
                    "other": ", ".join(others),
                },
                "text",
                language,
            )


def _lacking(
    texts: Texts, languages: Counter[str], campaign: Campaign
) -> Iterator[tuple[str, int, str]]:
    """(a language its readers get and the text lacks, how many they are, the one it is in)."""
    order = campaign.alliance.languages if campaign.alliance else ()
    if any(texts.values()):
        for language, readers in most_frequent(languages):
            if readers and not texts.get(language):
                yield language, readers, pick(texts, order)[0]


def _level(lanes: list[Lane]) -> Level:
    """A region that has not signed, or does not take part, keeps no other one waiting."""
    signed = any(lane.release and lane.release.status == Release.Status.RELEASED for lane in lanes)
    return Level.BLOCK if signed else Level.WARN


def _coordinator(alliance: Alliance | None) -> Cluster | None:
    found = Participation.objects.valid_on(timezone.localdate()).filter(
        alliance=alliance, role=Participation.Role.COORDINATOR
    )
    partaking = found.select_related("cluster").first()
    return partaking.cluster if partaking else None
