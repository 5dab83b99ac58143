"""Statements are written once, and each user asks with their own."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.actions import tags, users
from crm.models import Person, User, statements
from crm.models.questions import vocabulary_of
from tests.world import World


def tags_of(user: User) -> list[str]:
    """As another request of this user finds them."""
    return [word.name for word in vocabulary_of(User.objects.get(pk=user.pk), "person").tags]


def test_nobody_asks_with_the_statement_of_another(world: World) -> None:
    biocat, biom = world.users["contact_biocat"], world.users["contact_biom"]
    tags.create(cluster=world.biocat, name="Ours", by=biocat)
    tags.create(cluster=world.biom, name="Theirs", by=biom)

    for _again in range(2):
        assert tags_of(biocat) == ["Ours"]
        assert tags_of(biom) == ["Theirs"]
        assert tags_of(world.users["coordinator"]) == []
        assert tags_of(world.users["admin"]) == ["Ours", "Theirs"]


def test_whoever_gets_or_loses_a_role_asks_anew(world: World) -> None:
    user = world.users["contact_biocat"]
    tags.create(cluster=world.biocat, name="Ours", by=user)
    tags.create(cluster=world.biom, name="Theirs", by=None)
    assert tags_of(user) == ["Ours"]

    users.grant(user=user, role="reader", cluster=world.biom)
    assert tags_of(user) == ["Ours", "Theirs"]
    user.grants.all().delete()
    assert tags_of(user) == []


def test_what_is_kept_is_a_statement_and_not_its_answer(world: World) -> None:
    user = world.users["contact_biocat"]
    assert tags_of(user) == []
    tags.create(cluster=world.biocat, name="Ours", by=user)
    assert tags_of(user) == ["Ours"]


def test_room_is_made_for_new_statements(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(statements, "MOST", 3)
    person = world.person()
    for number in range(8):
        kept = statements.answers(
            ("a test", number), lambda: Person.objects.filter(pk=person.pk).values_list("pk")
        )
        assert kept == [(person.pk,)]
        assert len(statements._kept) <= 3


def test_where_no_row_can_be_meant_nothing_is_asked(world: World) -> None:
    with CaptureQueriesContext(connection) as asked:
        assert statements.answers("nobody", Person.objects.none) == []
    assert not asked.captured_queries
