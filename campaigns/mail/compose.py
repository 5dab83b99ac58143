"""A delivery → the bytes of its mail.

The layout is MJML rendered by Django and made into HTML by mrml; the text part is written from
the same blocks, not stripped from the HTML.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from email.headerregistry import Address as HeaderAddress
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.policy import EmailPolicy
from email.utils import format_datetime
from typing import Any

import mrml
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from campaigns.mail import links
from campaigns.mail.records import Block, moment_label, paragraphs, zone_label
from campaigns.mail.transports.contract import Envelope
from campaigns.mail.wording import READERS_WORDS
from campaigns.models import Campaign, Delivery, LaneText, Release, VersionText
from campaigns.rules.blocks import for_reader
from campaigns.rules.merge import merge
from crm.models import (
    Alliance,
    Answer,
    Cluster,
    ContactPoint,
    Event,
    Mission,
    Participation,
    Person,
)
from crm.models.answers import EVENT_ANSWERS, MISSION_ANSWERS
from crm.models.texts import in_language
from crm.rules import calendars

_WHOLE = SMTP_POLICY.clone(max_line_length=998)  # RFC 5322, 2.1.1
_FOLDED = SMTP_POLICY.clone(max_line_length=76)  # RFC 2047, 2
# What XML cannot hold, and no reader can see: control signs pasted into a name, for instance.
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class HeaderPolicy(EmailPolicy):
    """Folds what must be encoded, and leaves plain ASCII on one line.

    Folded, a long link would be split into encoded words, and providers would not find it.
    """

    def fold_binary(self, name: str, value: str) -> bytes:
        policy = _WHOLE if value.isascii() else _FOLDED
        return policy.fold_binary(name, value)


SMTP = HeaderPolicy(linesep="\r\n")

COLOURS = {195: "#00696b", 262: "#4a4fa8", 25: "#9a3b32", 150: "#2f6b3f", 70: "#7a5200"}


class CannotCompose(Exception):
    """This delivery's mail cannot be written; the message says what is missing."""


@dataclass(frozen=True)
class Text:
    """What a content says in one language: a pinned version's text, or a draft's."""

    language: str
    subject: str
    preheader: str
    blocks: list[Block]


class Composer:
    """Writes the mails of one campaign; keeps what all of them share."""

    def __init__(self, campaign: Campaign, texts: Mapping[str, Text] | None = None) -> None:
        assert campaign.alliance
        self.campaign = campaign
        self.alliance: Alliance = campaign.alliance
        self.texts = texts if texts is not None else self._pinned()
        self.coordinator = self._coordinator()
        today = timezone.localdate()
        disclaimer = self.alliance.disclaimers.filter(during__contains=today).first()
        self.disclaimer = disclaimer.texts if disclaimer else {}
        self._introductions: dict[tuple[int, str], str] = {
            (text.release_id, text.language): text.text
            for text in LaneText.objects.filter(release__campaign=campaign)
        }

    def _pinned(self) -> dict[str, Text]:
        return {
            text.language: Text(text.language, text.subject, text.preheader, text.blocks)
            for text in VersionText.objects.filter(version=self.campaign.content_version_id)
        }

    def _coordinator(self) -> Cluster:
        today = timezone.localdate()
        partaking = (
            Participation.objects.valid_on(today)
            .filter(alliance=self.alliance, role=Participation.Role.COORDINATOR)
            .select_related("cluster__region")
            .first()
        )
        lead = self.campaign.mission or self.campaign.event
        if partaking:
            return partaking.cluster
        if lead:
            return lead.lead_cluster
        raise CannotCompose(
            f"{self.alliance} has no coordinating cluster today. Appoint one on the network page."
        )

    def sender(self, release: Release | None) -> Cluster:
        """The cluster in whose name a lane is written: its own, or the coordinator's."""
        return release.cluster if release and release.cluster else self.coordinator

    def compose(self, delivery: Delivery) -> Envelope:
        """The mail of one delivery, with person, address, release and contact point loaded."""
        person, email = delivery.person, delivery.address.email
        if person is None or email is None:
            raise CannotCompose("The reader was erased.")
        # "bücher.example" is written "xn--bcher-kva.example" to mail servers.
        to = f"{email.rpartition('@')[0]}@{delivery.address.domain}"
        text = self.texts.get(delivery.language)
        if text is None:
            raise CannotCompose(f"There is no text in {delivery.language}.")
        cluster = self.sender(delivery.release)
        with translation.override(delivery.language):
            context = self._context(delivery, person, cluster, text)
            html = render_mjml("emails/campaign/body.mjml", context)
            plain = tidy(render_to_string("emails/campaign/body.txt", context))
        mail = EmailMessage(policy=SMTP)
        mail["From"] = mailbox(cluster.from_name, cluster.from_address)
        mail["To"] = mailbox(person.full_name, to)
        mail["Reply-To"] = mailbox(cluster.from_name, cluster.reply_to)
        mail["Subject"] = one_line(context["subject"])
        mail["Date"] = format_datetime(timezone.now())
        domain = cluster.from_address.rpartition("@")[2]
        mail["Message-ID"] = links.message_id(delivery, domain)
        mail["List-ID"] = f"<{self.alliance.slug}.{domain}>"
        mail["List-Unsubscribe"] = f"<{context['links']['unsubscribe']}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        mail["Feedback-ID"] = f"{self.campaign.pk}:{cluster.slug}:{self.campaign.kind}:liaison"
        mail.set_content(plain, cte="quoted-printable")
        mail.add_alternative(html, subtype="html", cte="quoted-printable")
        self._attach_calendar(mail, delivery, person, cluster, to)
        # Last: building the parts moves every Content- header there is into the first of them.
        mail["Content-Language"] = delivery.language
        return Envelope(cluster.from_address, to, mail.as_bytes())

    # --- what one reader sees

    def _context(
        self, delivery: Delivery, person: Person, cluster: Cluster, text: Text
    ) -> dict[str, Any]:
        language, order = text.language, (text.language,)
        desk = delivery.contact_point
        values = self._values(person, cluster, desk)
        blocks = [
            block
            for written in for_reader(text.blocks, delivery.variant)
            if (block := self._personal(written, delivery, cluster, values, language))
        ]
        region = in_language(cluster.region.names, order)
        return {
            "language": language,
            "direction": "ltr",
            "subject": merge(text.subject, values),
            "preheader": merge(text.preheader, values),
            "alliance": {
                "name": self.alliance.name,
                "hue_hex": COLOURS.get(self.alliance.hue, COLOURS[195]),
                "disclaimer": in_language(self.disclaimer, order) if self.disclaimer else "",
            },
            "cluster": {
                "name": cluster.name,
                "region": region,
                "postal_address": cluster.postal_address.splitlines(),
                "footer": in_language(cluster.footer, order),
            },
            "desk": {
                "name": str(desk) if desk else cluster.from_name,
                "job": "",
                "email": desk.email if desk else cluster.reply_to,
                "phone": desk.phone if desk else "",
                "cluster_name": cluster.name,
                "region": region,
            },
            "blocks": blocks,
            "links": {
                "unsubscribe": links.unsubscribe(delivery, person.cluster_id),
                "web": links.record_page(self.campaign, language),
            },
            "why": self._why(delivery, cluster),
        }

    def _values(
        self, person: Person, cluster: Cluster, desk: ContactPoint | None
    ) -> dict[str, str]:
        post = next(iter(person.positions.all()), None)
        values = {
            "name": person.full_name,
            "given_name": person.given,
            "family_name": person.family,
            "organisation": str(post.organisation) if post else "",
            "cluster": cluster.name,
            "contact_point": str(desk) if desk else cluster.from_name,
        }
        return {field: one_line(value) for field, value in values.items()}

    def _personal(
        self,
        block: Mapping[str, Any],
        delivery: Delivery,
        cluster: Cluster,
        values: dict[str, str],
        language: str,
    ) -> Block | None:
        match block["kind"]:
            case "heading":
                return {**block, "text": merge(block["text"], values)}
            case "text":
                return {**block, "paragraphs": [merge(p, values) for p in block["paragraphs"]]}
            case "introduction":
                written = self._introductions.get((delivery.release_id or 0, language), "")
                parts = [merge(part, values) for part in paragraphs(written)]
                return (
                    {**block, "paragraphs": parts, "cluster_name": cluster.name} if parts else None
                )
            case "answers":
                return self._answers(delivery)
            case "event_details":
                return self._on_the_readers_clock(block, cluster, language)
        return dict(block)

    def _answers(self, delivery: Delivery) -> Block | None:
        if self.campaign.mission:
            question = _("Is this mission for you?")
            values: tuple[Answer.Value, ...] = MISSION_ANSWERS
        else:
            event = self.campaign.event
            if event is None or event.answer_mode == Event.AnswerMode.OPEN:
                return None
            question = _("Will you come?")
            values = EVENT_ANSWERS
        return {
            "kind": "answers",
            "question": question,
            "choices": [
                {
                    "label": str(READERS_WORDS[value]),
                    "url": links.answer(delivery, value.value),
                    "primary": n == 0,
                }
                for n, value in enumerate(values)
            ],
        }

    def _on_the_readers_clock(
        self, block: Mapping[str, Any], cluster: Cluster, language: str
    ) -> Block:
        event = self.campaign.event
        assert event
        if cluster.timezone == event.timezone:
            return dict(block)
        label = moment_label(event.starts_at, cluster.timezone, language)
        row = {
            "label": _("For you"),
            "value": f"{label} ({zone_label(cluster.timezone, language)})",
        }
        return {**block, "rows": [*block["rows"], row]}

    def _why(self, delivery: Delivery, cluster: Cluster) -> str:
        names = {"cluster": cluster.name, "alliance": self.alliance.name}
        if delivery.variant == Delivery.Variant.PUBLIC:
            return _("You get this mail because you follow %(alliance)s.") % names
        known = _(
            "You get this mail because %(cluster)s, a member of %(alliance)s, "
            "knows you as a contact."
        )
        return known % names

    # --- calendar files

    def _attach_calendar(
        self, mail: EmailMessage, delivery: Delivery, person: Person, cluster: Cluster, to: str
    ) -> None:
        language = delivery.language
        if self.campaign.event:
            event = self.campaign.event
            file = calendars.invitation(
                event_occasion(event, language, links.record_page(self.campaign, language)),
                organizer=(cluster.from_name, cluster.reply_to),
                attendee=(person.full_name or to, to),
                rsvp=event.answer_mode == Event.AnswerMode.RSVP,
            )
            method = (
                calendars.REQUEST
                if event.answer_mode == Event.AnswerMode.RSVP
                else calendars.PUBLISH
            )
            # As an alternative, not a file: mail programs then offer their own answer buttons.
            mail.add_alternative(
                file.decode(), subtype="calendar", params={"method": method}, cte="base64"
            )
        elif self.campaign.mission and delivery.variant == Delivery.Variant.MEMBER:
            page = links.record_page(self.campaign, language)
            occasions = deadline_occasions(self.campaign.mission, language, page)
            if not occasions:
                return
            file = calendars.calendar([calendars.entry(one) for one in occasions])
            mail.add_attachment(
                file,
                maintype="text",
                subtype="calendar",
                filename="deadlines.ics",
                params={"method": calendars.PUBLISH},
            )


def event_occasion(event: Event, language: str, url: str) -> calendars.Occasion:
    place = ", ".join(part for part in (event.place, event.city) if part)
    return calendars.Occasion(
        uid=event.calendar_uid,
        sequence=event.sequence,
        summary=in_language(event.names, (language,)),
        description=in_language(event.leads, (language,)),
        starts=event.starts_at,
        ends=event.ends_at,
        timezone=event.timezone,
        stamp=timezone.now(),
        location=event.join_url or place,
        url=url,
    )


def deadline_occasions(mission: Mission, language: str, url: str) -> list[calendars.Occasion]:
    """The deadlines that still lie ahead of a mission's members, as calendar entries."""
    name = in_language(mission.names, (language,))
    ahead = mission.deadlines.ahead(timezone.now()).filter(audience="members")
    return [
        calendars.Occasion(
            uid=row.calendar_uid,
            sequence=row.sequence,
            summary=f"{name}: {in_language(row.things, (language,))}",
            starts=row.at,
            ends=None,
            timezone=row.timezone,
            stamp=timezone.now(),
            url=url,
        )
        for row in ahead
    ]


# --- the form of a mail


def render_mjml(template: str, context: Mapping[str, Any]) -> str:
    """A template that yields MJML, as the HTML of a mail. Raises CannotCompose if it is broken."""
    source = _UNPRINTABLE.sub("", render_to_string(template, dict(context)))
    try:
        output = mrml.to_html(source)
    except OSError as error:  # mrml's word for "this is not MJML"
        raise CannotCompose(f"The layout {template} is broken: {error}") from error
    if output.warnings:
        raise CannotCompose(f"The layout {template} is broken: {output.warnings[0]}")
    return str(output.content)


def one_line(text: str) -> str:
    """Header text that cannot smuggle in another header.

    Neither by a line break nor as an encoded word, which the header classes would decode.
    """
    return _UNPRINTABLE.sub("", " ".join(text.split())).replace("=?", "= ?")


def mailbox(name: str, address: str) -> HeaderAddress | str:
    display = one_line(name)
    user, _at, domain = address.rpartition("@")
    if not address.isascii():
        return address
    return HeaderAddress(display_name=display, username=user, domain=domain)


def tidy(text: str) -> str:
    """At most one blank line in a row, none at the ends."""
    return re.sub(r"\n{3,}", "\n\n", _UNPRINTABLE.sub("", text)).strip() + "\n"
