"""Lanes: one cluster's part of a campaign, its sign-off, and whom it takes out."""

from typing import Self

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaigns.models.campaigns import Campaign
from campaigns.models.contents import ContentVersion
from crm.models import Cluster, ContactPoint, Person, User
from crm.models.history import append_only, tracked
from crm.models.people import PersonQuerySet
from crm.models.scope import Viewer, scope_of


class ReleaseQuerySet(models.QuerySet["Release"]):
    def visible_to(self, user: Viewer) -> Self:
        """My cluster's lanes, and every lane of a campaign of an alliance I read (counts only)."""
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(
            Q(cluster_id__in=scope.clusters) | Q(campaign__alliance_id__in=scope.reads_alliances)
        )

    def editable_by(self, user: Viewer) -> Self:
        """The lane's own contact signs; the coordinator may sign for all."""
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(
            Q(cluster_id__in=scope.contact_for) | Q(campaign__alliance_id__in=scope.coordinates)
        )

    def ask_again(self, why: str = "text") -> int:
        """Take signatures back: what was signed is no longer what would be sent."""
        signed = self.filter(status=Release.Status.RELEASED, frozen_at=None)
        return signed.update(
            status=Release.Status.WAITING, signed_version=None, asked_again=Release.Why(why)
        )

    def leaving(self) -> Self:
        """Signed ones that may start, by the database's clock; of others it can be taken back."""
        due = Q(undo_until=None) | Q(undo_until__lte=Now())
        return self.filter(due, status=Release.Status.RELEASED)

    def unbegun(self) -> Self:
        """Not frozen, and they may still leave: one that is declined may be signed yet."""
        return self.filter(freeze_began_at=None).exclude(status=Release.Status.LAPSED)

    def undecided(self) -> Self:
        """Nobody signed them yet, and they could still be signed."""
        return self.filter(status__in=Release.UNDECIDED, freeze_began_at=None)._open()

    def past_their_date(self) -> Self:
        """Lanes whose date has come, of which nothing has followed yet."""
        return self.filter(by_at__lte=Now(), passed_at=None, freeze_began_at=None)._open()

    def _open(self) -> Self:
        """Of campaigns that have not ended.

        No join: an UPDATE of joined rows would not look again at one that it waited for.
        """
        return self.exclude(campaign__in=Campaign.objects.filter(status__in=Campaign.ENDED))

    def in_order(self) -> Self:
        return self.select_related("cluster__region", "contact_point", "decided_by").order_by(
            F("cluster__name").asc(nulls_last=True)
        )


@tracked()
class Release(models.Model):
    """One cluster's lane of a campaign (without one: the alliance's own), and its sign-off."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("waits for signature")
        HELD = "held", _("on hold")
        RELEASED = "released", _("released")
        FREEZING = "freezing", _("being counted")
        SENDING = "sending", _("sending")
        DONE = "done", _("done")
        DECLINED = "declined", _("declined")
        LAPSED = "lapsed", _("lapsed")

    class Why(models.TextChoices):
        """Why a signature was taken back."""

        TEXT = "text", _("The text changed after the last signature; it needs a new one.")
        RECORD = "record", _("The text took over what its record says; it needs a new signature.")
        AUDIENCE = "audience", _("Other people are asked for; it needs a new signature.")
        INTRODUCTION = "introduction", _("The introduction changed; it needs a new signature.")
        TRIMS = "trims", _("Who is taken out or added changed; it needs a new signature.")

    DECIDABLE = (Status.WAITING, Status.HELD, Status.RELEASED, Status.DECLINED)
    UNDECIDED = (Status.WAITING, Status.HELD)
    ABSENT = (Status.DECLINED, Status.LAPSED)
    LEAVING = (Status.RELEASED, Status.FREEZING, Status.SENDING)
    """Signed, and not all of it has left yet."""

    campaign = models.ForeignKey(Campaign, models.CASCADE, related_name="releases")
    cluster = models.ForeignKey(Cluster, models.PROTECT, null=True, related_name="releases")
    status = models.CharField(max_length=10, choices=Status, default=Status.WAITING)
    by_at = models.DateTimeField(
        null=True, blank=True, help_text="Until when the region's word is wanted."
    )
    reminded_at = models.DateTimeField(null=True)
    passed_at = models.DateTimeField(
        null=True, help_text="When its date had come: what happens then happens once."
    )
    stopped_by = models.CharField(
        max_length=300, blank=True, help_text="Why it was not released by its date."
    )
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=500, blank=True)
    signed_version = models.ForeignKey(ContentVersion, models.PROTECT, null=True, related_name="+")
    asked_again = models.CharField(max_length=12, choices=Why, blank=True)
    contact_point = models.ForeignKey(
        ContactPoint, models.PROTECT, null=True, related_name="releases"
    )
    expected = models.IntegerField(null=True)
    excluded = models.IntegerField(null=True)
    undo_until = models.DateTimeField(
        null=True, help_text="Signed on a page: nothing leaves before, so that it can be held."
    )
    sleeps_until = models.DateTimeField(
        null=True, help_text="Quiet hours in its region: nothing of it leaves before it is woken."
    )
    freeze_began_at = models.DateTimeField(null=True)
    frozen_at = models.DateTimeField(null=True)

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        # The scheduler looks every second for lanes whose date comes near or has come.
        indexes = [
            models.Index(
                fields=["by_at"],
                condition=Q(by_at__isnull=False, passed_at=None),
                name="lanes_whose_date_comes",
            )
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["campaign", "cluster"], nulls_distinct=False, name="one_lane_per_cluster"
            )
        ]

    @property
    def name(self) -> str:
        """How the lane is called on screens: the cluster, or the alliance's own readers."""
        return str(self.cluster) if self.cluster else str(_("Followers and partners"))

    @property
    def leaves_soon(self) -> bool:
        """Whether it would leave but for the time in which its signature can be taken back."""
        until, campaign = self.undo_until, self.campaign
        if self.status != self.Status.RELEASED or until is None or until <= timezone.now():
            return False
        return campaign.status in (Campaign.Status.SENDING, Campaign.Status.PAUSED) or (
            campaign.status == Campaign.Status.SCHEDULED
            and campaign.send_at is not None
            and campaign.send_at < until
        )

    @property
    def is_trimmable(self) -> bool:
        """Whether its region may still say who gets it; asks for its campaign."""
        return self.freeze_began_at is None and self.campaign.status not in Campaign.ENDED

    @property
    def decided_by_date(self) -> bool:
        """Whether nobody decided it: its date had come."""
        return self.passed_at is not None and self.passed_at == self.decided_at

    @property
    def timezone(self) -> str:
        """Whose clocks its date is shown on."""
        return self.cluster.timezone if self.cluster else self.campaign.timezone


def fixed_once_frozen(what: str) -> pgtrigger.Trigger:
    """Refuse every change of a lane's rows from the moment on in which it begins to freeze."""
    return pgtrigger.Trigger(
        name="fixed_once_frozen",
        when=pgtrigger.Before,
        operation=pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete,
        declare=[("lane", "bigint")],
        func=pgtrigger.Func(  # type: ignore[no-untyped-call]  # has no types
            f"""
            lane := CASE WHEN TG_OP = 'DELETE' THEN OLD.release_id ELSE NEW.release_id END;
            IF EXISTS (SELECT FROM campaigns_release r
                       WHERE r.id = lane AND r.freeze_began_at IS NOT NULL) THEN
                RAISE EXCEPTION '{what} of a frozen lane cannot change.';
            END IF;
            RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
            """
        ),
    )


class LaneText(models.Model):
    """A lane's introduction in one language; fixed once the lane is frozen."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="texts")
    language = models.CharField(max_length=2)
    text = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["release", "language"], name="one_introduction_per_language"
            )
        ]
        triggers = [fixed_once_frozen("The introduction")]


class TrimQuerySet(models.QuerySet["Trim"]):
    def visible_to(self, user: Viewer) -> Self:
        """Whom a region took out is known to that region alone."""
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(release__cluster_id__in=scope.clusters)

    def taken_out(self) -> Self:
        return self.filter(added=False)

    def additions(self) -> Self:
        return self.filter(added=True)

    def people(self) -> PersonQuerySet:
        """Whom these rows are about today: a merged record left its word to the kept one."""
        named = Person.objects.filter(pk__in=self.values("person"))
        return Person.objects.filter(
            Q(pk__in=named) | Q(pk__in=named.values("merged_into")),
            merged_into=None,
            erased_at=None,
        )


class Trim(models.Model):
    """A region's word about a person of its own: taken out of its lane, or added to whom it asks
    for. Fixed once the lane is frozen.

    There may be thousands of a lane: plain numbers, as in the ledger that they end in.
    """

    release = models.ForeignKey(
        Release, models.CASCADE, related_name="trims", db_constraint=False, db_index=False
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    added = models.BooleanField(default=False, db_default=False)
    """Asked for besides the audience, and judged as everybody else; else taken out."""
    reason = models.CharField(max_length=200, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField(db_default=Now())

    objects = TrimQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["release", "person"], name="taken_out_once")]
        triggers = [fixed_once_frozen("Who is taken out")]


class AudienceSnapshot(models.Model):
    """Whom a lane asked for when it was signed, and why some get nothing. Never changed."""

    release = models.ForeignKey(Release, models.CASCADE, related_name="snapshots")
    at = models.DateTimeField(db_default=Now())
    people = ArrayField(models.BigIntegerField())
    reasons = ArrayField(
        models.PositiveSmallIntegerField(), help_text="Of each of them in turn; 0: would get it."
    )

    class Meta:
        triggers = [append_only()]
