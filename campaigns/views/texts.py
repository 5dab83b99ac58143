"""A campaign's draft, language by language."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from campaigns.actions import contents
from campaigns.forms.contents import NAMES, READERS, TextForm
from campaigns.mail import records
from campaigns.models import Campaign, Release
from campaigns.views.requests import editable, shell
from crm.forms.texts import language_name
from crm.rules.texts import LANGUAGES
from crm.views.requests import UserRequest, refusals, signed_in


@signed_in
def edit(request: UserRequest, ref: str, language: str) -> HttpResponse:
    """The draft in one language: written and linked blocks, rearranged by small buttons."""
    campaign = editable(request, ref)
    if language not in LANGUAGES:
        raise Http404
    draft = campaign.texts.filter(language=language).first()
    form = TextForm(request.POST or None, campaign=campaign, draft=draft)
    if request.method == "POST" and not form.arranging and form.is_valid():
        with refusals(form):
            contents.edit(
                campaign=campaign,
                language=language,
                subject=form.cleaned_data["subject"],
                preheader=form.cleaned_data["preheader"],
                blocks=form.blocks,
                ready=form.cleaned_data["ready"],
                seen=form.cleaned_data["seen"],
            )
            messages.success(
                request,
                _("The text in %(language)s is saved.") % {"language": language_name(language)},
            )
            return redirect("campaigns:texts-edit", campaign.ref, language)
    drafts = {text.language: text for text in campaign.texts.all()}
    context = shell(
        campaign,
        form=form,
        language=language,
        blocks=_blocks(campaign, form.blocks, language),
        readers=READERS.items(),
        languages=[
            {"code": code, "name": language_name(code), "draft": drafts.get(code)}
            for code in LANGUAGES
        ],
        signed=campaign.releases.filter(status=Release.Status.RELEASED).count(),
    )
    return render(request, "campaigns/texts/edit.html", context)


def _blocks(campaign: Campaign, blocks: Any, language: str) -> Any:
    """The blocks of the form; linked ones with what the draft took over from its record."""
    taken = campaign.linked.filter(language=language).first()
    told = taken.parts if taken else records.parts(campaign.record, language)
    for block in blocks:
        linked = block["kind"] not in ("heading", "text")
        content = records.filled(block, told) if linked else None
        yield {
            "kind": block["kind"],
            "name": NAMES[block["kind"]],
            "text": block.get("text"),
            "readers": ",".join(block.get("readers", ())),
            "content": content,
            "empty": content is None,
        }
