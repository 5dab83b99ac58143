"""Looking at a campaign's mail before it leaves: on the screen, and as a proof to oneself."""

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions import previews, proofs, reports
from campaigns.forms.previews import PreviewForm
from campaigns.models import Campaign
from campaigns.rules.looks import seen
from campaigns.views import cards
from campaigns.views.requests import lanes, nearest, page_of, shell, visible
from crm.actions.errors import Refused
from crm.models import Person
from crm.models.codes import language_name
from crm.models.questions import Asker
from crm.models.search import people_called
from crm.views.mails import framed
from crm.views.requests import UserRequest, searched, signed_in

FOUND = 10  # people of one name, at most
LOOK = ("width", "dark", "images")
"""How a mail is looked at, whoever reads it."""


@signed_in
@require_safe
def show(request: UserRequest, ref: str) -> HttpResponse:
    """The mail as one reader gets it; another is found by name, or is the next of the lane."""
    campaign = visible(request, ref)
    form = _form(request, campaign)
    search = searched(request)
    called = _called(request, campaign, search) if search else []
    if len(called) == 1:
        return _at(_asking(request, campaign, called[0]))
    if following := _next(request, campaign, form):
        return _at(_asking(request, campaign, following))
    context = shell(
        campaign,
        form=form,
        view=cards.viewing(request.user, campaign),
        tried=cards.tried(campaign),
        search=search,
        called=[(person, _asking(request, campaign, person)) for person in called],
    )
    try:
        reader, mail = _composed(request, campaign, form)
        onward = _query(request, lane=reader.release.pk, after=reader.person.pk)
        context |= {
            "reader": reader,
            "mail": mail,
            "language_name": language_name(reader.language),
            "kilobytes": -(-mail.size // 1024),
            "wide": form.cleaned_data.get("width") != "phone",
            "left_out": "" if reader.gets_it else _why_not(reader),
            "onward": "" if reader.made_up else onward,
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
    form = _form(request, campaign)
    try:
        _reader, mail = _composed(request, campaign, form)
    except Refused as refusal:
        return HttpResponse(str(refusal), content_type="text/plain; charset=utf-8")
    shown = form.cleaned_data
    return HttpResponse(
        seen(mail.html, dark=shown.get("dark") == "1", pictures=shown.get("images") != "0")
    )


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
    if request.POST.get("back") != "preview":
        return page_of(campaign)
    asked = {name: request.POST[name] for name in form.fields if request.POST.get(name)}
    return redirect(f"{reverse('campaigns:previews-show', args=[ref])}?{urlencode(asked)}")


def _form(request: UserRequest, campaign: Campaign) -> PreviewForm:
    written = campaign.texts.order_by("language").values_list("language", flat=True)
    asked = (request.POST if request.method == "POST" else request.GET).copy()
    number = str(asked.get("person", ""))[:18]
    if not asked.get("lane") and number.isdecimal():
        person = previews.nameable(campaign, request.user).filter(pk=int(number)).first()
        lane = previews.lane_of(campaign, person) if person else None
        asked["lane"] = str(lane.pk) if lane else ""
    form = PreviewForm(
        asked,
        lanes=lanes(request, campaign),
        languages=[*written],
    )
    form.is_valid()
    return form


def _reader(request: UserRequest, campaign: Campaign, form: PreviewForm) -> previews.Reader:
    """Whose mail is asked for; only people the viewer may name, else a made-up reader."""
    people = previews.nameable(campaign, request.user)
    asked, release = form.cleaned_data.get("person"), form.cleaned_data.get("lane")
    if asked:
        person = get_object_or_404(people, pk=asked)
        own = previews.lane_of(campaign, person)
        if own and release and own != release:
            asked = None  # another lane was chosen after this person
        release = release or own
    release = release or nearest(request, campaign)
    if release is None:
        raise Refused(_("This campaign has no lane you could look at."))
    release.campaign = campaign
    reader = previews.reader_of(release, people, asked)
    return previews.Reader(
        release,
        reader.person,
        form.cleaned_data.get("language") or reader.language,
        form.cleaned_data.get("variant") or reader.variant,
        reader.gets_it,
    )


def _called(request: UserRequest, campaign: Campaign, text: str) -> list[Person]:
    """People of that name whom the viewer may name, of the campaign's lanes; a few."""
    clusters = campaign.releases.exclude(cluster=None).values("cluster")
    people = previews.nameable(campaign, request.user).current().filter(cluster__in=clusters)
    named = people.filter(people_called(text, Asker.of(request.user.scope)))
    return [*named.order_by("name_folded", "pk")[:FOUND]]


def _why_not(reader: previews.Reader) -> str:
    reason = previews.reason_of(reader.release, reader.person)
    return reports.reason_words(reason) if reason else _("not asked for")


def _next(request: UserRequest, campaign: Campaign, form: PreviewForm) -> Person | None:
    last, release = form.cleaned_data.get("after"), form.cleaned_data.get("lane")
    if last is None or release is None:
        return None
    release.campaign = campaign
    return previews.next_after(release, previews.nameable(campaign, request.user), last)


def _at(query: str) -> HttpResponse:
    return HttpResponseRedirect(f"?{query}")


def _asking(request: UserRequest, campaign: Campaign, person: Person) -> str:
    """The query of a person's own mail; how it is looked at stays."""
    lane = previews.lane_of(campaign, person)
    return _query(request, lane=lane.pk if lane else "", person=person.pk)


def _query(request: UserRequest, **values: object) -> str:
    query = QueryDict(mutable=True)
    query.update({name: request.GET[name] for name in LOOK if request.GET.get(name)})
    query.update({name: str(value) for name, value in values.items()})
    return query.urlencode()


def _composed(
    request: UserRequest, campaign: Campaign, form: PreviewForm
) -> tuple[previews.Reader, previews.Preview]:
    reader = _reader(request, campaign, form)
    return reader, previews.compose(reader, previews.texts_of(campaign))
