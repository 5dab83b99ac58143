"""Delegations abroad: the record that writes its own call and its own public page."""

from typing import TYPE_CHECKING, Self

from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.db import models
from django.db.models import Q, Subquery
from django.utils.translation import gettext_lazy as _

from crm.models.allied import AlliedQuerySet
from crm.models.history import tracked
from crm.models.network import Alliance, Cluster, Market, Region
from crm.models.texts import TextsField, in_language

if TYPE_CHECKING:
    from crm.models.events import Event


@tracked()
class Mission(models.Model):
    """A delegation abroad."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("open for applications")
        CLOSED = "closed", _("closed")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")

    class Precision(models.TextChoices):
        DAY = "day", _("exact days")
        MONTH = "month", _("month only")
        YEAR = "year", _("year only")

    slug = models.SlugField(_("short name in addresses"), unique=True)
    alliances = models.ManyToManyField(Alliance, related_name="missions")
    lead_cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="missions_led")
    market = models.ForeignKey(Market, models.PROTECT, related_name="missions")
    names = TextsField(_("name"))
    leads = TextsField(_("what it is, in a few sentences"))
    terms = TextsField(_("price and conditions"))
    during = DateRangeField(_("dates"))
    precision = models.CharField(max_length=5, choices=Precision, default=Precision.DAY)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    eligible_regions = models.ManyToManyField(Region, blank=True, related_name="+")
    eligible_categories = ArrayField(models.CharField(max_length=12), default=list, blank=True)
    public = models.BooleanField(_("has a public page"), default=True)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = AlliedQuerySet["Mission"].as_manager()

    class Meta:
        ordering = ["-during", "pk"]

    def __str__(self) -> str:
        return in_language(self.names)

    @property
    def programme(self) -> "ProgrammeVersion | None":
        """The newest published programme."""
        return self.programme_versions.exclude(published_at=None).order_by("-n").first()


@tracked()
class ExternalRoute(models.Model):
    """Where an organisation from outside the eligible regions applies instead."""

    mission = models.OneToOneField(Mission, models.CASCADE, related_name="external_route")
    organiser = models.CharField(_("organiser"), max_length=200)
    texts = TextsField(_("what to tell the reader"))
    url = models.URLField(_("address of the other call"))
    at = models.DateTimeField(_("deadline"))
    timezone = models.CharField(max_length=40)


class ProgrammeVersion(models.Model):
    """One published or coming state of the programme of a mission or an event."""

    class Label(models.TextChoices):
        PROVISIONAL = "provisional", _("provisional")
        FINAL = "final", _("final")

    mission = models.ForeignKey(
        Mission, models.CASCADE, null=True, related_name="programme_versions"
    )
    event = models.ForeignKey(
        "crm.Event", models.CASCADE, null=True, related_name="programme_versions"
    )
    n = models.PositiveSmallIntegerField()
    label = models.CharField(max_length=12, choices=Label, default=Label.PROVISIONAL)
    published_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="a_programme_of_a_mission_or_an_event",
                condition=Q(mission=None, event__isnull=False)
                | Q(mission__isnull=False, event=None),
            ),
            models.UniqueConstraint(
                fields=["mission", "event", "n"], nulls_distinct=False, name="one_nth_programme"
            ),
        ]


class ProgrammeItemQuerySet(models.QuerySet["ProgrammeItem"]):
    def newest_of(self, record: "Mission | Event") -> Self:
        """The newest published programme of a mission or an event."""
        published = record.programme_versions.exclude(published_at=None).order_by("-n")
        return self.filter(version=Subquery(published.values("pk")[:1]))


class ProgrammeItem(models.Model):
    """One entry of a programme: a day, a part of it or hours, what, where and with whom."""

    class Part(models.TextChoices):
        DAY = "day", _("all day")
        MORNING = "morning", _("morning")
        AFTERNOON = "afternoon", _("afternoon")
        EVENING = "evening", _("evening")
        HOURS = "hours", _("hours")

    class Kind(models.TextChoices):
        ARRIVAL = "arrival", _("arrival")
        WORKSHOP = "workshop", _("workshop")
        VISIT = "visit", _("visit")
        CONFERENCE = "conference", _("conference")
        MEETINGS = "meetings", _("meetings")
        TRANSFER = "transfer", _("transfer")
        FAIR = "fair", _("fair")
        TALK = "talk", _("talk")

    version = models.ForeignKey(ProgrammeVersion, models.CASCADE, related_name="items")
    item_uid = models.UUIDField(help_text="The same over all versions of one programme.")
    sequence = models.PositiveSmallIntegerField()
    day = models.DateField()
    part = models.CharField(max_length=10, choices=Part)
    starts = models.TimeField(null=True, blank=True)
    ends = models.TimeField(null=True, blank=True)
    titles = TextsField()
    place = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=120, blank=True)
    kind = models.CharField(max_length=12, choices=Kind)
    co_organisers = models.CharField(max_length=200, blank=True)
    optional = models.BooleanField(default=False)

    objects = ProgrammeItemQuerySet.as_manager()

    class Meta:
        ordering = ["day", "sequence"]
        constraints = [
            models.UniqueConstraint(fields=["version", "item_uid"], name="an_item_once"),
            models.CheckConstraint(
                name="hours_are_given_when_promised",
                condition=~Q(part="hours") | Q(starts__isnull=False),
            ),
        ]


class DeadlineQuerySet(models.QuerySet["Deadline"]):
    def ahead(self, now: object) -> Self:
        return self.filter(at__gt=now)


@tracked()
class Deadline(models.Model):
    """A date by which somebody must have done something for a mission."""

    class Audience(models.TextChoices):
        MEMBERS = "members", _("companies of the eligible regions")
        CLUSTERS = "clusters", _("cluster managers")

    mission = models.ForeignKey(Mission, models.CASCADE, related_name="deadlines")
    things = TextsField(_("what is due"))
    audience = models.CharField(max_length=8, choices=Audience, default=Audience.MEMBERS)
    soft = models.BooleanField(_("recommended, not final"), default=False)
    at = models.DateTimeField(_("when"))
    timezone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris")
    calendar_uid = models.UUIDField(unique=True)
    sequence = models.PositiveIntegerField(default=0)

    objects = DeadlineQuerySet.as_manager()

    class Meta:
        ordering = ["at", "pk"]


class Document(models.Model):
    """A file that belongs to a mission or an event, in one language."""

    mission = models.ForeignKey(Mission, models.CASCADE, null=True, related_name="documents")
    event = models.ForeignKey("crm.Event", models.CASCADE, null=True, related_name="documents")
    titles = TextsField()
    language = models.CharField(max_length=2)
    file = models.FileField(upload_to="documents/")
    version = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="a_document_of_a_mission_or_an_event",
                condition=Q(mission=None, event__isnull=False)
                | Q(mission__isnull=False, event=None),
            )
        ]

    def __str__(self) -> str:
        return in_language(self.titles)
