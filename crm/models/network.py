"""The partnership: alliances, their member clusters, regions and dated contact points."""

import datetime as dt
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import (
    ArrayField,
    DateRangeField,
    RangeOperators,
)
from django.db import models
from django.db.models import F, OuterRef, Q, Value
from django.db.models.functions import Coalesce, JSONObject
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from crm.models.history import tracked
from crm.models.scope import Viewer, scope_of
from crm.models.texts import TextsField, in_language


class RegionQuerySet(models.QuerySet["Region"]):
    def visible_to(self, user: Viewer) -> Self:
        """Territories are no secret; whose cluster lies there is."""
        return self.all() if scope_of(user).anything else self.none()

    def editable_by(self, user: Viewer) -> Self:
        return self.all() if scope_of(user).admin else self.none()


@tracked()
class Region(models.Model):
    """A territory; decides who is eligible and where an applicant is sent."""

    slug = models.SlugField(unique=True)
    names = TextsField(_("names"))
    country = models.CharField(_("country"), max_length=2)
    codes = ArrayField(
        models.CharField(max_length=10), verbose_name=_("codes"), default=list, blank=True
    )
    version = models.PositiveIntegerField(default=1)

    objects = RegionQuerySet.as_manager()

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

    def with_labels(self) -> Self:
        """With what `labels_of` tells, in the same question."""
        named = Label.objects.filter(cluster=OuterRef("pk")).order_by("-year", "name")
        values = named.values(json=JSONObject(id="pk", name="name", issuer="issuer", year="year"))
        return self.annotate(known_by=ArraySubquery(values))

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
    region = models.ForeignKey(
        Region, models.PROTECT, related_name="clusters", verbose_name=_("region")
    )
    languages = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("languages"),
        help_text=_("In order of preference."),
    )
    timezone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris")
    postal_address = models.TextField(_("postal address"))
    data_protection_contact = models.EmailField(_("data protection contact"))
    from_name = models.CharField(_("sender name"), max_length=120)
    from_address = models.EmailField(_("sender address"))
    reply_to = models.EmailField(_("reply-to address"))
    dkim_selector = models.CharField(_("DKIM selector"), max_length=63, blank=True)
    website = models.URLField(_("website"), blank=True)
    footer = TextsField(_("footer"))
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    quiet_days = ArrayField(
        models.PositiveSmallIntegerField(),
        verbose_name=_("quiet days"),
        default=list,
        blank=True,
        help_text="Days of the week on which nothing leaves; Monday is 1.",
    )
    version = models.PositiveIntegerField(default=1)

    objects = ClusterQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="quiet_hours_have_both_ends",
                condition=Q(quiet_from=None, quiet_until=None)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def postal_lines(self) -> list[str]:
        return self.postal_address.splitlines()

    @property
    def keeps_quiet(self) -> bool:
        """Whether it has hours or days at which none of its mails leave."""
        return self.quiet_from is not None or bool(self.quiet_days)


@tracked()
class Label(models.Model):
    """A mark of quality that somebody awarded to a cluster."""

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="labels")
    name = models.CharField(_("label"), max_length=120)
    issuer = models.CharField(_("awarded by"), max_length=120, blank=True)
    year = models.PositiveSmallIntegerField(_("year"))

    class Meta:
        ordering = ["-year", "name"]
        constraints = [
            models.UniqueConstraint(fields=["cluster", "name", "year"], name="a_label_once_a_year")
        ]

    def __str__(self) -> str:
        return self.name


def labels_of(cluster: Cluster) -> list[Label]:
    """The labels of a cluster that was read `with_labels`, the newest first."""
    return [Label(**values) for values in vars(cluster)["known_by"]]


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

    def public(self) -> Self:
        """Those that everybody may follow: some topic of theirs stands on the form."""
        return self.filter(topic__public=True).exclude(status="closed").distinct()

    def coordinated_on(self, day: dt.date) -> Self:
        """Those in whose own name somebody writes that day."""
        leading = Participation.objects.valid_on(day).filter(role=Participation.Role.COORDINATOR)
        return self.filter(pk__in=leading.values("alliance"))


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
    name_variants = ArrayField(
        models.CharField(max_length=200), verbose_name=_("also written"), default=list, blank=True
    )
    status = models.CharField(_("status"), max_length=12, choices=Status)
    during = DateRangeField(_("period"), null=True, blank=True)
    funder = models.CharField(_("funder"), max_length=200, blank=True)
    call_id = models.CharField(_("call"), max_length=60, blank=True)
    label = models.CharField(_("label"), max_length=200, blank=True)
    hue = models.PositiveSmallIntegerField(_("hue"), default=195)
    themes = ArrayField(
        models.CharField(max_length=80), verbose_name=_("themes"), default=list, blank=True
    )
    languages = ArrayField(
        models.CharField(max_length=2),
        verbose_name=_("languages"),
        help_text=_("In order of preference."),
    )
    boilerplate = TextsField(_("about the alliance, under press releases"))
    counts_clicks = models.BooleanField(
        _("counts how often links are followed"), default=False, db_default=False
    )
    timezone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris")
    digests_at = models.TimeField(_("digests leave at"), default=dt.time(8))
    digests_on = models.PositiveSmallIntegerField(
        _("weekly digests leave on"), default=1, help_text="A day of the week; Monday is 1."
    )
    logo = models.CharField(
        max_length=80, blank=True, default="", editable=False, help_text="Of a kept picture."
    )
    logo_says = models.CharField(_("the logo shows"), max_length=120, blank=True, default="")
    logo_width = models.PositiveSmallIntegerField(default=0, editable=False)
    logo_height = models.PositiveSmallIntegerField(default=0, editable=False)
    version = models.PositiveIntegerField(default=1)
    clusters = models.ManyToManyField(Cluster, through="Participation", related_name="alliances")

    objects = AllianceQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="weekly_digests_leave_on_a_day_of_the_week",
                condition=Q(digests_on__gte=1, digests_on__lte=7),
            ),
            models.CheckConstraint(
                name="a_logo_is_described_and_has_a_size",
                condition=Q(logo="", logo_says="")
                | Q(logo_width__gt=0, logo_height__gt=0) & ~Q(logo="") & ~Q(logo_says=""),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def digests_weekday(self) -> str:
        return str(WEEKDAYS[self.digests_on - 1])

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
    texts = TextsField(_("text"))
    during = DateRangeField(_("period"))

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

    def editable_by(self, user: Viewer) -> Self:
        """The alliance's coordinator says who takes part, and as what."""
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(alliance_id__in=scope.coordinates)

    def shared_by(self, user: Viewer) -> Self:
        """What a cluster lets an alliance see, only its own contacts decide."""
        scope = scope_of(user)
        if scope.admin:
            return self.all()
        return self.filter(cluster_id__in=scope.contact_for)

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
    role = models.CharField(_("role"), max_length=12, choices=Role, default=Role.MEMBER)
    during = DateRangeField(_("period"))
    sharing = models.CharField(_("shares"), max_length=6, choices=Sharing, default=Sharing.COUNTS)
    arrangement = models.CharField(_("arrangement"), max_length=200, blank=True)

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

    def desks_on(
        self, day: dt.date, mission: int | None = None, *, media: bool = False
    ) -> dict[int, "ContactPoint"]:
        """The desk of each cluster on a day, the mission's own desk before the general one.

        `media`: for journalists, the one for them before all others.
        """
        roles = {ContactPoint.Role.GENERAL: 0} | ({ContactPoint.Role.MEDIA: 1} if media else {})
        desks = self.valid_on(day).filter(Q(mission=None) | Q(mission=mission), role__in=roles)
        own_last = desks.order_by(F("mission").asc(nulls_first=True))
        by_role = sorted(own_last, key=lambda desk: roles[ContactPoint.Role(desk.role)])
        return {desk.cluster_id: desk for desk in by_role}

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
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.GENERAL)
    title = models.CharField(_("title"), max_length=40, blank=True)
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("address"))
    phone = models.CharField(_("phone"), max_length=40, blank=True)
    user = models.ForeignKey("crm.User", models.PROTECT, null=True, blank=True)
    during = DateRangeField(_("period"))
    succeeds = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, verbose_name=_("succeeds")
    )
    hand_over = models.ForeignKey(
        "crm.HandOver", models.PROTECT, null=True, related_name="desks", editable=False
    )

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
