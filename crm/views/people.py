"""People: the list, the record, entering, changing, moving, archiving."""

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from crm.actions import cards, people, tags, timelines, twins
from crm.actions.saying import answered
from crm.forms.notes import NoteForm
from crm.forms.nouns import PEOPLE
from crm.forms.people import FACTS, MoveForm, NewPersonForm, PersonForm
from crm.forms.tables import Table, tidied
from crm.models import Cluster, Organisation, Person
from crm.models.duplicates import alike
from crm.models.vocabulary import with_words, words_of
from crm.views.lists import asked_for, listing
from crm.views.requests import UserRequest, act, refusals, render_part, signed_in


@signed_in
@require_safe
def list(request: UserRequest) -> HttpResponse:  # noqa: A001
    table = Table(PEOPLE, request.user, request.GET)
    if "ask" in request.GET:
        return redirect(request.path + (asked_for(table) or "?all=1"))
    context = {
        "listed": listing(request, table),
        "table": table,
        "noun": PEOPLE,
        "question": tidied(request.GET),
    }
    return render_part(request, "crm/people/list.html", "results", context)


@signed_in
@require_safe
def show(request: UserRequest, pk: int) -> HttpResponse:
    mine = Person.objects.editable_by(request.user).filter(pk=OuterRef("pk"))
    visible = Person.objects.visible_to(request.user).with_obstacle(timezone.localdate())
    rows = visible.for_page().annotate(may_edit=Exists(mine), **alike("person"))
    person = get_object_or_404(with_words(rows), pk=pk)
    if person.merged_into_id:
        return redirect("crm:people-show", person.merged_into_id)
    context: dict[str, Any] = {"person": person, "positions": person.positions.all()}
    if not request.user.scope.reads_whole(person.cluster_id):
        return render(request, "crm/people/show.html", context)
    words = words_of(person)
    context |= {
        "whole": True,
        "may_edit": vars(person)["may_edit"],
        "tags": words.tags_of(person.tags),
        "answers": answered(words, person),
        "twins": twins.of(person, request.user, may_decide=vars(person)["may_edit"]),
        "card": cards.of_person(person, request.user),
        "timeline": timelines.of(
            person,
            request.user,
            words,
            show=request.GET.get("show", ""),
            page=request.GET.get("page", ""),
        ),
        "note": NoteForm(),
        "note_url": reverse("crm:notes-create", kwargs={"person": pk}),
        "file_url": reverse("crm:attachments-create", kwargs={"person": pk}),
    }
    return render_part(request, "crm/people/show.html", "timeline", context)


@signed_in
def create(request: UserRequest) -> HttpResponse:
    clusters = Cluster.objects.editable_by(request.user)
    if not clusters:
        raise Http404
    organisations = _kept(request, clusters)
    form = NewPersonForm(
        request.POST or None,
        clusters=clusters,
        organisations=organisations,
        initial={"organisation": request.GET.get("organisation")},
    )
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            person = people.create(by=request.user, **form.cleaned_data)
            messages.success(request, _("%s is entered.") % person)
            return redirect("crm:people-show", person.pk)
    return render(request, "crm/people/create.html", {"form": form})


@signed_in
def edit(request: UserRequest, pk: int) -> HttpResponse:
    rows = Person.objects.editable_by(request.user).select_related("cluster")
    person = get_object_or_404(with_words(rows), pk=pk)
    present = {name: getattr(person, name) for name in (*FACTS, "version")}
    form = PersonForm(request.POST or None, words=words_of(person), record=person, initial=present)
    if request.method == "POST" and form.is_valid():
        with refusals(form), transaction.atomic():
            people.edit(
                person=person,
                by=request.user,
                version=form.cleaned_data["version"] or 0,
                tags=tags.named(
                    cluster=person.cluster, names=form.cleaned_data["tags"], by=request.user
                ),
                **form.facts,
                **form.own,
            )
            messages.success(request, _("Your changes are saved."))
            return redirect("crm:people-show", person.pk)
    return render(request, "crm/people/edit.html", {"form": form, "person": person})


@signed_in
def move(request: UserRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.editable_by(request.user), pk=pk)
    clusters = Cluster.objects.editable_by(request.user).filter(pk=person.cluster_id)
    form = MoveForm(request.POST or None, organisations=_kept(request, clusters))
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            people.move(person=person, by=request.user, **form.cleaned_data)
            messages.success(request, _("The new post is entered; the former one is kept."))
            return redirect("crm:people-show", person.pk)
    return render(request, "crm/people/move.html", {"form": form, "person": person})


@signed_in
def archive(request: UserRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.editable_by(request.user), pk=pk)
    if request.method == "POST":
        return act(
            request,
            lambda: people.archive(person=person, by=request.user),
            _("%s is archived and gets no mail. You can restore them.") % person,
            redirect("crm:people-show", person.pk),
        )
    context = {"person": person, "what_follows": what_follows_archiving()}
    return render(request, "crm/people/archive.html", context)


def what_follows_archiving() -> str:
    """Said before people are archived, one or many."""
    return ngettext(
        "They leave lists and audiences and get no mail, and you can restore them. "
        "If no reason to know them is in force, their record is emptied %(n)s month later.",
        "They leave lists and audiences and get no mail, and you can restore them. "
        "If no reason to know them is in force, their record is emptied %(n)s months later.",
        settings.ARCHIVED_KEPT,
    ) % {"n": settings.ARCHIVED_KEPT}


@signed_in
def restore(request: UserRequest, pk: int) -> HttpResponse:
    person = get_object_or_404(Person.objects.editable_by(request.user), pk=pk)
    if request.method == "POST":
        return act(
            request,
            lambda: people.restore(person=person, by=request.user),
            _("%s is back in the lists.") % person,
            redirect("crm:people-show", person.pk),
        )
    return render(request, "crm/people/restore.html", {"person": person})


def _kept(request: UserRequest, clusters: Iterable[Cluster]) -> QuerySet[Organisation]:
    """Organisations at which the clusters' people can hold a post."""
    visible = Organisation.objects.visible_to(request.user).current()
    return visible.filter(memberships__cluster__in=clusters).distinct()
