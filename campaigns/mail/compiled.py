"""A campaign's mails, compiled: what all readers of an edition share is written only once."""

import logging
from collections.abc import Mapping
from email import message_from_bytes, policy
from email.headerregistry import ContentTypeHeader
from email.message import EmailMessage
from threading import Lock

from campaigns.mail import links
from campaigns.mail.compose import CannotCompose, Composer, Edition, Text, address_of
from campaigns.mail.readers import Reader
from campaigns.mail.skeletons import CannotCompile, Skeleton, skeleton_of
from campaigns.mail.transports.contract import Envelope
from campaigns.models import Campaign, Release
from campaigns.rules.marks import Marks
from crm.models import ContactPoint

log = logging.getLogger(__name__)

MOST_KEPT = 500
"""Editions that are kept compiled: of a digest there may be as many as readers."""

Key = tuple[int | None, int | None, str, str, bool, bool]
"""What an edition is found by: lane, contact point, language, variant, which subject, whether it
says where the reader's data comes from."""

# Readers whose mails must come out the same compiled and composed, before anybody's does: one of
# whom nothing is known, and one whose every value wants to be something else.
_NAMELESS = Reader(
    1, 2, None, None, 3, 4, 5, "en", "member", "a@b.example", "b.example", "", "", "", ""
)
_HOSTILE = _NAMELESS._replace(
    title="Dr. \"'<b>",
    given=".Ünal & \"'<Söhne>",
    family="=20 \u202eß'\"",
    organisation="a@b; '\"{name} 🧬\\",
    tracked=True,
    origin="a list <of> “2026” & {name} '\"\\",
)


class _Compiled:
    """An edition and its skeleton; without one its mails are composed one by one."""

    def __init__(self, edition: Edition, sender: str, skeleton: Skeleton | None) -> None:
        self.edition, self.sender, self.skeleton = edition, sender, skeleton


class Press:
    """Prints the mails of one campaign. Threads may share one: a skeleton never changes."""

    def __init__(self, campaign: Campaign, texts: Mapping[str, Text] | None = None) -> None:
        self.campaign = campaign
        self.composer = Composer(campaign, texts)
        self.names_posts = self.composer.mentions("organisation")
        self._compiled: dict[Key, _Compiled] = {}
        self._proved: set[tuple[str, str]] = set()
        self._lock = Lock()

    def envelope(self, reader: Reader) -> Envelope:
        """The mail of one reader. Raises CannotCompose, which concerns this reader alone."""
        to = address_of(reader)
        key = (
            reader.release,
            reader.contact_point,
            reader.language,
            reader.variant,
            reader.second_subject,
            bool(reader.origin),
        )
        compiled = self._compiled.get(key) or self._compile(key)
        if compiled.skeleton is None:
            return self.composer.write(compiled.edition, reader)
        sender = links.mailbox(links.MailTo.BOUNCE, reader.delivery) or compiled.sender
        mail = compiled.skeleton.fill(reader)
        return Envelope(sender, to, mail, reader.delivery, fit=True)

    def postal_lines(self, release: int | None) -> list[str]:
        """The postal address of who sends to a lane that was written to."""
        (edition, *_others) = (
            made.edition for key, made in self._compiled.items() if key[0] == release
        )
        lines = self.composer.sender(edition.release).postal_lines
        return [stripped for line in lines if (stripped := " ".join(line.split()))]

    def _compile(self, key: Key) -> _Compiled:
        with self._lock:
            if key not in self._compiled:
                if len(self._compiled) >= MOST_KEPT:
                    self._compiled.clear()
                self._compiled[key] = self._made(self._edition(key))
            return self._compiled[key]

    def _edition(self, key: Key) -> Edition:
        release, contact_point, language, variant, second_subject, says_origin = key
        if language not in self.composer.texts:
            raise CannotCompose(f"There is no text in {language}.")
        return Edition(
            Release.objects.select_related("cluster__region").get(pk=release) if release else None,
            ContactPoint.objects.get(pk=contact_point) if contact_point else None,
            language,
            variant,
            second_subject,
            says_origin,
        )

    def _made(self, edition: Edition) -> _Compiled:
        cluster = self.composer.sender(edition.release)
        skeleton = None
        try:
            skeleton = self._skeleton(edition, cluster.from_name)
        except CannotCompile as problem:
            self._say(f"Mails in {edition.language} cannot be compiled. {problem}")
        return _Compiled(edition, cluster.from_address, skeleton)

    def _skeleton(self, edition: Edition, organizer: str) -> Skeleton:
        marks = Marks()

        def value(name: str, fallback: str = "") -> str:
            mark = marks(name, fallback)
            return f"reader@{mark}.example" if name == "to" else mark

        try:
            skeleton = skeleton_of(self.composer.message(edition, value), marks, organizer)
            for probe in self._probes(edition):
                composed = self.composer.message(edition, probe.value)
                if differs := difference(skeleton.fill(probe), composed):
                    raise CannotCompile(f"The {differs} would not be the same as composed.")
        except CannotCompose as problem:
            raise CannotCompile(str(problem)) from problem
        return skeleton

    def _probes(self, edition: Edition) -> tuple[Reader, ...]:
        """Both for the first lane in a language, one for the others: each costs a whole mail."""
        kind = (edition.language, edition.variant)
        if kind in self._proved:
            return (_HOSTILE,)
        self._proved.add(kind)
        return (_NAMELESS, _HOSTILE)

    def _say(self, why: str) -> None:
        """Tell whoever looks after the campaign."""
        log.warning("Campaign %s: %s", self.campaign.pk, why)
        mine = Campaign.objects.filter(pk=self.campaign.pk)
        mine.exclude(uncompiled=why[:300]).update(uncompiled=why[:300])


def difference(filled: bytes, composed: EmailMessage) -> str:
    """The first thing in which a mail differs for its reader from the composed one, or nothing."""
    # Both are read from bytes: Python's parser puts a space between the encoded words of a name.
    ours, theirs = (
        _told(message_from_bytes(mail, policy=policy.default))
        for mail in (filled, composed.as_bytes())
    )
    for one, other in zip(ours, theirs, strict=False):
        if one != other:
            return one[0]
    return "" if len(ours) == len(theirs) else "number of parts"


def _told(mail: EmailMessage) -> list[tuple[str, str]]:
    """Headers and bodies, decoded; a boundary says nothing, and a date is when it was written."""
    found = []
    for n, part in enumerate(mail.walk()):
        where = f"part {n}" if n else "mail"
        for name, value in part.items():
            if name == "Content-Type":
                found.append((f"header {name} of {where}", _kind(value)))
            elif name != "Date":
                found.append((f"header {name} of {where}", str(value)))
        if not part.is_multipart():
            content = part.get_content().replace("\r\n", "\n")
            found.append((f"{part.get_content_type()} of {where}", content))
    return found


def _kind(header: ContentTypeHeader) -> str:
    named = {name: value for name, value in header.params.items() if name != "boundary"}
    return f"{header.content_type} {named}"
