"""What a mailbox's owner sees and chooses of all that is sent to them: no login, a signed link.

A mailbox may stand in the lists of several clusters. Its owner sees them all, for they are theirs;
nobody else ever learns of one list from another.
"""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions import consent, erasing, people
from crm.actions.errors import Refused
from crm.models import (
    Address,
    Alliance,
    Basis,
    Cluster,
    Frequency,
    LegalBasis,
    Participation,
    Person,
    Subscription,
    Suppression,
    Topic,
)
from crm.models.lasting import lasts

SOURCE = "preference page"
LONGEST_PAUSE = dt.timedelta(days=366)
_OWN_WORD = (Suppression.Reason.UNSUBSCRIBED, Suppression.Reason.OBJECTED)


@dataclass(frozen=True)
class Reason:
    """Why one cluster may write, and since when."""

    cluster: Cluster
    basis: str
    purpose: str
    since: dt.date


class Preferences:
    """What holds for one mailbox today."""

    def __init__(self, address: Address) -> None:
        self.address = address

    @property
    def hint(self) -> str:
        """Enough of the address for its owner; the link may have been passed on."""
        local, _at, domain = str(self.address.email).rpartition("@")
        return f"{local[:1]}…@{domain}"

    @cached_property
    def people(self) -> list[Person]:
        """Whose mails come to it, in each cluster's list; not who reads them elsewhere by now."""
        known = Person.objects.current().filter(
            addresses__address=self.address, addresses__is_primary=True
        )
        return list(known.select_related("cluster").order_by("pk"))

    @cached_property
    def heard(self) -> set[int]:
        """The ids of those of them whose cluster was not left as a whole."""
        left = {each.cluster_id for each in self._left if each.scope == Suppression.Scope.CLUSTER}
        return {person.pk for person in self.people if person.cluster_id not in left}

    @cached_property
    def clusters(self) -> list[Cluster]:
        return list({person.cluster_id: person.cluster for person in self.people}.values())

    @cached_property
    def archivists(self) -> list[Cluster]:
        """Who keeps a record of its owner in the archive alone, to whom nothing is sent."""
        known = Person.objects.filter(
            addresses__address=self.address, addresses__is_primary=True,
            archived_at__isnull=False, erased_at=None, merged_into=None,
        )  # fmt: skip
        rows = known.exclude(cluster__in=self.clusters).select_related("cluster")
        return list({person.cluster_id: person.cluster for person in rows}.values())

    @property
    def keepers(self) -> list[Cluster]:
        """Everybody who keeps this address, and whom one may leave."""
        return [*self.clusters, *self.archivists]

    @cached_property
    def alliances(self) -> list[Alliance]:
        """Those that the clusters take part in today."""
        today = Participation.objects.valid_on(timezone.localdate())
        part = today.filter(cluster__in=self.clusters)
        return list(Alliance.objects.filter(pk__in=part.values("alliance")).order_by("name"))

    @cached_property
    def topics(self) -> list[Topic]:
        """What can be asked for: of those alliances and clusters, and what was asked for before."""
        wished = [wish.topic_id for wish in self._wishes]
        offered = Topic.objects.filter(
            Q(alliance__in=self.alliances) | Q(cluster__in=self.clusters), public=True
        )
        return list(
            (offered | Topic.objects.filter(pk__in=wished))
            .select_related("alliance", "cluster")
            .order_by("alliance__name", "pk")
            .distinct()
        )

    @cached_property
    def on(self) -> set[int]:
        """The ids of topics of which mails come as things stand."""
        wished = {wish.topic_id for wish in self._active if wish.person_id in self.heard}
        return {
            topic.pk
            for topic in self.topics
            if (topic.pk in wished or self.unasked(topic)) and not self._is_left(topic)
        }

    def unasked(self, topic: Topic) -> set[int]:
        """The ids of those of them to whom it comes without a wish: for a basis that does not hold
        for one alliance only, or for this one, unless they left the topic.

        A follower gets nothing but what they asked for; nor is an alliance's consent, which is
        given for a topic, a reason for another one.
        """
        if topic.by_subscription_only:
            return set()
        left = {w.person_id for w in self._wishes if w.topic_id == topic.pk and w.state == "left"}
        return {
            basis.person_id
            for basis in self._bases
            if basis.purpose == topic.purpose
            and basis.alliance_id in (None, topic.alliance_id)
            and not (basis.basis == Basis.CONSENT and basis.alliance_id)
            and basis.person.kind != Person.Kind.FOLLOWER
            and basis.person_id in self.heard - left
        }

    @cached_property
    def language(self) -> str:
        return next((person.language for person in self.people if person.language), "")

    @cached_property
    def frequency(self) -> str:
        """How posts come; empty where one topic's come otherwise than another's."""
        chosen = {wish.frequency for wish in self._active if wish.topic_id in self.on}
        return "" if len(chosen) > 1 else next(iter(chosen), Frequency.EACH)

    @cached_property
    def markets(self) -> list[str]:
        """The slugs of the markets that were chosen for any topic; none: all of them."""
        chosen = {
            slug for wish in self._active if wish.topic_id in self.on for slug in wish.markets
        }
        return sorted(chosen)

    @cached_property
    def paused_until(self) -> dt.date | None:
        days = [p.paused_until for p in self.people if p.paused_until]
        return max((day for day in days if day >= timezone.localdate()), default=None)

    @property
    def reasons(self) -> list[Reason]:
        """Why mails come, and from whom."""
        return [
            Reason(
                basis.person.cluster,
                basis.get_basis_display(),
                basis.get_purpose_display(),
                basis.since,
            )
            for basis in self._bases
            if not any(_covers(left, basis) for left in self._left)
        ]

    @cached_property
    def _wishes(self) -> list[Subscription]:
        return list(Subscription.objects.filter(person__in=self.people))

    @property
    def _active(self) -> list[Subscription]:
        return [wish for wish in self._wishes if wish.state == Subscription.State.ACTIVE]

    @cached_property
    def _bases(self) -> list[LegalBasis]:
        today = timezone.localdate()
        held = LegalBasis.objects.allowed().filter(
            lasts("expires_on", today), person__in=self.people
        )
        return list(held.select_related("person__cluster").order_by("pk"))

    @cached_property
    def _left(self) -> list[Suppression]:
        return list(Suppression.objects.standing().filter(address=self.address))

    def _is_left(self, topic: Topic) -> bool:
        return any(
            left.scope == "all"
            or left.topic_id == topic.pk
            or (left.alliance_id is not None and left.alliance_id == topic.alliance_id)
            for left in self._left
        )


def _covers(left: Suppression, basis: LegalBasis) -> bool:
    """Whether nothing comes for this reason any more, whatever its topic."""
    return (
        left.scope == "all"
        or (left.cluster_id is not None and left.cluster_id == basis.person.cluster_id)
        or (left.alliance_id is not None and left.alliance_id == basis.alliance_id)
    )


def of(address_id: int) -> Preferences | None:
    """None where the mailbox's owner had it erased."""
    address = Address.objects.filter(pk=address_id, erased_at=None).first()
    return Preferences(address) if address else None


def choose(
    *, address: Address, topics: Sequence[Topic], language: str, paused_until: dt.date | None,
    word: consent.Word, frequency: str = "", markets: Sequence[str] | None = None,
    seen: Collection[int] | None = None,
) -> None:  # fmt: skip
    """From now on just these topics, in this language, after this day. Repeatable.

    `seen` are the ids of the topics that were ticked when the page was opened: what began since is
    not left by a page that did not show it.
    Without a `frequency` posts come as they did; without `markets` of the markets of before, and
    those of a topic that begins of the markets of all the others. No market at all means every one.
    Raises Refused for a day that is over or more than a year away.
    """
    today = timezone.localdate()
    if paused_until and not today <= paused_until <= today + LONGEST_PAUSE:
        raise Refused(_("Choose a day within a year from now, or none."))
    with transaction.atomic():
        Address.objects.select_for_update(no_key=True).get(pk=address.pk)
        present = Preferences(address)
        wanted = {topic.pk for topic in topics}
        for topic in present.topics:
            if topic.pk in wanted - present.on:
                _begin(present, topic, word, wanted)
            elif topic.pk in (present.on if seen is None else present.on & {*seen}) - wanted:
                consent.withdraw(
                    address=address,
                    scope=Suppression.Scope.TOPIC,
                    topic=topic,
                    reason=Suppression.Reason.UNSUBSCRIBED,
                    source=word.source,
                    person=_person_for(present, topic),
                )
        chosen = [topic for topic in present.topics if topic.pk in wanted]
        if frequency:
            _tell(present, chosen, frequency)
        if markets is not None:
            _narrow(present, chosen, markets)
        others = Q(language__isnull=True) | ~Q(language=language) | ~Q(paused_until=paused_until)
        if paused_until is None:
            others = (
                Q(language__isnull=True) | ~Q(language=language) | Q(paused_until__isnull=False)
            )
        Person.objects.filter(others, pk__in=[person.pk for person in present.people]).update(
            language=language, paused_until=paused_until, version=F("version") + 1
        )


def _begin(present: Preferences, topic: Topic, word: consent.Word, wanted: set[int]) -> None:
    """Of the markets that the page shows as chosen."""
    person = _person_for(present, topic)
    wish = consent.opt_in(
        person=person, address=present.address, topic=topic, word=word, beside=wanted
    )
    wish.markets = present.markets
    wish.save(update_fields=["markets"])


def _tell(present: Preferences, topics: Sequence[Topic], frequency: str) -> None:
    """Have the posts of these topics come so.

    Who gets a topic unasked, as a member's contact does, has a wish from then on: it says how.
    """
    wishes = _active(present, topics)
    if frequency != Frequency.EACH:
        wishes += _settled(present, topics, wishes)
    for wish in wishes:
        wish.choose(frequency, timezone.now())
        wish.save(update_fields=["frequency", "digests_from", "digests_until"])


def _narrow(present: Preferences, topics: Sequence[Topic], markets: Sequence[str]) -> None:
    """Of these topics only what is about these markets, or about none in particular.

    Who gets a topic unasked has a wish from then on, as for how posts come.
    """
    wishes = _active(present, topics)
    if markets:
        wishes += _settled(present, topics, wishes)
    for wish in wishes:
        wish.markets = sorted(markets)
        wish.save(update_fields=["markets"])


def _settled(
    present: Preferences, topics: Sequence[Topic], wishes: Sequence[Subscription]
) -> list[Subscription]:
    """Wishes for those topics that came without one, of whom they come to."""
    wished = {wish.topic_id for wish in wishes}
    return [
        consent.settle(person=_person_for(present, topic, present.unasked(topic)), topic=topic)
        for topic in topics
        if topic.pk not in wished
    ]


def _active(present: Preferences, topics: Sequence[Topic]) -> list[Subscription]:
    active = Subscription.objects.filter(
        person__in=present.people, topic__in=topics, state=Subscription.State.ACTIVE
    )
    return list(active.select_for_update(of=("self",)).order_by("pk"))


def leave(*, address: Address, scope: str, of: int | None) -> None:
    """Leave a cluster, an alliance or everything; `of` is its id. Repeatable."""
    present = Preferences(address)
    cluster = next((each for each in present.keepers if each.pk == of), None)
    alliance = next((each for each in present.alliances if each.pk == of), None)
    consent.withdraw(
        address=address,
        scope=scope,
        cluster=cluster if scope == Suppression.Scope.CLUSTER else None,
        alliance=alliance if scope == Suppression.Scope.ALLIANCE else None,
        reason=Suppression.Reason.UNSUBSCRIBED,
        source=SOURCE,
    )


def _person_for(present: Preferences, topic: Topic, first: Collection[int] = ()) -> Person:
    """Whose record the wish stands with: one of `first`, then of a cluster that was not left, then
    who asked for it before, then the controller's, then the first."""
    wished = {wish.person_id for wish in present._wishes if wish.topic_id == topic.pk}
    in_order = sorted(
        present.people,
        key=lambda p: (
            p.pk not in first,
            p.pk not in present.heard,
            p.pk not in wished,
            p.cluster_id != topic.controller_id,
            p.pk,
        ),
    )
    return in_order[0]


def own_records(address: Address) -> list[Person]:
    """The present records of the mailbox's owner; none of a mailbox that several people read."""
    known = Person.objects.current().filter(pk__in=erasing.sole_holders(address))
    return list(known.select_related("cluster").order_by("pk"))


def correct(*, address: Address, title: str, given: str, family: str, language: str) -> None:
    """The owner's own name and language, in every list that has them. Repeatable."""
    with transaction.atomic():
        for person in own_records(address):
            people.edit(
                person=person, by=None, version=person.version, title=title.strip(),
                given=given.strip(), family=family.strip(), language=language,
            )  # fmt: skip
