"""A campaign's draft, language by language."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.contrib import messages
from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.actions import contents, images, linking, mixing, reconciling, revisions
from campaigns.forms.contents import FIELDS, NAMES, READERS, TextForm
from campaigns.mail import links, records
from campaigns.models import Campaign, ContentRevision, ContentText, Release
from campaigns.rules import pasted, pictures
from campaigns.rules.blocks import MARKED, NO_WORDS, OPTIONAL, WRITTEN
from campaigns.rules.reconcile import Conflict
from campaigns.views.requests import editable, shell
from crm.actions.errors import Refused
from crm.models.codes import language_name
from crm.rules.texts import LANGUAGES
from crm.views.requests import UserRequest, refusals, signed_in


@signed_in
def edit(request: UserRequest, ref: str, language: str) -> HttpResponse:
    """The draft in one language: written and linked blocks, rearranged by small buttons."""
    campaign = editable(request, ref)
    if language not in LANGUAGES:
        raise Http404
    draft = campaign.texts.filter(language=language).first()
    earlier = _asked_for(request, campaign, language)
    form = TextForm(
        request.POST or None, request.FILES, campaign=campaign, draft=draft, earlier=earlier
    )
    conflicts: list[Conflict] = []
    brought = _bring(request, campaign, form)
    if request.method == "POST" and brought and not form.arranging and form.is_valid():
        with refusals(form), _shown_in(form, conflicts):
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
            messages.success(request, _said_of(saved, language))
            return redirect("campaigns:texts-edit", campaign.ref, language)
    drafts = {text.language: text for text in campaign.texts.all()}
    left = mixing.untranslated(campaign)
    own = left.get(language)
    context = shell(
        campaign,
        form=form,
        language=language,
        blocks=_blocks(
            campaign, form.blocks, language, own.copied if own else {}, _theirs(conflicts)
        ),
        theirs=_theirs(conflicts).get("", ()),
        earlier=earlier,
        unsaved=None if form.is_bound or earlier else _unsaved(request, campaign, language, draft),
        readers=READERS.items(),
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
            (form[name].label, language_name(own.copied[name]))
            for name in ("subject", "preheader")
            if own and name in own.copied
        ],
        signed=campaign.releases.filter(status=Release.Status.RELEASED).count(),
    )
    return render(request, "campaigns/texts/edit.html", context)


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
    page = reverse("campaigns:texts-edit", args=[campaign.ref, language])
    return {"at": row.at, "url": f"{page}?from={row.number}"}


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


def _theirs(conflicts: Iterable[Conflict]) -> dict[str, list[dict[str, Any]]]:
    """What somebody else wrote in place of what stands in the form, by block."""
    found = dict[str, list[dict[str, Any]]]()
    for one in conflicts:
        if one.field not in ("width", "height"):  # they go with the picture
            found.setdefault(one.block, []).append(_other_side(one))
    return found


def _other_side(one: Conflict) -> dict[str, Any]:
    if one.field == "kept" and one.theirs is None:
        words = _("Somebody else took this block away, which you rewrote. Keep it or remove it.")
        return {"sentence": words}
    if one.field == "kept":
        words = _("You took this block away, which somebody else rewrote. Keep it or remove it.")
        return {"sentence": words}
    if one.field == "image":
        return {"sentence": _("Somebody else chose another picture here.")}
    if one.field in ("readers", "kind"):
        return {"sentence": _("Somebody else chose other readers for this block.")}
    return {"sentence": _("Somebody else wrote:"), "words": one.theirs or ""}


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


def _blocks(
    campaign: Campaign,
    blocks: Any,
    language: str,
    copied: Mapping[str, str],
    theirs: Mapping[str, Any],
) -> Any:
    """The blocks of the form; linked ones with what the draft took over from its record.

    `copied`: those that were saved with the words of another language, which is named; `theirs`:
    those that somebody else wrote otherwise at the same time.
    """
    taken = campaign.linked.filter(language=language).first()
    told = taken.parts if taken else linking.told_by(campaign, language)["parts"]
    for block in blocks:
        kind = block["kind"]
        content = records.filled(block, told) if kind not in WRITTEN else None
        yield {
            "kind": kind,
            "id": block.get("id", ""),
            "name": NAMES[kind],
            "fields": [_field(block, field) for field in WRITTEN.get(kind, ())],
            "readers": ",".join(block.get("readers", ())),
            "content": content,
            "empty": content is None,
            "theirs": theirs.get(block["id"], ()) if block.get("id") else (),
            "copied": language_name(copied[block["id"]]) if block.get("id") in copied else "",
            "picture": links.image(block["image"]) if block.get("image") else "",
        }


def _field(block: records.Block, name: str) -> dict[str, Any]:
    label, rows, help_text = FIELDS[block["kind"], name]
    return {
        "name": name,
        "label": label,
        "rows": rows,
        "help": help_text,
        "value": block.get(name, ""),
        "words": name not in NO_WORDS,
        "marked": name == "text" and block["kind"] in MARKED,
        "optional": (block["kind"], name) in OPTIONAL,
        "alone": len(WRITTEN[block["kind"]]) == 1,  # the block's own name says it
    }
