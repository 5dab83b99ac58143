"""Imports: one file of a cluster, each of its rows with what became of it, and what was learned."""

from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.basis_rules import Basis
from crm.models.network import Cluster
from crm.models.scope import Viewer, scope_of

DUE = models.Q(status__in=("checking", "writing")) | models.Q(
    status="done", undo_asked_at__isnull=False
)


class ImportQuerySet(models.QuerySet["Import"]):
    def visible_to(self, user: Viewer) -> Self:
        scope = scope_of(user)
        return self.all() if scope.admin else self.filter(cluster_id__in=scope.clusters)

    def editable_by(self, user: Viewer) -> Self:
        scope = scope_of(user)
        return self.all() if scope.admin else self.filter(cluster_id__in=scope.contact_for)

    def due(self) -> Self:
        """Those that a worker has to look at or to write."""
        return self.filter(DUE)

    def to_finish(self) -> Self:
        """Those that wait for somebody's next step."""
        return self.filter(status__in=(Import.Status.DESCRIBED, Import.Status.CHECKED))

    def for_list(self) -> Self:
        return self.select_related("cluster", "by").defer("heads", "written")

    def with_sheets(self) -> Self:
        """With the names of a workbook's sheets, without their rows."""
        return self.annotate(asked_names=_Names("heads"))


class _Names(models.Func):
    template = "jsonb_path_query_array(%(expressions)s, '$.keyvalue().key')"
    output_field = models.JSONField()


class Import(models.Model):
    """A file that a cluster wants in its address book, from the upload to its undoing."""

    class Status(models.TextChoices):
        DESCRIBED = "described", _("columns to confirm")
        CHECKING = "checking", _("being compared")
        CHECKED = "checked", _("to decide")
        WRITING = "writing", _("being written")
        DONE = "done", _("imported")
        CANCELLED = "cancelled", _("cancelled")
        FAILED = "failed", _("failed")
        UNDONE = "undone", _("taken back")

    class Phase(models.TextChoices):
        READING = "reading", _("reading the file")
        COMPARING = "comparing", _("comparing with the address book")
        WRITING = "writing", _("writing")

    class Policy(models.TextChoices):
        SKIP = "skip", _("leave as they are")
        FILL = "fill", _("fill what is empty")
        OVERWRITE = "overwrite", _("overwrite with what the file says")

    cluster = models.ForeignKey(Cluster, models.PROTECT, related_name="imports")
    by = models.ForeignKey("crm.User", models.PROTECT, null=True, related_name="+")
    status = models.CharField(max_length=10, choices=Status, default=Status.DESCRIBED)
    started_by = models.ForeignKey("crm.User", models.PROTECT, null=True, related_name="+")
    """Who decided that it be written; `by` is who chose the file."""
    file_name = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64)
    sheet = models.CharField(_("sheet"), max_length=200, blank=True)
    encoding = models.CharField(_("encoding"), max_length=20)
    separator = models.CharField(_("separator"), max_length=1)
    header = models.IntegerField(_("header row"))
    columns = models.JSONField(default=list)
    """What each place of a row holds, by the names in `crm.rules.columns`; "" is not taken."""
    beside = models.JSONField(null=True)
    """The sheet of organisations that is read with it: its name, header, columns and rows."""
    heads = models.JSONField(null=True)
    """The first rows of each sheet of a workbook, so that a look at them need not unpack it."""
    policy = models.CharField(
        _("people and organisations that are there already"),
        max_length=10,
        choices=Policy,
        default=Policy.FILL,
    )
    make_tags = models.BooleanField(default=False)
    new_tags = models.JSONField(default=list)
    """Words of the list that are no tags yet, each with the number it gets if it is made."""
    origin = models.CharField(_("where the list comes from"), max_length=160, blank=True)
    dated = models.DateField(_("date of the list"), null=True, blank=True)
    basis = models.CharField(_("legal basis"), max_length=20, choices=Basis, blank=True)
    phase = models.CharField(max_length=9, choices=Phase, blank=True)
    tries = models.PositiveSmallIntegerField(default=0)
    """How often a worker took it up; one that stops each of them is not tried for ever."""
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
    undo_asked_at = models.DateTimeField(null=True, blank=True)
    undo_by = models.ForeignKey("crm.User", models.PROTECT, null=True, related_name="+")
    undone_at = models.DateTimeField(null=True, blank=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        # The list of a cluster's imports.
        indexes = [
            models.Index(fields=["cluster", "-created_at"], name="imports_of_a_cluster"),
            # What the scheduler asks for every second.
            models.Index(
                fields=["id"],
                condition=DUE,
                name="imports_that_are_due",
            ),
        ]

    def __str__(self) -> str:
        return self.file_name

    @property
    def sheet_names(self) -> list[str]:
        """Of a workbook, as long as its file is kept."""
        if hasattr(self, "asked_names"):
            return list(self.asked_names or ())
        return list(self.heads or ())

    @property
    def said(self) -> str:
        """Its status as the end of a sentence that begins with its name."""
        if self.status == self.Status.DONE and self.undo_asked_at:
            return str(_("is being taken back"))
        return str(
            {
                self.Status.DESCRIBED: _("waits for its columns to be confirmed"),
                self.Status.CHECKING: _("is being compared with the address book"),
                self.Status.CHECKED: _("waits for your decision"),
                self.Status.WRITING: _("is being written"),
                self.Status.DONE: _("is imported"),
                self.Status.CANCELLED: _("is cancelled"),
                self.Status.FAILED: _("could not be imported"),
                self.Status.UNDONE: _("is taken back"),
            }[self.Status(self.status)]
        )

    @property
    def at_work(self) -> bool:
        """Whether a worker has it, or will."""
        if self.status == self.Status.DONE:
            return self.undo_asked_at is not None
        return self.status in (self.Status.CHECKING, self.Status.WRITING)


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

    of_import = models.ForeignKey(
        Import, models.CASCADE, related_name="rows", db_constraint=False, db_index=False
    )
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
            # Whom an import brought: a question in lists.
            models.Index(
                fields=["person", "of_import"],
                condition=models.Q(person__isnull=False, made__contains="p"),
                name="people_an_import_brought",
            ),
            # The preview's and the result's chips, page by page.
            models.Index(fields=["of_import", "verdict", "number"], name="rows_of_a_verdict"),
            models.Index(
                fields=["of_import", "number"],
                condition=models.Q(unmailable=True),
                name="rows_that_get_no_mail",
            ),
            models.Index(
                fields=["of_import", "number"],
                condition=models.Q(conflict__isnull=False),
                name="rows_that_stay_as_they_are",
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
