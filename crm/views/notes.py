"""Notes on people and organisations: written, written anew, removed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _

from crm.actions import notes
from crm.forms.notes import NoteForm
from crm.models import Note
from crm.views.kept import editable_subject, subject_of
from crm.views.requests import UserRequest, act, refusals, signed_in

ROWS = ("person__cluster", "membership__organisation", "membership__cluster")


@signed_in
def create(
    request: UserRequest, person: int | None = None, organisation: int | None = None
) -> HttpResponse:
    subject = editable_subject(request, person, organisation)
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            notes.add(**subject.hung, text=form.cleaned_data["text"], by=request.user)
            messages.success(request, _("The note is kept."))
            return subject.page
    context = {"form": form, "subject": subject.record, "back": subject.page.url}
    return render(request, "crm/notes/create.html", context)


@signed_in
def edit(request: UserRequest, pk: int) -> HttpResponse:
    note = get_object_or_404(Note.objects.editable_by(request.user).select_related(*ROWS), pk=pk)
    subject = subject_of(note)
    form = NoteForm(request.POST or None, initial={"text": note.text})
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            notes.edit(note=note, text=form.cleaned_data["text"], by=request.user)
            messages.success(request, _("Your changes are saved."))
            return subject.page
    context = {"form": form, "subject": subject.record, "back": subject.page.url}
    return render(request, "crm/notes/edit.html", context)


@signed_in
def remove(request: UserRequest, pk: int) -> HttpResponse:
    note = get_object_or_404(Note.objects.editable_by(request.user).select_related(*ROWS), pk=pk)
    subject = subject_of(note)
    if request.method == "POST":
        return act(
            request,
            lambda: notes.remove(note=note, by=request.user),
            _("The note is removed."),
            subject.page,
        )
    return render(request, "crm/notes/remove.html", {"note": note, "back": subject.page.url})
