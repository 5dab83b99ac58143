"""What an alliance signed: entering, correcting, removing, and the refusals."""

import datetime as dt
from typing import Any

import pytest
from django.apps import apps
from django.utils import timezone

from crm.actions import agreements
from crm.actions.errors import Refused, Stale
from crm.models import Agreement, AuditEntry
from tests.world import World


def enter(world: World, **facts: Any) -> Agreement:
    facts = {"partners": ["BioSA, Adelaide"], "signed_on": dt.date(2016, 6, 7), **facts}
    return agreements.enter(alliance=world.alliance, by=world.users["coordinator"], **facts)


def test_an_agreement_keeps_who_signed_it_and_its_earlier_states(world: World) -> None:
    agreement = enter(world, clusters=[world.biocat])

    agreements.edit(
        agreement=agreement,
        by=None,
        version=1,
        clusters=[world.biocat, world.biom],
        occasion="San Francisco",
    )

    (told,) = Agreement.objects.told()
    assert told.signers == ["BioM", "Biocat"]
    assert (told.occasion, told.version) == ("San Francisco", 2)
    history = apps.get_model("crm", "AgreementHistory")
    assert [row.occasion for row in history.objects.order_by("pgh_id")] == [""]
    assert set(AuditEntry.objects.filter(noun="agreement").values_list("verb", flat=True)) == {
        "create",
        "edit",
    }


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"partners": []}, "at least one partner"),
        ({"signed_on": timezone.localdate() + dt.timedelta(days=1)}, "lies ahead"),
        ({"ends_on": dt.date(2016, 6, 6)}, "before the day of signing"),
        ({"document": "not an address"}, "valid URL"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_written(
    world: World, facts: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        enter(world, **facts)

    assert not Agreement.objects.exists()


def test_two_who_correct_it_at_once_lose_nothing(world: World) -> None:
    agreement = enter(world)
    agreements.edit(agreement=agreement, by=None, version=1, clusters=[], occasion="Adelaide")

    with pytest.raises(Stale):
        agreements.edit(agreement=agreement, by=None, version=1, clusters=[], occasion="Boston")

    agreement.refresh_from_db()
    assert agreement.occasion == "Adelaide"


def test_what_was_entered_by_mistake_is_removed_and_its_history_stays(world: World) -> None:
    agreement = enter(world, clusters=[world.biocat])

    agreements.remove(agreement=agreement, by=None)

    assert not Agreement.objects.exists()
    history = apps.get_model("crm", "AgreementHistory")
    assert [row.partners for row in history.objects.all()] == [["BioSA, Adelaide"]]


def test_the_newest_is_told_first_and_what_has_no_day_last(world: World) -> None:
    for partner, day in (
        ("Old", dt.date(2013, 1, 1)),
        ("Undated", None),
        ("New", dt.date(2016, 1, 1)),
    ):
        enter(world, partners=[partner], signed_on=day)

    assert [row.partners for row in Agreement.objects.told()] == [["New"], ["Old"], ["Undated"]]
