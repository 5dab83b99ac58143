"""The numbers of a cluster: who can be mailed is counted as it is said of each."""

import datetime as dt
import sys
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from crm.models import Address, LegalBasis, Person, Suppression, census
from tests.world import World


def stopped(person: Person, **where: Any) -> None:
    address = Address.objects.get(uses__person=person)
    Suppression.objects.create(address=address, reason="manual", created_at=timezone.now(), **where)


OBSTACLES: dict[str, Any] = {
    "archived": lambda p, w: Person.objects.filter(pk=p.pk).update(archived_at=timezone.now()),
    "no mailbox": lambda p, w: p.addresses.all().delete(),
    "undeliverable": lambda p, w: Address.objects.filter(uses__person=p).update(
        undeliverable_at=timezone.now()
    ),
    "stopped everywhere": lambda p, w: stopped(p, scope="all"),
    "stopped here": lambda p, w: stopped(p, scope="cluster", cluster=w.biocat),
    "stopped elsewhere": lambda p, w: stopped(p, scope="cluster", cluster=w.biom),
    "no basis": lambda p, w: LegalBasis.objects.filter(person=p).delete(),
    "basis of yesterday": lambda p, w: LegalBasis.objects.filter(person=p).update(
        expires_on=timezone.localdate() - dt.timedelta(days=1)
    ),
    "basis until today": lambda p, w: LegalBasis.objects.filter(person=p).update(
        expires_on=timezone.localdate()
    ),
    "paused": lambda p, w: Person.objects.filter(pk=p.pk).update(paused_until=timezone.localdate()),
    "nothing": lambda p, w: None,
}


@pytest.mark.parametrize("name", OBSTACLES)
def test_whom_the_census_calls_mailable_has_no_obstacle(world: World, name: str) -> None:
    day = timezone.localdate()
    person, _other = world.person(), world.person()
    OBSTACLES[name](person, world)

    (told,) = [row for row in census(world.users["admin"], day) if row.cluster == world.biocat]

    current = Person.objects.current().filter(cluster=world.biocat).with_obstacle(day)
    assert told.people == current.count()
    assert told.mailable == sum(vars(each)["obstacle"] == "" for each in current) >= 1


def test_of_a_large_list_the_mailable_are_counted_once_a_minute(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(user: str) -> list[tuple[int, int]]:
        rows = census(world.users[user], timezone.localdate())
        return [(row.people, row.mailable) for row in rows if row.cluster == world.biocat]

    monkeypatch.setattr(sys.modules["crm.models.census"], "MANY", 2)  # a function has its name
    cache.clear()
    people = [world.person() for _number in range(3)]
    assert told("contact_biocat") == [(3, 3)]

    LegalBasis.objects.filter(person=people[0]).delete()
    Person.objects.filter(pk=people[1].pk).update(archived_at=timezone.now())
    assert told("contact_biocat") == [(2, 2)]  # never more than there are
    cache.clear()
    assert told("contact_biocat") == [(2, 1)]
    assert told("contact_biom") == []
