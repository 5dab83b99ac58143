"""The text part of a draft in one language: what the blocks say, or what a person wrote."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from campaigns.actions import text_parts
from campaigns.forms.contents import NAMES
from campaigns.forms.text_parts import TextPartForm
from campaigns.models import Campaign, ContentText, Release
from campaigns.rules.text_parts import PLACES
from campaigns.views.requests import editable, shell
from crm.models.codes import language_name
from crm.rules.texts import LANGUAGES
from crm.views.requests import UserRequest, act, refusals, signed_in


@signed_in
def edit(request: UserRequest, ref: str, language: str) -> HttpResponse:
    """Write it by hand: words, and the places of what each reader gets."""
    campaign = editable(request, ref)
    text = get_object_or_404(campaign.texts, language=language)
    form = TextPartForm(
        request.POST if request.method == "POST" else None, text=text, part=text_parts.of(text)
    )
    if request.method == "POST" and form.is_valid():
        with refusals(form):
            text_parts.write(
                campaign=campaign,
                language=language,
                words=form.cleaned_data["words"],
                seen=form.cleaned_data["seen"],
                by=request.user,
            )
            messages.success(request, _("The text part is saved."))
            return redirect("campaigns:texts-edit", campaign.ref, language)
    return _page(request, campaign, text, form)


def _page(
    request: UserRequest,
    campaign: Campaign,
    text: ContentText,
    form: TextPartForm,
    *,
    dropped: bool = False,
) -> HttpResponse:
    theirs = []
    if form.is_bound:
        form.is_valid()
        theirs = text_parts.meanwhile(text, form.cleaned_data.get("seen", text.version))
        form.show_again()
    kinds = dict.fromkeys(block["kind"] for block in text.blocks if block["kind"] in PLACES)
    context = shell(
        campaign,
        form=form,
        part=form.part,
        theirs=theirs,
        dropped=dropped,
        language=text.language,
        name=language_name(text.language),
        places=[(f"{{{kind}}}", NAMES[kind]) for kind in kinds],
        signed=campaign.releases.filter(status=Release.Status.RELEASED).count(),
    )
    return render(request, "campaigns/text_parts/edit.html", context)


@signed_in
@require_POST
def derive(request: UserRequest, ref: str, language: str) -> HttpResponse:
    """Let the blocks say it again; lanes that signed another one are asked again.

    Whoever has typed something else meanwhile is asked first.
    """
    campaign = editable(request, ref)
    if language not in LANGUAGES:
        raise Http404
    text = campaign.texts.filter(language=language).first()
    if text and "words" in request.POST and "sure" not in request.POST:
        form = TextPartForm(request.POST, text=text, part=text_parts.of(text))
        if form.says_otherwise:
            return _page(request, campaign, text, form, dropped=True)
    return act(
        request,
        lambda: text_parts.derive(campaign=campaign, language=language, by=request.user),
        _("The text part says again what the blocks say."),
        redirect("campaigns:texts-edit", campaign.ref, language),
    )
