"""What a campaign's mission or event says differently since the text was written."""

from itertools import groupby
from operator import attrgetter
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions import linking
from campaigns.forms.contents import NAMES
from campaigns.models import Release
from campaigns.views import cards
from campaigns.views.requests import editable, page_of, shell, visible
from crm.actions.errors import Refused
from crm.models.codes import language_name
from crm.views.requests import UserRequest, signed_in


@signed_in
@require_safe
def show(request: UserRequest, ref: str) -> HttpResponse:
    """Every difference, language by language, and the button that takes them over."""
    campaign = visible(request, ref)
    found = linking.differences(campaign)
    context = shell(
        campaign,
        languages=[
            _language(code, list(rows)) for code, rows in groupby(found, attrgetter("language"))
        ],
        seen=linking.seen(found),
        signed=campaign.releases.filter(status=Release.Status.RELEASED).count(),
        view=cards.viewing(request.user, campaign),
    )
    return render(request, "campaigns/records/show.html", context)


def _language(code: str, rows: list[linking.Difference]) -> dict[str, Any]:
    parts = [{"name": part_name(row.part), "lines": row.lines} for row in rows]
    return {"code": code, "name": language_name(code), "parts": parts}


def part_name(part: str) -> str:
    own = {"name": _("Name"), "lead": _("Description"), "dates": _("Calendar entry")}
    return own.get(part) or str(NAMES[part])


@signed_in
@require_POST
def take_over(request: UserRequest, ref: str) -> HttpResponse:
    """Let the draft say it, too; every lane signs again."""
    campaign = editable(request, ref)
    try:
        left = linking.take_over(
            campaign=campaign, by=request.user, seen_as=request.POST.get("seen", "")
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("campaigns:records-show", campaign.ref)
    messages.success(request, _("The text says it now. Lanes that had signed are asked again."))
    if left:
        languages = get_text_list([language_name(code) for code in left], _("and"))
        messages.warning(
            request,
            _(
                "Name or description were written anew by hand in %(languages)s. "
                "Look whether they still fit."
            )
            % {"languages": languages},
        )
    return page_of(campaign)
