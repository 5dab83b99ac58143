"""Duplicates: looked for in the background, decided by whoever keeps the records.

Candidates are found by statements over one cluster's rows: two records are compared where they
share a rare word of their names (or a frequent one and the beginning of another) and are alike by
trigrams, or share a mailbox, its local part, a phone number or a domain. Each candidate then gets
its score from `crm.rules.duplicates`. Another cluster's rows are never read.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.actions import audit
from crm.actions.candidates import ORGANISATIONS, PEOPLE
from crm.actions.comparing import Pair, compare_organisations, compare_people
from crm.actions.errors import IllegalTransition
from crm.models import (
    Cluster,
    Duplicate,
    DuplicateSearch,
    Membership,
    Organisation,
    Person,
    User,
)
from crm.models.merges import Noun
from crm.rules.duplicates import PROPOSED, Likeness

MOST = 5_000  # proposals of a kind for one cluster: nobody looks at more, the likeliest come first
NIGHT = dt.time(2)


def look_for(
    *,
    cluster_id: int,
    people_ids: Iterable[int] | None = None,
    organisation_ids: Iterable[int] | None = None,
) -> int:
    """Look for duplicates of these records of a cluster, or of all; how many pairs are likely.

    Looking at all also takes back proposals that no longer hold. What was dismissed or merged is
    never proposed again. Safe to run twice, and at once.
    """
    everything = people_ids is None and organisation_ids is None
    with transaction.atomic():
        found = 0
        for noun, ids, judge, statement in (
            (Noun.PERSON, people_ids, compare_people, PEOPLE),
            (Noun.ORGANISATION, organisation_ids, compare_organisations, ORGANISATIONS),
        ):
            if ids is None and not everything:
                continue
            pairs = _candidates(statement, cluster_id, None if ids is None else list(ids))
            likely = _likely(judge(pairs))
            _propose(cluster_id, noun, likely)
            if everything:
                _take_back(cluster_id, noun, {pair for pair, _likeness in likely})
            found += len(likely)
    return found


def ask(*, cluster_id: int, at: dt.datetime | None = None) -> None:
    """A cluster's records changed in bulk: let a worker look at all of them soon."""
    at = at or timezone.now()
    DuplicateSearch.objects.update_or_create(cluster_id=cluster_id, defaults={"due_at": at})


def is_due(*, cluster_id: int) -> bool:
    """Whether a worker will soon look at all of a cluster's records."""
    due = DuplicateSearch.objects.filter(cluster=cluster_id, due_at__lte=timezone.now())
    return due.exists()


def look_due(*, now: dt.datetime | None = None, stop: Callable[[], bool] = lambda: False) -> int:
    """Look wherever it is due: at new records soon, at everything once a night.

    Several workers share the clusters out among themselves. How many were looked at.
    """
    now = now or timezone.now()
    known = DuplicateSearch.objects.values("cluster")
    DuplicateSearch.objects.bulk_create(
        (
            DuplicateSearch(cluster=cluster, due_at=now)
            for cluster in Cluster.objects.exclude(pk__in=known)
        ),
        ignore_conflicts=True,
    )
    looked = 0
    for search in DuplicateSearch.objects.order_by("due_at"):
        if stop():
            break
        looked += _look(search.pk, now)
    return looked


def dismiss(*, duplicate: Duplicate, by: User | None, at: dt.datetime | None = None) -> None:
    """These are two: the pair is never proposed again. Twice is as once."""
    at = at or timezone.now()
    with transaction.atomic():
        rows = Duplicate.objects.filter(pk=duplicate.pk)
        if rows.open().update(state=Duplicate.State.DISMISSED, by=by, decided_at=at):
            audit.record(by=by, verb="dismiss", row=duplicate, cluster=duplicate.cluster)
        elif not rows.filter(state=Duplicate.State.DISMISSED).exists():
            raise IllegalTransition(_("These two were merged meanwhile."))


def reopen(*, duplicate: Duplicate, by: User | None) -> None:
    """They may be one after all. Twice is as once."""
    with transaction.atomic():
        rows = Duplicate.objects.filter(pk=duplicate.pk)
        dismissed = rows.filter(state=Duplicate.State.DISMISSED)
        if dismissed.update(state=Duplicate.State.OPEN, by=None, decided_at=None):
            audit.record(by=by, verb="reopen", row=duplicate, cluster=duplicate.cluster)
        elif not rows.open().exists():
            raise IllegalTransition(_("These two were merged meanwhile."))


def _look(cluster_id: int, now: dt.datetime) -> bool:
    """Look at one cluster if it is due and no other worker does."""
    with transaction.atomic():
        rows = DuplicateSearch.objects.select_for_update(skip_locked=True)
        search = rows.filter(cluster=cluster_id).first()
        if search is None:
            return False
        ours = Q(cluster=cluster_id)
        new_people = Person.objects.filter(ours, pk__gt=search.people_to)
        new_members = Membership.objects.filter(ours, pk__gt=search.organisations_to)
        people_ids = list(new_people.values_list("pk", flat=True))
        members = list(new_members.values_list("pk", "organisation"))
        everything = search.due_at <= now
        if not (everything or people_ids or members):
            return False
        if everything:
            look_for(cluster_id=cluster_id)
            search.due_at = _next_night(now)
        else:
            look_for(
                cluster_id=cluster_id,
                people_ids=people_ids,
                organisation_ids=[organisation for _pk, organisation in members],
            )
        # Not the highest of all ids: the next look passes others' rows by their index.
        search.people_to = max([search.people_to, *people_ids])
        search.organisations_to = max([search.organisations_to, *(pk for pk, _o in members)])
        search.looked_at = now
        search.save()
    return True


def _next_night(now: dt.datetime) -> dt.datetime:
    local = timezone.localtime(now)
    tonight = timezone.make_aware(dt.datetime.combine(local.date(), NIGHT))
    return tonight if tonight > now else tonight + dt.timedelta(days=1)


@contextmanager
def _hashing() -> Iterator[None]:
    """The planner knows nothing of rows made on the way, and would loop over them."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
        yield
        cursor.execute("SET LOCAL enable_nestloop = on")


def _candidates(statement: str, cluster_id: int, ids: list[int] | None) -> list[Pair]:
    values: dict[str, Any] = {"cluster": cluster_id, "all": ids is None, "ids": ids or []}
    with _hashing(), connection.cursor() as cursor:
        cursor.execute(statement, values)
        return [(first, second) for first, second in cursor.fetchall()]


def _likely(compared: Iterable[tuple[Pair, Likeness]]) -> list[tuple[Pair, Likeness]]:
    likely = [(pair, like) for pair, like in compared if like.score >= PROPOSED]
    likely.sort(key=lambda each: (-each[1].score, each[0]))
    return likely[:MOST]


def _propose(cluster_id: int, noun: str, likely: list[tuple[Pair, Likeness]]) -> None:
    """Written in one order, so that two workers never wait for each other in a circle."""
    now = timezone.now()
    there = _held(noun, {pk for pair, _likeness in likely for pk in pair})
    Duplicate.objects.bulk_create(
        (
            Duplicate(
                cluster_id=cluster_id,
                noun=noun,
                first=first,
                second=second,
                score=like.score,
                reasons=[str(reason) for reason in like.reasons],
                found_at=now,
            )
            for (first, second), like in sorted(likely)
            if first in there and second in there
        ),
        batch_size=1_000,
        update_conflicts=True,
        unique_fields=["cluster", "noun", "first", "second"],
        update_fields=["score", "reasons"],
    )


def _held(noun: str, ids: set[int]) -> set[int]:
    """Those of the records that are still there, and stay until what is proposed is written.

    Whoever takes an import back meanwhile has its records locked, or waits and then meets the
    proposals.
    """
    table = (Person if noun == Noun.PERSON else Organisation)._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT id FROM {table} WHERE id = ANY(%s) ORDER BY id FOR KEY SHARE", [sorted(ids)]
        )
        return {pk for (pk,) in cursor.fetchall()}


def _take_back(cluster_id: int, noun: str, likely: set[Pair]) -> None:
    """Delete proposals about records that are no longer there or no longer alike."""
    proposed = Duplicate.objects.open().filter(cluster=cluster_id, noun=noun)
    gone = [
        pk
        for pk, first, second in proposed.values_list("pk", "first", "second")
        if (first, second) not in likely
    ]
    Duplicate.objects.open().filter(pk__in=gone).delete()
