"""What an alliance keeps of its texts to be used again: snippets, and templates."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions import snippets
from campaigns.forms.snippets import KeepForm, SnippetForm, called, outline
from campaigns.models import Snippet
from campaigns.views.requests import editable, shell
from crm.models.codes import language_name
from crm.rules.texts import LANGUAGES
from crm.views.requests import UserRequest, act, refusals, signed_in

LIST = "campaigns:snippets-list"


@signed_in
@require_safe
def list(request: UserRequest) -> HttpResponse:  # noqa: A001
    """What is offered to whoever writes; with `archived`, what no longer is."""
    if not request.user.scope.leads:
        raise Http404
    archived = request.GET.get("archived") == "1"
    rows = Snippet.objects.visible_to(request.user).filter(archived_at__isnull=not archived)
    rows = rows.select_related("alliance", "by").order_by("kind", "name", "pk")
    context = {
        "rows": [_row(snippet) for snippet in rows],
        "archived": archived,
        "chips": [
            {
                "label": _("Archived"),
                "on": archived,
                "url": request.path if archived else "?archived=1",
            }
        ],
    }
    return render(request, "campaigns/snippets/list.html", context)


def _row(snippet: Snippet) -> dict[str, Any]:
    written = [code for code in LANGUAGES if code in snippet.texts]
    return {
        "snippet": snippet,
        "languages": ", ".join(language_name(code) for code in written),
        "outline": [said for _id, said in outline(snippet.texts[written[0]]["blocks"])],
        "lang": written[0],
    }


@signed_in
def create(request: UserRequest, ref: str, language: str) -> HttpResponse:
    """Keep some blocks of a draft, or all of it, in the languages in which they are written."""
    campaign = editable(request, ref)
    text = get_object_or_404(campaign.texts, language=language)
    kept = Snippet.objects.editable_by(request.user).kept().filter(alliance=campaign.alliance)
    form = KeepForm(request.POST or None, text=text, kept=kept)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            row = snippets.keep(campaign=campaign, by=request.user, **form.chosen)
            messages.success(request, _("“%s” is kept.") % called(row))
            return redirect(LIST)
    context = shell(campaign, form=form, language=language)
    return render(request, "campaigns/snippets/create.html", context)


@signed_in
def edit(request: UserRequest, pk: int) -> HttpResponse:
    """Its name and its words; what it is made of is replaced from a draft."""
    snippet = _mine(request, pk)
    form = SnippetForm(request.POST or None, snippet=snippet)
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            snippets.edit(
                snippet=snippet,
                by=request.user,
                name=form.cleaned_data["name"],
                texts=form.texts,
                seen=form.cleaned_data["seen"],
            )
            messages.success(request, _("Your changes are saved."))
            return redirect(LIST)
    return _page(request, snippet, form)


def _page(
    request: UserRequest, snippet: Snippet, form: SnippetForm, *, dropped: bool = False
) -> HttpResponse:
    context = {"form": form, "snippet": snippet, "dropped": dropped}
    return render(request, "campaigns/snippets/edit.html", context)


@signed_in
@require_POST
def archive(request: UserRequest, pk: int) -> HttpResponse:
    """Offer it no more. Whoever has changed words of it meanwhile is asked first."""
    snippet = _mine(request, pk)
    if "seen" in request.POST and "sure" not in request.POST:
        form = SnippetForm(request.POST, snippet=snippet)
        if form.says_otherwise:
            return _page(request, snippet, form, dropped=True)
    return act(
        request,
        lambda: snippets.archive(snippet=snippet, by=request.user),
        _("“%s” is archived: it is offered no more.") % snippet,
        redirect(LIST),
    )


@signed_in
@require_POST
def restore(request: UserRequest, pk: int) -> HttpResponse:
    snippet = _mine(request, pk)
    return act(
        request,
        lambda: snippets.restore(snippet=snippet, by=request.user),
        _("“%s” is offered again.") % snippet,
        redirect("campaigns:snippets-edit", pk),
    )


def _mine(request: UserRequest, pk: int) -> Snippet:
    rows = Snippet.objects.editable_by(request.user).select_related("alliance")
    return get_object_or_404(rows, pk=pk)
