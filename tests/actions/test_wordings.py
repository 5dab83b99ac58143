"""The words somebody agreed to are kept as versions, and nobody can change them."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from crm.actions import consent, wordings
from crm.models import ConsentRecord, Wording
from tests.world import World


def test_the_same_words_are_one_version_and_other_words_the_next(world: World) -> None:
    first = wordings.keep(slug="form", language="en", text="Write to me.")
    again = wordings.keep(slug="form", language="en", text="Write to me.")
    other = wordings.keep(slug="form", language="en", text="Please write to me.")
    french = wordings.keep(slug="form", language="fr", text="Écrivez-moi.")

    assert first == again
    assert (first.n, other.n, french.n) == (1, 2, 1)
    assert wordings.keep(slug="form", language="en", text="Write to me.") == first


CHANGES: list[Callable[[Any], Any]] = [
    lambda rows: rows.update(text="Do not write to me."),
    lambda rows: rows.delete(),
]


@pytest.mark.parametrize("change", CHANGES)
def test_the_database_refuses_to_change_what_was_said(
    world: World, change: Callable[[Any], Any]
) -> None:
    kept = wordings.keep(slug="form", language="en", text="Write to me.")

    with pytest.raises(DatabaseError), transaction.atomic():
        change(Wording.objects.filter(pk=kept.pk))

    kept.refresh_from_db()
    assert kept.text == "Write to me."


def test_a_proof_points_to_the_words_in_their_language(world: World) -> None:
    person = world.person(basis=None, source="")

    consent.record_basis(
        person=person,
        purpose="news",
        basis="consent",
        source="Form at the fair",
        wording="Schreiben Sie mir.",
        language="de",
    )

    proof = ConsentRecord.objects.get(person=person)
    assert proof.wording
    assert (proof.wording.name, proof.wording.text) == (
        "form-at-the-fair de 1",
        "Schreiben Sie mir.",
    )
    assert proof.language == "de"
