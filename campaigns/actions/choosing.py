"""Whom a campaign is for: the usual readers of its kind, or those of a list."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from campaigns.models import Audience, Campaign, Release
from campaigns.models.conditions import check_readable
from campaigns.models.judgement import clusters_of
from crm.actions import audit
from crm.actions.errors import IllegalTransition, Refused
from crm.models import Alliance, SavedView, Topic, User
from crm.models.scope import Scope
from crm.rules.conditions import InvalidCondition

CONTACTS_OF_SMES = {
    "all": [
        {"f": "kind", "op": "in", "v": ["contact"]},
        {"f": "standing", "op": "in", "v": ["member", "guest"]},
        {"f": "category", "op": "in", "v": ["sme", "midcap"]},
    ]
}


JOURNALISTS = {"all": [{"f": "kind", "op": "in", "v": ["media"]}]}

Kind = Campaign.Kind
# Whom a campaign is for as long as nobody chose others: in a ref, in words, and as conditions.
USUAL: dict[str, tuple[str, Any, dict[str, Any] | None]] = {
    Kind.MISSION_CALL: (
        "readers",
        _lazy("People of the member SMEs, and followers"),
        CONTACTS_OF_SMES,
    ),
    Kind.ANNOUNCEMENT: ("followers", _lazy("Followers of the topic"), None),
    Kind.PRESS: ("journalists", _lazy("Journalists, and followers of the topic"), JOURNALISTS),
}
USUAL[Kind.DIGEST] = ("digests", _lazy("Who asked for a digest"), None)
USUAL[Kind.EVENT_INVITATION] = USUAL[Kind.MISSION_CALL]


def standard_audience(
    alliance: Alliance, topic: Topic | None, kind: str = Kind.MISSION_CALL
) -> Audience:
    """The usual readers of a kind of campaign, and the followers of its topic."""
    called, name, include = USUAL[kind]
    wishes = {"f": "topic", "op": "in", "v": [topic.slug]} if topic else None
    parts = [part for part in (include, wishes) if part]
    if not parts:
        raise Refused(_("Choose a topic: who follows it reads this."))
    audience, _created = Audience.objects.get_or_create(
        ref=f"{topic.slug if topic else alliance.slug}-{called}",
        defaults={
            "alliance": alliance,
            "name": str(name),
            "include": parts[0] if include and len(parts) == 1 else {"any": parts},
        },
    )
    return audience


def usual_readers(campaign: Campaign) -> str:
    """Whom a campaign is for as long as nobody chose others, in words."""
    return str(USUAL[campaign.kind][1])


@dataclass(frozen=True)
class Asked:
    """The people of a list or of the builder: what they are called, and what is asked of them."""

    name: str
    conditions: dict[str, Any]
    view: SavedView | None = None
    exclude: dict[str, Any] | None = None
    """Of those whom the conditions find, who is not asked for."""

    @classmethod
    def of(cls, view: SavedView) -> "Asked":
        return cls(view.name, view.conditions, view)


def choose(*, campaign: Campaign, by: User, asked: Asked | None) -> Audience:
    """Write to the people of a list, or (None) to the usual readers of its kind.

    The conditions are copied: who changes the view later changes no campaign. A lane that was
    released signed other readers, so it waits for its signature again. Twice is once.
    """
    with transaction.atomic():
        row = Campaign.objects.select_for_update(of=("self",)).get(pk=campaign.pk)
        if row.follows_id:
            raise IllegalTransition(
                _("This campaign goes to readers of the one it follows. Make a new one for others.")
            )
        if not is_open(row):
            raise IllegalTransition(
                _("This campaign has started. Make a new one for other people.")
            )
        if asked:
            _refuse_everybody(asked)
            check(row, by, asked.conditions, asked.exclude)
            if _is_chosen(row, asked):
                return _audience_of(row)
            audience = _written(row, by, asked)
        else:
            assert row.alliance is not None, "letters ask for nobody"
            audience = standard_audience(row.alliance, row.topic, row.kind)
            if row.audience_id == audience.pk:
                return audience
        Campaign.objects.filter(pk=row.pk).update(audience=audience)
        row.releases.ask_again(Release.Why.AUDIENCE)
        audit.record(by=by, verb="chose the audience", row=row)
    campaign.refresh_from_db()
    return audience


def is_open(campaign: Campaign) -> bool:
    """Whether nothing of it has started, so that it may still be for others."""
    chosen_anew = campaign.content_version_id is None and campaign.follows_id is None
    return chosen_anew and campaign.status in Campaign.UNSTARTED


def check(
    campaign: Campaign,
    by: User | None,
    include: dict[str, Any],
    exclude: dict[str, Any] | None = None,
) -> None:
    """Refuse what cannot be asked, or not by its author; a terminal asks anything."""
    scope = by.scope if by else Scope(admin=True)
    try:
        check_readable(include, exclude, scope, clusters_of(campaign))
    except InvalidCondition as problem:
        raise Refused(str(problem)) from problem


def _refuse_everybody(asked: Asked) -> None:
    if not asked.conditions:
        raise Refused(
            _(
                "“%s” has no filter, so everybody would be written to. "
                "Choose or save one with a filter."
            )
            % asked.name
        )


def _is_chosen(campaign: Campaign, asked: Asked) -> bool:
    present = _audience_of(campaign)
    view = asked.view.pk if asked.view else None
    return (present.include, present.exclude, present.view_id, present.name) == (
        asked.conditions,
        asked.exclude,
        view,
        asked.name,
    )


def _audience_of(campaign: Campaign) -> Audience:
    assert campaign.audience is not None, "every mailing has one"
    return campaign.audience


def _written(campaign: Campaign, by: User, asked: Asked) -> Audience:
    """A campaign has one audience of its own; what it was before is in its history."""
    assert campaign.alliance is not None, "letters ask for nobody"
    audience, _created = Audience.objects.update_or_create(
        ref=f"campaign-{campaign.pk}",
        defaults={
            "alliance": campaign.alliance,
            "name": asked.name,
            "include": asked.conditions,
            "exclude": asked.exclude,
            "view": asked.view,
            "chosen_by": by,
        },
    )
    return audience
