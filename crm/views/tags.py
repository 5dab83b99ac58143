"""A cluster's tags: entered, offered, renamed, merged, removed."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from crm.actions import tags
from crm.forms.vocabulary import OFFERED, MergeTagsForm, TagForm
from crm.models import Cluster, Tag
from crm.rules.names import fold
from crm.views.kept import own_clusters
from crm.views.requests import UserRequest, act, refusals, signed_in


@signed_in
def create(request: UserRequest, cluster: str) -> HttpResponse:
    row = get_object_or_404(Cluster.objects.editable_by(request.user), slug=cluster)
    form = TagForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            tag = tags.create(cluster=row, name=form.cleaned_data["name"], by=request.user)
            messages.success(request, _("The tag “%s” is entered.") % tag)
            return redirect(_page(row))
    return render(request, "crm/tags/create.html", {"form": form, "back": _page(row)})


@signed_in
@require_safe
def suggest(request: UserRequest, cluster: str) -> HttpResponse:
    """Whole lines that complete the last word: for the tags field while one types."""
    row = get_object_or_404(own_clusters(request), slug=cluster)
    before, comma, begun = request.GET.get("tags", "")[:2_000].rpartition(",")
    known = {fold(name) for name in before.split(",")}
    found = Tag.objects.visible_to(request.user).filter(cluster=row)
    if fold(begun):
        found = found.filter(folded__contains=fold(begun))
    offered = [tag.name for tag in found[: OFFERED + len(known)] if tag.folded not in known]
    lines = [f"{before}{comma} {name}".strip() for name in offered[:OFFERED]]
    return render(request, "crm/tags/suggest.html", {"offered": lines})


@signed_in
def rename(request: UserRequest, pk: int) -> HttpResponse:
    tag = _editable(request, pk)
    form = TagForm(request.POST or None, initial={"name": tag.name})
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            tags.rename(tag=tag, name=form.cleaned_data["name"], by=request.user)
            messages.success(request, _("The tag has its new name everywhere."))
            return redirect(_page(tag.cluster))
    context = {"form": form, "tag": tag, "back": _page(tag.cluster)}
    return render(request, "crm/tags/rename.html", context)


@signed_in
def merge(request: UserRequest, pk: int) -> HttpResponse:
    tag = _editable(request, pk)
    others = Tag.objects.editable_by(request.user).filter(cluster=tag.cluster).exclude(pk=pk)
    form = MergeTagsForm(request.POST or None, tags=others)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            keep = form.cleaned_data["keep"]
            count = tags.merge(keep=keep, drop=tag, by=request.user)
            said = ngettext(
                "“%(tag)s” is one with “%(keep)s” now, on %(count)s record.",
                "“%(tag)s” is one with “%(keep)s” now, on %(count)s records.",
                count,
            )
            messages.success(request, said % {"tag": tag, "keep": keep, "count": count})
            return redirect(_page(tag.cluster))
    context = {"form": form, "tag": tag, "back": _page(tag.cluster)}
    return render(request, "crm/tags/merge.html", context)


@signed_in
def remove(request: UserRequest, pk: int) -> HttpResponse:
    tag = _editable(request, pk)
    if request.method == "POST":
        return act(
            request,
            lambda: tags.remove(tag=tag, by=request.user),
            _("The tag “%s” is removed.") % tag,
            redirect(_page(tag.cluster)),
        )
    return render(request, "crm/tags/remove.html", {"tag": tag, "back": _page(tag.cluster)})


def _editable(request: UserRequest, pk: int) -> Tag:
    rows = Tag.objects.editable_by(request.user).select_related("cluster")
    return get_object_or_404(rows, pk=pk)


def _page(cluster: Cluster) -> str:
    return f"{reverse('crm:vocabulary-show')}?cluster={cluster.slug}"
