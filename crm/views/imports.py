"""Imports: the list of them, and the steps of one from its file to its undoing."""

import csv
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import TemporaryUploadedFile, UploadedFile
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.actions import duplicates, imports, rejected, two_sheets
from crm.actions.errors import Refused
from crm.forms.imports import DecideForm, UploadForm
from crm.models import Cluster, Duplicate, Import
from crm.models.merges import Noun
from crm.views import readings, verdicts
from crm.views.requests import UserRequest, act, refusals, render_part, signed_in

PAGE = 25
Status = Import.Status
OPEN = (Status.DESCRIBED, Status.CHECKED, Status.FAILED)


@signed_in
@require_safe
def list(request: UserRequest) -> HttpResponse:  # noqa: A001
    scope = request.user.scope
    rows = Import.objects.visible_to(request.user).for_list()
    context = {
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")),
        "several": scope.admin or len(scope.clusters) > 1,
    }
    return render(request, "crm/imports/list.html", context)


@signed_in
def create(request: UserRequest) -> HttpResponse:
    clusters = Cluster.objects.editable_by(request.user)
    if not clusters:
        raise Http404
    posted = request.method == "POST"
    form = UploadForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        clusters=clusters,
        too_large=getattr(request, "too_large", False),
    )
    if posted and form.is_valid():
        upload = form.cleaned_data["upload"]
        with refusals(form), _on_disk(upload) as path:
            found = imports.upload(
                cluster=form.cleaned_data["cluster"],
                by=request.user,
                path=path,
                file_name=upload.name,
            )
            return redirect("crm:imports-describe", found.pk)
    return render(request, "crm/imports/create.html", {"form": form})


@contextmanager
def _on_disk(upload: "UploadedFile[Any]") -> Iterator[Path]:
    """The upload as a file; large ones are one already."""
    if isinstance(upload, TemporaryUploadedFile):
        yield Path(upload.temporary_file_path())
        return
    with tempfile.NamedTemporaryFile() as file:
        for chunk in upload.chunks():
            file.write(chunk)
        file.flush()
        yield Path(file.name)


@signed_in
def describe(request: UserRequest, pk: int) -> HttpResponse:
    """How the file is read and what its columns hold; each change of the first reads it anew."""
    found = get_object_or_404(Import.objects.editable_by(request.user), pk=pk)
    posted = request.method == "POST"
    if not posted and found.status not in OPEN:
        return redirect("crm:imports-show", pk)
    reading = readings.read(found, request.POST if posted else request.GET)
    forms = reading.forms(request.POST if posted else None)
    form, other = forms[0], forms[1] if reading.beside else None
    if posted and all(each.is_valid() for each in forms):
        with refusals(form):
            imports.describe(
                of_import=found,
                by=request.user,
                sheet=reading.sheet.name,
                encoding=reading.encoding,
                separator=reading.separator,
                header=reading.sheet.layout.header,
                columns=form.columns,
                beside=reading.beside.said(other.columns) if reading.beside and other else None,
            )
            return redirect("crm:imports-show", pk)
    context = {
        "import": found,
        "reading": reading,
        "form": form,
        "other": other,
        "again": _done_before(request, found),
    }
    return render_part(request, "crm/imports/describe.html", "reading", context)


def _done_before(request: UserRequest, found: Import) -> Import | None:
    """The same file, imported before."""
    same = Import.objects.visible_to(request.user).filter(
        cluster=found.cluster_id, file_hash=found.file_hash, status=Status.DONE
    )
    return same.exclude(pk=found.pk).for_list().first()


@signed_in
@require_safe
def show(request: UserRequest, pk: int) -> HttpResponse:
    """How far it is, what would become of each row, or what became of it."""
    visible = Import.objects.visible_to(request.user).for_list().with_sheets()
    found = get_object_or_404(visible, pk=pk)
    may_edit = request.user.scope.admin or found.cluster_id in request.user.scope.contact_for
    if found.status == Status.DESCRIBED and may_edit:
        return redirect("crm:imports-describe", pk)
    context: dict[str, Any] = {"import": found, "may_edit": may_edit, "statuses": Status}
    if found.at_work:
        context["phases"] = _phases(found)
    elif found.counts and found.status != Status.CANCELLED:
        context["rows"] = verdicts.page(request, found, request.user)
        context["left_out"] = two_sheets.left_out(found)
        if found.status == Status.DONE:
            context["pairs"] = _pairs(request, found)
        context["new_tags"] = [name for _pk, name in found.new_tags]
    response = render_part(request, "crm/imports/show.html", "moving", context)
    if request.htmx and not (found.at_work and request.GET.get("status") == found.status):
        response["HX-Redirect"] = reverse("crm:imports-show", args=[pk])
    return response


def _pairs(request: UserRequest, found: Import) -> dict[str, Any]:
    """How many possible duplicates of what came with it wait, and whether they are looked for."""
    open_pairs = Duplicate.objects.visible_to(request.user).brought_by(found).open()
    counts = open_pairs.counted()
    return {
        "people": counts.get(Noun.PERSON, 0),
        "organisations": counts.get(Noun.ORGANISATION, 0),
        "sought": duplicates.is_due(cluster_id=found.cluster_id),
    }


def _phases(found: Import) -> Sequence[tuple[str, str]]:
    """The run's phases, each with whether it is done, now or later."""
    if found.status == Status.DONE:
        return []
    phases = [Import.Phase.READING, Import.Phase.COMPARING]
    if found.status == Status.WRITING:
        phases.append(Import.Phase.WRITING)
    now = phases.index(Import.Phase(found.phase)) if found.phase in phases else -1
    states = ["done" if n < now else "now" if n == now else "later" for n in range(len(phases))]
    return [(str(phase.label), state) for phase, state in zip(phases, states, strict=True)]


@signed_in
def decide(request: UserRequest, pk: int) -> HttpResponse:
    """The policy, where the list comes from, and on which basis its people are written to."""
    found = get_object_or_404(Import.objects.editable_by(request.user).for_list(), pk=pk)
    posted = request.method == "POST"
    if not posted and found.status != Status.CHECKED:
        return redirect("crm:imports-show", pk)
    names = ("policy", "origin", "dated", "basis", "make_tags")
    form = DecideForm(
        request.POST if posted else None,
        initial={name: getattr(found, name) for name in names},
        new_tags=[name for _pk, name in found.new_tags],
    )
    if posted and form.is_valid():
        with refusals(form):
            imports.decide(of_import=found, by=request.user, **form.cleaned_data)
            if found.status == Status.CHECKING:
                messages.info(
                    request,
                    _("The preview is made anew for your choice. Look at it, then go on."),
                )
            return redirect("crm:imports-show", pk)
    return render(request, "crm/imports/decide.html", {"form": form, "import": found})


@signed_in
def cancel(request: UserRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Import.objects.editable_by(request.user), pk=pk)
    if request.method == "POST":
        return act(
            request,
            lambda: imports.cancel(of_import=found, by=request.user),
            _("The import is cancelled. Nothing of the list was written, and its file is deleted."),
            redirect("crm:imports-list"),
        )
    return render(request, "crm/imports/cancel.html", {"import": found})


@signed_in
def undo(request: UserRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Import.objects.editable_by(request.user).for_list(), pk=pk)
    here = redirect("crm:imports-show", pk)
    if request.method == "POST":
        try:
            imports.ask_undo(of_import=found, by=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
        return here
    if found.status != Status.DONE or found.at_work:
        return here
    brought = found.rows.exclude(made="")
    context = {
        "import": found,
        "people": brought.filter(made__contains="p").count(),
        "organisations": brought.filter(made__contains="o").count(),
        "changed": found.counts.get("changed", 0),
    }
    return render(request, "crm/imports/undo.html", context)


@signed_in
@require_safe
def errors(request: UserRequest, pk: int) -> HttpResponse:
    """The rows that were not taken, to be mended and imported again."""
    found = get_object_or_404(Import.objects.editable_by(request.user), pk=pk)
    try:
        table = rejected.table(of_import=found, by=request.user)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("crm:imports-show", pk)
    separator = ";" if found.heads is not None else found.separator
    writer = csv.writer(_Line(), delimiter=separator)
    lines = (writer.writerow(row) for row in table)
    # Without the mark at its beginning, Excel reads letters with accents wrongly.
    content = (line.encode("utf-8-sig" if not n else "utf-8") for n, line in enumerate(lines))
    response = StreamingHttpResponse(content, content_type="text/csv; charset=utf-8")
    what = _("to mend")
    name = f"{Path(found.file_name).stem} - {what}.csv"
    response.headers["Content-Disposition"] = str(content_disposition_header(True, name))
    return response  # type: ignore[return-value]


class _Line:
    """What csv writes to: it hands each line on."""

    def write(self, line: str) -> str:
        return line
