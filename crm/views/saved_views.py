"""Saved views: saving the present list, renaming, sharing, deleting."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from crm.actions import saved_views
from crm.forms.nouns import NOUNS
from crm.forms.saved_views import SavedViewForm
from crm.forms.tables import Table
from crm.models import Cluster, SavedView
from crm.rules.queries import tree_of
from crm.views.lists import explicit
from crm.views.requests import UserRequest, act, refusals, signed_in


@signed_in
def create(request: UserRequest, noun: str) -> HttpResponse:
    """Save the list that the address describes."""
    if noun not in NOUNS or not request.user.scope.anything:
        raise Http404
    table = Table(NOUNS[noun], request.user, request.GET)
    form = SavedViewForm(request.POST or None, clusters=_shareable(request))
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            view = saved_views.create(
                by=request.user,
                noun=table.noun.name,
                conditions=tree_of(table.leaves),
                columns=[question.name for question in table.columns],
                sort=table.sort,
                **form.cleaned_data,
            )
            messages.success(request, _("The view “%s” is saved.") % view)
            return redirect(_list_of(view))
    context = {
        "form": form,
        "noun": noun,
        "back": f"{reverse(f'crm:{noun}-list')}?{explicit(table).urlencode()}",
        "asked": [table.said(leaf) for leaf in table.leaves],
        "searched": bool(table.search),
    }
    return render(request, "crm/saved_views/create.html", context)


@signed_in
def edit(request: UserRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView.objects.editable_by(request.user), pk=pk)
    present = {"name": view.name, "cluster": view.cluster_id, "is_default": view.is_default}
    form = SavedViewForm(request.POST or None, initial=present, clusters=_shareable(request))
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            view = saved_views.edit(view=view, by=request.user, **form.cleaned_data)
            messages.success(request, _("Your changes are saved."))
            return redirect(_list_of(view))
    context = {"form": form, "view": view, "back": _list_of(view)}
    return render(request, "crm/saved_views/edit.html", context)


@signed_in
@require_POST
def overwrite(request: UserRequest, pk: int) -> HttpResponse:
    """Keep the list that the address describes in a view that there is."""
    view = get_object_or_404(SavedView.objects.editable_by(request.user), pk=pk)
    noun = "people" if view.noun == SavedView.Noun.PERSON else "organisations"
    table = Table(NOUNS[noun], request.user, request.GET)
    if table.trouble:
        messages.error(request, table.trouble)
        return redirect(_list_of(view))
    done = act(
        request,
        lambda: saved_views.overwrite(
            view=view,
            by=request.user,
            conditions=tree_of(table.leaves),
            columns=[question.name for question in table.columns],
            sort=table.sort,
        ),
        _("The view “%s” is saved as you see it.") % view,
        redirect(_list_of(view)),
    )
    if table.search:
        messages.warning(
            request, _("What you typed into the search is not kept. Use a filter instead.")
        )
    return done


@signed_in
def remove(request: UserRequest, pk: int) -> HttpResponse:
    view = get_object_or_404(SavedView.objects.editable_by(request.user), pk=pk)
    back = _list_of(view)
    if request.method == "POST":
        saved_views.remove(view=view, by=request.user)
        messages.success(request, _("The view “%s” is deleted.") % view)
        return redirect(back.split("?")[0] + "?all=1")
    return render(request, "crm/saved_views/remove.html", {"view": view, "back": back})


def _list_of(view: SavedView) -> str:
    noun = "people" if view.noun == SavedView.Noun.PERSON else "organisations"
    query = QueryDict(mutable=True)
    query["view"] = str(view.pk)
    return f"{reverse(f'crm:{noun}-list')}?{query.urlencode()}"


def _shareable(request: UserRequest) -> QuerySet[Cluster]:
    """Clusters of the user's own: an administrator shares with any."""
    return Cluster.objects.editable_by(request.user)
