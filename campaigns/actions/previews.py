"""A mail as one reader would get it, before anybody does. Its links lead to a page that says so."""

from bisect import bisect_right
from dataclasses import dataclass, replace
from email import message_from_bytes, policy
from email.message import EmailMessage

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from campaigns.actions import audiences, contents, freezing, images, linking
from campaigns.mail.compose import CannotCompose, Composer, Text
from campaigns.mail.records import filled
from campaigns.models import Campaign, Delivery, Exclusion, Release, Trim
from campaigns.rules import blocks as rules
from campaigns.rules.languages import choose
from campaigns.rules.reconcile import Written
from crm.actions.errors import Refused
from crm.models import Address, Person, User
from crm.models.people import PersonQuerySet
from crm.rules.conditions import InvalidCondition
from crm.rules.texts import LANGUAGES

AT_ONCE = 1_000  # readers that are looked at for the next one who may be named
NOBODY = 0  # the id of made-up readers: links signed for it act on nothing


@dataclass(frozen=True)
class Reader:
    """Whose mail is shown: a real person of a lane, or a made-up one."""

    release: Release
    person: Person
    language: str
    variant: str
    gets_it: bool = True
    """Whether the person would get it, or got it; a made-up one does."""

    @property
    def made_up(self) -> bool:
        return self.person.pk == NOBODY


@dataclass(frozen=True)
class Preview:
    """A composed mail, taken apart for the screen."""

    mail: EmailMessage

    @property
    def headers(self) -> dict[str, str]:
        """What a mail program shows above the mail."""
        return {
            "sender": str(self.mail["From"]),
            "reply_to": str(self.mail["Reply-To"]),
            "subject": str(self.mail["Subject"]),
        }

    @property
    def html(self) -> str:
        return self._part("html")

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def size(self) -> int:
        """Of the HTML part, in bytes: what mail programs cut at some length."""
        return len(self.html.encode())

    def _part(self, kind: str) -> str:
        body = self.mail.get_body((kind,))
        return str(body.get_content()) if body else ""


def texts_of(campaign: Campaign) -> dict[str, Text]:
    """What would be sent: the pinned version once there is one, else every draft.

    Raises Refused where a record lacks what the call needs, or nobody writes in its name any more.
    """
    if campaign.content_version_id:
        return dict(_composer(campaign).texts)
    return contents.resolved(campaign, ready_only=False)


def text_of(campaign: Campaign, language: str, said: Written) -> Text:
    """What somebody is writing, as a mail would say it; a picture without a file is left out.

    Each block has its place in the text as its `anchor`. Raises Refused where it is too long.
    """
    if rules.size(said.blocks) > rules.LARGEST_DRAFT:
        raise Refused(_("This text is too long to be shown. Shorten it or attach a document."))
    taken = campaign.linked.filter(language=language).first()
    told = (
        {"parts": taken.parts, "dates": taken.dates}
        if taken
        else linking.told_by(campaign, language)
    )
    blocks = [
        content | {"anchor": f"block-{place}"}
        for place, block in enumerate(said.blocks)
        if (block["kind"] != "image" or block["image"])
        and (content := filled(block, told["parts"]))
    ]
    blocks = images.measured(blocks, campaign.alliance)
    return Text(language, said.subject, said.preheader, blocks, told["dates"])


def lane_of(campaign: Campaign, person: Person) -> Release | None:
    """The lane a person belongs to: their cluster's, or the alliance's own."""
    cluster = person.cluster_id if person.kind in campaign.of_lanes else None
    return campaign.releases.filter(cluster=cluster).first()


def reader_of(release: Release, people: QuerySet[Person], person_id: int | None = None) -> Reader:
    """The person asked for, else some reader of the lane among `people`, else a made-up one."""
    found = _found(release, person_id)
    person = people.filter(pk=found[0] if found else person_id or NOBODY).first()
    if person is None:
        return made_up(release)
    if found is None:
        language = _language(release, person)
        return Reader(release, person, language, _variant(person), gets_it=False)
    return Reader(release, person, found[1], found[2])


def reason_of(release: Release, person: Person) -> int | None:
    """Why somebody does not get it, as it was frozen or would be decided now; None: not asked."""
    if release.frozen_at is None:
        return audiences.reason(release.campaign, person.pk)
    rows = Exclusion.objects.filter(campaign=release.campaign, person=person)
    return rows.values_list("reason", flat=True).first()


def nameable(campaign: Campaign, user: User) -> PersonQuerySet:
    """People whom the user may name here: whom a region took out is known to that region alone."""
    people = Person.objects.visible_to(user)
    if user.scope.admin:
        return people
    taken_out = Trim.objects.taken_out().filter(release__campaign=campaign).values("person")
    return people.exclude(Q(pk__in=taken_out) & ~Q(cluster_id__in=user.scope.clusters))


def next_after(release: Release, people: QuerySet[Person], person_id: int) -> Person | None:
    """The next reader of the lane among `people`; after the last one, the first again."""
    try:
        readers = _readers(release)
    except InvalidCondition:
        return None  # nobody can be asked for, and the checks say so
    place = bisect_right(readers, person_id)
    for part in (readers[place:], readers[:place]):
        for start in range(0, len(part), AT_ONCE):
            some = people.filter(pk__in=part[start : start + AT_ONCE])
            if found := some.order_by("pk").first():
                return found
    return None


def _readers(release: Release) -> list[int]:
    if release.frozen_at is None:
        return audiences.readers(release.campaign, release.pk)
    rows = Delivery.objects.filter(campaign=release.campaign, release=release)
    later = rows.filter(person__isnull=False).order_by("person")
    return [pk for pk in later.values_list("person", flat=True) if pk]


def _found(release: Release, person_id: int | None) -> tuple[int, str, str] | None:
    """(person, language, variant), as it was frozen or would be decided now."""
    campaign = release.campaign
    if release.frozen_at is None:
        if person_id is None:
            return audiences.sample(campaign, release.pk)
        return audiences.one(campaign, person_id)
    rows = Delivery.objects.filter(campaign=campaign, release=release, person__isnull=False)
    if person_id is not None:
        rows = rows.filter(person=person_id)
    row = rows.order_by("pk").first()
    return (row.person_id or NOBODY, row.language, row.variant) if row else None


def invented(release: Release, language: str, variant: str = "") -> Reader:
    """Somebody who would get a text in that language; `variant`: as that kind of reader."""
    reader = made_up(release)
    return replace(reader, language=language, variant=variant or reader.variant)


def made_up(release: Release) -> Reader:
    """An invented reader, where nobody of a lane may be named. Raises Refused without a sender."""
    cluster = release.cluster or _composer(release.campaign, {}).coordinator
    person = Person(
        pk=NOBODY,
        given="Alex",
        family="Example",
        # The kind that a lane is for comes last.
        kind=release.campaign.of_lanes[-1] if release.cluster else Person.Kind.FOLLOWER,
        cluster=cluster,
    )
    return Reader(release, person, _language(release, person), _variant(person))


def _composer(campaign: Campaign, texts: dict[str, Text] | None = None) -> Composer:
    """Raises Refused without a sender."""
    try:
        return Composer(campaign, texts)
    except CannotCompose as problem:
        raise Refused(str(problem)) from problem


def compose(reader: Reader, texts: dict[str, Text], *, to: str | None = None) -> Preview:
    """The mail of a reader. Raises Refused with what is missing."""
    campaign = reader.release.campaign
    desk = reader.release.contact_point or freezing.resolve_desk(campaign, reader.release)
    delivery = Delivery(
        pk=NOBODY,
        campaign=campaign,
        release=reader.release,
        address=Address(pk=NOBODY, email=to or "reader@reader.example"),
        person=reader.person,
        contact_point=desk,
        language=reader.language,
        variant=reader.variant,
    )
    try:
        envelope = Composer(campaign, texts).compose(delivery)
    except CannotCompose as problem:
        raise Refused(str(problem)) from problem
    return Preview(message_from_bytes(envelope.mail, policy=policy.default))


def _language(release: Release, person: Person) -> str:
    campaign = release.campaign
    assert campaign.alliance
    own = release.cluster.languages if release.cluster else []
    written = set(campaign.texts.values_list("language", flat=True))
    return choose(person.language, (own, campaign.alliance.languages, LANGUAGES), written) or ""


def _variant(person: Person) -> str:
    is_contact = person.kind == Person.Kind.CONTACT
    return Delivery.Variant.MEMBER if is_contact else Delivery.Variant.PUBLIC
