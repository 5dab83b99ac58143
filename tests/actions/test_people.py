import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from psycopg.types.range import DateRange

from crm.actions import organisations, people, users
from crm.actions.errors import Refused, Stale
from crm.models import Address, Cluster, LegalBasis, Organisation, Person, User


def test_a_new_person_has_a_mailbox_a_post_and_a_reason_to_be_written_to(
    person: Person, organisation: Organisation
) -> None:
    post = person.positions.get()
    assert person.email == "zoe@vif.example"
    assert (post.organisation, post.job, post.during.lower) == (
        organisation, "CEO", dt.date(2020, 5, 4),
    )  # fmt: skip
    assert [(basis.purpose, basis.basis) for basis in person.legal_bases.all()] == [
        ("missions", "member")
    ]


def test_consent_covers_news_too(cluster: Cluster, user: User) -> None:
    people.create(cluster=cluster, by=user, email="reader@post.example", basis="consent")

    purposes = LegalBasis.objects.values_list("purpose", flat=True)
    assert set(purposes) == {"missions", "news"}


def test_a_second_person_with_the_mailbox_is_refused_by_name_unless_it_is_shared(
    cluster: Cluster, user: User, person: Person
) -> None:
    with pytest.raises(Refused, match="Zoé Gières of your cluster already uses"):
        people.create(cluster=cluster, by=user, given="Lou", email="ZOE@vif.example")
    assert Person.objects.count() == 1

    lou = people.create(
        cluster=cluster, by=user, given="Lou", email="ZOE@vif.example", allow_shared=True
    )
    assert lou.primary
    assert lou.primary.kind == "shared"


def test_two_clusters_may_know_one_mailbox_without_learning_of_each_other(
    other_cluster: Cluster, user: User, person: Person
) -> None:
    twin = people.create(cluster=other_cluster, by=user, given="Zoé", email="Zoe@VIF.example")

    assert Address.objects.count() == 1
    assert twin != person


def test_an_erased_mailbox_is_never_filled_again(cluster: Cluster, user: User) -> None:
    first = people.create(cluster=cluster, by=user, email="gone@vif.example")
    assert first.primary
    Address.objects.filter(pk=first.primary.address_id).update(
        email=None, key=None, erased_at=dt.datetime(2024, 1, 1, tzinfo=dt.UTC)
    )

    with pytest.raises(Refused, match="erased"):
        people.create(cluster=cluster, by=user, given="Lou", email="gone@vif.example")
    assert Person.objects.count() == 1


@pytest.mark.parametrize(
    ("entry", "sentence"),
    [
        ({}, "Give a name or an address"),
        ({"email": "zoe.vif.example"}, "is not an e-mail address"),
        ({"given": "Lou", "job": "CEO"}, "Choose the organisation"),
        ({"given": "Lou", "kind": "robot"}, "Kind: "),
    ],
)
def test_a_useless_entry_is_refused_in_words(
    cluster: Cluster, user: User, entry: dict[str, str], sentence: str
) -> None:
    with pytest.raises(Refused, match=sentence):
        people.create(cluster=cluster, by=user, **entry)  # type: ignore[arg-type]

    assert not Person.objects.exists()


def test_an_organisation_that_the_cluster_does_not_keep_is_refused(
    cluster: Cluster, other_cluster: Cluster, user: User
) -> None:
    foreign = organisations.create(cluster=other_cluster, by=user, legal_name="Jura SA")

    with pytest.raises(Refused, match="does not keep “Jura SA”"):
        people.create(cluster=cluster, by=user, given="Lou", organisation=foreign)


def test_an_edit_refolds_the_name_and_refuses_the_slower_editor(user: User, person: Person) -> None:
    people.edit(person=person, by=user, version=1, family="Échirolles", language="")

    edited = Person.objects.get(name_folded__contains="echirolles")
    assert edited.language is None
    with pytest.raises(Stale):
        people.edit(person=person, by=user, version=1, given="Zoë")


def test_a_changed_address_leaves_the_old_one_in_place(user: User, person: Person) -> None:
    for _time in range(2):
        people.change_address(person=person, by=user, email="zoe@new.example")

    assert Person.objects.get().email == "zoe@new.example"
    assert person.addresses.filter(is_primary=False).get().address.email == "zoe@vif.example"

    people.change_address(person=person, by=user, email="zoe@vif.example")
    assert Person.objects.get().email == "zoe@vif.example"
    assert person.addresses.count() == 2


def test_a_move_closes_the_post_and_opens_another(
    cluster: Cluster, user: User, person: Person
) -> None:
    goal = organisations.create(cluster=cluster, by=user, legal_name="Chartreuse SAS")
    day = dt.date(2022, 9, 1)
    for _time in range(2):
        people.move(person=person, organisation=goal, job="CTO", by=user, on=day)

    assert [(post.job, post.during.upper) for post in person.positions.order_by("during")] == [
        ("CEO", day), ("CTO", None),
    ]  # fmt: skip


def test_a_move_before_the_present_post_is_refused(
    user: User, person: Person, organisation: Organisation
) -> None:
    with pytest.raises(Refused, match="2020-05-04"):
        people.move(
            person=person, organisation=organisation, job="CTO", by=user, on=dt.date(2019, 1, 1)
        )


def test_a_post_of_no_time_is_none(person: Person) -> None:
    day = dt.date(2026, 3, 1)
    with pytest.raises(IntegrityError, match="a_post_lasts_a_day"), transaction.atomic():
        person.positions.update(during=DateRange(day, day))

    assert person.positions.current().exists()


def test_archiving_twice_is_as_once_and_can_be_taken_back(user: User, person: Person) -> None:
    for _time in range(2):
        people.archive(person=person, by=user)

    assert not Person.objects.current().exists()
    people.restore(person=person, by=user)
    assert Person.objects.current().get() == person


def test_only_somebody_who_works_for_the_cluster_looks_after_a_person(
    cluster: Cluster, other_cluster: Cluster, person: Person, user: User
) -> None:
    with pytest.raises(Refused, match="Choose somebody who works for Alpes"):
        people.edit(person=person, by=user, version=1, owner=user)
    users.grant(user=user, role="contact", cluster=other_cluster)
    with pytest.raises(Refused, match="Choose somebody who works for Alpes"):
        people.edit(person=person, by=user, version=1, owner=user)

    users.grant(user=user, role="reader", cluster=cluster)
    people.edit(person=person, by=user, version=1, owner=user)

    assert Person.objects.get(pk=person.pk).owner == user
