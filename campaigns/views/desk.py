"""The undecided desk: mails of which nobody knows whether they arrived."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from campaigns.actions import desk
from campaigns.actions.requeuing import Tries
from campaigns.forms.desk import TYPED_FROM, AgainForm, DeskForm
from campaigns.models import Attempt, Campaign
from campaigns.models.deliveries import AttemptQuerySet
from campaigns.views.tries import warn_of_barred
from crm.actions.errors import Refused
from crm.models import Person
from crm.views.requests import UserRequest, signed_in

PAGE = 50
OUR_OWN = ("line", "copy")  # phases in which no server said anything


@dataclass(frozen=True)
class Asked:
    """The part of the desk that an address or a form names, of what this user may decide."""

    tries: AttemptQuerySet
    campaign: Campaign | None
    left: bool
    picked: Sequence[int]
    everything: bool

    @property
    def chosen(self) -> AttemptQuerySet:
        """What is to be acted on: the ticked ones, or on purpose all of them."""
        if self.everything:
            return self.tries
        return self.tries.filter(pk__in=self.picked)

    @property
    def url(self) -> str:
        query = QueryDict(mutable=True)
        if self.campaign:
            query["campaign"] = self.campaign.ref
        if self.left:
            query["left"] = "1"
        return reverse("campaigns:desk-list") + (f"?{query.urlencode()}" if query else "")


def _asked(request: UserRequest, data: QueryDict) -> Asked:
    mine = Campaign.objects.visible_to(request.user)
    form = DeskForm(data, campaigns=mine)
    form.fields["pick"].choices = [(pk, pk) for pk in data.getlist("pick") if pk.isdigit()]  # type: ignore[attr-defined]
    form.is_valid()
    cleaned = form.cleaned_data
    tries = Attempt.objects.editable_by(request.user).undecided()
    campaign, left = cleaned.get("campaign"), bool(cleaned.get("left"))
    if campaign:
        tries = tries.filter(delivery__campaign=campaign)
    return Asked(
        tries.left() if left else tries.open(),
        campaign,
        left,
        cleaned.get("pick") or [],
        bool(data.get("all")),
    )


@signed_in
@require_safe
def list(request: UserRequest) -> HttpResponse:  # noqa: A001
    """Every undecided mail that the user may decide about, the latest first."""
    asked = _asked(request, request.GET)
    page = Paginator(asked.tries.for_list(), PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": _rows(request, page.object_list),
        "asked": asked,
        "total": page.paginator.count,
        "left": 0 if asked.left else _left(request, asked),
        "left_url": replace(asked, left=True).url,
        "chips": _chips(request, asked),
    }
    return render(request, "campaigns/desk/list.html", context)


def _left(request: UserRequest, asked: Asked) -> int:
    """How many of the same part of the desk somebody left as they are."""
    left = Attempt.objects.editable_by(request.user).undecided().left()
    return (left.filter(delivery__campaign=asked.campaign) if asked.campaign else left).count()


def _chips(request: UserRequest, asked: Asked) -> Any:
    """The campaigns that have undecided mails, and those somebody looked at already."""
    mine = Attempt.objects.editable_by(request.user).undecided()
    mine = mine.left() if asked.left else mine.open()
    counts = mine.per_campaign()
    here = reverse("campaigns:desk-list")
    left = "left=1" if asked.left else ""
    chips = [
        {
            "label": str(campaign),
            "count": counts[campaign.pk],
            "on": campaign == asked.campaign,
            "url": f"{here}?{left}"
            if campaign == asked.campaign
            else f"{here}?campaign={campaign.ref}&{left}",
        }
        for campaign in Campaign.objects.visible_to(request.user)
        .filter(pk__in=counts)
        .select_related("mission", "event")
    ]
    return [
        *chips,
        {
            "label": _("left undecided"),
            "on": asked.left,
            "url": here if asked.left else f"{here}?left=1",
        },
    ]


def _rows(request: UserRequest, tries: Any) -> Any:
    """What each line says: names as far as they may be read, words of servers to the cluster."""
    people = {each.delivery.person_id for each in tries if each.delivery.person_id}
    named = set(
        Person.objects.visible_to(request.user).filter(pk__in=people).values_list("pk", flat=True)
    )
    return [_row(request, each, each.delivery.person_id in named) for each in tries]


def _row(request: UserRequest, each: Attempt, named: bool) -> dict[str, Any]:
    delivery = each.delivery
    person = delivery.person
    whole = request.user.scope.admin or bool(
        person and request.user.scope.reads_whole(person.cluster_id)
    )
    return {
        "attempt": each,
        "delivery": delivery,
        "person": person if named else None,
        "address": delivery.address.email if whole else "",
        "said": each.text if whole and each.phase not in OUR_OWN else "",
        "server": each.relay or (delivery.address.domain if whole else "–"),
        "where": _where(each.phase),
        "lane": delivery.release.name if delivery.release else _("Letters"),
        "again": delivery.campaign.status != Campaign.Status.CANCELLED,
    }


def _where(phase: str) -> str:
    """How far a mail had come when it became undecided."""
    if phase == "line":
        return _("A worker stopped while the mail was on the line.")
    if phase == "copy":
        return _("It waited in a copy of the database.")
    return _("The mail was handed over; the server's answer never came.")


@signed_in
@require_POST
def leave(request: UserRequest) -> HttpResponse:
    """Take mails off the desk as they are."""
    asked = _asked(request, request.POST)
    count = desk.leave(tries=asked.chosen, by=request.user)
    if count:
        words = ngettext(
            "One mail is left undecided.", "%(n)s mails are left undecided.", count
        ) % {"n": count}
        messages.success(request, words)
    else:
        messages.error(request, _("Nothing was ticked, or somebody decided it before you."))
    return redirect(asked.url)


@signed_in
def again(request: UserRequest) -> HttpResponse:
    """Send mails again, after a page that says what that risks."""
    asked = _asked(request, request.POST if request.method == "POST" else request.GET)
    mails = asked.chosen.exclude(delivery__campaign__status=Campaign.Status.CANCELLED)
    count = mails.count()
    if not count:
        messages.error(request, _("Nothing was ticked, or somebody decided it before you."))
        return redirect(asked.url)
    sure = request.method == "POST" and "sure" in request.POST
    form = AgainForm(request.POST if sure else None, mails=count)
    if sure and form.is_valid():
        try:
            done = desk.send_again(tries=mails, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            _say(request, done)
        return redirect(asked.url)
    # A page that is sent twice, or late, must not mean tries that were made in the meantime.
    named = count < TYPED_FROM
    context = {
        "asked": asked,
        "form": form,
        "count": count,
        "rows": _rows(request, mails.for_list()[:TYPED_FROM]),
        "picked": mails.values_list("pk", flat=True) if named else asked.picked,
        "everything": asked.everything and not named,
    }
    return render(request, "campaigns/desk/again.html", context)


def _say(request: UserRequest, done: Tries) -> None:
    count = len(done.again)
    if count:
        words = ngettext("One mail leaves again.", "%(n)s mails leave again.", count)
        messages.success(request, words % {"n": count})
        mine = Campaign.objects.visible_to(request.user)
        if mine.filter(status=Campaign.Status.PAUSED, deliveries__in=done.again).exists():
            messages.warning(
                request, _("The campaign is paused: nothing leaves before it goes on.")
            )
    warn_of_barred(request, done)
