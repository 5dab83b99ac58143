"""Every mail of a call against what the records say it must be: not a sample, and not by the code
that wrote it.

Who gets a mail, in which language and from whom is judged here anew, in Python and by the words of
the design, and each part of each mail is looked through for what must stand in it and for what
must not: another language's words, another region's names, another reader's address.
"""

import email
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from email.message import EmailMessage
from email.policy import default as modern
from typing import Any

from django.conf import settings
from django.urls import Resolver404, resolve
from django.utils import timezone

from campaigns.mail import links
from campaigns.models import Campaign, Delivery, Release
from crm.models import Cluster, ContactPoint, Deadline, ExternalRoute
from tests.kit.expected import Expected, expected_mails, one_line
from tests.kit.page import Page

# What a mail says of itself, in each language; {…} stands for a name.
OURS: dict[str, dict[str, str]] = {
    "en": {"leave": "Unsubscribe", "word": "A word from {cluster}",
           "known": "You get this mail because {cluster}",
           "follows": "You get this mail because you follow {alliance}.",
           "desk": "Your contact point"},
    "fr": {"leave": "Se désabonner", "word": "Un mot de {cluster}",
           "known": "Vous recevez ce message parce que {cluster}",
           "follows": "Vous recevez ce message parce que vous suivez {alliance}.",
           "desk": "Votre point de contact"},
    "de": {"leave": "Abmelden", "word": "Ein Wort von {cluster}",
           "known": "Sie bekommen diese Mail, weil {cluster}",
           "follows": "Sie bekommen diese Mail, weil Sie {alliance} folgen.",
           "desk": "Ihre Ansprechperson"},
    "it": {"leave": "Annulla l’iscrizione", "word": "Due parole da {cluster}",
           "known": "Riceve questa e-mail perché {cluster}",
           "follows": "Riceve questa e-mail perché segue {alliance}.",
           "desk": "Il Suo referente"},
    "es": {"leave": "Darse de baja", "word": "Unas palabras de {cluster}",
           "known": "Recibe este correo porque {cluster}",
           "follows": "Recibe este correo porque sigue a {alliance}.",
           "desk": "Su persona de contacto"},
    "ca": {"leave": "Donar-se de baixa", "word": "Unes paraules de {cluster}",
           "known": "Rebeu aquest correu perquè {cluster}",
           "follows": "Rebeu aquest correu perquè seguiu {alliance}.",
           "desk": "La vostra persona de contacte"},
}  # fmt: skip
WRITTEN = ("heading", "text", "image", "button", "quote")
HEADERS = {
    "from", "to", "reply-to", "subject", "date", "message-id", "list-id", "list-unsubscribe",
    "list-unsubscribe-post", "feedback-id", "mime-version", "content-type", "content-language",
}  # fmt: skip

Texts = dict[str, str]


def wrong_in(
    campaign: Campaign, arrived: Iterable[tuple[str, bytes]], lanes: Iterable[Release]
) -> list[str]:
    """What is wrong with the mails that arrived, in words, once these lanes were sent."""
    return list(Comparison(campaign, arrived, lanes).everything())


# --- what stands in a mail


def _folded(text: str) -> str:
    """Case and space do not count: a text part has headings in capitals and broken lines."""
    return " ".join(text.split()).casefold()


def _stands(words: str, text: str) -> bool:
    """Whether words stand there for themselves, and not within another word or an address."""
    return re.search(rf"(?<![\w/-]){re.escape(words)}(?![\w/-])", text) is not None


SLOT = re.compile(r"\{([a-z_]+)(?:\|([^{}|]*))?\}")


def _pieces(text: str) -> list[str]:
    """What of a marked-up text stands in both parts as it is written; merge fields stay whole."""
    slots = iter([slot[0] for slot in SLOT.finditer(text)])
    cut = re.split(r"[*_\[]|\]\([^)]*\)|\n- |^- |\n\d\. |^\d\. |\n\n", SLOT.sub("\0", text))
    whole = [re.sub("\0", lambda _: next(slots), piece).strip() for piece in cut]
    return [piece for piece in whole if len(piece) > 3]


class Comparison:
    def __init__(
        self,
        campaign: Campaign,
        arrived: Iterable[tuple[str, bytes]],
        lanes: Iterable[Release],
    ) -> None:
        campaign.refresh_from_db()
        assert campaign.content_version
        assert campaign.mission
        assert campaign.alliance
        self.campaign, self.mission, self.alliance = campaign, campaign.mission, campaign.alliance
        self.arrived = list(arrived)
        self.sent = {lane.pk for lane in lanes}
        self.texts = {text.language: text for text in campaign.content_version.texts.all()}
        self.all = expected_mails(campaign)
        self.by_address = {mail.address.email: mail for mail in self.all}
        self.introductions: dict[int, Texts] = {}
        for row in (row for lane in campaign.releases.all() for row in lane.texts.all()):
            self.introductions.setdefault(row.release_id, {})[row.language] = row.text
        (self.disclaimer,) = campaign.alliance.disclaimers.filter(
            during__contains=timezone.localdate()
        ).values_list("texts", flat=True)
        self.clusters = list(Cluster.objects.all())
        self.desks = list(ContactPoint.objects.all())
        self.deadlines = list(Deadline.objects.filter(mission=self.mission))
        self.routes = list(ExternalRoute.objects.filter(mission=self.mission))
        assert self.mission.programme
        self.items = list(self.mission.programme.items.all())
        self.rows = {row.address_id: row for row in Delivery.objects.filter(campaign=self.campaign)}

    def everything(self) -> Iterator[str]:
        yield from self._counts()
        leaving: Counter[str] = Counter()
        for to, raw in self.arrived:
            yield from self.wrong_with(to, raw)
            leaving[str(_read(raw)["List-Unsubscribe"])] += 1
        yield from (f"two readers share {way}" for way, n in leaving.items() if n > 1)

    def wrong_with(self, to: str, raw: bytes) -> Iterator[str]:
        """What is wrong with one mail."""
        mail, want = _read(raw), self.by_address.get(to)
        if want is None:
            yield f"{to}: nobody who should get a mail"
            return
        for problem in (
            *self._headers(mail, want),
            *self._leaving(mail, want),
            *self._parts(mail, want),
            *self._answers(mail, want),
            *self._calendar(mail, want),
            *self._strangers(raw, mail, want),
        ):
            yield f"{to} ({want.cluster}, {want.language}, {want.variant}): {problem}"

    # --- sink = ledger = counts

    def _counts(self) -> Iterator[str]:
        here = Counter(to for to, _raw in self.arrived)
        yield from (f"{to}: {n} mails" for to, n in here.items() if n > 1)
        wanted = {str(mail.address.email) for mail in self.all if mail.release.pk in self.sent}
        yield from (f"{to}: no mail" for to in sorted(wanted - here.keys()))
        yield from (f"{to}: too early" for to in sorted(self._others() & here.keys()))
        rows = Delivery.objects.filter(campaign=self.campaign)
        accepted = rows.filter(state=Delivery.State.ACCEPTED)
        ledger = Counter(map(str, accepted.values_list("address__email", flat=True)))
        if ledger != here:
            yield f"the ledger says {sorted(ledger.elements())}, the sink {sorted(here.elements())}"
        if rows.count() != len(wanted):
            yield f"{rows.count()} rows for {len(wanted)} readers"
        for lane in self.campaign.releases.all():
            due = (
                sum(mail.release.pk == lane.pk for mail in self.all)
                if lane.pk in self.sent
                else None
            )
            if lane.expected != due:
                yield f"{lane.name} expects {lane.expected}, not {due}"

    def _others(self) -> set[str]:
        return {str(mail.address.email) for mail in self.all if mail.release.pk not in self.sent}

    # --- headers

    def _headers(self, mail: EmailMessage, want: Expected) -> Iterator[str]:
        names = sorted(name.lower() for name in mail.keys())  # noqa: SIM118  each, not each once
        if names != sorted(HEADERS):
            yield f"headers {sorted(set(names) ^ HEADERS)} or one of them twice"
            return
        (sender,), (to,) = mail["From"].addresses, mail["To"].addresses
        (answers,) = mail["Reply-To"].addresses
        cluster, text = want.cluster, self.texts[want.language]
        domain = cluster.from_address.rpartition("@")[2]
        row = self.rows[want.address.pk]
        told = {
            "From": (sender.display_name, sender.addr_spec),
            "Reply-To": answers.addr_spec,
            "To": (to.display_name, to.addr_spec),
            "Subject": str(mail["Subject"]),
            "Content-Language": str(mail["Content-Language"]),
            "List-ID": str(mail["List-ID"]),
            "Message-ID": re.sub(r"\.[^@]+", "", str(mail["Message-ID"]).partition("@")[0])
            + str(mail["Message-ID"])[str(mail["Message-ID"]).index("@") :],
            "ledger": (row.language, row.variant, row.release_id, row.contact_point_id),
        }
        wanted = {
            "From": (cluster.from_name, cluster.from_address),
            "Reply-To": cluster.reply_to,
            "To": (want.name, want.address.email),
            "Subject": one_line(self._merged(text.subject, want)),
            "Content-Language": want.language,
            "List-ID": f"<{self.alliance.slug}.{domain}>",
            "Message-ID": f"<d{row.pk}@{domain}>",
            "ledger": (want.language, want.variant, want.release.pk, want.desk.pk),
        }
        for name, value in wanted.items():
            if told[name] != value:
                yield f"{name} is {told[name]!r}, not {value!r}"

    def _leaving(self, mail: EmailMessage, want: Expected) -> Iterator[str]:
        ways = re.findall(r"<([^>]+)>", str(mail["List-Unsubscribe"]))
        page = ways[0] if ways else ""
        if str(mail["List-Unsubscribe-Post"]) != "List-Unsubscribe=One-Click":
            yield "no leaving with one click"
        if not page.startswith(settings.BASE_URL + "/"):
            yield f"leaving leads to {page!r}"
            return
        try:
            token = resolve(page.removeprefix(settings.BASE_URL)).kwargs["token"]
            leaving = links.read_leaving(token)
        except (Resolver404, links.InvalidLink):
            yield f"its link for leaving is broken: {page}"
            return
        wanted = (want.address.pk, self.campaign.pk, want.person.cluster_id, want.language)
        if tuple(leaving) != wanted:
            yield f"its link for leaving is for {tuple(leaving)}, not {wanted}"
        if page not in _html(mail).links:
            yield "HTML has no link for leaving"
        if page not in _plain(mail).split():
            yield "text has no link for leaving"

    # --- both parts

    def _parts(self, mail: EmailMessage, want: Expected) -> Iterator[str]:
        page = _html(mail)
        if page.attributes["html"].get("lang") != want.language:
            yield f"HTML is marked {page.attributes['html'].get('lang')}"
        said = [(what, _folded(text)) for what, text in self._said(want)]
        unsaid = [(what, _folded(text)) for what, text in self._unsaid(want)]
        whole = " ".join(text for _what, text in said)
        for part, text in (("HTML", page.text), ("text", _plain(mail))):
            found = _folded(text)
            yield from (f"{part} lacks {what}: {one!r}" for what, one in said if one not in found)
            yield from (
                f"{part} has {what}: {one!r}"
                for what, one in unsaid
                if one not in whole and _stands(one, found)
            )
        shown = [self._shown(texts, want.language) for texts in self._records(want.variant)]
        foreign = [each for each in shown if each[0] != want.language]
        if sorted(page.marked) != sorted(foreign):
            yield f"HTML marks {page.marked}, where {foreign} is in another language"
        for link in (f"mailto:{want.desk.email}", f"tel:{want.desk.phone.replace(' ', '')}"):
            if link not in page.links:
                yield f"HTML lacks the link {link}"

    def _said(self, want: Expected) -> Iterator[tuple[str, str]]:
        """What must stand in both parts of a mail."""
        language, cluster, desk = want.language, want.cluster, want.desk
        yield "its contact point", str(desk)
        yield "its contact point's address", desk.email
        yield "its contact point's phone", desk.phone
        yield "its region", f"{cluster.name}, {cluster.region.names[language]}"
        for line in cluster.postal_address.splitlines():
            yield "its postal address", line
        yield "its footer", cluster.footer[language]
        yield "its disclaimer", self.disclaimer[language]
        why = "follows" if want.variant == "public" else "known"
        for what in ("leave", "desk", why):
            yield f"our words ({what})", self._ours(language, what, want)
        for kind, text in self._blocks(want):
            yield f"the {kind}", text
        for piece in _pieces(self.introductions.get(want.release.pk, {}).get(language, "")):
            yield "its introduction", self._merged(piece, want)
        if language in self.introductions.get(want.release.pk, {}):
            yield "our words (word)", self._ours(language, "word", want)
        for texts in self._records(want.variant):
            yield "a record's words", self._shown(texts, language)[1]

    def _unsaid(self, want: Expected) -> Iterator[tuple[str, str]]:
        """What may stand in neither part: other languages, other regions, other kinds of reader."""
        yield from self._other_languages(want)
        yield from self._other_introductions(want)
        for other in (one for one in self.clusters if one != want.cluster):
            theirs = (other.from_address, other.reply_to, *other.postal_address.splitlines())
            for text in (*theirs, *other.footer.values()):
                yield f"something of {other}", text
        for desk in (one for one in self.desks if one != want.desk):
            yield from (("another desk", text) for text in (desk.name, desk.email, desk.phone))
        if want.variant == "member":
            for route in self.routes:
                yield from (("what others read", text) for text in (route.organiser, route.url))
        else:
            for row in self.deadlines:
                yield "what members read", self._shown(row.things, want.language)[1]

    def _other_languages(self, want: Expected) -> Iterator[tuple[str, str]]:
        written = [self.mission.names, self.mission.leads, want.cluster.footer, self.disclaimer]
        written += [*self._records("member"), *self._records("public")]
        for texts in written:
            for language in texts.keys() - {self._shown(texts, want.language)[0]}:
                yield f"words in {language}", texts[language]
        for language, words in self._written_words():
            if language != want.language:
                yield f"words in {language}", words
        for language in OURS.keys() - {want.language}:
            for what in ("leave", "desk"):
                yield f"our words in {language}", self._ours(language, what, want)

    def _written_words(self) -> Iterator[tuple[str, str]]:
        """What was written for this call, with its language."""
        for language, text in self.texts.items():
            said = [text.subject, *(piece for _kind, piece in self._pieces_of(text.blocks))]
            yield from ((language, piece) for piece in said if "{" not in piece)

    def _other_introductions(self, want: Expected) -> Iterator[tuple[str, str]]:
        for release, texts in self.introductions.items():
            own = {want.language} if release == want.release.pk else set()
            for language in texts.keys() - own:
                for piece in _pieces(texts[language]):
                    yield "another introduction", self._merged(piece, want)
        if want.language not in self.introductions.get(want.release.pk, {}):
            yield "a word of the region", self._ours(want.language, "word", want)

    def _shown(self, texts: Texts, language: str) -> tuple[str, str]:
        """A record's text in a language, else in the alliance's first one that has it."""
        order = (language, *self.alliance.languages)
        return next((code, texts[code]) for code in order if texts.get(code))

    def _records(self, variant: str) -> list[Texts]:
        """What a mail says that stands in the mission's record, in all its languages."""
        found = [self.mission.market.names, self.mission.terms]
        found += [item.titles for item in self.items]
        if variant == "member":
            found += [row.things for row in self.deadlines]
        else:
            found += [row.texts for row in self.routes]
        return found

    def _blocks(self, want: Expected) -> Iterator[tuple[str, str]]:
        blocks = self.texts[want.language].blocks
        mine = [b for b in blocks if want.variant in b.get("readers", [want.variant])]
        for kind, piece in self._pieces_of(mine):
            yield kind, self._merged(piece, want)

    @staticmethod
    def _pieces_of(blocks: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
        for block in blocks:
            if block["kind"] in WRITTEN:
                for name in ("text", "label", "alt", "caption", "who", "paragraphs"):
                    texts = block.get(name, "")
                    for text in texts if isinstance(texts, list) else [texts]:
                        yield from ((str(block["kind"]), piece) for piece in _pieces(text))

    def _ours(self, language: str, what: str, want: Expected) -> str:
        return OURS[language][what].format(cluster=want.cluster.name, alliance=self.alliance.name)

    def _merged(self, text: str, want: Expected) -> str:
        post = want.person.positions.filter(during__endswith=None).order_by("pk").first()
        firm = (post.organisation.short_name or post.organisation.legal_name) if post else ""
        values = {
            "name": want.name,
            "given_name": want.person.given,
            "family_name": want.person.family,
            "organisation": firm,
            "cluster": want.cluster.name,
            "contact_point": str(want.desk),
        }
        return SLOT.sub(lambda slot: one_line(values[slot[1]]) or slot[2] or "", text)

    # --- what is signed, and for whom

    def _answers(self, mail: EmailMessage, want: Expected) -> Iterator[str]:
        row = self.rows[want.address.pk]
        page = [link for link in _html(mail).links if "/answers/" in link]
        plain = [word for word in _plain(mail).split() if "/answers/" in word]
        if len(page) != (4 if want.variant == "member" else 0) or page != plain:
            yield f"{len(page)} ways to answer in HTML, {len(plain)} in the text"
        for link in page:
            token = resolve(link.removeprefix(settings.BASE_URL)).kwargs["token"]
            wanted = (row.pk, want.person.pk, self.campaign.pk, want.language)
            if tuple(links.read_answering(token)) != wanted:
                yield "an answer for somebody else"

    def _calendar(self, mail: EmailMessage, want: Expected) -> Iterator[str]:
        files = [part for part in mail.walk() if part.get_content_type() == "text/calendar"]
        if len(files) != (want.variant == "member"):
            yield f"{len(files)} calendar files"
        for file in files:
            found = file.get_content().replace("\r\n", "\n").replace("\n ", "")
            for row in self.deadlines:
                summary = f"{self.mission.names[want.language]}: {row.things[want.language]}"
                if f"SUMMARY:{summary}" not in found:
                    yield f"its calendar file lacks {summary!r}"

    def _strangers(self, raw: bytes, mail: EmailMessage, want: Expected) -> Iterator[str]:
        """No other reader in any of it."""
        page = _html(mail)
        whole = " ".join([raw.decode(), _plain(mail), page.text, *page.links])
        for other in self.all:
            if other is not want and str(other.address.email) in whole:
                yield f"the address of another reader: {other.address.email}"


def _read(raw: bytes) -> EmailMessage:
    mail = email.message_from_bytes(raw, policy=modern)
    assert isinstance(mail, EmailMessage)
    return mail


def _html(mail: EmailMessage) -> Page:
    part = mail.get_body(("html",))
    assert part
    return Page(part.get_content())


def _plain(mail: EmailMessage) -> str:
    part = mail.get_body(("plain",))
    assert part
    return str(part.get_content())
