"""Dated gatherings to which readers are invited."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models.allied import AlliedQuerySet
from crm.models.history import tracked
from crm.models.missions import ProgrammeVersion
from crm.models.network import Alliance, Cluster
from crm.models.texts import TextsField, in_language


@tracked()
class Event(models.Model):
    """A dated gathering."""

    class Mode(models.TextChoices):
        ON_SITE = "on_site", _("on site")
        ONLINE = "online", _("online")

    class AnswerMode(models.TextChoices):
        OPEN = "open", _("open, no registration required")
        RSVP = "rsvp", _("answer requested")
        SELECTION = "selection", _("by selection")

    class Status(models.TextChoices):
        DRAFT = "draft", _("draft")
        OPEN = "open", _("announced")
        DONE = "done", pgettext_lazy("event", "done")
        CANCELLED = "cancelled", pgettext_lazy("event", "cancelled")

    slug = models.SlugField(_("short name in addresses"), unique=True)
    alliances = models.ManyToManyField(Alliance, related_name="events")
    lead_cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="events_led")
    names = TextsField(_("name"))
    leads = TextsField(_("what it is, in a few sentences"))
    mode = models.CharField(_("mode"), max_length=8, choices=Mode, default=Mode.ON_SITE)
    answer_mode = models.CharField(
        _("answers"), max_length=10, choices=AnswerMode, default=AnswerMode.OPEN
    )
    starts_at = models.DateTimeField(_("starts"))
    ends_at = models.DateTimeField(_("ends"))
    timezone = models.CharField(_("time zone"), max_length=40, default="Europe/Paris")
    place = models.CharField(_("place"), max_length=200, blank=True)
    city = models.CharField(_("city"), max_length=120, blank=True)
    join_url = models.URLField(_("address to join online"), blank=True)
    capacity = models.PositiveIntegerField(_("places"), null=True, blank=True)
    previous_edition = models.ForeignKey("self", models.PROTECT, null=True, blank=True)
    languages = ArrayField(models.CharField(max_length=2), default=list, blank=True)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    public = models.BooleanField(_("has a public page"), default=True)
    calendar_uid = models.UUIDField(unique=True)
    sequence = models.PositiveIntegerField(default=0)
    archived_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)

    objects = AlliedQuerySet["Event"].as_manager()

    class Meta:
        ordering = ["-starts_at", "pk"]
        constraints = [
            models.CheckConstraint(
                name="an_event_ends_after_it_starts", condition=Q(ends_at__gt=models.F("starts_at"))
            )
        ]

    def __str__(self) -> str:
        return in_language(self.names)

    @property
    def programme(self) -> ProgrammeVersion | None:
        return self.programme_versions.exclude(published_at=None).order_by("-n").first()
