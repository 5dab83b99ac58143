import pytest

from crm.actions import organisations, people, tags
from crm.actions.errors import Refused, Stale
from crm.models import AuditEntry, Cluster, Membership, Organisation, Person, Tag, User
from crm.models.together import earlier


@pytest.fixture
def fair(cluster: Cluster, user: User) -> Tag:
    return tags.create(cluster=cluster, name="Fair 2026", by=user)


@pytest.fixture
def foreign(other_cluster: Cluster) -> Tag:
    return tags.create(cluster=other_cluster, name="Secret list", by=None)


def put_on(person: Person, *chosen: Tag) -> Person:
    row = Person.objects.get(pk=person.pk)
    return people.edit(person=row, by=None, version=row.version, tags=chosen)


def test_a_tag_is_found_again_however_it_is_written(cluster: Cluster, fair: Tag) -> None:
    found = tags.named(cluster=cluster, names=["FAIR  2026", "fair-2026", "Café"], by=None)

    assert [tag.name for tag in found] == ["Café", "Fair 2026"]
    assert Tag.objects.count() == 2
    with pytest.raises(Refused, match="There is a tag “Fair 2026” already"):
        tags.create(cluster=cluster, name="fair 2026", by=None)


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("!?", "at least one letter"), ("a, b", "no comma"), ("x" * 61, "too long")],
)
def test_a_word_that_is_no_tag_is_refused(cluster: Cluster, name: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        tags.create(cluster=cluster, name=name, by=None)
    assert not Tag.objects.exists()


def test_people_and_memberships_carry_tags_and_remember_them(
    person: Person, organisation: Organisation, fair: Tag
) -> None:
    membership = organisation.memberships.get()

    organisations.edit_membership(membership=membership, by=None, tags=[fair])
    put_on(person, fair)
    put_on(person)

    membership.refresh_from_db()
    assert membership.tags == [fair.pk]
    assert Person.objects.get().tags == []
    assert [row.tags for row in earlier(Person).order_by("pgh_id")] == [[], [fair.pk]]


def test_a_foreign_tag_is_never_put_on_anything(
    person: Person, organisation: Organisation, foreign: Tag, fair: Tag
) -> None:
    membership = organisation.memberships.get()

    with pytest.raises(Refused, match="not one of your cluster's") as refused:
        put_on(person, fair, foreign)
    with pytest.raises(Refused, match="not one of your cluster's"):
        organisations.edit_membership(membership=membership, by=None, tags=[foreign])

    assert "Secret" not in str(refused.value)
    assert Person.objects.get().tags == Membership.objects.get().tags == []


def test_the_same_tags_in_another_order_change_nothing(
    cluster: Cluster, person: Person, fair: Tag
) -> None:
    other = tags.create(cluster=cluster, name="Board", by=None)
    put_on(person, fair, other)
    before = Person.objects.get().version

    put_on(person, other, fair)

    assert Person.objects.get().version == before


def test_a_renamed_tag_stays_where_it_is_and_takes_nobodys_name(
    cluster: Cluster, person: Person, fair: Tag
) -> None:
    put_on(person, fair)
    tags.create(cluster=cluster, name="Board", by=None)

    tags.rename(tag=fair, name="Fair 2027", by=None)

    fair.refresh_from_db()
    assert (fair.name, Person.objects.get().tags) == ("Fair 2027", [fair.pk])
    with pytest.raises(Refused, match="Merge the two instead"):
        tags.rename(tag=fair, name="BOARD", by=None)


def test_merged_tags_become_one_on_every_row(
    cluster: Cluster, person: Person, organisation: Organisation, user: User, fair: Tag
) -> None:
    twin = tags.create(cluster=cluster, name="Fare 2026", by=None)
    both = people.create(cluster=cluster, by=None, given="Lou")
    put_on(both, fair, twin)
    put_on(person, twin)
    organisations.edit_membership(membership=organisation.memberships.get(), by=None, tags=[twin])
    opened = Person.objects.get(pk=person.pk).version

    count = tags.merge(keep=fair, drop=twin, by=user)

    assert count == 3
    assert [row.tags for row in Person.objects.all()] == [[fair.pk], [fair.pk]]
    assert Membership.objects.get().tags == [fair.pk]
    assert Tag.objects.get() == fair
    assert AuditEntry.objects.get(verb="merge", noun="tag").count == 3
    with pytest.raises(Stale):
        people.edit(person=person, by=None, version=opened, tags=[fair])
    with pytest.raises(Refused, match="is gone"):
        tags.merge(keep=fair, drop=Tag(pk=twin.pk or 0, cluster=cluster), by=None)


def test_tags_of_two_clusters_stay_apart(fair: Tag, foreign: Tag) -> None:
    with pytest.raises(Refused, match="two clusters"):
        tags.merge(keep=fair, drop=foreign, by=None)
    with pytest.raises(Refused, match="with itself"):
        tags.merge(keep=fair, drop=fair, by=None)
    assert Tag.objects.count() == 2


def test_a_removed_tag_is_taken_off_everything(person: Person, fair: Tag) -> None:
    put_on(person, fair)

    assert tags.remove(tag=fair, by=None) == 1

    assert Person.objects.get().tags == []
    with pytest.raises(Refused, match="gone"):
        tags.remove(tag=Tag(pk=fair.pk or 1), by=None)


def test_many_get_and_lose_a_tag_at_once_within_their_cluster(
    cluster: Cluster, other_cluster: Cluster, person: Person, fair: Tag
) -> None:
    away = people.create(cluster=other_cluster, by=None, given="Foreign")
    lou = people.create(cluster=cluster, by=None, given="Lou")
    put_on(lou, fair)

    assert tags.put(tag=fair, rows=Person.objects.all(), by=None) == [person.pk]
    assert tags.put(tag=fair, rows=Person.objects.all(), by=None) == []
    away.refresh_from_db()
    assert away.tags == []
    assert tags.take(tag=fair, rows=Person.objects.all(), by=None) == [person.pk, lou.pk]
    assert not Person.objects.filter(tags__contains=[fair.pk]).exists()
