"""Three different facts, never one flag: what was asked for, why we may write, who is never to be.

A mail needs a legal basis, no suppression, and no left topic.
"""

import datetime as dt
from typing import Any, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.addresses import Address
from crm.models.basis_rules import Basis, BasisRule, Purpose
from crm.models.history import append_only, tracked
from crm.models.network import Alliance, Cluster, Participation
from crm.models.people import Person
from crm.models.scope import Viewer, scope_of
from crm.models.texts import TextsField, in_language
from crm.models.wordings import Wording

TRACKING = "tracking"
"""What a consent record is about where a reader says whether their clicks may be kept."""


class Frequency(models.TextChoices):
    """How posts come to who follows a topic: each by itself, or many in one mail."""

    EACH = "each", _("each by itself")
    DAILY = "daily", _("once a day, together")
    WEEKLY = "weekly", _("once a week, together")


GOES_ON = dt.timedelta(days=8)
"""Whoever comes back to digests within so long goes on where they stopped: until then a digest of
either kind has told what was published before."""


class TopicQuerySet(models.QuerySet["Topic"]):
    def visible_to(self, user: Viewer) -> Self:
        """Topics of an alliance of mine, and of my clusters."""
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(Q(alliance_id__in=scope.alliances) | Q(cluster_id__in=scope.clusters))

    def public(self) -> Self:
        """What everybody may ask for."""
        return self.filter(public=True)


@tracked()
class Topic(models.Model):
    """What one can ask for."""

    slug = models.SlugField(unique=True)
    alliance = models.ForeignKey(Alliance, models.PROTECT, null=True, blank=True)
    cluster = models.ForeignKey(Cluster, models.PROTECT, null=True, blank=True, related_name="+")
    controller = models.ForeignKey(Cluster, models.PROTECT, related_name="topics")
    purpose = models.CharField(max_length=10, choices=Purpose)
    names = TextsField()
    by_subscription_only = models.BooleanField(default=False)
    public = models.BooleanField(default=False)
    """Whether the form on the alliance's pages offers it to everybody."""

    objects = TopicQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_topic_belongs_to_an_alliance_or_a_cluster",
                condition=Q(alliance=None, cluster__isnull=False)
                | Q(alliance__isnull=False, cluster=None),
            )
        ]

    def __str__(self) -> str:
        return in_language(self.names)


@tracked()
class Subscription(models.Model):
    """A person's wish for a topic, with its state."""

    class State(models.TextChoices):
        PENDING = "pending", _("not confirmed")
        ACTIVE = "active", _("active")
        LEFT = "left", _("left")

    person = models.ForeignKey(Person, models.PROTECT, related_name="subscriptions")
    topic = models.ForeignKey(Topic, models.PROTECT, related_name="subscriptions")
    state = models.CharField(max_length=8, choices=State)
    markets = ArrayField(models.CharField(max_length=50), default=list, db_default=[])
    """Slugs of the markets that the person wants to read of; none: of all."""
    since = models.DateTimeField()
    left_at = models.DateTimeField(null=True, blank=True)
    frequency = models.CharField(
        max_length=6, choices=Frequency, default=Frequency.EACH, db_default=Frequency.EACH.value
    )
    digests_from = models.DateTimeField(null=True, blank=True)
    """What was published from then on is told in digests, also if it leaves by itself later."""
    digests_until = models.DateTimeField(null=True, blank=True)
    """When each post by itself was chosen instead; what was published before is still told."""

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "topic"], name="one_wish_per_topic"),
            models.CheckConstraint(
                name="digests_have_a_beginning_and_each_has_their_end",
                condition=Q(digests_from=None, digests_until=None, frequency="each")
                | Q(digests_from__isnull=False, digests_until__isnull=False, frequency="each")
                | (Q(digests_from__isnull=False, digests_until=None) & ~Q(frequency="each")),
            ),
        ]

    def choose(self, frequency: str, at: dt.datetime) -> None:
        """Have posts come so from now on. What was published by now comes as it would have."""
        if frequency == self.frequency:
            return
        if frequency == Frequency.EACH:
            self.digests_until = at
        elif self.frequency == Frequency.EACH:
            if self.digests_until is None or self.digests_until < at - GOES_ON:
                self.digests_from = at
            self.digests_until = None
        self.frequency = frequency

    def begin_anew(self, at: dt.datetime) -> None:
        """Wished again after it was left: nothing that was published meanwhile comes."""
        self.state, self.since, self.left_at = self.State.ACTIVE, at, None
        self.digests_from = None if self.frequency == Frequency.EACH else at
        self.digests_until = None


class ConsentRecord(models.Model):
    """Proof of one act: who, when, what exactly, from where. Never changed."""

    class Act(models.TextChoices):
        REQUESTED = "requested", _("requested")
        GRANTED = "granted", _("granted")
        CONFIRMED = "confirmed", _("confirmed")
        WITHDRAWN = "withdrawn", _("withdrawn")
        OBJECTED = "objected", _("objected")
        RECORDED = "recorded", _("recorded by the cluster")
        NOTICED = "noticed", _("told where the data comes from")
        MOVED = "moved", _("taken along to another address")

    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        related_name="consent_records",
        db_constraint=False,
        db_index=False,
    )
    address = models.ForeignKey(
        Address, models.PROTECT, null=True, related_name="+", db_constraint=False
    )
    cluster = models.ForeignKey(Cluster, models.PROTECT, null=True, related_name="+")
    alliance = models.ForeignKey(
        Alliance, models.PROTECT, null=True, related_name="+", db_index=False
    )
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="+", db_index=False)
    purpose = models.CharField(
        max_length=10, choices=[*Purpose.choices, (TRACKING, _("clicks in mails"))], blank=True
    )
    act = models.CharField(max_length=10, choices=Act)
    basis = models.CharField(max_length=20, choices=Basis, blank=True)
    wording = models.ForeignKey(
        Wording, models.PROTECT, null=True, related_name="+", db_index=False
    )
    """The words that stood there when it was said, in the language in which they stood."""
    source = models.CharField(max_length=200)
    # Imports write thousands of these by a statement of their own, and know none of the three.
    language = models.CharField(max_length=2, blank=True, db_default="")
    network = models.CharField(max_length=49, blank=True, db_default="")
    """Where the act came from, of acts on public pages."""
    message = models.CharField(max_length=100, blank=True, db_default="")
    """The Message-ID, up to its "@", of the mail that asked for it."""
    asked_with = models.ForeignKey(
        Wording, models.PROTECT, null=True, related_name="+", db_index=False
    )
    """The words of that mail."""
    delivery = models.BigIntegerField(null=True)
    by = models.ForeignKey("crm.User", models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers = [append_only()]
        # The consent card of a person.
        indexes = [
            models.Index(fields=["person", "at"], name="consent_of_a_person"),
            models.Index(
                fields=["topic"], condition=Q(topic__isnull=False), name="consent_to_a_topic"
            ),
        ]


def records_of(person: Person) -> "models.QuerySet[ConsentRecord]":
    """The proofs about a person, under whichever of their records."""
    return ConsentRecord.objects.filter(person__in=person.selves)


class LegalBasisQuerySet(models.QuerySet["LegalBasis"]):
    def allowed(self) -> Self:
        """Those that the rules of the person's country let hold."""
        return self.filter(barred_by=None)


class LegalBasis(models.Model):
    """Today's reason to write to a person for a purpose; derived from the consent records.

    Without an alliance it holds for the controller itself and every alliance it takes part in.
    """

    person = models.ForeignKey(Person, models.PROTECT, related_name="legal_bases", db_index=False)
    purpose = models.CharField(max_length=10, choices=Purpose)
    alliance = models.ForeignKey(Alliance, models.PROTECT, null=True, blank=True, db_index=False)
    basis = models.CharField(max_length=20, choices=Basis)
    since = models.DateField()
    expires_on = models.DateField(null=True, blank=True)
    record = models.ForeignKey(ConsentRecord, models.PROTECT, related_name="+")
    barred_by = models.ForeignKey(
        BasisRule, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    """The rule of the person's country that does not let it hold; then it counts for nothing."""

    objects = LegalBasisQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "purpose", "alliance"],
                name="one_basis_per_purpose",
                nulls_distinct=False,
            )
        ]


class SuppressionQuerySet(models.QuerySet["Suppression"]):
    def standing(self) -> Self:
        return self.filter(lifted_at=None)

    def visible_to(self, user: Viewer) -> Self:
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(cluster_id__in=scope.clusters)

    def erased_for(self, cluster_id: Any) -> Self:
        """What keeps a mailbox out of this cluster's list, for its owner was erased from it."""
        here = Q(scope=Suppression.Scope.ALL) | Q(
            scope=Suppression.Scope.CLUSTER, cluster=cluster_id
        )
        return self.standing().filter(here, reason=Suppression.Reason.ERASED)

    def concerning(self, cluster_id: int) -> Self:
        """What bears on this cluster's mails, its own and those of alliances it takes part in.

        Others' topics and alliances are a reader's business with them: nothing here may tell.
        """
        allied = Participation.objects.filter(cluster=cluster_id).values("alliance")
        topics = Topic.objects.filter(Q(cluster=cluster_id) | Q(alliance__in=allied))
        return self.filter(
            Q(scope="all") | Q(cluster=cluster_id) | Q(alliance__in=allied) | Q(topic__in=topics)
        )


@tracked()
class Suppression(models.Model):
    """An address never to be written to, in a scope, for a reason."""

    class Scope(models.TextChoices):
        TOPIC = "topic", _("this topic")
        CLUSTER = "cluster", _("this cluster")
        ALLIANCE = "alliance", _("this alliance")
        ALL = "all", _("everything")

    class Reason(models.TextChoices):
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")
        OBJECTED = "objected", _("objected")
        HARD_BOUNCE = "hard_bounce", _("address does not exist")
        COMPLAINT = "complaint", _("marked a mail as spam")
        ERASED = "erased", _("erased")
        MANUAL = "manual", _("entered by the cluster")

    address = models.ForeignKey(Address, models.PROTECT, related_name="suppressions")
    scope = models.CharField(max_length=8, choices=Scope)
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, blank=True)
    cluster = models.ForeignKey(Cluster, models.PROTECT, null=True, blank=True)
    alliance = models.ForeignKey(Alliance, models.PROTECT, null=True, blank=True)
    reason = models.CharField(max_length=12, choices=Reason)
    delivery = models.BigIntegerField(null=True, blank=True)
    merge = models.BigIntegerField(null=True, blank=True)
    """The merge that brought it here from a mailbox of the same person; it goes with its undoing.
    None as soon as the reader stops mails to this very mailbox."""
    created_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    objects = SuppressionQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["address", "scope", "topic", "cluster", "alliance"],
                condition=Q(lifted_at=None),
                nulls_distinct=False,
                name="one_standing_suppression",
            ),
            models.CheckConstraint(
                name="a_suppression_names_its_scope",
                condition=Q(scope="topic", topic__isnull=False, cluster=None, alliance=None)
                | Q(scope="cluster", topic=None, cluster__isnull=False, alliance=None)
                | Q(scope="alliance", topic=None, cluster=None, alliance__isnull=False)
                | Q(scope="all", topic=None, cluster=None, alliance=None),
            ),
        ]
