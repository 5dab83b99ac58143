"""What the timelines of people and of organisations have in common."""

from collections.abc import Iterator
from functools import partial
from typing import Any

from django.db.models import DateField, F, Func
from django.urls import reverse
from django.utils.translation import gettext as _

from crm.actions import two_sheets
from crm.models import Answer, Attachment, Note
from crm.models.imports import Import, ImportRow
from crm.models.scope import Viewer, scope_of
from crm.models.texts import in_language
from crm.models.together import Entry, Kind, Row, Rows, Source, changed_by, earlier, told

BROUGHT = (ImportRow.Verdict.NEW, ImportRow.Verdict.CHANGED)


def kept(viewer: Viewer, **subject: Any) -> Iterator[Source]:
    """Notes and files of a record; of those that were removed only that they were there."""
    notes = Note.objects.visible_to(viewer).filter(**subject)
    files = Attachment.objects.visible_to(viewer).filter(**subject)
    may_edit = partial(_may_edit, viewer)
    yield Source(
        "note",
        Kind.NOTES,
        told(notes, "at", pk="pk", text="text", by="by__name", edited="edited_at", of="cluster_id"),
        lambda what: _note(what, may_edit=may_edit(what)),
    )
    yield Source(
        "file",
        Kind.NOTES,
        told(files, "at", pk="pk", name="name", by="by__name", of="cluster_id"),
        lambda what: _file(what, may_edit=may_edit(what)),
    )
    for name, model, title in (
        ("note gone", Note, _("A note was removed")),
        ("file gone", Attachment, _("A file was removed")),
    ):
        gone = _gone(earlier(model).filter(**subject), viewer)
        yield Source(
            name, Kind.NOTES, told(gone, "pgh_created_at", by=changed_by()), partial(_title, title)
        )


def answers(rows: Rows, *, named: bool = False) -> Source:
    """What was answered to calls and invitations; `named`: by whom."""
    return Source(
        "answer",
        Kind.ANSWERS,
        told(
            rows,
            "at",
            value="value",
            note="note",
            person="person_id",
            given="person__given",
            family="person__family",
            mission="mission__names",
            event="event__names",
            mission_slug="mission__slug",
            event_slug="event__slug",
        ),
        partial(_answer, named=named),
    )


def imports(rows: Rows, viewer: Viewer, made: str) -> Source:
    """The lists that brought a record or changed it; `made` is the letter of its noun."""
    scope = scope_of(viewer)
    done = rows.filter(
        verdict__in=BROUGHT, of_import__status__in=(Import.Status.DONE, Import.Status.UNDONE)
    )
    if not scope.admin:
        done = done.filter(of_import__cluster_id__in=scope.clusters)
    return Source(
        "import",
        Kind.IMPORTS,
        told(
            done.filter(of_import__ended_at__isnull=False),
            "of_import__ended_at",
            file="of_import__file_name",
            origin="of_import__origin",
            number="number",
            sheet="of_import__sheet",
            beside="of_import__beside",
            made="made",
            by="of_import__by__name",
        ),
        partial(_import, made=made),
    )


def first_day() -> Func:
    """Of a dated row the day on which it began."""
    return Func(F("during"), function="lower", output_field=DateField())


def last_day() -> Func:
    """Of a dated row the day on which it was over."""
    return Func(F("during"), function="upper", output_field=DateField())


def _may_edit(viewer: Viewer, what: Row) -> bool:
    scope = scope_of(viewer)
    return scope.admin or what["of"] in scope.contact_for


def _gone(rows: Rows, viewer: Viewer) -> Rows:
    scope = scope_of(viewer)
    gone = rows.filter(pgh_label="delete")
    return gone if scope.admin else gone.filter(cluster_id__in=scope.clusters)


def _title(title: str, what: Row) -> Entry:
    return Entry(title, by=what["by"] or "")


def _note(what: Row, *, may_edit: bool) -> Entry:
    return Entry(
        _("Note, written anew") if what["edited"] else _("Note"),
        by=what["by"] or "",
        text=what["text"],
        quoted=True,
        edit=reverse("crm:notes-edit", args=[what["pk"]]) if may_edit else "",
        remove=reverse("crm:notes-remove", args=[what["pk"]]) if may_edit else "",
    )


def _file(what: Row, *, may_edit: bool) -> Entry:
    return Entry(
        _("File: %(name)s") % {"name": what["name"]},
        by=what["by"] or "",
        url=reverse("crm:attachments-show", args=[what["pk"]]),
        remove=reverse("crm:attachments-remove", args=[what["pk"]]) if may_edit else "",
    )


def _answer(what: Row, *, named: bool) -> Entry:
    said = {
        "value": Answer.Value(what["value"]).label,
        "what": in_language(what["mission"] or what["event"] or {}),
        "name": f"{what['given']} {what['family']}".strip() or _("Somebody"),
    }
    title = _("Answered “%(value)s” to %(what)s") % said
    if named:
        title = _("%(name)s answered “%(value)s” to %(what)s") % said
    noun = "missions" if what["mission_slug"] else "events"
    slug = what["mission_slug"] or what["event_slug"]
    return Entry(title, text=what["note"], tone="ok", url=reverse(f"crm:{noun}-show", args=[slug]))


def _import(what: Row, *, made: str) -> Entry:
    place, sheet = two_sheets.place_in(what["sheet"], what["beside"], what["number"])
    said = {"file": what["file"], "number": f"{place} ({sheet})" if sheet else place}
    if made in what["made"]:
        title = _("Brought by the list “%(file)s”, row %(number)s") % said
    else:
        title = _("Changed by the list “%(file)s”, row %(number)s") % said
    return Entry(title, by=what["by"] or "", text=what["origin"])
