"""Topics for many people at once. A list never raises consent: who left stays away.

Subscribed is only who has a legal basis for the topic's purpose and has never left it.
"""

import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import Q
from django.utils import timezone

from crm.actions.consent import WITHDRAWAL_BARRIER
from crm.models import BulkAct, ConsentRecord, LegalBasis, Person, Subscription, Topic, User
from crm.models.consent import Suppression

SOURCE = "list of people"
State = Subscription.State
Before = dict[int, Any]


def apply(
    *, act: str, topic: Topic, ids: list[int], by: User, at: dt.datetime
) -> tuple[Before, dict[str, int]]:
    """What each changed person had before (a state, or None), and how many stay as they are."""
    held = dict(
        Subscription.objects.filter(topic=topic, person__in=ids)
        .select_for_update()
        .values_list("person_id", "state")
    )
    if act == BulkAct.Act.SUBSCRIBE:
        return _subscribe(topic, ids, held, by, at)
    return _leave(topic, ids, held, by, at)


def _subscribe(
    topic: Topic, ids: list[int], held: dict[int, str], by: User, at: dt.datetime
) -> tuple[Before, dict[str, int]]:
    alliances = Q(alliance=None) | Q(alliance=topic.alliance_id)
    founded = set(
        LegalBasis.objects.filter(
            alliances,
            Q(expires_on=None) | Q(expires_on__gte=timezone.localdate(at)),
            person__in=ids,
            purpose=topic.purpose,
        ).values_list("person_id", flat=True)
    )
    stopped = _stopped(topic, ids)
    skipped = {
        "same": sum(state == State.ACTIVE for state in held.values()),
        "left": len(
            {pk for pk, state in held.items() if state == State.LEFT}
            | {pk for pk in stopped if held.get(pk) != State.ACTIVE}
        ),
        "unconfirmed": sum(
            state == State.PENDING and pk not in stopped for pk, state in held.items()
        ),
    }
    free = [pk for pk in ids if pk not in held and pk not in stopped]
    wanted = [pk for pk in free if pk in founded]
    skipped["no_basis"] = len(free) - len(wanted)
    Subscription.objects.bulk_create(
        Subscription(person_id=pk, topic=topic, state=State.ACTIVE, since=at) for pk in wanted
    )
    _record(topic, wanted, ConsentRecord.Act.RECORDED, by, at)
    return dict.fromkeys(wanted), {reason: n for reason, n in skipped.items() if n}


def _leave(
    topic: Topic, ids: list[int], held: dict[int, str], by: User, at: dt.datetime
) -> tuple[Before, dict[str, int]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [WITHDRAWAL_BARRIER])
    going = [pk for pk in ids if held.get(pk) != State.LEFT]
    Subscription.objects.filter(topic=topic, person__in=going).update(state=State.LEFT, left_at=at)
    Subscription.objects.bulk_create(
        Subscription(person_id=pk, topic=topic, state=State.LEFT, since=at, left_at=at)
        for pk in going
        if pk not in held
    )
    _record(topic, going, ConsentRecord.Act.WITHDRAWN, by, at)
    same = len(ids) - len(going)
    return {pk: held.get(pk) for pk in going}, {"same": same} if same else {}


def undo(entry: BulkAct, back: Before) -> set[int]:
    """People whose subscription is as before again: whoever left meanwhile stays away."""
    topic = Topic.objects.get(slug=entry.value)
    rows = Subscription.objects.filter(topic=topic, person__in=back)
    if entry.act == BulkAct.Act.SUBSCRIBE:
        still = rows.filter(state=State.ACTIVE, since=entry.at)
        restored = set(still.values_list("person_id", flat=True))
        still.delete()
        return restored
    stopped = _stopped(topic, list(back))
    still = rows.filter(state=State.LEFT, left_at=entry.at).exclude(person__in=stopped)
    restored = set(still.values_list("person_id", flat=True))
    for state in {back[pk] for pk in restored}:
        those = rows.filter(person__in=[pk for pk in restored if back[pk] == state])
        if state is None:
            those.delete()
        else:
            those.update(state=state, left_at=None)
    return restored


def _stopped(topic: Topic, ids: list[int]) -> set[int]:
    """Those whose address is never to be written to about this topic."""
    standing = Suppression.objects.standing().filter(
        Q(scope="all") | Q(topic=topic) | Q(scope="alliance", alliance=topic.alliance_id)
    )
    people = Person.objects.filter(
        pk__in=ids, addresses__is_primary=True, addresses__address__suppressions__in=standing
    )
    return set(people.values_list("pk", flat=True))


def _record(topic: Topic, ids: list[int], act: str, by: User, at: dt.datetime) -> None:
    """Each leaves its proof."""
    people = Person.objects.filter(pk__in=ids)
    ConsentRecord.objects.bulk_create(
        ConsentRecord(
            person_id=pk,
            cluster_id=cluster,
            alliance_id=topic.alliance_id,
            topic=topic,
            purpose=topic.purpose,
            act=act,
            source=SOURCE,
            by=by,
            at=at,
        )
        for pk, cluster in people.values_list("pk", "cluster_id")
    )
