"""Exports: a list taken out of the address book, as a file that only its reader can fetch."""

import datetime as dt
import secrets
from typing import Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models.scope import Viewer

LEASE = dt.timedelta(minutes=2)
"""After so long without a word from its worker, another one makes an export anew."""


def new_key() -> str:
    """The part of a link that nobody can guess."""
    return secrets.token_urlsafe(24)


class ExportQuerySet(models.QuerySet["Export"]):
    def visible_to(self, user: Viewer) -> Self:
        """One's own, and nobody else's: not an administrator's either."""
        return self.filter(by=user) if user.is_authenticated else self.none()

    def due(self, now: dt.datetime) -> Self:
        """Those that a worker has to make, also where the last one fell silent."""
        abandoned = Q(status=Export.Status.MAKING, seen_at__lt=now - LEASE)
        return self.filter(Q(status=Export.Status.WAITING) | abandoned).order_by("pk")

    def expired(self, now: dt.datetime) -> Self:
        return self.filter(expires_at__lte=now)


class Export(models.Model):
    """A list that a user takes out: what was asked, and what became of it."""

    class Noun(models.TextChoices):
        PEOPLE = "people", _("people")
        ORGANISATIONS = "organisations", _("organisations")

    class Format(models.TextChoices):
        CSV = "csv", _("CSV: text that every program reads")
        XLSX = "xlsx", _("XLSX: Excel")
        ODS = "ods", _("ODS: LibreOffice")
        VCARD = "vcf", _("vCard: address books and phones")

    class Status(models.TextChoices):
        WAITING = "waiting", _("waits")
        MAKING = "making", _("is made")
        READY = "ready", _("ready")
        FAILED = "failed", _("not made")

    key = models.CharField(max_length=40, unique=True, default=new_key)
    by = models.ForeignKey("crm.User", models.PROTECT, related_name="exports")
    noun = models.CharField(max_length=13, choices=Noun)
    question = models.TextField(blank=True)
    """What the list was asked, as its address says it."""
    file_format = models.CharField(max_length=4, choices=Format)
    columns = models.JSONField()
    """The columns in their order, by the names in `crm.resources`."""
    language = models.CharField(max_length=2)
    status = models.CharField(max_length=7, choices=Status, default=Status.WAITING)
    trouble = models.CharField(max_length=300, blank=True)
    rows_total = models.PositiveIntegerField()
    rows_written = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    clusters = ArrayField(models.BigIntegerField(), default=list)
    """Whose records it holds whole: whoever reads them no more does not get the file either."""
    shared_clusters = ArrayField(models.BigIntegerField(), default=list)
    """Whose records it holds as they are shared."""
    turn = models.PositiveSmallIntegerField(default=0)
    """How often somebody began to make it; who began before the last turn writes no more."""
    seen_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    downloaded_at = models.DateTimeField(null=True)

    objects = ExportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [
            # The page of one's own exports.
            models.Index(fields=["by", "-created_at"], name="exports_of_a_user"),
            # What the worker looks for every second.
            models.Index(
                fields=["id"],
                condition=Q(status__in=("waiting", "making")),
                name="exports_to_make",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def file_name(self) -> str:
        day = timezone.localdate(self.created_at)
        return f"{self.noun}-{day.isoformat()}.{self.file_format}"

    @property
    def is_expired(self) -> bool:
        return timezone.now() >= self.expires_at

    @property
    def is_under_way(self) -> bool:
        return self.status in (Export.Status.WAITING, Export.Status.MAKING)

    @property
    def is_ready(self) -> bool:
        return self.status == Export.Status.READY and not self.is_expired


class ExportPiece(models.Model):
    """A piece of an export's file. It is in the database, for web and workers share no disk."""

    of_export = models.ForeignKey(Export, models.CASCADE, related_name="pieces")
    place = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["of_export", "place"], name="one_export_piece_at_a_place"
            )
        ]
