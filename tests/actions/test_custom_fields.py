from typing import Any

import pytest
from django.db import connection

from crm.actions import custom_fields, organisations, people
from crm.actions.errors import Refused
from crm.models import Cluster, CustomField, Organisation, Person, User


@pytest.fixture
def size(cluster: Cluster, user: User) -> CustomField:
    return custom_fields.create(
        cluster=cluster, noun="person", name="T-shirt size", kind="choice",
        choices=["S", "M ", "", "M", "L"], by=user,
    )  # fmt: skip


def answer(person: Person, field: CustomField, said: object) -> Any:
    row = Person.objects.get(pk=person.pk)
    return people.edit(person=row, by=None, version=row.version, custom={field: said}).custom.get(
        field.key
    )


def test_fields_are_asked_in_the_order_of_their_making(cluster: Cluster, size: CustomField) -> None:
    since = custom_fields.create(cluster=cluster, noun="person", name="Since", kind="date", by=None)

    assert size.choices == ["S", "M", "L"]
    assert list(CustomField.objects.all()) == [size, since]
    custom_fields.edit(field=since, name="Member since", place=1, by=None)
    assert list(CustomField.objects.all()) == [since, size]


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"name": " "}, "Give the field a name"),
        ({"name": "t-shirt SIZE"}, "There is a field “T-shirt size” already"),
        ({"kind": "colour"}, "Kind: "),
        ({"kind": "choice", "choices": ["one"]}, "at least two choices"),
        ({"name": "x" * 61}, "Name: "),
    ],
)
def test_a_poor_field_is_refused(
    cluster: Cluster, size: CustomField, values: dict[str, Any], sentence: str
) -> None:
    given = {"name": "Else", "kind": "text", **values}
    with pytest.raises(Refused, match=sentence):
        custom_fields.create(cluster=cluster, noun="person", by=None, **given)
    assert CustomField.objects.get() == size


KINDS = {
    "text": (" ISO 13485 ", "ISO 13485", "x" * 501, "too long"),
    "number": ("3,5", 3.5, "many", "is a number"),
    "date": ("2027-05-31", "2027-05-31", "tomorrow", "is a date"),
    "yes_no": (True, True, "perhaps", "yes or no"),
    "choice": ("one", "one", "three", "has other choices"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_an_answer_is_of_its_kind(cluster: Cluster, person: Person, kind: str) -> None:
    said, kept, wrong, sentence = KINDS[kind]
    field = custom_fields.create(
        cluster=cluster, noun="person", name="Asked", kind=kind, choices=["one", "two"], by=None
    )

    assert answer(person, field, said) == kept
    with pytest.raises(Refused, match=f"“Asked”.*{sentence}"):
        answer(person, field, wrong)
    assert Person.objects.get().custom == {field.key: kept}
    assert answer(person, field, "") is None
    assert Person.objects.get().custom == {}


def test_a_foreign_field_is_never_answered(
    cluster: Cluster, other_cluster: Cluster, person: Person, organisation: Organisation
) -> None:
    foreign = custom_fields.create(
        cluster=other_cluster, noun="person", name="Secret question", kind="text", by=None
    )
    of_people = custom_fields.create(
        cluster=cluster, noun="person", name="Of people", kind="text", by=None
    )
    membership = organisation.memberships.get()

    with pytest.raises(Refused, match="not one of your cluster's") as refused:
        answer(person, foreign, "x")
    with pytest.raises(Refused, match="not one of your cluster's"):
        organisations.edit_membership(membership=membership, by=None, custom={of_people: "x"})

    assert "Secret" not in str(refused.value)
    assert Person.objects.get().custom == {}


def test_an_archived_field_keeps_its_answers(
    cluster: Cluster, person: Person, size: CustomField
) -> None:
    answer(person, size, "M")

    custom_fields.archive(field=size, by=None)
    custom_fields.archive(field=size, by=None)

    assert not CustomField.objects.current().exists()
    assert Person.objects.get().custom == {size.key: "M"}
    with pytest.raises(Refused, match="is archived"):
        custom_fields.create(
            cluster=cluster, noun="person", name="T-Shirt Size", kind="text", by=None
        )
    custom_fields.restore(field=size, by=None)
    assert CustomField.objects.current().get() == size


def test_a_choice_that_somebody_made_stays_a_choice(person: Person, size: CustomField) -> None:
    answer(person, size, "M")

    with pytest.raises(Refused, match="“M” is somebody's answer"):
        custom_fields.edit(field=size, name="Size", choices=["S", "L"], by=None)
    custom_fields.edit(field=size, name="Size", choices=["M", "XL"], by=None)

    size.refresh_from_db()
    assert (size.name, size.choices) == ("Size", ["M", "XL"])


def test_rows_that_an_import_writes_need_not_name_the_new_columns(cluster: Cluster) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO crm_person (cluster_id, kind, title, given, family, name_folded, phone,"
            " share_objected, version) VALUES (%s, 'contact', '', 'A', '', 'a', '', false, 1)",
            [cluster.pk],
        )
    row = Person.objects.get()
    assert (row.tags, row.custom, row.owner) == ([], {}, None)
