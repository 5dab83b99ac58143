"""Topics for many people at once. A list never raises consent: who left stays away.

Subscribed is only who has a legal basis for the topic's purpose and has never left it.
"""

import datetime as dt
from typing import Any

from django.db import connection
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from crm.actions.consent import hold_withdrawals
from crm.models import BulkAct, ConsentRecord, LegalBasis, Person, Subscription, Topic, User
from crm.models.consent import Suppression
from crm.models.lasting import lasts

SOURCE = "list of people"
UNDONE = "list of people, leaving undone"
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
        LegalBasis.objects.allowed()
        .filter(
            alliances,
            lasts("expires_on", timezone.localdate(at)),
            person__in=ids,
            purpose=topic.purpose,
        )
        .values_list("person_id", flat=True)
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
    _insert(topic, wanted, State.ACTIVE, at)
    _record(topic, wanted, ConsentRecord.Act.RECORDED, by, at)
    return dict.fromkeys(wanted), {reason: n for reason, n in skipped.items() if n}


def _leave(
    topic: Topic, ids: list[int], held: dict[int, str], by: User, at: dt.datetime
) -> tuple[Before, dict[str, int]]:
    """Who left before leaves again: so this wish outlives the undoing of an earlier one."""
    hold_withdrawals()
    going = [pk for pk in ids if held.get(pk) != State.LEFT]
    Subscription.objects.filter(topic=topic, person__in=ids).update(state=State.LEFT, left_at=at)
    _insert(topic, [pk for pk in going if pk not in held], State.LEFT, at)
    _record(topic, ids, ConsentRecord.Act.WITHDRAWN, by, at)
    same = len(ids) - len(going)
    return {pk: held.get(pk) for pk in going}, {"same": same} if same else {}


def undo(entry: BulkAct, back: Before, by: User) -> set[int]:
    """People whose subscription is as before again: whoever left meanwhile stays away.

    Who does not, may be written to again: that has its proof as their leaving had.
    """
    topic = Topic.objects.get(slug=entry.value)
    rows = Subscription.objects.filter(topic=topic, person__in=back)
    if entry.act == BulkAct.Act.SUBSCRIBE:
        still = rows.filter(state=State.ACTIVE, since=entry.at)
        restored = set(still.values_list("person_id", flat=True))
        still.delete()
        return restored
    stopped = _stopped(topic, list(back))
    still = rows.filter(state=State.LEFT, left_at=entry.at).exclude(person__in=stopped)
    restored = set(still.select_for_update(of=("self",)).values_list("person_id", flat=True))
    for state in {back[pk] for pk in restored}:
        those = rows.filter(person__in=[pk for pk in restored if back[pk] == state])
        if state is None:
            those.delete()
        else:
            those.update(state=state, left_at=None)
    _record(topic, sorted(restored), ConsentRecord.Act.RECORDED, by, timezone.now(), UNDONE)
    return restored


def _stopped(topic: Topic, ids: list[int]) -> set[int]:
    """Those whose address is never to be written to about this topic."""
    standing = Suppression.objects.standing().filter(
        Q(scope="all")
        | Q(topic=topic)
        | Q(scope="alliance", alliance=topic.alliance_id)
        | Q(scope="cluster", cluster=OuterRef("cluster")),
        address__uses__person=OuterRef("pk"),
        address__uses__is_primary=True,
    )
    people = Person.objects.filter(Exists(standing), pk__in=ids)
    return set(people.values_list("pk", flat=True))


def _insert(topic: Topic, ids: list[int], state: str, at: dt.datetime) -> None:
    """A wish for each. A hundred thousand would take minutes to be sent row by row."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO crm_subscription (person_id, topic_id, state, since, left_at) "
            "SELECT unnest(%(ids)s::bigint[]), %(topic)s, %(state)s, %(at)s, %(left)s",
            {
                "ids": ids,
                "topic": topic.pk,
                "state": state,
                "at": at,
                "left": at if state == State.LEFT else None,
            },
        )


def _record(
    topic: Topic, ids: list[int], act: str, by: User, at: dt.datetime, source: str = SOURCE
) -> None:
    """Each leaves its proof."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO crm_consentrecord (person_id, cluster_id, alliance_id, topic_id, purpose, "
            "act, basis, source, by_id, at, recorded_at) "
            "SELECT p.id, p.cluster_id, %(alliance)s, %(topic)s, %(purpose)s, %(act)s, '', "
            "%(source)s, %(by)s, %(at)s, statement_timestamp() "
            "FROM crm_person p WHERE p.id = ANY(%(ids)s) ORDER BY p.id",
            {
                "alliance": topic.alliance_id,
                "topic": topic.pk,
                "purpose": topic.purpose,
                "act": act,
                "source": source,
                "by": by.pk,
                "at": at,
                "ids": ids,
            },
        )
