"""What crm's pages show of campaigns: its templates load these tags, crm imports nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import template
from django.contrib.auth.models import AnonymousUser
from django.db.models import CharField, Count, Q, QuerySet, Value
from django.template import Context, RequestContext
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from campaigns.models import Attempt, Campaign, Fault, Installation, Release
from campaigns.models.deliveries import AttemptQuerySet
from campaigns.rules.logos import fitted
from crm.models import Alliance, Event, Import, Mission, User
from crm.models.scope import asked_by
from crm.models.statements import answers

register = template.Library()
S = Campaign.Status
OPEN = (S.DRAFT, S.SCHEDULED, S.SENDING, S.PAUSED)
SOME = 5


def _to_sign(user: User) -> QuerySet[Release]:
    """Lanes that wait for this user: their own; a coordinator's are those of the alliance."""
    return Release.objects.editable_by(user).filter(
        status=Release.Status.WAITING, campaign__status__in=OPEN
    )


@register.simple_tag
def logo(alliance: Alliance) -> SafeString:
    """An alliance's logo as a page shows it; its name where there is none."""
    if not alliance.logo:
        return format_html("{}", alliance.name)
    width, height = fitted(alliance.logo_width, alliance.logo_height)
    return format_html(
        '<img class="logo" src="{}" alt="{}" width="{}" height="{}">',
        reverse("campaigns:public-image", args=alliance.logo.split(".")),
        alliance.logo_says,
        width,
        height,
    )


@dataclass(frozen=True)
class Standing:
    """What every page says of campaigns."""

    waiting: int = 0
    """Lanes that wait for the user's signature."""
    undecided: int = 0
    """Mails that wait on the user's desk."""
    fenced: int = 0
    """Whether the installation is held back."""
    failing: int = 0
    """Steps of the scheduler that fail; for administrators."""


@register.simple_tag
def standing(user: User | AnonymousUser) -> Standing:
    """The rail's numbers and the banner's, in one question a page."""
    if isinstance(user, AnonymousUser):
        return Standing()
    known = vars(user)  # lives as long as its request, as the user's scope does
    if "standing" not in known:
        told = answers(("standing", *asked_by(user)), lambda: _standing(user))
        known["standing"] = Standing(**dict(told))
    said: Standing = known["standing"]
    return said


def _standing(user: User) -> QuerySet[Any]:
    rows: dict[str, QuerySet[Any]] = {
        "waiting": _to_sign(user),
        "undecided": _on_the_desk(user),
        "fenced": Installation.objects.filter(fenced_at__isnull=False),
    }
    if user.scope.admin:
        rows["failing"] = Fault.objects.visible_to(user)
    first, *others = (
        found.order_by()
        .annotate(standing=Value(name, CharField()))
        .values_list("standing")
        .annotate(n=Count("pk"))
        for name, found in rows.items()
    )
    told: QuerySet[Any] = first.union(*others, all=True)
    return told


@register.simple_tag
def fence() -> Installation | None:
    """The installation while it is held back."""
    return Installation.objects.filter(fenced_at__isnull=False).first()


def _on_the_desk(user: User) -> AttemptQuerySet:
    return Attempt.objects.editable_by(user).undecided().open()


@register.inclusion_tag("campaigns/parts/waiting.html")
def campaigns_waiting(user: User, imports: Sequence[Import] = ()) -> dict[str, Any]:
    """Releases to sign, and undecided deliveries, beside the lists that wait.

    What the rail's numbers know to be none is not asked for.
    """
    numbers = standing(user)
    return {
        "to_sign": _campaigns_to_sign(user) if numbers.waiting else (),
        "undecided": _undecided(user) if numbers.undecided else (),
        "imports": imports,
    }


def _campaigns_to_sign(user: User) -> QuerySet[Campaign]:
    return (
        Campaign.objects.visible_to(user)
        .filter(pk__in=_to_sign(user).values("campaign"))
        .select_related("mission", "event")
        .annotate(n=Count("releases", filter=Q(releases__in=_to_sign(user))))
    )


def _undecided(user: User) -> list[dict[str, Any]]:
    waiting = _on_the_desk(user).per_campaign()
    campaigns = Campaign.objects.visible_to(user).filter(pk__in=waiting)
    return [
        {"campaign": campaign, "n": waiting[campaign.pk]}
        for campaign in campaigns.select_related("mission", "event")[:SOME]
    ]


@register.inclusion_tag("campaigns/parts/recent.html")
def campaigns_recent(user: User) -> dict[str, Any]:
    return {"campaigns": _listed(Campaign.objects.visible_to(user), user)[:SOME], "titled": True}


@register.inclusion_tag("campaigns/parts/recent.html", takes_context=True)
def campaigns_of_mission(context: Context, mission: Mission) -> dict[str, Any]:
    user = context["request"].user
    mine = Campaign.objects.visible_to(user)
    return {"campaigns": _listed(mine.filter(mission=mission), user)}


@register.inclusion_tag("campaigns/parts/recent.html", takes_context=True)
def campaigns_of_event(context: Context, event: Event) -> dict[str, Any]:
    user = context["request"].user
    mine = Campaign.objects.visible_to(user)
    return {"campaigns": _listed(mine.filter(event=event), user)}


def _listed(campaigns: QuerySet[Campaign], user: User) -> QuerySet[Campaign]:
    return campaigns.for_list(user)  # type: ignore[attr-defined, no-any-return]


@register.simple_tag(takes_context=True)
def undecided_of(context: RequestContext, campaign: Campaign) -> int:
    """How many mails of a campaign are undecided, of lanes the user reads; asked once a page."""
    request: Any = context.request  # inside of an inclusion tag no variable holds it
    if not hasattr(request, "undecided"):
        tries = Attempt.objects.visible_to(request.user).undecided()
        request.undecided = tries.per_campaign()
    count: int = request.undecided.get(campaign.pk, 0)
    return count
