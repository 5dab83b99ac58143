"""Imports: one file of a cluster, each of its rows with what became of it, and what was learned."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.consent import Basis
from crm.models.network import Cluster
from crm.models.scope import Viewer, scope_of


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: Viewer) -> Self:
        scope = scope_of(user)
        return self.all() if scope.admin else self.filter(cluster_id__in=scope.clusters)

    def editable_by(self, user: Viewer) -> Self:
        scope = scope_of(user)
        return self.all() if scope.admin else self.filter(cluster_id__in=scope.contact_for)

    def due(self) -> Self:
        """Those that a worker has to look at or to write."""
        return self.filter(status__in=(Import.Status.CHECKING, Import.Status.WRITING))


class Import(models.Model):
    """A file that a cluster wants in its address book, from the upload to its undoing."""

    class Status(models.TextChoices):
        DESCRIBED = "described", _("waits for its columns to be confirmed")
        CHECKING = "checking", _("is looked at")
        CHECKED = "checked", _("waits for your decision")
        WRITING = "writing", _("is written")
        DONE = "done", _("done")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("failed")
        UNDONE = "undone", _("undone")

    class Policy(models.TextChoices):
        SKIP = "skip", _("leave as they are")
        FILL = "fill", _("fill what is empty")
        OVERWRITE = "overwrite", _("overwrite with what the file says")

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="imports")
    by = models.ForeignKey("crm.User", models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.DESCRIBED)
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)
    sheet = models.CharField(_("sheet"), max_length=200, blank=True)
    encoding = models.CharField(_("encoding"), max_length=20)
    separator = models.CharField(_("separator"), max_length=1)
    header = models.IntegerField(_("header row"))
    columns = models.JSONField(default=list)
    """What each place of a row holds, by the names in `crm.rules.columns`; "" is not taken."""
    policy = models.CharField(
        _("people and organisations that are there already"),
        max_length=10,
        choices=Policy,
        default=Policy.FILL,
    )
    origin = models.CharField(_("where the list comes from"), max_length=160, blank=True)
    dated = models.DateField(_("date of the list"), null=True, blank=True)
    basis = models.CharField(_("legal basis"), max_length=20, choices=Basis, blank=True)
    rows_read = models.PositiveIntegerField(default=0)
    rows_total = models.PositiveIntegerField(null=True)
    counts = models.JSONField(default=dict)
    trouble = models.CharField(max_length=300, blank=True)
    written = models.JSONField(default=dict)
    """What undoing has to know: ids of rows that known people got, and each table's last."""
    undone = models.JSONField(default=dict)
    """How many people and organisations went, records were put back, and rows have a conflict."""
    created_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        # The list of a cluster's imports.
        indexes = [models.Index(fields=["cluster", "-created_at"], name="imports_of_a_cluster")]

    def __str__(self) -> str:
        return self.file_name


class ImportFile(models.Model):
    """A piece of an import's file. It is in the database, for web and workers share no disk.

    Seven days after the import it is deleted.
    """

    of_import = models.ForeignKey(Import, models.CASCADE, related_name="pieces")
    place = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of_import", "place"], name="one_piece_at_a_place")
        ]


class ImportRow(models.Model):
    """A data row of an import's file, and what became of it."""

    class Verdict(models.TextChoices):
        NEW = "new", _("new")
        CHANGED = "changed", _("changed")
        SAME = "same", _("the same")
        DUPLICATE = "duplicate", _("possible duplicate")
        ERROR = "error", _("error")

    of_import = models.ForeignKey(Import, models.CASCADE, related_name="rows", db_constraint=False)
    number = models.PositiveIntegerField()
    """Of the row in the file, as a spreadsheet counts: the first is 1."""
    verdict = models.CharField(max_length=9, choices=Verdict)
    reason = models.CharField(max_length=400, blank=True)
    cells = models.JSONField(null=True)
    diff = models.JSONField(null=True)
    """For each changed field its value before and after: {"person": {"job": ["", "CEO"]}}."""
    person = models.BigIntegerField(null=True)
    organisation = models.BigIntegerField(null=True)
    ended = models.JSONField(null=True)
    """The posts that a person left by it: [{"id", "organisation", "job", "since"}]."""
    conflict = models.JSONField(null=True)
    """What undoing left as it is: {"person": why it stays, "person.phone": what it is now}."""
    made = models.CharField(max_length=2, blank=True)
    """What the row brought into the world: "p" a person, "o" an organisation."""
    unmailable = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["of_import", "number"], name="one_verdict_per_row")
        ]
        # A record's timeline names the lists that brought or changed it.
        indexes = [
            models.Index(
                fields=["person"],
                condition=models.Q(person__isnull=False, verdict__in=("new", "changed")),
                name="rows_of_a_person",
            ),
            models.Index(
                fields=["organisation"],
                condition=models.Q(organisation__isnull=False, verdict__in=("new", "changed")),
                name="rows_of_an_organisation",
            ),
        ]


class ColumnMemory(models.Model):
    """What the columns of a header meant when a cluster last imported a file with it."""

    cluster = models.ForeignKey(Cluster, models.CASCADE, related_name="+")
    header_hash = models.CharField(max_length=64)
    columns = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["cluster", "header_hash"], name="one_memory_per_header")
        ]
