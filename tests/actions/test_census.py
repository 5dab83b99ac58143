"""The numbers of a cluster: who can be mailed is counted as it is said of each."""

import datetime as dt
import sys
from typing import Any

import pytest
from django.core.cache import cache
from django.utils import timezone

from crm.actions import people
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


def test_of_many_the_numbers_are_counted_once_somebody_did_something(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(user: str) -> list[tuple[int, int]]:
        rows = census(world.users[user], timezone.localdate())
        return [(row.people, row.mailable) for row in rows if row.cluster == world.biocat]

    for module in ("census", "numbers"):  # a function has the name of the first
        monkeypatch.setattr(sys.modules[f"crm.models.{module}"], "MANY", 2)
    cache.clear()
    first, second, _third = [world.person() for _number in range(3)]
    assert [told("contact_biocat") for _look in range(2)] == [[(3, 3)], [(3, 3)]]

    LegalBasis.objects.filter(person=first).delete()
    assert told("contact_biocat") == [(3, 3)]  # no act: those of the minute
    people.archive(person=second, by=None)
    assert told("contact_biocat") == [(2, 2)]  # who can be mailed is judged once a minute
    cache.clear()
    assert told("contact_biocat") == [(2, 1)]
    assert told("contact_biom") == []
