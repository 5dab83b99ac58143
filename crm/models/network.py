"""The partnership: alliances, their member clusters, regions and dated contact points."""

import datetime as dt
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import (
    ArrayField,
    DateRangeField,
    RangeOperators,
)
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from crm.models.history import tracked
from crm.models.scope import Viewer, scope_of
from crm.models.texts import TextsField, in_language


class Region(models.Model):
    """A territory; decides who is eligible and where an applicant is sent."""

    slug = models.SlugField(unique=True)
    names = TextsField(_("names"))
    country = models.CharField(_("country"), max_length=2)
    codes = ArrayField(models.CharField(max_length=10), default=list, blank=True)

    def __str__(self) -> str:
        return in_language(self.names)


class Market(models.Model):
    """A country or region abroad where missions go."""

    slug = models.SlugField(unique=True)
    names = TextsField(_("names"))

    def __str__(self) -> str:
        return in_language(self.names)


class ClusterQuerySet(models.QuerySet["Cluster"]):
    def visible_to(self, user: Viewer) -> Self:
        """Clusters of an alliance of mine, my own included."""
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(pk__in=scope.allied_clusters)

    def editable_by(self, user: Viewer) -> Self:
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(pk__in=scope.contact_for)

    def counted_for(self, user: Viewer, day: dt.date) -> Self:
        """Clusters whose numbers the user may know: every participant shares its counts."""
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        sharing = Participation.objects.valid_on(day).filter(alliance_id__in=scope.reads_alliances)
        return self.filter(Q(pk__in=scope.clusters) | Q(pk__in=sharing.values("cluster_id")))


@tracked()
class Cluster(models.Model):
    """One member of alliances, and the data controller of its own contacts."""

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=120)
    run_by = models.CharField(_("run by"), max_length=200, blank=True)
    region = models.ForeignKey(Region, models.PROTECT, related_name="clusters")
    languages = ArrayField(models.CharField(max_length=2), help_text=_("In order of preference."))
    timezone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris")
    postal_address = models.TextField(_("postal address"))
    data_protection_contact = models.EmailField(_("data protection contact"))
    from_name = models.CharField(_("sender name"), max_length=120)
    from_address = models.EmailField(_("sender address"))
    reply_to = models.EmailField(_("reply-to address"))
    website = models.URLField(_("website"), blank=True)
    footer = TextsField(_("footer"))

    objects = ClusterQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def postal_lines(self) -> list[str]:
        return self.postal_address.splitlines()


class AllianceQuerySet(models.QuerySet["Alliance"]):
    def visible_to(self, user: Viewer) -> Self:
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(pk__in=scope.alliances)

    def editable_by(self, user: Viewer) -> Self:
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(pk__in=scope.coordinates)


# The accents that the style sheets know by name, and where they lie on the colour wheel.
ACCENTS = {
    "rose": 5, "rust": 40, "ochre": 75, "green": 150,
    "teal": 180, "blue": 245, "indigo": 275, "violet": 310,
}  # fmt: skip


@tracked()
class Alliance(models.Model):
    """A partnership of clusters."""

    class Status(models.TextChoices):
        PLANNED = "planned", _("planned")
        FUNDED = "funded", _("funded")
        ENDED_ACTIVE = "ended_active", _("funding ended, still active")
        CLOSED = "closed", _("closed")

    slug = models.SlugField(unique=True)
    name = models.CharField(_("name"), max_length=200)
    name_variants = ArrayField(models.CharField(max_length=200), default=list, blank=True)
    status = models.CharField(_("status"), max_length=12, choices=Status)
    during = DateRangeField(_("period"), null=True, blank=True)
    funder = models.CharField(_("funder"), max_length=200, blank=True)
    call_id = models.CharField(_("call"), max_length=60, blank=True)
    label = models.CharField(_("label"), max_length=200, blank=True)
    hue = models.PositiveSmallIntegerField(_("hue"), default=195)
    themes = ArrayField(models.CharField(max_length=80), default=list, blank=True)
    languages = ArrayField(models.CharField(max_length=2), help_text=_("In order of preference."))
    clusters = models.ManyToManyField(Cluster, through="Participation", related_name="alliances")

    objects = AllianceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def accent(self) -> str:
        """The named accent next to the alliance's hue on the colour wheel."""

        def distance(name: str) -> int:
            apart = abs(ACCENTS[name] - self.hue) % 360
            return min(apart, 360 - apart)

        return min(ACCENTS, key=distance)


@tracked()
class Disclaimer(models.Model):
    """What every mail of an alliance must say in a period ("co-funded by …")."""

    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="disclaimers")
    texts = TextsField()
    during = DateRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_disclaimer_at_a_time",
                expressions=[
                    ("alliance", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]


class ParticipationQuerySet(models.QuerySet["Participation"]):
    def visible_to(self, user: Viewer) -> Self:
        """Who takes part in an alliance of mine."""
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(alliance_id__in=scope.alliances)

    def valid_on(self, day: dt.date) -> Self:
        return self.filter(during__contains=day)


@tracked()
class Participation(models.Model):
    """A cluster's dated role in an alliance, and what it lets the alliance see."""

    class Role(models.TextChoices):
        MEMBER = "member", _("member")
        COORDINATOR = "coordinator", _("coordinator")

    class Sharing(models.TextChoices):
        COUNTS = "counts", _("counts only")
        CORE = "core", _("names, organisations, languages")

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="participations")
    alliance = models.ForeignKey(Alliance, models.PROTECT, related_name="participations")
    role = models.CharField(max_length=12, choices=Role, default=Role.MEMBER)
    during = DateRangeField()
    sharing = models.CharField(max_length=6, choices=Sharing, default=Sharing.COUNTS)
    arrangement = models.CharField(max_length=200, blank=True)

    objects = ParticipationQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_participation_at_a_time",
                expressions=[
                    ("alliance", RangeOperators.EQUAL),
                    ("cluster", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="one_coordinator_at_a_time",
                expressions=[
                    ("alliance", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
                condition=Q(role="coordinator"),
            ),
        ]


class ContactPointQuerySet(models.QuerySet["ContactPoint"]):
    def valid_on(self, day: dt.date) -> Self:
        return self.filter(during__contains=day)

    def desks_on(self, day: dt.date, mission: int | None = None) -> dict[int, "ContactPoint"]:
        """The desk of each cluster on a day, the mission's own desk before the general one."""
        desks = self.valid_on(day).filter(
            Q(mission=None) | Q(mission=mission), role=ContactPoint.Role.GENERAL
        )
        general_first = desks.order_by(F("mission").asc(nulls_first=True))
        return {desk.cluster_id: desk for desk in general_first}

    def visible_to(self, user: Viewer) -> Self:
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(cluster_id__in=scope.allied_clusters)

    def editable_by(self, user: Viewer) -> Self:
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(cluster_id__in=scope.contact_for)


@tracked()
class ContactPoint(models.Model):
    """A cluster's named, dated desk, in general or for one mission."""

    class Role(models.TextChoices):
        GENERAL = "general", _("contact point")
        MEDIA = "media", _("media contact")

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="contact_points")
    mission = models.ForeignKey("crm.Mission", models.PROTECT, null=True, blank=True)
    role = models.CharField(max_length=10, choices=Role, default=Role.GENERAL)
    title = models.CharField(_("title"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("address"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    user = models.ForeignKey("crm.User", models.PROTECT, null=True, blank=True)
    during = DateRangeField()
    succeeds = models.ForeignKey("self", models.PROTECT, null=True, blank=True)

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="one_desk_at_a_time",
                expressions=[
                    ("cluster", RangeOperators.EQUAL),
                    (Coalesce(F("mission"), Value(0)), RangeOperators.EQUAL),
                    ("role", RangeOperators.EQUAL),
                    ("during", RangeOperators.OVERLAPS),
                ],
            )
        ]
        # A lane resolves its desk by cluster and mission.
        indexes = [models.Index(fields=["cluster", "mission"], name="desk_of_a_lane")]

    def __str__(self) -> str:
        return f"{self.title} {self.name}".strip()
