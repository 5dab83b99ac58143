"""Campaigns beside each other: chosen in the address, shown as a page or taken out as a file."""

from collections.abc import Mapping, Sequence

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from campaigns.actions import comparisons
from campaigns.forms.comparisons import ComparisonForm, when
from campaigns.models import Campaign, Release
from campaigns.views import beside, files
from crm.views.requests import UserRequest, signed_in

NEWEST = 50
"""So many campaigns stand ready to be chosen."""
LONGEST = 100  # references that are looked up


@signed_in
@require_safe
def show(request: UserRequest) -> HttpResponse:
    """Which campaigns to compare, and once some are chosen their numbers."""
    found, form = _asked(request)
    chosen = form.cleaned_data["of"] if form.is_bound and form.is_valid() else []
    sides = _sides(request, found, chosen)
    context = {
        "form": form,
        "columns": [
            {"name": name, "campaign": side.campaign, "when": when(side.campaign)}
            for name, side in zip(beside.names(sides), sides, strict=True)
        ],
        "sections": beside.sections(sides) if sides else [],
        "of_own_lanes": any(not _reads_all(request, side.campaign) for side in sides),
        "question": request.GET.urlencode(),
    }
    return render(request, "campaigns/comparisons/show.html", context)


@signed_in
@require_safe
def download(request: UserRequest, file_format: str) -> HttpResponse:
    """The same numbers as a table."""
    files.refuse_unknown(file_format)
    found, form = _asked(request)
    if not form.is_valid():
        return redirect(f"{reverse('campaigns:comparisons-show')}?{request.GET.urlencode()}")
    sides = _sides(request, found, form.cleaned_data["of"])
    rows = beside.file_rows(sides)
    return files.download(rows, file_format=file_format, title=_("Comparison"), name="comparison")


def _asked(request: UserRequest) -> tuple[dict[str, Campaign], ComparisonForm]:
    """The campaigns that can be chosen, and the form; Http404 for one that is not visible."""
    refs = request.GET.getlist("of")[:LONGEST]
    found = {campaign.ref: campaign for campaign in _offered(request, refs)}
    if not found.keys() >= {*refs}:
        raise Http404
    started = [campaign for campaign in found.values() if campaign.started_at]
    alone = len(refs) == 1 and found[refs[0]].started_at  # it waits for others to be added
    data = request.GET if refs and not alone else None
    return found, ComparisonForm(data, campaigns=started, initial={"of": refs})


def _offered(request: UserRequest, refs: Sequence[str]) -> QuerySet[Campaign]:
    visible = Campaign.objects.visible_to(request.user)
    newest = visible.filter(started_at__isnull=False).order_by("-started_at", "-pk")[:NEWEST]
    storable = [ref for ref in refs if "\x00" not in ref]
    asked = Q(ref__in=storable) | Q(pk__in=newest.values("pk"))
    return visible.filter(asked).select_related("mission", "event").order_by("-started_at", "-pk")


def _sides(
    request: UserRequest, found: Mapping[str, Campaign], chosen: Sequence[str]
) -> list[comparisons.Side]:
    """The oldest first, as time goes; of each only the lanes that the user reads."""
    if not chosen:
        return []
    campaigns = [found[ref] for ref in reversed([*found]) if ref in chosen]
    lanes = Release.objects.visible_to(request.user).filter(campaign__in=campaigns).in_order()
    return comparisons.read(campaigns, [*lanes])


def _reads_all(request: UserRequest, campaign: Campaign) -> bool:
    scope = request.user.scope
    return scope.admin or campaign.alliance_id in scope.reads_alliances
