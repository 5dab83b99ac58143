"""A delivery → the bytes of its mail.

The layout is MJML rendered by Django and made into HTML by mrml; the text part is written from
the same blocks, not stripped from the HTML.
"""

import datetime as dt
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime
from html import escape, unescape
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import mrml
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from campaigns.mail import links, origins
from campaigns.mail.dates import Date, asks_for_answers, occasion, starts_at
from campaigns.mail.headers import SMTP, mailbox
from campaigns.mail.readers import Reader
from campaigns.mail.records import Block, moment_label, moment_said, said, zone_label
from campaigns.mail.transports.contract import Envelope
from campaigns.mail.wording import READERS_WORDS
from campaigns.models import Campaign, Delivery, Digest, LaneText, Link, Release, VersionText
from campaigns.rules import digesting, logos, markup, text_parts
from campaigns.rules.blocks import for_reader
from campaigns.rules.lines import one_line, printable, tidy
from campaigns.rules.marks import Marks
from campaigns.rules.merge import merge
from crm.models import (
    Alliance,
    Answer,
    Cluster,
    ContactPoint,
    Event,
    Participation,
    Tracking,
)
from crm.models.answers import EVENT_ANSWERS, MISSION_ANSWERS
from crm.models.texts import in_language
from crm.rules import calendars

Value = Callable[[str, str], str]  # (name, fallback) → what stands in the mail

# The accents of the screens (tokens.css, light) as mail programs understand colours.
COLOURS = {
    "rose": "#833f51", "rust": "#84432d", "ochre": "#764f05", "green": "#2a673a",
    "teal": "#02675a", "blue": "#215c89", "indigo": "#49528d", "violet": "#68487f",
}  # fmt: skip


HREF = re.compile(r'(?<=href=")(https?://[^"]+)(?=")')
ADDRESS = re.compile(r"(?<!\S)(https?://\S+)")

COLUMN = 520  # pixels across the card, without its padding


class CannotCompose(Exception):
    """This delivery's mail cannot be written; the message says what is missing."""


@dataclass(frozen=True)
class Text:
    """What a content says in one language: a pinned version's text, or a draft's."""

    language: str
    subject: str
    preheader: str
    blocks: list[Block]
    dates: list[Date] = field(default_factory=list)
    plain: str = ""
    """The text part as a person wrote it; empty: it is derived from the blocks."""
    second_subject: str = ""
    """Where two are tried; what some of the readers get instead of the first."""


class Edition(NamedTuple):
    """Readers whose mails differ in personal values only: one lane, contact point and language."""

    release: Release | None
    contact_point: ContactPoint | None
    language: str
    variant: str
    second_subject: bool = False
    says_origin: bool = False


class Composer:
    """Writes the mails of one campaign; keeps what all of them share.

    What differs from reader to reader comes through one door, `value(name, fallback)`; so the
    same code writes one reader's mail, and the pattern that `compiled` fills for many.
    """

    def __init__(self, campaign: Campaign, texts: Mapping[str, Text] | None = None) -> None:
        assert campaign.alliance
        self.campaign = campaign
        self.alliance: Alliance = campaign.alliance
        self.stamp = timezone.now()
        self.texts = texts if texts is not None else self._pinned()
        self.coordinator = self._coordinator()
        today = timezone.localdate()
        disclaimer = self.alliance.disclaimers.filter(during__contains=today).first()
        self.disclaimer = disclaimer.texts if disclaimer else {}
        self._sets = self._told_together()
        self._calendars: dict[str, str] = {}
        # Only of what has started; elsewhere, and where nobody counts, links stay as they are.
        kept = (
            Link.objects.filter(campaign=campaign) if campaign.started_at else Link.objects.none()
        )
        self._followed = dict(kept.values_list("url", "key"))
        self._introductions: dict[tuple[int, str], str] = {
            (text.release_id, text.language): text.text
            for text in LaneText.objects.filter(release__campaign=campaign)
        }

    def _pinned(self) -> dict[str, Text]:
        return {
            text.language: Text(
                text.language,
                text.subject,
                text.preheader,
                text.blocks,
                text.dates,
                plain=text.plain,
                second_subject=text.second_subject,
            )
            for text in VersionText.objects.filter(version=self.campaign.content_version_id)
        }

    def _told_together(self) -> list[list[int]]:
        """Of a digest: which posts readers get, set by set."""
        if not self.campaign.is_digest:
            return []
        return list(Digest.objects.get(campaign=self.campaign).sets)

    def _coordinator(self) -> Cluster:
        today = timezone.localdate()
        partaking = (
            Participation.objects.valid_on(today)
            .filter(alliance=self.alliance, role=Participation.Role.COORDINATOR)
            .select_related("cluster__region")
            .first()
        )
        lead = self.campaign.record
        if partaking:
            return partaking.cluster
        if lead:
            return lead.lead_cluster
        raise CannotCompose(
            f"{self.alliance} has no coordinating cluster today. Appoint one on the network page."
        )

    def mentions(self, field: str) -> bool:
        """Whether a text of this campaign, or of a lane, has this merge field."""
        said = [
            str((text.subject, text.second_subject, text.preheader, text.blocks, text.plain))
            for text in self.texts.values()
        ]
        return any(f"{{{field}" in text for text in (*said, *self._introductions.values()))

    def sender(self, release: Release | None) -> Cluster:
        """The cluster in whose name a lane is written: its own, or the coordinator's."""
        return release.cluster if release and release.cluster else self.coordinator

    def compose(self, delivery: Delivery) -> Envelope:
        """The mail of one delivery, with person, address, release and contact point loaded."""
        reader = reader_of(delivery)
        edition = Edition(
            delivery.release,
            delivery.contact_point,
            delivery.language,
            delivery.variant,
            delivery.has_second_subject,
            bool(reader.origin),
        )
        return self.write(edition, reader)

    def write(self, edition: Edition, reader: Reader) -> Envelope:
        """The mail of one reader. Raises CannotCompose."""
        to = address_of(reader)
        mail = self.message(edition, reader.value)
        sender = links.mailbox(links.MailTo.BOUNCE, reader.delivery)
        return Envelope(
            sender or self.sender(edition.release).from_address,
            to,
            mail.as_bytes(),
            reader.delivery,
        )

    def message(self, edition: Edition, value: Value) -> EmailMessage:
        """The mail of one reader, or a pattern of it where `value` answers with marks."""
        text = self.texts.get(edition.language)
        if text is None:
            raise CannotCompose(f"There is no text in {edition.language}.")
        cluster = self.sender(edition.release)
        with translation.override(edition.language):
            context = self._context(edition, text, value, value)
            html = self._counted(HREF, render_mjml("emails/campaign/body.mjml", context), value)
            plain = self._counted(ADDRESS, self._plain(edition, text, value), value)
        mail = EmailMessage(policy=SMTP)
        mail["From"] = mailbox(cluster.from_name, cluster.from_address)
        mail["To"] = mailbox(value("name", ""), value("to", ""))
        mail["Reply-To"] = mailbox(cluster.from_name, cluster.reply_to)
        mail["Subject"] = one_line(context["subject"])
        mail["Date"] = format_datetime(timezone.now())
        domain = cluster.from_address.rpartition("@")[2]
        mail["Message-ID"] = f"<{value('message', '')}@{domain}>"
        mail["List-ID"] = f"<{self.alliance.slug}.{domain}>"
        mail["List-Unsubscribe"] = self._ways_to_leave(context["links"]["unsubscribe"], value)
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail["Feedback-ID"] = f"{self.campaign.pk}:{cluster.slug}:{self.campaign.kind}:liaison"
        mail.set_content(plain, cte="quoted-printable")
        mail.add_alternative(html, subtype="html", cte="quoted-printable")
        self._attach_calendar(mail, edition, cluster, value)
        # Last: building the parts moves every Content- header there is into the first of them.
        mail["Content-Language"] = edition.language
        return mail

    def _counted(self, pattern: re.Pattern[str], part: str, value: Value) -> str:
        """Where the alliance counts clicks, links lead to their targets through us."""

        def led(found: re.Match[str]) -> str:
            key = self._followed.get(unescape(found[1]))
            return links.followed(key, value("tracked", "")) if key else found[1]

        return pattern.sub(led, part) if self._followed else part

    def _ways_to_leave(self, page: str, value: Value) -> str:
        """https first: it needs no mail program (RFC 8058). By mail where we read a mailbox."""
        ways = [page]
        if settings.MAILBOX_ADDRESS:
            ways.append(f"mailto:{value('leave_by_mail', '')}")
        return ", ".join(f"<{way}>" for way in ways)

    def _plain(self, edition: Edition, text: Text, value: Value) -> str:
        """The text part. Its lines are broken before merging: a name neither moves nor is cut."""
        marks = Marks()
        context = self._context(edition, text, value, marks)
        if text.plain:
            fill = _filler(self.sender(edition.release), edition.contact_point, marks)
            context["blocks"] = [
                with_fields(block, fill) if block["kind"] == "words" else block
                for block in text_parts.placed(text.plain, context["blocks"], edition.variant)
            ]
        return marks.fill(tidy(render_to_string("emails/campaign/body.txt", context)), value)

    # --- what one reader sees

    def _context(self, edition: Edition, text: Text, value: Value, merged: Value) -> dict[str, Any]:
        """What the templates show; merge fields are filled by `merged`."""
        language = text.language
        order = (language, *self.alliance.languages)
        desk = edition.contact_point
        cluster = self.sender(edition.release)
        fill = _filler(cluster, desk, merged)
        blocks = [
            block
            for written in self._for_reader(text, edition.variant)
            if (block := self._personal(written, edition, fill, value))
        ]
        region = said("region", cluster.region.names, order)
        return {
            "language": language,
            "direction": "ltr",
            "subject": merge(_subject(text, edition), fill),
            "preheader": (
                digesting.preview_line(blocks)
                if self.campaign.is_digest
                else merge(text.preheader, fill)
            ),
            "alliance": {
                "name": self.alliance.name,
                "hue_hex": COLOURS[self.alliance.accent],
                "logo": _logo(self.alliance),
                **said("disclaimer", self.disclaimer, order),
            },
            "cluster": {
                "name": cluster.name,
                "postal_address": cluster.postal_address.splitlines(),
                **said("footer", cluster.footer, order),
            },
            "desk": {
                "name": str(desk) if desk else cluster.from_name,
                "job": "",
                "email": desk.email if desk else cluster.reply_to,
                "phone": desk.phone if desk else "",
                "cluster_name": cluster.name,
                "for_press": self.campaign.is_for_press,
                **region,
            },
            "blocks": blocks,
            "links": {
                "unsubscribe": links.unsubscribe(value("leaving", "")),
                "objection": links.objection(value("leaving", "")),
                "own_page": links.own_page(value("own_page", "")),
                "untracked": links.untracked(value("own_page", "")) if self._followed else "",
                "web": links.record_page(self.campaign, language),
            },
            "why": self._why(edition, cluster),
            "origin": origins.said(cluster, merged("origin", "")) if edition.says_origin else "",
        }

    def _for_reader(self, text: Text, variant: str) -> list[Mapping[str, Any]]:
        blocks = for_reader(text.blocks, variant)
        if not self.campaign.is_digest:
            return blocks
        told = digesting.told_to(variant, self._sets)
        return [digesting.for_set(b, told) if b["kind"] == "posts" else b for b in blocks]

    def _personal(
        self, block: Mapping[str, Any], edition: Edition, fill: Value, value: Value
    ) -> Block | None:
        cluster, language = self.sender(edition.release), edition.language
        match block["kind"]:
            case "introduction":
                release_id = edition.release.pk if edition.release else 0
                said = markup.paragraphs(self._introductions.get((release_id, language), ""))
                if not said:
                    return None
                written = _written(said, fill, marked=True)
                return {**block, "written": written, "cluster_name": cluster.name}
            case "answers":
                return self._answers(language, value)
            case "embargo":
                return _embargo(block, cluster, language)
            case "event_details":
                date = self.texts[language].dates[0]
                return _on_the_readers_clock(block, date, cluster, language)
        return with_fields(block, fill)

    def _answers(self, language: str, value: Value) -> Block | None:
        if not self.campaign.is_answered:
            return None
        if self.campaign.mission:
            question = _("Is this mission for you?")
            answers: tuple[Answer.Value, ...] = MISSION_ANSWERS
        else:
            (date,) = self.texts[language].dates
            if date["answer_mode"] == Event.AnswerMode.OPEN:
                return None
            question = _("Will you come?")
            answers = EVENT_ANSWERS
        return {
            "kind": "answers",
            "question": question,
            "choices": [
                {
                    "label": str(READERS_WORDS[one]),
                    "url": links.answer(value("answering", ""), one.value),
                    "primary": n == 0,
                }
                for n, one in enumerate(answers)
            ],
        }

    def _why(self, edition: Edition, cluster: Cluster) -> str:
        names = {"cluster": cluster.name, "alliance": self.alliance.name}
        if self.campaign.is_digest:
            asked = _("You get this mail because you asked %(alliance)s for a digest.") % names
            of_markets = _(
                "If you chose markets, it tells what is about these, or about none in particular."
            )
            return f"{asked} {of_markets}"
        if edition.variant == Delivery.Variant.PUBLIC:
            if self.campaign.is_for_press and edition.release and edition.release.cluster_id:
                of_press = _(
                    "You get this mail because %(cluster)s, a member of %(alliance)s, "
                    "has you on its press list."
                )
                return of_press % names
            following = _("You get this mail because you follow %(alliance)s.") % names
            return f"{following} {self._of_market(edition.language)}".rstrip()
        known = _(
            "You get this mail because %(cluster)s, a member of %(alliance)s, "
            "knows you as a contact."
        )
        return known % names

    def _of_market(self, language: str) -> str:
        """Why this one comes to who chose markets, too."""
        post = self.campaign.post
        mission = self.campaign.mission or (post.mission if post else None)
        if mission is None or self.campaign.topic is None:
            return ""
        return _(
            "It is about %(market)s: whoever chose markets gets what is about these, or about none "
            "in particular."
        ) % {"market": in_language(mission.market.names, (language, "en"))}

    # --- calendar files

    def _attach_calendar(
        self, mail: EmailMessage, edition: Edition, cluster: Cluster, value: Value
    ) -> None:
        # Quoted-printable, since base64 could not be filled reader by reader.
        if self.campaign.event:
            (date,) = self.texts[edition.language].dates
            to = value("to", "")
            answers_to = cluster.reply_to
            if settings.MAILBOX_ADDRESS:
                answers_to = value("answer_by_calendar", "")
            page = links.record_page(self.campaign, edition.language)
            file = calendars.invitation(
                occasion(date, page, self.stamp),
                organizer=(cluster.from_name, answers_to),
                attendee=(value("name", to), to),
                rsvp=asks_for_answers(date),
            )
            # As an alternative, not a file: mail programs then offer their own answer buttons.
            mail.add_alternative(
                file.decode(),
                subtype="calendar",
                params={
                    "method": calendars.REQUEST if asks_for_answers(date) else calendars.PUBLISH
                },
                cte="quoted-printable",
            )
        elif edition.variant == Delivery.Variant.MEMBER and (
            deadlines := self._deadlines(edition.language)
        ):
            mail.add_attachment(
                deadlines,
                subtype="calendar",
                filename="deadlines.ics",
                params={"method": calendars.PUBLISH},
                cte="quoted-printable",
            )

    def _deadlines(self, language: str) -> str:
        """The calendar file of a mission's deadlines, the same for all lanes; "" if none is left.

        It takes as long to write as the rest of a mail.
        """
        if language not in self._calendars:
            page = links.record_page(self.campaign, language)
            dates = self.texts[language].dates
            entries = [calendars.entry(occasion(date, page, self.stamp)) for date in dates]
            self._calendars[language] = calendars.calendar(entries).decode() if entries else ""
        return self._calendars[language]


def _subject(text: Text, edition: Edition) -> str:
    return text.second_subject or text.subject if edition.second_subject else text.subject


def with_fields(block: Mapping[str, Any], fill: Value) -> Block:
    """A block that is the same for all but for its merge fields."""
    match block["kind"]:
        case "heading" | "words":
            return _filled(block, fill, "text")
        case "button":
            leads = {"url": markup.ascii_address(block["url"])}
            return {**_filled(block, fill, "label"), **leads}
        case "image":
            shown = {"src": links.image(block["image"]), **_fitted(block)}
            if block.get("url"):
                shown["url"] = markup.ascii_address(block["url"])
            return {**_filled(block, fill, "alt", "caption"), **shown}
        case "text" | "quote":
            written = _written(block["paragraphs"], fill, marked=block.get("marked", False))
            return {**_filled(block, fill, "who"), "written": written}
    return dict(block)


def _filled(block: Mapping[str, Any], fill: Value, *fields: str) -> Block:
    """The block with the merge fields of these of its texts filled."""
    return {key: merge(text, fill) if key in fields else text for key, text in block.items()}


def _logo(alliance: Alliance) -> Block | None:
    """What stands at the head of a mail in place of the name, and in what size."""
    if not alliance.logo:
        return None
    width, height = logos.fitted(alliance.logo_width, alliance.logo_height)
    src = links.image(alliance.logo)
    return {"src": src, "says": alliance.logo_says, "width": width, "height": height}


def _fitted(block: Mapping[str, Any]) -> dict[str, int]:
    """The size of a picture in the mail's column; one that is small stays so."""
    width = min(block["width"], COLUMN)
    return {"width": width, "height": max(1, round(block["height"] * width / block["width"]))}


def _written(paragraphs: list[str], fill: Value, *, marked: bool) -> Block:
    """Paragraphs and lists for both parts of a mail, and the addresses their links lead to."""
    parts, addresses = [], list[str]()
    for paragraph in paragraphs:
        for part in markup.parse(paragraph) if marked else [markup.Part("p", ((paragraph,),))]:
            lines = [
                {
                    "html": SafeString(markup.html(line, lambda text: merge(text, fill))),
                    "plain": markup.plain(line, lambda text: merge(text, fill), addresses),
                    "sign": {"p": "", "ul": "- ", "ol": f"{n}. "}[part.tag],
                }
                for n, line in enumerate(part.lines, start=1)
            ]
            parts.append({"tag": part.tag, "lines": lines})
    return {"parts": parts, "addresses": addresses}


def _embargo(block: Mapping[str, Any], cluster: Cluster, language: str) -> Block:
    """Until when, and when that is where the reader's cluster is, if clocks differ there."""
    if not block["at"]:
        return dict(block)
    at = dt.datetime.fromisoformat(block["at"])
    here, there = (at.astimezone(ZoneInfo(zone)) for zone in (block["timezone"], cluster.timezone))
    if here.utcoffset() == there.utcoffset():
        return dict(block)
    return {**block, "for_you": moment_said(at, cluster.timezone, language)}


def _on_the_readers_clock(
    block: Mapping[str, Any], date: Date, cluster: Cluster, language: str
) -> Block:
    """When and where, and when that is where the reader's cluster is."""
    if cluster.timezone == date["timezone"]:
        return dict(block)
    label = moment_label(starts_at(date), cluster.timezone, language)
    row = {
        "label": _("For you"),
        "value": f"{label} ({zone_label(cluster.timezone, language)})",
    }
    return {**block, "rows": [*block["rows"], row]}


def _filler(cluster: Cluster, desk: ContactPoint | None, merged: Value) -> Value:
    """What stands in place of merge fields: of the edition at once, of the reader by `merged`."""
    shared = {
        "cluster": one_line(cluster.name),
        "contact_point": one_line(str(desk) if desk else cluster.from_name),
    }

    def fill(name: str, fallback: str) -> str:
        if name in shared:
            return shared[name] or fallback
        return merged(name, fallback)

    return fill


def address_of(reader: Reader) -> str:
    """Raises CannotCompose: an erased reader waits for nothing any more."""
    if reader.person is None or reader.to is None:
        raise CannotCompose("The reader was erased.")
    return reader.to


def reader_of(delivery: Delivery) -> Reader:
    """What WAITING reads of a delivery, from loaded records."""
    person, address = delivery.person, delivery.address
    post = person and person.positions.current().order_by("pk").first()
    # "bücher.example" is written "xn--bcher-kva.example" to mail servers.
    to = address.email and f"{address.email.rpartition('@')[0]}@{address.domain}"
    return Reader(
        delivery=delivery.pk,
        campaign=delivery.campaign_id,
        release=delivery.release_id,
        contact_point=delivery.contact_point_id,
        address=delivery.address_id,
        person=delivery.person_id,
        cluster=person.cluster_id if person else None,
        language=delivery.language,
        variant=delivery.variant,
        second_subject=delivery.has_second_subject,
        to=to,
        domain=address.domain,
        title=person.title if person else "",
        given=person.given if person else "",
        family=person.family if person else "",
        organisation=str(post.organisation) if post else "",
        tracked=Tracking.objects.filter(address=address).exists(),
        origin=origins.untold(person),
    )


# --- the form of a mail

SPELT_ANEW = ("&#x27;", "&quot;", "\xa0")


def render_mjml(template: str, context: Mapping[str, Any]) -> str:
    """A template that yields MJML, as the HTML of a mail. Raises CannotCompose if it is broken.

    Subject, preheader and what pictures show are put in afterwards, because mrml changes them
    in the head and in attributes: it spells accents and backslashes out as a programmer would.
    Where it writes styles into elements it spells some signs anew, too; they are kept as they are,
    for a value that is filled into a compiled mail is spelt as the template has it.
    """
    marks = Marks()
    late = {name: context[name] for name in ("subject", "preheader")}
    head = {name: marks(name) for name in late}
    blocks = []
    for n, block in enumerate(context.get("blocks", ())):
        blocks.append({**block, "alt": marks(f"alt {n}")} if "alt" in block else block)
        late[f"alt {n}"] = block.get("alt", "")
    alliance = context["alliance"]
    if logo := alliance.get("logo"):
        late["logo"] = logo["says"]
        alliance = {**alliance, "logo": {**logo, "says": marks("logo")}}
    shown = {**context, "head": head, "blocks": blocks, "alliance": alliance}
    source = printable(render_to_string(template, shown))
    for sign in SPELT_ANEW:
        source = source.replace(sign, marks(sign))
    try:
        output = mrml.to_html(source)
    except OSError as error:  # mrml's word for "this is not MJML"
        raise CannotCompose(f"The layout {template} is broken: {error}") from error
    if output.warnings:
        raise CannotCompose(f"The layout {template} is broken: {output.warnings[0]}")
    kept = {name: escape(printable(text)) for name, text in late.items()}
    kept |= {sign: sign for sign in SPELT_ANEW}
    return marks.fill(str(output.content), lambda name, _fallback: kept[name])
