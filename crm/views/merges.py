"""Merging: the other record, both side by side, and making one of them two again."""

from collections.abc import Callable

from django.contrib import messages
from django.db.models import Case, When
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from crm.actions import merging, merging_organisations, merging_people
from crm.actions.errors import Refused
from crm.actions.journal import Step
from crm.forms.merges import MergeForm, membership_facts, organisation_facts, person_facts
from crm.models import (
    Cluster,
    CustomField,
    Duplicate,
    Membership,
    Merge,
    Organisation,
    Person,
    Tag,
)
from crm.models.questions import Asker
from crm.models.search import organisations_called, people_called
from crm.views.requests import UserRequest, searched, signed_in

SOME = 20


@signed_in
@require_safe
def find_person(request: UserRequest, pk: int) -> HttpResponse:
    mine = Person.objects.editable_by(request.user).current()
    person = get_object_or_404(mine.select_related("cluster"), pk=pk)
    others = mine.filter(cluster=person.cluster_id).exclude(pk=pk)
    search = searched(request)
    if search:
        others = others.filter(people_called(search, Asker.of(request.user.scope)))
    else:
        others = others.filter(pk__in=_proposed(request, "person", pk))
    context = {"person": person, "found": others.for_list()[:SOME], "search": search}
    return render(request, "crm/merges/find_person.html", context)


@signed_in
def person(request: UserRequest, pk: int, other: int) -> HttpResponse:
    mine = (
        Person.objects.editable_by(request.user)
        .with_obstacle(timezone.localdate())
        .select_related("cluster", "owner")
        .prefetch_related("addresses__address")
    )
    keep, drop = get_object_or_404(mine, pk=pk), get_object_or_404(mine, pk=other)
    kept = CustomField.objects.visible_to(request.user).current().filter(cluster=keep.cluster_id)
    tags = Tag.objects.visible_to(request.user).filter(cluster=keep.cluster_id)
    form = MergeForm(
        request.POST or None,
        facts=person_facts(keep, drop, kept.filter(noun="person"), tags),
        initial={"keep_version": keep.version, "drop_version": drop.version},
    )
    try:
        merging_people.refuse_pair(keep, drop)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("crm:people-show", pk)
    if request.method == "POST" and form.is_valid():
        return _merged(
            request,
            form,
            lambda: merging_people.merge(
                keep=keep,
                drop=drop,
                by=request.user,
                choices=form.choices,
                versions=form.versions,
            ),
        )
    context = {
        "form": form,
        "keep": keep,
        "drop": drop,
        "comes": _coming(
            (_("posts"), drop.positions.count()),
            (_("topics"), drop.subscriptions.count()),
            (_("notes"), drop.notes.count()),
            (_("files"), drop.attachments.count()),
        ),
    }
    return render(request, "crm/merges/person.html", context)


@signed_in
@require_safe
def find_organisation(request: UserRequest, pk: int) -> HttpResponse:
    visible = Organisation.objects.visible_to(request.user).current()
    organisation = get_object_or_404(visible, pk=pk)
    cluster = _cluster(request, organisation)
    kept = Membership.objects.editable_by(request.user).filter(cluster=cluster)
    others = visible.filter(pk__in=kept.values("organisation")).exclude(pk=pk)
    search = searched(request)
    if search:
        others = others.filter(organisations_called(search))
    else:
        others = others.filter(pk__in=_proposed(request, "organisation", pk))
    context = {
        "organisation": organisation,
        "cluster": cluster,
        "found": others.order_by("name_folded", "pk")[:SOME],
        "search": search,
    }
    return render(request, "crm/merges/find_organisation.html", context)


@signed_in
def organisation(request: UserRequest, pk: int, other: int) -> HttpResponse:
    visible = Organisation.objects.visible_to(request.user).select_related("region")
    keep, drop = get_object_or_404(visible, pk=pk), get_object_or_404(visible, pk=other)
    cluster = _cluster(request, keep, drop)
    try:
        ours, theirs = merging_organisations.refuse_pair(keep, drop, cluster)
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect("crm:organisations-show", pk)
    core = merging_organisations.may_change_core(keep, cluster)
    asked = CustomField.objects.visible_to(request.user).current().filter(cluster=cluster)
    tags = Tag.objects.visible_to(request.user).filter(cluster=cluster)
    form = MergeForm(
        request.POST or None,
        facts=[
            *organisation_facts(keep, drop, core=core),
            *membership_facts(ours, theirs, asked.filter(noun="organisation"), tags),
        ],
        initial={"keep_version": keep.version, "drop_version": drop.version},
    )
    if request.method == "POST" and form.is_valid():
        return _merged(
            request,
            form,
            lambda: merging_organisations.merge(
                keep=keep,
                drop=drop,
                cluster=cluster,
                by=request.user,
                choices=form.choices,
                versions=form.versions,
            ),
        )
    people = Person.objects.visible_to(request.user).filter(cluster=cluster)
    context = {
        "form": form,
        "keep": keep,
        "drop": drop,
        "cluster": cluster,
        "core": core,
        "whole": merging_organisations.is_alone(drop, cluster),
        "comes": _coming(
            (_("posts of your people"), drop.positions.filter(person__in=people).count()),
            (_("notes"), theirs.notes.count()),
            (_("files"), theirs.attachments.count()),
        ),
    }
    return render(request, "crm/merges/organisation.html", context)


@signed_in
def undo(request: UserRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(Merge.objects.editable_by(request.user), pk=pk)
    noun = "people" if found.noun == "person" else "organisations"
    if request.method == "POST":
        try:
            undone = merging.undo(merge=found, by=request.user)
        except Refused as refused:
            messages.error(request, str(refused))
        else:
            messages.success(request, _("They are two again."))
            if stayed := undone.stayed_for(request.user):
                messages.warning(request, _stayed(stayed))
        return redirect(f"crm:{noun}-show", found.kept)
    context = {
        "merge": found,
        "join": getattr(found, "join", None),
        "keep": _record(request, found.noun, found.kept),
        "drop": _record(request, found.noun, found.dropped),
        "address": f"crm:{noun}-show",
    }
    return render(request, "crm/merges/undo.html", context)


def _merged(request: UserRequest, form: MergeForm, act: Callable[[], Merge]) -> HttpResponse:
    """Merge, then on to the record, or to the next pair of the list one came from."""
    noun = "people" if "/people/" in request.path else "organisations"
    try:
        found = act()
    except Refused as refused:
        messages.error(request, str(refused))
        return redirect(request.get_full_path())
    messages.success(request, _("They are one now. The record says how to make them two again."))
    if request.GET.get("from") == "list":
        return redirect("crm:duplicates-list", noun)
    return redirect(f"crm:{noun}-show", found.kept)


def _proposed(request: UserRequest, noun: str, pk: int) -> set[int]:
    """Whom a look for duplicates proposed, and the record itself."""
    pairs = Duplicate.objects.visible_to(request.user).open().of(noun, pk)
    return {one for pair in pairs.values_list("first", "second") for one in pair}


def _cluster(request: UserRequest, *organisations: Organisation) -> Cluster:
    """The user's cluster that keeps all of these; the home cluster of the first before others."""
    found = Cluster.objects.editable_by(request.user)
    for each in organisations:
        found = found.filter(memberships__organisation=each)
    home = Case(When(pk=organisations[0].home_cluster_id, then=0), default=1)
    cluster = found.order_by(home, "pk").first()
    if cluster is None:
        raise Http404
    return cluster


def _coming(*counted: tuple[str, int]) -> list[tuple[str, int]]:
    """What moves along, by name; what there is none of is not said."""
    return [(name, number) for name, number in counted if number]


def _record(request: UserRequest, noun: str, pk: int) -> Person | Organisation | None:
    """A record of a merge; None where the user does not see it any more."""
    if noun == "person":
        return Person.objects.visible_to(request.user).filter(pk=pk).first()
    return Organisation.objects.visible_to(request.user).filter(pk=pk).first()


def _stayed(steps: list[Step]) -> str:
    """What an undoing left as it was."""
    fields = sorted({name for step in steps for name in step["fields"]})
    rows = sum(step["act"] != "withdrawal" and not step["fields"] for step in steps)
    left = sum(step["act"] == "withdrawal" for step in steps)
    parts = [_("Changed since, so it stays as it is: %s.") % ", ".join(map(_named, fields))]
    parts = parts if fields else []
    if rows:
        parts.append(
            ngettext(
                "%(n)s row stands in the way of what was there before, and stays.",
                "%(n)s rows stand in the way of what was there before, and stay.",
                rows,
            )
            % {"n": rows}
        )
    if left:
        parts.append(_("The reader left meanwhile: that holds."))
    return " ".join(parts)


def _named(column: str) -> str:
    """A column as pages call it."""
    for model in (Person, Organisation, Membership):
        for field in model._meta.concrete_fields:
            if field.attname == column:
                return str(field.verbose_name)
    return column.replace("_", " ")
