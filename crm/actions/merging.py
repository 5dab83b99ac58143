"""What merging people and merging organisations share, and how a merge is taken back.

Rows of other packages are never moved: what was merged stays as a tombstone that names the record
it went into, and a record's page also shows what hangs on its tombstones.
"""

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Model, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions import audit
from crm.actions.consent import hold_withdrawals
from crm.actions.errors import IllegalTransition, Refused
from crm.actions.journal import Journal, Step, count_up, take_back
from crm.models import (
    Address,
    Cluster,
    ConsentRecord,
    Duplicate,
    Membership,
    Merge,
    Organisation,
    Person,
    PersonAddress,
    Position,
    Subscription,
    Suppression,
    User,
)
from crm.models.merges import Noun
from crm.rules.merging import later

# Of these a column that somebody changed since stays, and the others go back. A row of any other
# noun is one statement ("left on that day"): it goes back whole, or stays whole.
BY_COLUMN = frozenset({"person", "organisation", "membership"})
SOURCE = "a merge that was undone"


def open_merge(
    *, noun: str, cluster: Cluster, kept: int, dropped: int, by: User | None, at: dt.datetime
) -> Merge:
    return Merge.objects.create(
        noun=noun, cluster=cluster, kept=kept, dropped=dropped, by=by, at=at
    )


def close_merge(merge: Merge, journal: Journal, rows: list[Model]) -> None:
    """Write down what was done, and that it was done."""
    merge.changes = journal.steps
    merge.save(update_fields=["changes"])
    count_up(rows)
    audit.record(
        by=merge.by,
        verb="merge",
        noun=merge.noun,
        row_id=merge.kept,
        cluster=merge.cluster,
        detail={"merge": merge.pk, "dropped": merge.dropped},
    )


def settle_duplicates(merge: Merge, journal: Journal, at: dt.datetime) -> None:
    """The pair is decided; what the one who goes is not, the one who stays is not either."""
    pairs = Duplicate.objects.filter(cluster=merge.cluster_id)
    first, second = sorted((merge.kept, merge.dropped))
    for pair in pairs.filter(noun=merge.noun, first=first, second=second):
        journal.update(pair, state=Duplicate.State.MERGED, by_id=merge.by_id, decided_at=at)
    dismissed = pairs.of(merge.noun, merge.dropped).filter(state=Duplicate.State.DISMISSED)
    for pair in dismissed:
        other = pair.second if pair.first == merge.dropped else pair.first
        first, second = sorted((merge.kept, other))
        known = pairs.filter(noun=merge.noun, first=first, second=second).first()
        if other == merge.kept or (known and known.state != Duplicate.State.OPEN):
            continue
        if known:
            journal.update(known, state=pair.state, by_id=pair.by_id, decided_at=pair.decided_at)
        else:
            journal.insert(
                Duplicate(
                    cluster=merge.cluster,
                    noun=merge.noun,
                    first=first,
                    second=second,
                    score=pair.score,
                    reasons=pair.reasons,
                    state=pair.state,
                    found_at=pair.found_at,
                    by_id=pair.by_id,
                    decided_at=pair.decided_at,
                )
            )


def take_over(journal: Journal, post: Position, **there: Any) -> None:
    """Move a post to another person or organisation.

    Where posts held there overlap, they grow to cover it, for nobody holds a post twice at once.
    """
    held = {"person_id": post.person_id, "organisation_id": post.organisation_id} | there
    rivals = list(Position.objects.filter(**held, during__overlap=post.during).order_by("during"))
    if not rivals:
        journal.update(post, **there)
        return
    journal.delete(post)
    begins = [each.during.lower for each in (rivals[0], post)]
    ends = [each.during.upper for each in (rivals[-1], post)]
    first = None if None in begins else min(begins)
    last = None if None in ends else max(ends)
    if len(rivals) == 1:
        journal.update(rivals[0], during=(first, last), job=rivals[0].job or post.job)
        return
    journal.update(rivals[0], during=(first, rivals[0].during.upper))
    journal.update(
        rivals[-1],
        during=(rivals[-1].during.lower, last),
        job=rivals[-1].job or post.job,
    )


def undo(*, merge: Merge, by: User | None, at: dt.datetime | None = None) -> Merge:
    """Make two records of one again. What was changed since stays and is listed in `stayed`."""
    at = at or timezone.now()
    with transaction.atomic():
        row = Merge.objects.select_for_update(of=("self",)).get(pk=merge.pk)
        if row.undone_at:
            raise IllegalTransition(_("This merge was undone already."))
        if row.noun == Noun.PERSON:
            hold_withdrawals()
        _refuse_out_of_turn(row)
        if row.noun == Noun.PERSON:
            hold_mailboxes((row.kept, row.dropped))
        silence = _new_silence(row)
        stayed = _new_withdrawals(row) + take_back(row.changes, by_column=BY_COLUMN)
        stayed += _carry_over(row, silence, by, at)
        if len(row.concerned) > 1 and _take_along(row):
            stayed = [step for step in stayed if step["noun"] != "position"]
        count_up(_records(row))
        row.undone_at, row.undone_by, row.stayed = at, by, stayed
        row.save(update_fields=["undone_at", "undone_by", "stayed"])
        for cluster in row.concerned:
            audit.record(
                by=by,
                verb="undo merge",
                noun=row.noun,
                row_id=row.kept,
                cluster=cluster,
                count=len(stayed),
                detail={"merge": row.pk, "dropped": row.dropped},
            )
    return row


def _take_along(merge: Merge) -> bool:
    """Posts that people got, or that were changed, since two clusters keep it together, go with
    their cluster; False where it keeps the other record, too.
    """
    if Membership.objects.filter(organisation=merge.kept, cluster=merge.cluster_id).exists():
        return False
    posts = Position.objects.filter(organisation=merge.kept, person__cluster=merge.cluster_id)
    for post in posts.order_by("person", "during"):
        take_over(Journal(), post, organisation_id=merge.dropped)
    return True


def _records(merge: Merge) -> list[Any]:
    model = Person if merge.noun == Noun.PERSON else Organisation
    return list(
        model.objects.select_for_update(of=("self",))
        .filter(pk__in=(merge.kept, merge.dropped))
        .order_by("pk")
    )


def _refuse_out_of_turn(merge: Merge) -> None:
    """Merges that touch the same records are undone in reverse order."""
    both = (merge.kept, merge.dropped)
    touching = Q(kept__in=both) | Q(dropped__in=both)
    later = Merge.objects.standing().filter(touching, noun=merge.noun, pk__gt=merge.pk)
    if later.exists():
        raise Refused(_("Another merge with one of these records came later. Undo that one first."))
    if any(getattr(row, "erased_at", None) for row in _records(merge)):
        raise Refused(_("One of the two was erased since. An erasure is never undone."))


def _new_withdrawals(merge: Merge) -> list[Step]:
    """Whoever left since stays out, wherever the mailbox goes to; the user shall know of it."""
    if merge.noun != Noun.PERSON:
        return []
    since = Suppression.objects.standing().filter(
        address__uses__person=merge.kept, created_at__gt=merge.at, merge=None
    )
    since = since.concerning(merge.cluster_id)
    return [
        {"act": "withdrawal", "noun": "suppression", "pk": pk, "fields": []}
        for pk in since.order_by("pk").values_list("pk", flat=True)
    ]


def hold_mailboxes(people: tuple[int, int]) -> None:
    """A withdrawal under way at one of their mailboxes is waited for, and then is seen."""
    uses = PersonAddress.objects.filter(person__in=people)
    held = Address.objects.select_for_update().filter(pk__in=uses.values("address_id"))
    list(held.order_by("pk").values_list("pk", flat=True))


@dataclass(frozen=True)
class Silence:
    """What the one who stayed asked for since a merge: it was meant for both."""

    left: dict[int, dt.datetime] = field(default_factory=dict)
    paused_until: dt.date | None = None


def _new_silence(merge: Merge) -> Silence:
    if merge.noun != Noun.PERSON:
        return Silence()
    wishes = Subscription.objects.filter(person=merge.kept, state="left", left_at__gt=merge.at)
    left = {pk: at for pk, at in wishes.values_list("topic", "left_at") if at}
    pause = Person.objects.values_list("paused_until", flat=True).get(pk=merge.kept)
    told = [
        step["after"]["paused_until"]
        for step in merge.changes
        if (step["noun"], step["pk"]) == ("person", merge.kept)
        and "paused_until" in step.get("after", {})
    ]
    before = dt.date.fromisoformat(told[-1]) if told and told[-1] else None
    return Silence(left, pause if pause != before else None)


def _carry_over(merge: Merge, silence: Silence, by: User | None, at: dt.datetime) -> list[Step]:
    """Let the silence hold for the one who comes back; each change is listed and has its proof."""
    steps: list[Step] = []
    if merge.noun != Noun.PERSON:
        return steps
    person = Person.objects.get(pk=merge.dropped)
    for topic, left_at in silence.left.items():
        wish = person.subscriptions.filter(topic=topic).first()
        if wish and wish.state == Subscription.State.LEFT:
            continue
        wish = wish or Subscription(person=person, topic_id=topic, since=left_at)
        wish.state, wish.left_at = Subscription.State.LEFT, left_at
        wish.save()
        ConsentRecord.objects.create(
            person=person,
            cluster_id=person.cluster_id,
            alliance=wish.topic.alliance,
            topic=wish.topic,
            purpose=wish.topic.purpose,
            act=ConsentRecord.Act.WITHDRAWN,
            source=SOURCE,
            by=by,
            at=at,
        )
        steps.append({"act": "withdrawal", "noun": "subscription", "pk": wish.pk, "fields": []})
    until = later(person.paused_until, silence.paused_until)
    if until != person.paused_until:
        Person.objects.filter(pk=person.pk).update(paused_until=until)
        fields = ["paused_until"]
        steps.append({"act": "update", "noun": "person", "pk": person.pk, "fields": fields})
    return steps
