"""The ledger: who gets a copy, who does not and why, and what became of each.

Bulk tables: plain integer references instead of foreign keys to rows that are emptied and never
deleted, state not indexed, half-filled pages, so that the two writes of a delivery (arm, settle)
stay heap-only.
"""

from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from campaigns.models.campaigns import Campaign
from campaigns.models.releases import Release
from campaigns.rules.bounces import Bounce
from crm.models import Address, AuditEntry, ContactPoint, Person, Subscription, Suppression
from crm.models.history import append_only
from crm.models.lasting import STILL
from crm.models.scope import Viewer, scope_of

# What the audit calls the decision to leave a delivery undecided; its count is the generation.
LEFT_UNDECIDED = "left undecided"


class BounceClass(models.IntegerChoices):
    """What a refusal says about the mailbox (RFC 3463)."""

    GONE = Bounce.GONE, _("the mailbox does not exist")  # 5.1.1, 5.1.2, 5.1.10: never again
    FULL = Bounce.FULL, _("the mailbox does not take mail now")  # 5.2.2, 4.x: after 3 campaigns
    REFUSED = Bounce.REFUSED, _("the server refuses our mail")  # 5.7.x: our fault, never theirs
    OTHER = Bounce.OTHER, _("another reason")


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def visible_to(self, user: Viewer) -> Self:
        """Deliveries whose reader the user may see by name."""
        return self.filter(person__in=Person.objects.visible_to(user))

    def claimed(self, campaign: Campaign) -> Self:
        """Pending rows of a campaign inside a leased batch: derived, never written.

        The leased batches are few and read first, so that only their rows are looked at. The
        ranges of several lanes overlap: a batch holds its own lane's rows alone.
        """
        leased = Q()
        for batch in Batch.objects.leased().filter(campaign=campaign):
            rows = Q(pk__range=(batch.first_id, batch.last_id)) & Q(release=batch.release_id)
            leased |= rows if batch.ids is None else Q(pk__in=batch.ids)
        if not leased:
            return self.none()
        return self.filter(leased, campaign=campaign, state=Delivery.State.PENDING)


class Delivery(models.Model):
    """One campaign to one address."""

    class State(models.IntegerChoices):
        PENDING = 1, _("waiting")
        ARMED = 2, _("on the line")
        ACCEPTED = 3, _("accepted")
        FAILED = 4, _("failed")
        SUPPRESSED = 5, _("stopped by the reader")
        CANCELLED = 6, pgettext_lazy("mail", "cancelled")
        EXPIRED = 7, _("expired")
        UNKNOWN = 8, _("undecided")

    class Variant(models.TextChoices):
        MEMBER = "member", _("for members")
        OUTSIDE = "outside", _("from outside the regions")
        PUBLIC = "public", _("public version")

    class Subject(models.IntegerChoices):
        """Which subject it has where a campaign tries two: by the draw, or as the rest got it."""

        ONLY = 0, _("the only subject")
        DRAWN_FIRST = 1, _("the first subject, by the draw")
        DRAWN_SECOND = 2, _("the second subject, by the draw")
        CHOSEN_FIRST = 3, _("the first subject, which was chosen")
        CHOSEN_SECOND = 4, _("the second subject, which was chosen")

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="deliveries", db_constraint=False, db_index=False
    )
    release = models.ForeignKey(
        Release,
        models.PROTECT,
        null=True,
        related_name="deliveries",
        db_constraint=False,
        db_index=False,
    )
    address = models.ForeignKey(
        Address, models.PROTECT, related_name="deliveries", db_constraint=False, db_index=False
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        related_name="deliveries",
        db_constraint=False,
        db_index=False,
    )
    contact_point = models.ForeignKey(
        ContactPoint,
        models.PROTECT,
        null=True,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    occasion = models.CharField(max_length=64, blank=True, default="")
    language = models.CharField(max_length=2)
    variant = models.CharField(max_length=8, choices=Variant, default=Variant.MEMBER)
    state = models.PositiveSmallIntegerField(choices=State, default=State.PENDING)
    generation = models.PositiveSmallIntegerField(default=0)
    deferred_n = models.PositiveSmallIntegerField(default=0)
    first_tried_at = models.DateTimeField(null=True)
    armed_at = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    # Facts that come back later: of each the earliest counts, so their order is irrelevant.
    delivered_at = models.DateTimeField(null=True)
    bounced_at = models.DateTimeField(null=True)
    bounce_class = models.PositiveSmallIntegerField(choices=BounceClass, null=True)
    complained_at = models.DateTimeField(null=True)
    reply = models.CharField(max_length=160, blank=True, default="")
    subject = models.PositiveSmallIntegerField(
        choices=Subject, default=Subject.ONLY, db_default=Subject.ONLY.value
    )
    stopped_for = models.PositiveSmallIntegerField(
        null=True, help_text="Why, of `Exclusion.Reason`, if after the freeze; empty: it was left."
    )

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        constraints = [
            # One copy per address, whatever lane; letters repeat per occasion.
            models.UniqueConstraint(
                fields=["campaign", "address", "occasion"], name="one_copy_per_address"
            ),
            models.CheckConstraint(name="a_known_state", condition=Q(state__gte=1, state__lte=8)),
        ]
        # The breaker counts them every second. Sending writes none of these columns.
        indexes = [
            models.Index(
                fields=["campaign"],
                condition=Q(bounced_at__isnull=False) | Q(complained_at__isnull=False),
                name="deliveries_that_came_back",
            )
        ]

    @property
    def has_second_subject(self) -> bool:
        return self.subject in (self.Subject.DRAWN_SECOND, self.Subject.CHOSEN_SECOND)

    @property
    def came_back(self) -> bool:
        """Whether it bounced, and not an earlier attempt of a mail that was accepted since."""
        if self.bounced_at is None:
            return False
        accepted_since = self.state == self.State.ACCEPTED and self.generation > 1
        return not (accepted_since and self.armed_at and self.bounced_at < self.armed_at)

    @property
    def outcome(self) -> str:
        """What became of it, in one word: the last that can be known."""
        if self.complained_at:
            return str(_("marked as spam"))
        if self.came_back:
            return str(_("bounced"))
        if self.delivered_at:
            return str(_("delivered"))
        return self.state_words

    @property
    def state_words(self) -> str:
        """Its state, with what stopped it where that was not its reader."""
        if self.state == self.State.SUPPRESSED and self.stopped_for:
            why = Exclusion.Reason(self.stopped_for).label
            return _("stopped: %(reason)s") % {"reason": why}
        return str(self.State(self.state).label)


# As `came_back` says it of one.
BOUNCED = Q(bounced_at__isnull=False) & ~Q(
    state=Delivery.State.ACCEPTED, generation__gt=1, bounced_at__lt=F("armed_at")
)


class Exclusion(models.Model):
    """Somebody in the question who gets no copy, and why."""

    class Reason(models.IntegerChoices):
        """The first that applies counts; the order is what one should mend first.

        A number is for ever, so that one that came later stands in its place among them.
        """

        ARCHIVED = 1, _("archived")
        NO_ADDRESS = 2, _("no address")
        UNDELIVERABLE = 3, _("address bounces")
        SUPPRESSED = 4, _("never to be written to")
        LEFT_ALLIANCE = 5, _("left the alliance")
        LEFT_CLUSTER = 6, _("left the cluster")
        LEFT_TOPIC = 7, _("left the topic")
        NOT_SUBSCRIBED = 16, _("did not ask for this topic")
        OTHER_MARKETS = 18, _("chose other markets")
        NO_BASIS = 8, _("no legal basis")
        IN_DIGEST = 17, _("reads it in a digest")
        PAUSED = 9, _("paused by the reader")
        TRIMMED = 15, _("taken out by the region")
        TOO_OFTEN = 10, _("written to too often lately")
        NO_LANGUAGE = 11, _("no language ready")
        ALREADY_WRITTEN = 12, _("already written to by the alliance")
        IN_ANOTHER_LANE = 13, _("belongs to another lane")
        SAME_ADDRESS = 14, _("shares an address with another person")
        # Said of lanes that are declined or lapsed; nothing of them is ever written.
        NOT_TAKING_PART = 19, _("their lane takes no part")

    campaign = models.ForeignKey(
        Campaign, models.PROTECT, related_name="exclusions", db_constraint=False, db_index=False
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        related_name="exclusions",
        db_constraint=False,
        db_index=False,
    )
    """None once nobody needs to know any more who it was; the reason is still counted."""
    release = models.ForeignKey(
        Release, models.PROTECT, related_name="exclusions", db_constraint=False, db_index=False
    )
    reason = models.PositiveSmallIntegerField(choices=Reason)

    class Meta:
        constraints = [
            # "Why didn't X get this?" probes it, and nobody is counted twice.
            models.UniqueConstraint(fields=["campaign", "person"], name="one_exclusion_per_person")
        ]


class BatchQuerySet(models.QuerySet["Batch"]):
    def leased(self) -> Self:
        return self.filter(done_at=None, lease_until__gt=Now())


class Batch(models.Model):
    """A lease over some hundred deliveries: who works on them, and until when by this clock."""

    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="batches")
    release = models.ForeignKey(Release, models.PROTECT, null=True, db_index=False)
    first_id = models.BigIntegerField()
    last_id = models.BigIntegerField()
    canary = models.BooleanField(
        db_default=False, help_text="Leaves before the rest, so that a bad start is seen early."
    )
    held = models.BooleanField(
        db_default=False, help_text="Waits until it is chosen which subject its mails have."
    )
    ids = ArrayField(
        models.BigIntegerField(),
        null=True,
        help_text="A second try: exactly these; otherwise the whole range.",
    )
    owner = models.UUIDField(null=True)
    session_pid = models.IntegerField(null=True)
    session_started_at = models.DateTimeField(null=True)
    generation = models.PositiveIntegerField(default=0)
    not_before = models.DateTimeField(db_default=Now())
    lease_until = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    sent = models.PositiveIntegerField(db_default=0, help_text="Mails that were put on the line.")

    objects = BatchQuerySet.as_manager()

    class Meta:
        # Claiming takes the next open batch of a campaign.
        indexes = [
            models.Index(
                fields=["campaign", "id"],
                condition=Q(done_at=None, lease_until=None),
                name="batches_to_claim",
            )
        ]


class Deferral(models.Model):
    """A delivery waiting for a later try; apart from the ledger row, whose state has no index."""

    delivery = models.OneToOneField(
        Delivery, models.PROTECT, primary_key=True, related_name="deferral", db_constraint=False
    )
    campaign = models.ForeignKey(Campaign, models.PROTECT, related_name="deferrals", db_index=False)
    not_before = models.DateTimeField()
    reason = models.CharField(max_length=200)

    class Meta:
        # The next deliveries that may be tried again, and whether a campaign has any.
        indexes = [
            models.Index(fields=["not_before"], name="deferrals_due"),
            models.Index(fields=["campaign"], name="deferrals_of_a_campaign"),
        ]


class AttemptQuerySet(models.QuerySet["Attempt"]):
    def undecided(self) -> Self:
        """The last tries of deliveries of which nobody knows whether they arrived.

        The tries are few and the ledger is large, so the desk is read from here.
        """
        return self.filter(
            outcome=Attempt.Outcome.UNKNOWN,
            generation=F("delivery__generation"),
            delivery__state=Delivery.State.UNKNOWN,
        )

    def left(self) -> Self:
        """Undecided ones at which somebody looked and decided to leave them so."""
        return self.filter(_looked_at())

    def open(self) -> Self:
        """Undecided ones at which nobody looked yet."""
        return self.filter(~_looked_at())

    def editable_by(self, user: Viewer) -> Self:
        """Who may decide: the lane's contact or the coordinator; over letters an administrator."""
        if scope_of(user).admin:
            return self.all()
        return self.filter(delivery__release__in=Release.objects.editable_by(user))

    def visible_to(self, user: Viewer) -> Self:
        """Tries in the lanes whose numbers the user may know."""
        return self.filter(delivery__release__in=Release.objects.visible_to(user))

    def per_campaign(self) -> dict[int, int]:
        """Campaign → how many of these it has."""
        rows = self.order_by().values_list("delivery__campaign")
        return dict(rows.annotate(count=Count("pk")))

    def for_list(self) -> Self:
        """What one line of the desk shows, the latest first."""
        return self.select_related(
            "delivery__address",
            "delivery__person",
            "delivery__release__cluster",
            "delivery__campaign__mission",
            "delivery__campaign__event",
        ).order_by("-at", "-pk")


def _looked_at() -> Exists:
    return Exists(
        AuditEntry.objects.filter(
            noun="delivery",
            row_id=OuterRef("delivery_id"),
            verb=LEFT_UNDECIDED,
            count=OuterRef("generation"),
        )
    )


class Attempt(models.Model):
    """One try that was not a plain accept. Never changed."""

    class Outcome(models.TextChoices):
        FAILED = "failed", _("refused")
        DEFERRED = "deferred", _("put off")
        UNKNOWN = "unknown", _("undecided")

    delivery = models.ForeignKey(
        Delivery, models.PROTECT, related_name="attempts", db_constraint=False, db_index=False
    )
    generation = models.PositiveSmallIntegerField()
    at = models.DateTimeField(db_default=Now())
    relay = models.CharField(max_length=80, blank=True, db_default="")
    phase = models.CharField(max_length=12)
    code = models.PositiveSmallIntegerField(null=True)
    text = models.CharField(max_length=300)
    outcome = models.CharField(max_length=8, choices=Outcome)

    objects = AttemptQuerySet.as_manager()

    class Meta:
        triggers = [append_only()]
        constraints = [
            models.UniqueConstraint(fields=["delivery", "generation"], name="one_end_per_attempt")
        ]


class Letter(models.Model):
    """The finished bytes of one transactional mail; emptied as soon as it is settled."""

    delivery = models.OneToOneField(Delivery, models.CASCADE, primary_key=True)
    mail = models.BinaryField()


class Installation(models.Model):
    """The one row that says which copy of the database may send.

    `beat` only ever grows, and a witness outside the database keeps the highest one seen. A
    database behind its witness was restored or copied: the fence epoch rises, and nothing leaves
    until a person confirms.
    """

    epoch = models.PositiveIntegerField(default=1)
    site = models.UUIDField(null=True)
    beat = models.BigIntegerField(default=0)
    fenced_at = models.DateTimeField(null=True)
    fenced_why = models.CharField(max_length=300, blank=True, default="")

    class Meta:
        constraints = [models.CheckConstraint(name="only_one_installation", condition=Q(id=1))]


class DomainPace(models.Model):
    """A destination that asked us to slow down: how fast it may get mail, and from when on."""

    domain = models.CharField(max_length=255, primary_key=True)
    rate = models.FloatField(help_text="Mails a second, over all campaigns and workers.")
    next_slot_at = models.DateTimeField(db_default=Now())
    slowed_at = models.DateTimeField(db_default=Now())
    why = models.CharField(max_length=300, blank=True, default="")

    @property
    def a_minute(self) -> float:
        return self.rate * 60


# Whether the reader of delivery `d`, of campaign `c`, has left: asked again before each mail. A
# digest tells of several topics; of who left one of them the others' posts come in the next one.
WITHDRAWN = """(EXISTS (
        SELECT FROM crm_suppression s WHERE s.address_id = d.address_id AND s.lifted_at IS NULL
          AND (s.scope = 'all'
            OR (s.scope = 'alliance' AND s.alliance_id = c.alliance_id)
            OR (s.scope = 'topic' AND s.topic_id = c.topic_id)
            OR (s.scope = 'cluster' AND EXISTS (
                SELECT FROM crm_person p
                WHERE p.id = d.person_id AND p.cluster_id = s.cluster_id))))
      OR EXISTS (
        SELECT FROM crm_subscription w
        WHERE w.person_id = d.person_id AND w.topic_id = c.topic_id AND w.state = 'left')
      OR EXISTS (
        SELECT FROM crm_person p JOIN crm_subscription w ON w.person_id = p.merged_into_id
        WHERE p.id = d.person_id AND w.topic_id = c.topic_id AND w.state = 'left')
      OR c.kind = 'digest' AND EXISTS (
        SELECT FROM campaigns_digestitem i WHERE i.delivery = d.id AND (
            EXISTS (SELECT FROM crm_suppression s
                    WHERE s.address_id = d.address_id AND s.lifted_at IS NULL
                      AND s.scope = 'topic' AND s.topic_id = i.topic_id)
            OR EXISTS (SELECT FROM crm_subscription w
                       WHERE w.person_id = i.person_id AND w.topic_id = i.topic_id
                         AND w.state = 'left'))))"""


# Of the reader of delivery `d`, `p`, and the record `k` they were merged into.
_READER = """EXISTS (
        SELECT FROM crm_person p LEFT JOIN crm_person k ON k.id = p.merged_into_id
        WHERE p.id = d.person_id AND ({}))"""
_ARCHIVED = "p.archived_at IS NOT NULL OR k.archived_at IS NOT NULL"
# They asked for silence, which lasts through today; whoever was merged has their pause there.
_PAUSED = f"""CASE WHEN k.id IS NULL THEN p.paused_until ELSE k.paused_until END
              {STILL} %(today)s::date"""
ARCHIVED = _READER.format(_ARCHIVED)
# Nothing is stopped before it would leave: a pause may be over by then.
ARCHIVED_OR_PAUSED = _READER.format(f"{_ARCHIVED} OR {_PAUSED}")


class SuppressionStop(Suppression):
    """Suppressions as the ledger sees them: one written stops the reader's waiting deliveries.

    A database trigger, so that it holds in the withdrawal's own transaction, whichever door it
    came through.
    """

    class Meta:
        proxy = True
        triggers = [
            pgtrigger.Trigger(
                name="stop_waiting_deliveries",
                when=pgtrigger.After,
                operation=pgtrigger.Insert,
                func=pgtrigger.Func(  # type: ignore[no-untyped-call]  # has no types
                    """
                    UPDATE campaigns_delivery d SET state = 5, settled_at = clock_timestamp()
                    FROM campaigns_campaign c
                    WHERE d.campaign_id = ANY(ARRAY(
                            SELECT id FROM campaigns_campaign
                            WHERE status IN ('sending', 'paused') AND kind <> 'letter'))
                      AND d.address_id = NEW.address_id AND d.state = 1
                      AND c.id = d.campaign_id
                      AND (NEW.scope = 'all'
                        OR (NEW.scope = 'alliance' AND c.alliance_id = NEW.alliance_id)
                        OR (NEW.scope = 'topic' AND c.topic_id = NEW.topic_id)
                        OR (NEW.scope = 'topic' AND c.kind = 'digest' AND EXISTS (
                              SELECT FROM campaigns_digestitem i
                              WHERE i.delivery = d.id AND i.topic_id = NEW.topic_id))
                        OR (NEW.scope = 'cluster' AND EXISTS (
                              SELECT FROM crm_person p
                              WHERE p.id = d.person_id AND p.cluster_id = NEW.cluster_id)));
                    RETURN NULL;
                    """
                ),
            )
        ]


class SubscriptionStop(Subscription):
    """Wishes as the ledger sees them: a topic left stops the person's waiting deliveries of it.

    A withdrawal by mail suppresses the mailbox, too; a list and a merge know the person alone.
    """

    class Meta:
        proxy = True
        triggers = [
            pgtrigger.Trigger(
                name="stop_waiting_deliveries_of_a_topic",
                when=pgtrigger.After,
                operation=pgtrigger.Insert | pgtrigger.UpdateOf("state"),  # type: ignore[no-untyped-call]
                condition=pgtrigger.Q(new__state="left"),
                # By mailbox, for which there is an index; deliveries to a tombstone are theirs.
                func=pgtrigger.Func(  # type: ignore[no-untyped-call]  # has no types
                    """
                    UPDATE campaigns_delivery d SET state = 5, settled_at = clock_timestamp()
                    WHERE d.campaign_id = ANY(ARRAY(
                            SELECT id FROM campaigns_campaign
                            WHERE status IN ('sending', 'paused') AND kind <> 'letter'
                              AND (topic_id = NEW.topic_id OR kind = 'digest')))
                      AND (EXISTS (SELECT FROM campaigns_campaign c
                                   WHERE c.id = d.campaign_id AND c.topic_id = NEW.topic_id)
                        OR EXISTS (SELECT FROM campaigns_digestitem i
                                   WHERE i.delivery = d.id AND i.topic_id = NEW.topic_id))
                      AND d.address_id = ANY(ARRAY(
                            SELECT u.address_id FROM crm_personaddress u
                            JOIN crm_person p ON p.id = u.person_id
                            WHERE p.id = NEW.person_id OR p.merged_into_id = NEW.person_id))
                      AND d.person_id IN (
                            SELECT p.id FROM crm_person p
                            WHERE p.id = NEW.person_id OR p.merged_into_id = NEW.person_id)
                      AND d.state = 1;
                    RETURN NULL;
                    """
                ),
            )
        ]


__all__ = [
    "Attempt",
    "Batch",
    "BounceClass",
    "Deferral",
    "Delivery",
    "DomainPace",
    "Exclusion",
    "Installation",
    "Letter",
    "SubscriptionStop",
    "SuppressionStop",
]
