from typing import Any

import pytest
from django.urls import reverse

from crm.actions import custom_fields, notes, people, tags
from crm.models import CustomField, Membership, Person, Tag
from tests.views.conftest import SignIn, World


def edited(world: World, **changes: Any) -> dict[str, Any]:
    person = Person.objects.get(pk=world.person.pk)
    facts = {"given": person.given, "family": person.family, "kind": person.kind}
    return {**facts, "version": person.version, **changes}


def test_a_contact_puts_tags_an_owner_and_answers_on_a_person(
    world: World, as_user: SignIn
) -> None:
    browser = as_user(world.contact)
    field = custom_fields.create(
        cluster=world.lyon, noun="person", name="Member since", kind="date", by=None
    )
    edit = reverse("crm:people-edit", args=[world.person.pk])
    sent = {
        "tags": "Board, fair 2026; board",
        "owner": world.reader.pk,
        f"custom_{field.key}": "2020-02-01",
    }

    answer = browser.post(edit, edited(world, **sent))
    assert answer.status_code == 302, answer.context["form"].errors

    person = Person.objects.get(pk=world.person.pk)
    assert [tag.name for tag in Tag.objects.filter(pk__in=person.tags)] == ["Board", "fair 2026"]
    assert (person.owner, person.custom) == (world.reader, {field.key: "2020-02-01"})
    page = browser.get(reverse("crm:people-show", args=[person.pk])).content.decode()
    for word in ("fair 2026", "Member since", "2020", "Reader"):
        assert word in page
    form = browser.get(edit).context["form"]
    assert form["tags"].value() == "Board, fair 2026"


def test_a_contact_says_of_an_organisation_what_its_cluster_knows(
    world: World, as_user: SignIn
) -> None:
    browser = as_user(world.contact)
    field = custom_fields.create(
        cluster=world.lyon, noun="organisation", name="Audited", kind="yes_no", by=None
    )
    show = reverse("crm:organisations-show", args=[world.company.pk])
    form = browser.get(reverse("crm:organisations-edit", args=[world.company.pk])).context["form"]
    sent = {name: value for name, value in form.initial.items() if value is not None}
    sent |= {
        "region": world.company.region_id or "",
        "tags": "Spin-off",
        f"custom_{field.key}": "yes",
    }

    answer = browser.post(reverse("crm:organisations-edit", args=[world.company.pk]), sent)

    assert answer.status_code == 302, answer.context["form"].errors
    membership = Membership.objects.get(organisation=world.company, cluster=world.lyon)
    assert membership.custom == {field.key: True}
    page = browser.get(show).content.decode()
    assert "Spin-off" in page
    assert "Spin-off" not in as_user(world.coordinator).get(show).content.decode()


@pytest.mark.parametrize(
    ("kind", "said", "sentence"),
    [("number", "many", "is a number"), ("date", "soon", "date"), ("choice", "XL", "XL")],
)
def test_a_bad_answer_gets_a_sentence_and_nothing_typed_is_lost(
    world: World, as_user: SignIn, kind: str, said: str, sentence: str
) -> None:
    browser = as_user(world.contact)
    field = custom_fields.create(
        cluster=world.lyon, noun="person", name="Asked", kind=kind, choices=["S", "M"], by=None
    )
    sent = edited(world, **{f"custom_{field.key}": said, "tags": "Unheard of"})

    page = browser.post(reverse("crm:people-edit", args=[world.person.pk]), sent)

    assert sentence in str(page.context["form"].errors[f"custom_{field.key}"])
    assert "Unheard of" in page.content.decode()
    assert not Tag.objects.exists()


def test_a_tag_that_is_refused_leaves_nothing_behind(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)

    page = browser.post(
        reverse("crm:people-edit", args=[world.person.pk]),
        edited(world, given="Other", tags=f"Fine, {'x' * 61}"),
    )

    assert "too long for a tag" in page.content.decode()
    assert not Tag.objects.exists()
    assert Person.objects.get(pk=world.person.pk).given == "Élise"


def test_the_page_of_words_counts_and_leads_to_the_lists(world: World, as_user: SignIn) -> None:
    tag = tags.create(cluster=world.lyon, name="Board", by=None)
    people.edit(person=world.person, by=None, version=1, tags=[tag])
    custom_fields.create(
        cluster=world.munich, noun="person", name="Geheimfrage", kind="text", by=None
    )
    page = as_user(world.contact).get(reverse("crm:vocabulary-show"))

    assert page.context["tags"] == [(tag, 1, 0)]
    assert f"{reverse('crm:people-list')}?tag={tag.pk}" in page.content.decode()
    assert "Geheimfrage" not in page.content.decode()
    assert as_user(world.coordinator).get(reverse("crm:vocabulary-show")).status_code == 404
    other = as_user(world.contact).get(reverse("crm:vocabulary-show"), {"cluster": "munich"})
    assert other.status_code == 404


def test_tags_are_renamed_merged_and_removed_on_their_pages(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    browser.post(reverse("crm:tags-create", args=["lyon"]), {"name": "Bord"})
    browser.post(reverse("crm:tags-create", args=["lyon"]), {"name": "Direction"})
    bord, direction = Tag.objects.order_by("pk")

    again = browser.post(reverse("crm:tags-create", args=["lyon"]), {"name": "BORD"})
    browser.post(reverse("crm:tags-rename", args=[bord.pk]), {"name": "Board"})
    browser.post(reverse("crm:tags-merge", args=[direction.pk]), {"keep": bord.pk})

    assert "already" in again.content.decode()
    assert Tag.objects.get().name == "Board"
    browser.post(reverse("crm:tags-remove", args=[bord.pk]))
    assert not Tag.objects.exists()


def test_a_field_is_asked_changed_archived_and_asked_again(world: World, as_user: SignIn) -> None:
    browser = as_user(world.contact)
    asked = {"noun": "person", "name": "Size", "kind": "choice", "choices": "S\nM\n"}
    poor = browser.post(
        reverse("crm:custom-fields-create", args=["lyon"]), {**asked, "choices": "S"}
    )
    assert "at least two choices" in poor.content.decode()

    browser.post(reverse("crm:custom-fields-create", args=["lyon"]), asked)
    field = CustomField.objects.get()
    browser.post(
        reverse("crm:custom-fields-edit", args=[field.pk]),
        {"name": "T-shirt", "choices": "S\nM\nL", "place": "1"},
    )
    browser.post(reverse("crm:custom-fields-archive", args=[field.pk]))
    show = reverse("crm:people-show", args=[world.person.pk])
    browser.get(show)  # which also says what was done just now
    page = browser.get(show).content.decode()
    browser.post(reverse("crm:custom-fields-restore", args=[field.pk]))

    field.refresh_from_db()
    assert (field.name, field.choices, field.archived_at) == ("T-shirt", ["S", "M", "L"], None)
    assert "T-shirt" not in page


def test_notes_are_written_on_the_record_and_read_by_the_own_cluster_alone(
    world: World, as_user: SignIn
) -> None:
    show = reverse("crm:people-show", args=[world.person.pk])
    as_user(world.contact).post(
        reverse("crm:notes-create", kwargs={"person": world.person.pk}),
        {"text": "Met <b>her</b> in Lyon.\nCall in May."},
    )
    notes.add(membership=world.company.memberships.get(), text="Moves to Grenoble.", by=None)
    company = reverse("crm:organisations-show", args=[world.company.pk])

    own = as_user(world.reader)
    assert "Met &lt;b&gt;her&lt;/b&gt; in Lyon.<br>Call in May." in own.get(show).content.decode()
    assert "Moves to Grenoble." in own.get(company).content.decode()
    for who in (world.coordinator, world.neighbour):
        for page in (show, company):
            body = as_user(who).get(page).content.decode()
            assert "in Lyon." not in body
            assert "Moves to" not in body
