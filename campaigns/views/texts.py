"""A campaign's draft, language by language."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.actions import (
    contents,
    images,
    mixing,
    previews,
    reconciling,
    revisions,
    snippets,
    text_parts,
)
from campaigns.forms.contents import READERS, Elsewhere, TextForm
from campaigns.models import (
    Campaign,
    ContentRevision,
    ContentText,
    Delivery,
    Release,
    Snippet,
)
from campaigns.rules import pasted, pictures
from campaigns.rules.looks import seen
from campaigns.rules.reconcile import Conflict
from campaigns.views import blocks
from campaigns.views.requests import editable, nearest, shell
from crm.actions.errors import Refused
from crm.models.codes import language_name
from crm.rules.texts import LANGUAGES
from crm.views.mails import framed
from crm.views.requests import UserRequest, refusals, signed_in

TOLD = ("texts", "linked")
"""What the page reads of a campaign more than once."""


@signed_in
def edit(request: UserRequest, ref: str, language: str) -> HttpResponse:
    """The draft in one language: written and linked blocks, with another language beside them."""
    campaign = editable(request, ref)
    if language not in LANGUAGES:
        raise Http404
    if request.method != "POST":
        prefetch_related_objects([campaign], *TOLD)
    drafts = {text.language: text for text in _in_order(campaign)}
    draft = drafts.get(language)
    beside = _chosen(request, language, drafts)
    earlier = _asked_for(request, campaign, language)
    kept = Snippet.objects.visible_to(request.user).kept().pieces()
    kept = kept.filter(alliance=campaign.alliance).order_by("name")
    form = TextForm(
        request.POST or None,
        request.FILES,
        campaign=campaign,
        draft=draft,
        earlier=earlier,
        elsewhere=Elsewhere(beside, {str(row.pk): snippets.copies(row, language) for row in kept}),
    )
    conflicts: list[Conflict] = []
    if request.method == "POST" and _bring(request, campaign, form):
        done = _onward(request, campaign, language, form) or _saved(
            request, campaign, language, form, conflicts
        )
        if done:
            return done
    prefetch_related_objects([campaign], *TOLD)  # as it is after what was tried
    theirs = blocks.theirs(conflicts)
    left = mixing.untranslated(campaign)
    own = left.get(language)
    other = blocks.other(campaign, language, beside)
    marks: blocks.Marks = {"copied": own.copied if own else {}, "theirs": theirs}
    rows = [*blocks.rows(campaign, form, language, other, marks)]
    context = shell(
        campaign,
        form=form,
        language=language,
        rows=rows,
        other=other,
        others=[{"code": code, "name": language_name(code)} for code in drafts if code != language],
        missing=sum("missing" in row for row in rows),
        theirs=theirs.get("", ()),
        earlier=earlier,
        unsaved=None if form.is_bound or earlier else _unsaved(request, campaign, language, draft),
        readers=READERS.items(),
        variants=Delivery.Variant.choices,
        seen_as=request.POST.get("variant", ""),
        wide=request.POST.get("width") == "wide",
        snippets=[row for row in kept if language in row.texts],
        elsewhere=sum(language not in row.texts for row in kept),
        draft=draft,
        part=text_parts.of(draft) if draft else None,
        languages=[
            {
                "code": code,
                "name": language_name(code),
                "draft": drafts.get(code),
                "untranslated": left[code].total if code in left else 0,
            }
            for code in LANGUAGES
        ],
        heads=[
            (label, language_name(own.copied[name]))
            for name, label in _heads(form).items()
            if own and name in own.copied
        ],
        signed=campaign.releases.filter(status=Release.Status.RELEASED).count(),
    )
    return render(request, "campaigns/texts/edit.html", context)


def _in_order(campaign: Campaign) -> list[ContentText]:
    """Its texts, the one that was begun first before the others."""
    return sorted(campaign.texts.all(), key=lambda text: text.pk)


def _heads(form: TextForm) -> dict[str, Any]:
    """What stands above the blocks, by the names that `mixing` has for it."""
    return {
        "subject": form["subject"].label,
        "preheader": form["preheader"].label,
        mixing.SECOND: _("Second subject"),
    }


def _chosen(
    request: UserRequest, language: str, drafts: dict[str, ContentText]
) -> ContentText | None:
    """The text that is wanted beside this one; beside one that is begun, the first there is."""
    others = [text for code, text in drafts.items() if code != language]
    first = others[0].language if others and language not in drafts else ""
    asked = request.GET.get("beside", first)
    return next((text for text in others if text.language == asked), None)


def _onward(
    request: UserRequest, campaign: Campaign, language: str, form: TextForm
) -> HttpResponse | None:
    """To another language beside this one, or to write that; what stands here is kept."""
    over = request.POST.get("over", "")
    if over not in ("", *LANGUAGES):
        raise Http404
    if not over and "beside" not in request.POST:
        return None
    try:
        kept = revisions.keep(
            campaign=campaign,
            language=language,
            said=form.unfinished,
            base=form.began_from,
            by=request.user,
        )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    if over:
        return redirect(_page(campaign, over, beside=language))
    query = {"beside": request.POST["beside"]} | ({"from": str(kept.number)} if kept else {})
    return redirect(_page(campaign, language, **query))


def _saved(
    request: UserRequest,
    campaign: Campaign,
    language: str,
    form: TextForm,
    conflicts: list[Conflict],
) -> HttpResponse | None:
    """Saved, unless blocks were only moved about or something is refused, which the form says."""
    if form.arranging or not form.is_valid():
        return None
    try:
        with _shown_in(form, conflicts):
            saved = contents.edit(
                campaign=campaign,
                language=language,
                subject=form.cleaned_data["subject"],
                preheader=form.cleaned_data["preheader"],
                blocks=form.blocks,
                ready=form.cleaned_data["ready"],
                seen=form.cleaned_data["seen"] or 0,
                by=request.user,
            )
    except Refused as refusal:
        form.add_error(None, str(refusal))
        return None
    messages.success(request, _said_of(saved, language))
    return redirect(_page(campaign, language, beside=form.beside.language if form.beside else ""))


def _page(campaign: Campaign, language: str, **query: str) -> str:
    page = reverse("campaigns:texts-edit", args=[campaign.ref, language])
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"{page}?{asked}" if asked else page


def _asked_for(request: UserRequest, campaign: Campaign, language: str) -> ContentRevision | None:
    """The version that somebody wants to go on from; without one, what stands in the text."""
    number = request.GET.get("from", "")
    if request.method == "POST" or not (number.isdecimal() and len(number) < 10):
        return None
    return revisions.of(campaign, language).filter(number=int(number)).first()


def _unsaved(
    request: UserRequest, campaign: Campaign, language: str, draft: ContentText | None
) -> dict[str, Any] | None:
    """What they wrote and never saved, with where they go on with it."""
    row = revisions.unsaved(campaign, language, draft, by=request.user)
    if row is None:
        return None
    asked = {"beside": request.GET.get("beside", ""), "from": str(row.number)}
    return {"at": row.at, "url": _page(campaign, language, **asked)}


@contextmanager
def _shown_in(form: TextForm, conflicts: list[Conflict]) -> Iterator[None]:
    """Where two people wrote the same words anew, the form shows both."""
    try:
        yield
    except reconciling.Conflict as conflict:
        form.put_together(conflict.outcome.written, version=conflict.version)
        conflicts += conflict.outcome.conflicts
        raise


def _said_of(saved: contents.Saved, language: str) -> str:
    words = {"language": language_name(language), "who": saved.beside}
    if saved.beside:
        return (
            _(
                "The text in %(language)s is saved. %(who)s had changed other parts of it "
                "meanwhile: both stand in it now."
            )
            % words
        )
    return _("The text in %(language)s is saved.") % words


def _bring(request: UserRequest, campaign: Campaign, form: TextForm) -> bool:
    """Keep the pictures that came with the text; False where one is refused, which the form says.

    Also while blocks are only moved about, for a browser sends a chosen file only once.
    """
    kept = 0
    assert campaign.alliance
    for block, upload in form.uploads:
        with refusals(form):
            if (upload.size or 0) > pictures.LARGEST:
                raise Refused(images.too_large(str(upload.name)))
            image = images.add(
                alliance=campaign.alliance,
                name=str(upload.name),
                content=upload.read(),
                by=request.user,
            )
            block["image"] = image.name
            kept += 1
    return kept == len(form.uploads)


@framed
@signed_in
def preview(request: UserRequest, ref: str, language: str) -> HttpResponse:
    """The mail that comes of what stands in the form, saved or not, as somebody would get it."""
    campaign = editable(request, ref)
    if language not in LANGUAGES:
        raise Http404
    draft = campaign.texts.filter(language=language).first()
    earlier = _asked_for(request, campaign, language)
    form = TextForm(request.POST or None, campaign=campaign, draft=draft, earlier=earlier)
    variant = request.POST.get("variant", "")
    release = nearest(request, campaign)
    try:
        if release is None:
            raise Refused(_("This campaign has no lane you could look at."))
        text = previews.text_of(campaign, language, form.unfinished)
        known = variant if variant in Delivery.Variant.values else ""
        mail = previews.compose(previews.invented(release, language, known), {language: text})
    except Refused as refusal:
        return HttpResponse(str(refusal), content_type="text/plain; charset=utf-8")
    return HttpResponse(seen(mail.html))


@signed_in
@require_POST
def paste(request: UserRequest, ref: str) -> HttpResponse:
    """HTML that was copied somewhere, as the text a person would have typed here."""
    editable(request, ref)
    try:
        html = request.body.decode(errors="replace") if request.content_type == "text/html" else ""
        text = pasted.as_markup(html)
    except (pasted.TooLong, RequestDataTooBig):
        text = _("This is more than a block may hold. Paste less, or attach a document.")
        return HttpResponse(text, status=413, content_type="text/plain; charset=utf-8")
    return HttpResponse(text, content_type="text/plain; charset=utf-8")
