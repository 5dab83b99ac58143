"""Organisations: the list, the record, entering, changing, archiving."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.actions import organisations, tags, timelines, twins
from crm.actions.saying import answered
from crm.forms.notes import NoteForm
from crm.forms.nouns import ORGANISATIONS
from crm.forms.organisations import OrganisationForm, coded, other_codes, present
from crm.forms.tables import Table, tidied
from crm.models import Cluster, Figure, Membership, Merge, Organisation, Person
from crm.models.duplicates import alike
from crm.models.vocabulary import Words, with_words, words_of
from crm.views.kept import memberships
from crm.views.lists import asked_for, listing
from crm.views.requests import UserRequest, act, refusals, render_part, signed_in


@signed_in
@require_safe
def list(request: UserRequest) -> HttpResponse:  # noqa: A001
    table = Table(ORGANISATIONS, request.user, request.GET)
    if "ask" in request.GET:
        return redirect(request.path + (asked_for(table) or "?all=1"))
    context = {
        "listed": listing(request, table),
        "table": table,
        "noun": ORGANISATIONS,
        "question": tidied(request.GET),
    }
    return render_part(request, "crm/organisations/list.html", "results", context)


@signed_in
@require_safe
def show(request: UserRequest, pk: int) -> HttpResponse:
    core = Organisation.objects.editable_by(request.user).filter(pk=OuterRef("pk"))
    rows = Organisation.objects.visible_to(request.user).select_related("home_cluster", "region")
    rows = rows.annotate(may_change_core=Exists(core), **alike("organisation")).with_facts()
    organisation = rows.filter(pk=pk).first()
    if into := organisation.merged_into_id if organisation else _merged_into(request, pk):
        return redirect("crm:organisations-show", into)
    if organisation is None:
        raise Http404
    kept = _memberships(request, organisation)
    asked = request.GET.get("cluster", "")
    membership = next((row for row in kept if row.cluster.slug == asked), None)
    membership = membership or next(iter(kept), None)
    words = words_of(membership) if membership else Words()
    people = Person.objects.visible_to(request.user).filter(merged_into=None, erased_at=None)
    posts = tuple(
        organisation.positions.filter(person__in=people)
        .select_related("person", "person__cluster")
        .order_by("person__name_folded", "-during", "pk")
    )
    scope = request.user.scope
    may_note = membership and (scope.admin or membership.cluster_id in scope.contact_for)
    may_edit = vars(organisation)["may_change_core"] or may_note
    context: dict[str, Any] = {
        "organisation": organisation,
        "kept": kept,
        "membership": membership,
        "tags": words.tags_of(membership.tags) if membership else [],
        "answers": answered(words, membership) if membership else [],
        "coded": coded(vars(organisation)["facts"]),
        "current": [post for post in posts if not post.ended and not post.person.archived_at],
        "former": [post for post in posts if post.ended or post.person.archived_at],
        "statements": Figure.objects.visible_to(request.user).about(organisation).side_by_side(),
        "timeline": timelines.of(
            organisation,
            request.user,
            words,
            show=request.GET.get("show", ""),
            page=request.GET.get("page", ""),
        ),
        "may_change_core": vars(organisation)["may_change_core"],
        "may_edit": may_edit,
        "may_note": may_note,
        "twins": twins.of(organisation, request.user, may_decide=bool(may_edit)),
        "note": NoteForm(),
        "note_url": reverse("crm:notes-create", kwargs={"organisation": pk}),
        "file_url": reverse("crm:attachments-create", kwargs={"organisation": pk}),
    }
    return render_part(request, "crm/organisations/show.html", "timeline", context)


@signed_in
def create(request: UserRequest) -> HttpResponse:
    clusters = Cluster.objects.editable_by(request.user)
    if not clusters:
        raise Http404
    initial = {"region": clusters[0].region if len(clusters) == 1 else None}
    form = OrganisationForm(request.POST or None, cluster_choices=clusters, initial=initial)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            organisation = organisations.create(
                cluster=form.cleaned_data["cluster"],
                by=request.user,
                codes=form.codes,
                **form.core,
                **form.membership,
            )
            messages.success(request, _("“%s” is entered.") % organisation)
            return redirect("crm:organisations-show", organisation.pk)
    return render(request, "crm/organisations/create.html", {"form": form})


@signed_in
def edit(request: UserRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.visible_to(request.user), pk=pk)
    core = _may_change_core(request, organisation)
    membership = _kept_membership(request, organisation)
    if not core and membership is None:
        raise Http404
    form = OrganisationForm(
        request.POST or None,
        core=core,
        membership=membership is not None,
        words=words_of(membership) if membership else None,
        record=membership,
        initial=present(organisation, membership),
    )
    if request.method == "POST" and form.is_valid():
        with refusals(form), transaction.atomic():
            if core:
                organisations.edit(
                    organisation=organisation,
                    by=request.user,
                    version=form.cleaned_data["version"] or 0,
                    **form.core,
                )
                organisations.set_codes(
                    organisation=organisation,
                    by=request.user,
                    codes=form.codes + other_codes(organisation),
                )
            if membership:
                organisations.edit_membership(
                    membership=membership,
                    by=request.user,
                    tags=tags.named(
                        cluster=membership.cluster,
                        names=form.cleaned_data["tags"],
                        by=request.user,
                    ),
                    **form.membership,
                    **form.own,
                )
            messages.success(request, _("Your changes are saved."))
            return redirect("crm:organisations-show", organisation.pk)
    context = {"form": form, "organisation": organisation, "may_change_core": core}
    return render(request, "crm/organisations/edit.html", context)


@signed_in
def archive(request: UserRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.editable_by(request.user), pk=pk)
    if request.method == "POST":
        return act(
            request,
            lambda: organisations.archive(organisation=organisation, by=request.user),
            _("“%s” is archived. You can restore it at any time.") % organisation,
            redirect("crm:organisations-show", organisation.pk),
        )
    return render(request, "crm/organisations/archive.html", {"organisation": organisation})


@signed_in
def restore(request: UserRequest, pk: int) -> HttpResponse:
    organisation = get_object_or_404(Organisation.objects.editable_by(request.user), pk=pk)
    if request.method == "POST":
        return act(
            request,
            lambda: organisations.restore(organisation=organisation, by=request.user),
            _("“%s” is back in the lists.") % organisation,
            redirect("crm:organisations-show", organisation.pk),
        )
    return render(request, "crm/organisations/restore.html", {"organisation": organisation})


def _merged_into(request: UserRequest, pk: int) -> int | None:
    """Where the address leads of what other clusters keep and the user's cluster has merged."""
    merges = Merge.objects.visible_to(request.user).standing()
    ours = merges.filter(noun="organisation", dropped=pk)
    return ours.values_list("kept", flat=True).first()


def _memberships(request: UserRequest, organisation: Organisation) -> Sequence[Membership]:
    """The organisation as the user's own clusters keep it, the home cluster's before others."""
    mine = organisation.memberships.visible_to(request.user)
    return tuple(with_words(memberships(organisation, mine)))


def _kept_membership(request: UserRequest, organisation: Organisation) -> Membership | None:
    mine = organisation.memberships.editable_by(request.user)
    rows = with_words(memberships(organisation, mine))
    asked = request.GET.get("cluster")
    return rows.filter(cluster__slug=asked).first() if asked else rows.first()


def _may_change_core(request: UserRequest, organisation: Organisation) -> bool:
    return Organisation.objects.editable_by(request.user).filter(pk=organisation.pk).exists()
