"""Looking at a campaign's mail before it leaves: on the screen, and as a proof to oneself."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions import previews, proofs
from campaigns.forms.campaigns import PreviewForm
from campaigns.models import Campaign, Release
from campaigns.views import cards
from campaigns.views.requests import page_of, shell, visible
from crm.actions.errors import Refused
from crm.forms.texts import language_name
from crm.models import Person
from crm.views.mails import framed
from crm.views.requests import UserRequest, signed_in


@signed_in
@require_safe
def show(request: UserRequest, ref: str) -> HttpResponse:
    campaign = visible(request, ref)
    form = _form(request, campaign)
    context = shell(campaign, form=form, view=cards.viewing(request.user, campaign))
    try:
        reader, mail = _composed(request, campaign, form)
        context |= {
            "reader": reader,
            "mail": mail,
            "language_name": language_name(reader.language),
            "kilobytes": -(-mail.size // 1024),
            "wide": form.cleaned_data.get("width") != "phone",
        }
    except Refused as refusal:
        context["refusal"] = str(refusal)
    return render(request, "campaigns/previews/show.html", context)


@framed
@signed_in
@require_safe
def body(request: UserRequest, ref: str) -> HttpResponse:
    """The HTML part alone, for the sandboxed frame."""
    campaign = visible(request, ref)
    try:
        _reader, mail = _composed(request, campaign, _form(request, campaign))
    except Refused as refusal:
        return HttpResponse(str(refusal), content_type="text/plain; charset=utf-8")
    return HttpResponse(mail.html)


@signed_in
@require_POST
def proof(request: UserRequest, ref: str) -> HttpResponse:
    """The mail that is previewed, to the user's own address."""
    campaign = visible(request, ref)
    if not cards.viewing(request.user, campaign).acts:
        raise Http404
    form = _form(request, campaign)
    try:
        reader = _reader(request, campaign, form)
        proofs.send(reader=reader, by=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(
            request, _("A proof is on its way to %(address)s.") % {"address": request.user.email}
        )
    query = request.POST.urlencode() if request.POST.get("back") == "preview" else ""
    return redirect(f"preview/?{query}") if query else page_of(campaign)


def _form(request: UserRequest, campaign: Campaign) -> PreviewForm:
    lanes = Release.objects.visible_to(request.user).filter(campaign=campaign).in_order()
    written = campaign.texts.order_by("language").values_list("language", flat=True)
    form = PreviewForm(
        request.POST if request.method == "POST" else request.GET,
        lanes=lanes,
        languages=[*written],
    )
    form.is_valid()
    return form


def _reader(request: UserRequest, campaign: Campaign, form: PreviewForm) -> previews.Reader:
    """Whose mail is asked for; only people the viewer may name, else a made-up reader."""
    people = Person.objects.visible_to(request.user)
    asked, release = form.cleaned_data.get("person"), form.cleaned_data.get("lane")
    if asked:
        person = get_object_or_404(people, pk=asked)
        release = previews.lane_of(campaign, person) or release
    lanes = form.fields["lane"].queryset  # type: ignore[attr-defined]
    mine = lanes.filter(cluster__in=request.user.scope.clusters)
    release = release or mine.first() or lanes.first()
    if release is None:
        raise Refused(_("This campaign has no lane you could look at."))
    release.campaign = campaign
    reader = previews.reader_of(release, people, asked)
    return previews.Reader(
        release,
        reader.person,
        form.cleaned_data.get("language") or reader.language,
        form.cleaned_data.get("variant") or reader.variant,
    )


def _composed(
    request: UserRequest, campaign: Campaign, form: PreviewForm
) -> tuple[previews.Reader, previews.Preview]:
    reader = _reader(request, campaign, form)
    return reader, previews.compose(reader, previews.texts_of(campaign))
