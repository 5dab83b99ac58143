"""Why did, why didn't somebody get this? Read from the rows.

Of whoever has no row yet, because their lane has not started, it says what would be decided now. In
the reader's language; moments are those of the ledger, in UTC.
"""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from campaigns.actions import audiences
from campaigns.actions.reports import as_decided, reason_words, why
from campaigns.models import Attempt, Campaign, Delivery, Exclusion, Trim, frequency
from campaigns.models.conditions import held_by
from campaigns.models.judgement import clusters_of
from campaigns.rules import unmet
from crm.models import Address, AuditEntry, Cluster, Person, PersonAddress
from crm.rules.conditions import InvalidCondition

Words = Callable[[Mapping[str, Any]], str]


def _plainly(tree: Mapping[str, Any]) -> str:
    """A condition as a terminal says it."""
    return json.dumps(tree, sort_keys=True)


def explain(
    *,
    text: str,
    campaign: Campaign,
    people: QuerySet[Person] | None = None,
    words: Words = _plainly,
) -> list[str]:
    """Sentences about one address and one campaign, as far as it is one of `people`.

    Without `people` it answers about everybody. `words` says a condition as the asker may read it.
    Raises InvalidAddress.
    """
    address = Address.objects.at(text).first()
    holders = Person.objects.all() if people is None else people
    used = PersonAddress.objects.filter(address=address)
    written = Delivery.objects.filter(campaign=campaign)
    # A merged person's mailbox went to the one they were merged into, and their mails did not.
    holders = holders.filter(
        Q(pk__in=used.filter(is_primary=True).values("person"))
        | Q(merged_into__in=used.values("person"))
        | Q(pk__in=written.filter(address=address).values("person"))
    )
    if address is None or (people is not None and not holders.exists()):
        return [_("Nobody with this address is known.")]
    sentences = []
    # Whoever reads another mailbox by now had the mail in the one before.
    deliveries = written.filter(person__in=holders)
    if people is None:
        deliveries |= written.filter(address=address)
    for delivery in deliveries.select_related("release__cluster", "contact_point", "address"):
        sentences.append(_about(delivery))
        if delivery.address_id != address.pk and delivery.address.email:
            sentences.append(_("It went to %(address)s.") % {"address": delivery.address.email})
        sentences.extend(_came_back(delivery))
        sentences.extend(
            _("Attempt %(n)s, %(at)s: %(outcome)s (%(text)s).")
            % {
                "n": attempt.generation,
                "at": _said(attempt.at),
                "outcome": attempt.get_outcome_display(),
                "text": attempt.text,
            }
            for attempt in Attempt.objects.filter(delivery=delivery).order_by("generation")
        )
        sentences.extend(
            _("%(at)s: %(what)s by %(who)s.")
            % {"at": _said(entry.at), "what": entry.verb, "who": entry.user}
            for entry in AuditEntry.objects.filter(noun="delivery", row_id=delivery.pk)
            .select_related("user")
            .order_by("at")
        )
    left_out = Exclusion.objects.filter(campaign=campaign, person__in=holders)
    sentences.extend(
        _("Left out in the lane of %(lane)s: %(reason)s.")
        % {"lane": each.release.name, "reason": _why(campaign, each.person_id, each.reason, people)}
        for each in left_out.select_related("release__cluster")
    )
    trims = [*_trims(campaign, holders)]
    if sentences:
        return sentences + trims
    undecided = [*_as_things_stand(campaign, holders, people)]
    return trims + (undecided or _not_asked_for(campaign, holders, words))


def _not_asked_for(campaign: Campaign, people: QuerySet[Person], words: Words) -> list[str]:
    """Why these people are in no lane."""
    if campaign.started_at and (clusters := [*_without_lane(campaign, people)]):
        return [
            _("%(cluster)s had no lane: it joined the alliance after this campaign started.")
            % {"cluster": cluster}
            for cluster in clusters
        ]
    said = (
        _("This address was not asked for by the audience of this campaign.")
        if campaign.started_at
        else _(
            "This campaign has not started yet. "
            "As things stand its audience does not ask for this address."
        )
    )
    return [said, *_outside(campaign, people, words)]


def _outside(campaign: Campaign, people: QuerySet[Person], words: Words) -> Iterator[str]:
    """What stands between these people and the audience, looked at today."""
    members = {*clusters_of(campaign).values_list("pk", flat=True)}
    for person in people.select_related("cluster").order_by("pk"):
        said = {"cluster": person.cluster}
        if person.cluster_id not in members:
            yield _("%(cluster)s does not take part in the alliance of this campaign.") % said
        elif campaign.follows_id:
            rule = campaign.get_follow_rule_display()
            yield _("It goes only to readers of an earlier campaign: %(rule)s.") % {"rule": rule}
        else:
            yield from _conditions(campaign, person, words)


def _conditions(campaign: Campaign, person: Person, words: Words) -> Iterator[str]:
    """The conditions that this person does not fit, and those that exclude them."""
    assert campaign.audience is not None, "every mailing has one"
    include, exclude = campaign.audience.include, campaign.audience.exclude or {}
    try:
        asked = {leaf for tree in (include, exclude) if tree for leaf in unmet.leaves(tree)}
        known = held_by(person.pk, [*asked])
    except InvalidCondition as problem:
        yield str(problem)
        return

    def is_held(field: str, operator: str, values: list[str]) -> bool:
        return known[field, operator, tuple(values)]

    said = {"cluster": person.cluster}
    for part in unmet.unmet(include, is_held) if include else ():
        words_of = {**said, "condition": words(part)}
        yield _("As %(cluster)s keeps them, this does not hold: %(condition)s.") % words_of
    for part in unmet.grounds(exclude, is_held) if exclude else ():
        words_of = {**said, "condition": words(part)}
        yield _("As %(cluster)s keeps them, this excludes them: %(condition)s.") % words_of


def _without_lane(campaign: Campaign, people: QuerySet[Person]) -> QuerySet[Cluster]:
    lanes = campaign.releases.exclude(cluster=None).values("cluster")
    of_people = clusters_of(campaign).filter(
        pk__in=people.filter(kind__in=campaign.of_lanes).values("cluster")
    )
    return of_people.exclude(pk__in=lanes)


def _trims(campaign: Campaign, people: QuerySet[Person]) -> Iterator[str]:
    """Who took these people out of a lane or added them, when and why, also before it starts."""
    rows = Trim.objects.filter(release__campaign=campaign)
    rows = rows.filter(
        Q(person__in=people) | Q(person__in=Person.objects.filter(merged_into__in=people))
    )
    for trim in rows.select_related("release__cluster", "by").order_by("at"):
        said = {"at": _said(trim.at), "lane": trim.release.name, "who": trim.by, "why": trim.reason}
        if trim.added and trim.reason:
            yield _("%(at)s: added to the lane of %(lane)s by %(who)s: %(why)s") % said
        elif trim.added:
            yield _("%(at)s: added to the lane of %(lane)s by %(who)s.") % said
        elif trim.reason:
            yield _("%(at)s: taken out of the lane of %(lane)s by %(who)s: %(why)s") % said
        else:
            yield _("%(at)s: taken out of the lane of %(lane)s by %(who)s.") % said


def _as_things_stand(
    campaign: Campaign, holders: QuerySet[Person], people: QuerySet[Person] | None
) -> Iterator[str]:
    """What would be decided now, in lanes that have not started."""
    asked = audiences.verdicts(campaign)
    lanes = {lane.pk: lane for lane in campaign.releases.filter(frozen_at=None).in_order()}
    for pk in holders.values_list("pk", flat=True):
        release, reason = asked.get(pk, (0, None))
        if (lane := lanes.get(release)) is None:
            continue
        where = {"lane": lane.name, "status": lane.get_status_display()}
        reason = as_decided(lane, reason)
        if reason is None:
            yield (
                _("The lane of %(lane)s has not started (%(status)s). As things stand they get it.")
                % where
            )
        else:
            yield (
                _(
                    "The lane of %(lane)s has not started (%(status)s). "
                    "As things stand they are left out: %(reason)s."
                )
                % {**where, "reason": _why(campaign, pk, reason, people)}
            )


def _why(
    campaign: Campaign, person: int | None, reason: int, people: QuerySet[Person] | None
) -> str:
    if reason == Exclusion.Reason.TOO_OFTEN and person is not None:
        return why(reason, frequency.again(campaign, [person]).get(person))
    return str(Exclusion.Reason(reason).label) if people is None else reason_words(reason)


def _said(moment: dt.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"


def _about(delivery: Delivery) -> str:
    when = delivery.settled_at or delivery.armed_at
    said = _("Delivery %(n)s in the lane of %(lane)s, in %(language)s: %(state)s.") % {
        "n": delivery.pk,
        "lane": delivery.release.name if delivery.release else _("letters"),
        "language": delivery.language,
        "state": f"{delivery.state_words}, {_said(when)}" if when else delivery.state_words,
    }
    if delivery.subject:
        said = " ".join(
            (said, _("It has %(subject)s.") % {"subject": delivery.get_subject_display()})
        )
    if not delivery.reply:
        return said
    return " ".join((said, _("The server said: %(words)s") % {"words": delivery.reply}))


def _came_back(delivery: Delivery) -> list[str]:
    """The facts that came back about a delivery, each with its moment."""
    kind = delivery.get_bounce_class_display() if delivery.bounce_class else ""
    facts = (
        (_("Delivered to the mailbox"), delivery.delivered_at, ""),
        (pgettext("mail", "Bounced"), delivery.bounced_at, kind),
        (_("Marked as spam by the reader"), delivery.complained_at, ""),
    )
    return [
        (_("%(what)s, %(at)s: %(why)s.") if why else _("%(what)s, %(at)s."))
        % {"what": what, "at": _said(at), "why": why}
        for what, at, why in facts
        if at
    ]
